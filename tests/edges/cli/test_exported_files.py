"""What `privacydesk tickets export` leaves behind: private files, whole or not there at all."""

import asyncio
import os
import stat
import subprocess
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import SYSTEM
from bot.domain.errors import Unavailable
from handlers.cli.cli import cli
from handlers.cli.output import put_out
from handlers.runtime.composition import open_desk
from handlers.settings import read_settings
from tests.edges.away import LIVE
from tests.support.stores.stages import a_ticket, an_account

FILE = "tickets.csv"


async def many_tickets(work: UnitOfWork) -> None:
    account = await an_account(work)
    for _ in range(300):
        await a_ticket(work, account)


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with more tickets than a pipe holds, in a folder whose new files anybody may read."""
    monkeypatch.chdir(tmp_path)
    for name, value in LIVE.items():
        monkeypatch.setenv(name, value)

    async def make() -> None:
        async with open_desk(read_settings()) as desk:
            await desk.bus.handle(SYSTEM, many_tickets)

    asyncio.run(make())
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, ["tickets", "export", *words])


@pytest.mark.parametrize("more", [(), ("--personal",)])
def test_only_its_owner_may_read_an_exported_file(desk: Path, more: tuple[str, ...]):
    before = os.umask(0)

    result = run("--output", FILE, *more)
    os.umask(before)

    assert result.exit_code == 0
    assert stat.S_IMODE((desk / FILE).stat().st_mode) == 0o600


def test_an_export_that_breaks_leaves_no_file(desk: Path):
    async def breaking() -> AsyncGenerator[str, None]:
        yield "T-000001"
        raise Unavailable("store.unavailable")

    with pytest.raises(Unavailable):
        asyncio.run(put_out(breaking(), desk / FILE))

    assert not (desk / FILE).exists()
    assert run("--output", FILE).exit_code == 0


def test_a_file_that_is_there_stays_as_it_is(desk: Path):
    (desk / FILE).write_text("mine", encoding="utf-8")

    result = run("--output", FILE)

    assert result.exit_code == 1
    assert (desk / FILE).read_text(encoding="utf-8") == "mine"


def test_a_mark_for_excel_comes_first_where_it_is_asked_for_and_in_csv_only():
    marked, plain, lines = run("--bom"), run(), run("--bom", "--format", "jsonl")

    assert marked.stdout_bytes == b"\xef\xbb\xbf" + plain.stdout_bytes
    assert lines.exit_code == 2


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_that_nobody_reads_on_is_no_failure(form: str):
    reading, writing = os.pipe()
    os.close(reading)

    ended = subprocess.run(
        [sys.executable, "-m", "handlers", "tickets", "export", "--format", form],
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)

    assert (ended.returncode, ended.stderr) == (0, b"")
