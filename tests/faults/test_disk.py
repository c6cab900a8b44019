"""A disk that is full, read-only or broken: refused clearly, nothing half-written."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.application.ports.tickets import TicketFilter
from bot.domain.errors import Unavailable
from storage import audit_chain
from tests.support.stores.fold_log import fold_log
from tests.support.stores.stages import MASTER_KEY, Stage, a_message, a_ticket
from tests.volume import volume

NOBODY = 65534


async def pages(stage: Stage, limit: int | None = None) -> int:
    """How many pages the file has; with a limit: how many it may have from now on."""
    async with stage.context.database.engine.connect() as connection:
        if limit is not None:
            await connection.execute(text(f"PRAGMA max_page_count={limit}"))
        return await connection.scalar(text("PRAGMA page_count")) or 0


async def write_one(stage: Stage) -> None:
    async with stage.writing() as work:
        await a_message(work, await a_ticket(work), "x" * 5_000)


async def holds(stage: Stage) -> int:
    """How many tickets there are; everything else about the store is in order."""
    async with stage.context.database.session(writes=False) as session:
        assert await session.scalar(text("PRAGMA integrity_check")) == "ok"
        report = await audit_chain.verify(session, stage.context.keys)
        assert report.reason == ""
    async with stage.reading() as work:
        tickets = await work.tickets.find(TicketFilter(), limit=1_000)
        assert report.rows == len(tickets)
        for ticket in tickets:
            assert [len(one.body) for one in await work.messages.of(ticket.id)] == [5_000]
    return len(tickets)


@pytest.mark.parametrize("free", range(volume(8, 60)))
async def test_a_full_disk_is_said_and_nothing_is_half_written(sqlite: Stage, free: int):
    await write_one(sqlite)
    await pages(sqlite, limit=await pages(sqlite) + free)

    written, key = 1, ""
    for _ in range(60):
        try:
            await write_one(sqlite)
        except Unavailable as trouble:
            key = trouble.key
            break
        written += 1
    kept = await holds(sqlite)
    await pages(sqlite, limit=1_000_000)
    await write_one(sqlite)

    assert key == "store.full"
    assert kept == written
    assert await holds(sqlite) == written + 1


PROGRAM = """
import asyncio, os, resource, signal, sys
import aiosqlite
from sqlalchemy import text
from sqlalchemy.dialects import sqlite
from storage import schema
from bot.domain.errors import DeskError
from storage.bootstrap import StoreMode, StoreLocation, open_store

async def main(url, key):
    try:
        store = await open_store(StoreLocation(url=url, master_key=key, mode=StoreMode.TESTING))
        async with store.database.session(writes=True) as session:
            await session.execute(text("DELETE FROM timer"))
            await session.commit()
        await store.database.close()
        print("opened")
    except DeskError as error:
        print(error.key)

if user := int(sys.argv[3]):
    os.setuid(user)
if len(sys.argv) > 4:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]),) * 2)
asyncio.run(main(*sys.argv[1:3]))
"""


def said(file: Path, *more: str, as_nobody: bool = False) -> str:
    """What another process says when it opens the store, as a user whom modes bind."""
    user = NOBODY if as_nobody and os.geteuid() == 0 else 0
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, f"sqlite:///{file}", MASTER_KEY, str(user), *more],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.strip()


@pytest.fixture
def folder(sqlite_template: Path) -> Iterator[Path]:
    """A store in a folder that anybody may enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as made:
        found = Path(made)
        found.chmod(0o777)
        shutil.copy(sqlite_template, found / "desk.db")
        (found / "desk.db").chmod(0o666)
        yield found
        found.chmod(0o777)


def test_a_store_that_may_be_written_opens(folder: Path):
    assert said(folder / "desk.db", as_nobody=True) == "opened"


def test_a_read_only_file_is_said_to_be_read_only(folder: Path):
    (folder / "desk.db").chmod(0o444)

    assert said(folder / "desk.db", as_nobody=True) == "store.read_only"


def test_a_read_only_folder_is_said(folder: Path):
    folder.chmod(0o555)

    found = said(folder / "desk.db", as_nobody=True)

    assert found in ("store.read_only", "store.cannot_open")


def test_a_file_that_may_not_be_read_is_said(folder: Path):
    (folder / "desk.db").chmod(0o000)

    assert said(folder / "desk.db", as_nobody=True) == "store.cannot_open"


@pytest.mark.parametrize("bytes_left", [0, 512, 4_096, 20_000, 60_000])
def test_a_new_store_on_a_full_disk_is_said_and_can_be_made_later(tmp_path: Path, bytes_left: int):
    file = tmp_path / "desk.db"

    first = said(file, str(bytes_left))
    second = said(file)

    assert first in ("store.full", "store.broken_disk", "store.cannot_open")
    assert second == "opened"


async def test_a_damaged_file_is_said_to_be_damaged(sqlite: Stage, tmp_path: Path):
    for _ in range(20):
        await write_one(sqlite)
    await fold_log(sqlite.context.database)
    await sqlite.context.database.close()
    with (tmp_path / "desk.db").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096 * 20)

    with pytest.raises(Unavailable) as trouble:
        await holds(sqlite)

    assert trouble.value.key == "store.broken_file"


def test_what_sqlite_says_of_a_full_disk_has_not_changed(tmp_path: Path):
    """The desk tells troubles apart by SQLite's words."""
    with sqlite3.connect(tmp_path / "x.db") as connection:
        connection.execute("PRAGMA max_page_count=2")
        with pytest.raises(sqlite3.OperationalError, match="disk is full"):
            connection.execute("CREATE TABLE a AS SELECT zeroblob(100000)")
    connection.close()
