"""`doctor` and `run` never disagree: one thing is spoiled at a time, and both are asked."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.domain.errors import DeskError, Unavailable
from handlers.cli.cli import cli
from handlers.cli.output import Exit
from handlers.runtime.desk_start import run_desk
from handlers.sandbox.mailbox import Mailbox
from handlers.sandbox.telegram import TelegramServer
from handlers.settings import read_settings
from tests.edges.away import LIVE
from tests.edges.starting.spoiled_starts import AWAY_NOW, LATER, REFUSED, SAID, World
from tests.support.drivers.office import APP_TOKEN, BOT_TOKEN, SECRET, a_workspace
from tests.support.stores.stages import MASTER_KEY

POLICY = "# Privacy policy of Meghna Net\n\n## Storage\n\nMeghna Net keeps bills for two years.\n"


SOON_SECONDS = 20.0


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("handlers.slack.edge.TRIES", 2)
    monkeypatch.setattr("handlers.slack.edge.MAX_BACKOFF_SECONDS", 0.0)
    monkeypatch.setattr("handlers.telegram.edge.TRIES", 2)
    monkeypatch.setattr("handlers.telegram.edge.MAX_BACKOFF_SECONDS", 0.0)
    tmp_path.chmod(0o700)
    made = World(tmp_path, TelegramServer(LIVE["TELEGRAM_BOT_TOKEN"]), a_workspace(), Mailbox())
    for each in (made.telegram, made.slack, made.mailbox):
        await each.start()
    made.settings = LIVE | {
        "TELEGRAM_API_BASE_URL": made.telegram.root_url,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_BASE_URL": made.slack.root,
        "SLACK_SUPPORT_CHANNEL": "#support",
        "SLACK_PRIVACY_CHANNEL": "G0PRIVACY",
        "SLACK_AGENTS": "U0BOB",
        "SLACK_APPROVERS": "U0ANN,U0SAL",
        "SMTP_URL": made.mailbox.url,
        "MAIL_FROM": "desk@company.example",
        "ALERT_EMAIL": "ops@company.example",
        "COMPANY_NAME": "Meghna Net",
        "DATABASE_URL": f"sqlite:///{made.database}",
        "PRIVACYDESK_MASTER_KEY": MASTER_KEY,
        "HOST": "127.0.0.1",
        "PORT": "0",
    }
    made.write("policy.md", POLICY, "POLICY_FILE")
    yield made
    for each in (made.telegram, made.slack, made.mailbox):
        await each.stop()
    if made.taken is not None:
        made.taken.close()


@contextlib.contextmanager
def environment(world: World) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(world.settings)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


async def doctors(world: World) -> tuple[int, str]:
    """Its exit code, and what it says."""
    with environment(world):
        looked = await asyncio.to_thread(CliRunner().invoke, cli, ["doctor"])
    assert looked.exception is None or isinstance(looked.exception, SystemExit)
    return looked.exit_code, looked.output


async def runs(world: World, *, says: str = "", capture: pytest.CaptureFixture[str]) -> Exit:
    """How `run` ends, or DONE: it hears both platforms (and said `says`), and was stopped then."""
    with environment(world):
        settings = read_settings()
    running = asyncio.create_task(run_desk(settings))
    heard = asyncio.create_task(_is_up(world, says, capture))
    await asyncio.wait({running, heard}, return_when=asyncio.FIRST_COMPLETED)
    is_up = heard.done() and heard.exception() is None
    for task in (running, heard):
        task.cancel()
    ended, _ = await asyncio.gather(running, heard, return_exceptions=True)
    if isinstance(ended, DeskError):
        return Exit.UNAVAILABLE if isinstance(ended, Unavailable) else Exit.REFUSED
    assert is_up, ended
    return Exit.DONE


async def _is_up(world: World, says: str, capture: pytest.CaptureFixture[str]) -> None:
    async with asyncio.timeout(SOON_SECONDS):
        if world.settings.get("TELEGRAM_MODE") != "webhook":
            await world.telegram.polled()
        if world.settings.get("SLACK_MODE") != "http":
            await world.slack.connected(SOON_SECONDS)
        said = ""
        while says not in (said := said + capture.readouterr().err):  # noqa: ASYNC110  # what is printed wakes nobody
            await asyncio.sleep(0)


@pytest.mark.parametrize("what", LATER)
async def test_a_desk_that_ran_before_is_looked_at_as_its_next_start_does(
    world: World, what: str, capsys: pytest.CaptureFixture[str]
):
    assert await runs(world, capture=capsys) == Exit.DONE
    spoil, expected = LATER[what]
    spoil(world)

    code, said = await doctors(world)

    assert (code, await runs(world, capture=capsys)) == (expected, expected), said


async def test_where_all_is_well_both_say_so(world: World, capsys: pytest.CaptureFixture[str]):
    code, said = await doctors(world)
    ran = await runs(world, capture=capsys)
    again, later = await doctors(world)

    assert (code, ran, again) == (Exit.DONE, Exit.DONE, Exit.DONE), said + later
    assert "FAIL" not in said + later
    assert "WARN" not in said + later
    assert "ok    database pages: SQLite's quick check" in later


@pytest.mark.parametrize("what", REFUSED)
async def test_what_a_start_is_refused_for_fails_in_doctor(
    world: World, what: str, capsys: pytest.CaptureFixture[str]
):
    REFUSED[what](world)

    code, said = await doctors(world)
    try:
        ran = await runs(world, capture=capsys)
    except DeskError:
        ran = Exit.REFUSED

    assert (code, ran) == (Exit.REFUSED, Exit.REFUSED), said


@pytest.mark.parametrize("what", AWAY_NOW)
async def test_what_a_start_would_wait_for_is_away_in_doctor(
    world: World, what: str, capsys: pytest.CaptureFixture[str]
):
    AWAY_NOW[what](world)

    code, said = await doctors(world)

    assert (code, await runs(world, capture=capsys)) == (Exit.UNAVAILABLE, Exit.UNAVAILABLE), said


@pytest.mark.parametrize("what", SAID)
async def test_what_a_start_goes_on_with_is_one_line_of_it(
    world: World, what: str, capsys: pytest.CaptureFixture[str]
):
    spoil, line, expected = SAID[what]
    spoil(world)

    code, said = await doctors(world)

    assert (code, line in said) == (expected, True), said
    assert await runs(world, says=line, capture=capsys) == Exit.DONE
