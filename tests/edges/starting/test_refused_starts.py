"""What a platform refuses for good ends the start at once, in the platform's own words."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.addresses import Language
from bot.domain.errors import DeskError, Refused, Unavailable
from bot.wording import say
from handlers.sandbox.slack import SlackServer
from handlers.sandbox.telegram import TelegramServer
from handlers.slack.edge import SlackEdge
from handlers.telegram.client import build_bot
from handlers.telegram.edge import TelegramEdge
from tests.edges.away import LIVE
from tests.support.drivers.office import a_workspace, an_office, served
from tests.support.drivers.rig import Rig, a_rig, a_telegram
from tests.support.stores.stages import Stage

AT_ONCE_SECONDS = 30
"""The start of a process included; a refusal that is tried again takes ten minutes."""
PORTS = "webhook can be set up only on ports 80, 88, 443 or 8443"
SECRET = "k" * 40


@pytest.fixture
async def telegram(ground: Stage) -> AsyncIterator[TelegramServer]:
    async with a_telegram(ground) as server:
        yield server


@pytest.fixture
async def rig(ground: Stage, telegram: TelegramServer) -> AsyncIterator[Rig]:
    made = await a_rig(ground, telegram)
    yield made
    await made.stop()


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with served(a_workspace()) as server:
        yield server


def worded(error: DeskError) -> str:
    assert say(error.key, Language.BN, **error.params)
    return say(error.key, Language.EN, **error.params)


async def test_a_port_that_telegram_does_not_allow_is_said_in_its_words_and_not_tried_again(
    rig: Rig, telegram: TelegramServer
):
    telegram.record.calls.clear()

    with pytest.raises(Refused) as refusal:
        await rig.edge.set_webhook("https://desk.example.com:8080/hook", SECRET)

    assert PORTS in worded(refusal.value)
    assert [one.method for one in telegram.record.calls].count("setWebhook") == 1
    telegram.violations.clear()


@pytest.mark.parametrize("url", ["http://desk.example.com/hook", "ftp://desk.example.com/hook"])
async def test_an_address_that_telegram_does_not_take_is_said_likewise(
    rig: Rig, telegram: TelegramServer, url: str
):
    with pytest.raises(Refused) as refusal:
        await rig.edge.set_webhook(url, SECRET)

    assert "HTTPS URL must be provided".lower() in worded(refusal.value).lower()
    telegram.violations.clear()


async def test_trouble_that_passes_is_waited_out_and_named(
    rig: Rig, telegram: TelegramServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("handlers.telegram.edge.MAX_BACKOFF_SECONDS", 0.0)
    monkeypatch.setattr("handlers.telegram.edge.TRIES", 3)
    telegram.faults.add(method="getMe", kind="html502", times=3)
    edge = TelegramEdge(rig.desk, build_bot(rig.desk.settings))

    with pytest.raises(Unavailable) as away:
        await edge.start()
    await edge.start()
    await edge.stop()

    assert "unreadable_answer" in worded(away.value)
    assert "<html" not in worded(away.value)
    assert edge.trouble == ""


@pytest.fixture
async def edge(
    ground: Stage, telegram: TelegramServer, slack: SlackServer
) -> AsyncIterator[SlackEdge]:
    """Of a desk that was there before, before its next start."""
    async with an_office(ground, telegram, slack) as office:
        desk = office.rig.desk

    async def nobody(_updates: object) -> int:
        return 0

    async def no_file(_attachment: object) -> bytes:
        return b""

    made = SlackEdge(desk, nobody, no_file)
    yield made
    await made.stop()


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("invalid_auth", "slack.token_unknown"),
        ("account_inactive", "slack.token_unknown"),
        ("token_revoked", "slack.token_unknown"),
        ("not_allowed_token_type", "slack.token_unknown"),
        ("missing_scope", "slack.scope_missing"),
        ("access_denied", "slack.refused"),
        ("team_access_not_granted", "slack.refused"),
        ("method_deprecated", "slack.refused"),
    ],
)
async def test_what_slack_refuses_for_good_is_said_by_its_code_and_not_tried_again(
    edge: SlackEdge, slack: SlackServer, code: str, key: str
):
    slack.faults.add(f"err:{code}", "auth.test", times=9)

    with pytest.raises(Refused) as refusal:
        await edge.start()

    assert refusal.value.key == key
    assert code in worded(refusal.value)
    assert slack.faults.hits == 1


@pytest.mark.parametrize("kind", ["500", "html502", "429", "reset", "err:internal_error"])
async def test_what_passes_in_slack_is_waited_out(
    edge: SlackEdge, slack: SlackServer, kind: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("handlers.slack.edge.MAX_BACKOFF_SECONDS", 0.0)
    slack.faults.add(kind, "auth.test", times=2, retry_after=0)

    await edge.start()

    assert slack.faults.hits == 2
    assert edge.trouble == ""


@pytest.mark.parametrize("code", ["invalid_auth", "not_allowed_token_type", "missing_scope"])
async def test_an_app_level_token_that_slack_refuses_ends_the_start_too(
    edge: SlackEdge, slack: SlackServer, code: str
):
    slack.faults.add(f"err:{code}", "apps.connections.open", times=9)
    await edge.start()

    with pytest.raises(Refused) as refusal:
        async with asyncio.timeout(AT_ONCE_SECONDS):
            await edge.run()

    assert refusal.value.key == "slack.app_token_unknown"
    assert code in worded(refusal.value)


async def test_a_desk_whose_webhook_is_refused_ends_at_once_and_says_why(tmp_path: Path):
    telegram = TelegramServer(LIVE["TELEGRAM_BOT_TOKEN"])
    await telegram.start()
    wrong = {
        "TELEGRAM_API_BASE_URL": telegram.root_url,
        "TELEGRAM_MODE": "webhook",
        "TELEGRAM_WEBHOOK_URL": "https://desk.example.com:8080/hook",
        "TELEGRAM_WEBHOOK_SECRET": SECRET,
        "PORT": "0",
    }
    desk = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "handlers", "run"),
        cwd=tmp_path,
        env=os.environ | LIVE | wrong,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(AT_ONCE_SECONDS):
        _, errors = await desk.communicate()
    await telegram.stop()

    assert desk.returncode == 1
    assert PORTS in errors.decode()
    assert "Traceback" not in errors.decode()
