"""The way out: with SQLITE_DRIVER=plain the same rules hold, and nothing of our driver is loaded.

The classes and the two stories that are imported here run again, on a store of that kind.
"""

import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event

from handlers.runtime.composition import clients_source, place_of, sandbox_place
from handlers.settings import Settings
from storage.sqlite.driver import SqliteDriver
from tests.contracts.test_inbox import TestEnding
from tests.contracts.test_messages import TestMessages
from tests.contracts.test_outbox import TestHeld, TestOrder
from tests.contracts.test_tickets import TestTickets
from tests.edges.telegram.test_on_both_databases import (
    test_a_reply_finds_its_way_on_both,
    test_many_clients_at_once_each_get_their_ticket,
)
from tests.support.stores.stages import Stage, played_at, sqlite_place

__all__ = [
    "TestEnding",
    "TestHeld",
    "TestMessages",
    "TestOrder",
    "TestTickets",
    "test_a_reply_finds_its_way_on_both",
    "test_many_clients_at_once_each_get_their_ticket",
]


@pytest.fixture
async def stored(tmp_path: Path) -> AsyncIterator[Stage]:
    """A store that is made through the plain driver, not copied from ours."""
    place = replace(sqlite_place(tmp_path / "desk.db"), sqlite_driver=SqliteDriver.PLAIN)
    async with played_at(place, "plain") as made:
        yield made


@pytest.fixture
def stage(stored: Stage) -> Stage:
    return stored


@pytest.fixture
def crm(tmp_path: Path) -> str:
    """A company's own client list, in SQLite."""
    file = tmp_path / "crm.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE clients (external_id TEXT, name TEXT, company TEXT)")
        connection.execute("INSERT INTO clients VALUES ('C-1', 'Zoë', '')")
        connection.commit()
    return f"sqlite:///{file}"


QUERY = """
SELECT external_id, name, company, '' email, '' phone, '' language, '' regime FROM clients
"""


@pytest.fixture
def settings(crm: str) -> Settings:
    return Settings(
        _env_file=None,  # pyright: ignore[reportCallIssue]
        sqlite_driver="plain",
        clients_database_url=crm,  # pyright: ignore[reportArgumentType]  # read as a secret
        clients_query=QUERY,
    )


def test_the_setting_reaches_every_store(settings: Settings):
    assert place_of(settings).sqlite_driver is SqliteDriver.PLAIN
    assert sandbox_place(settings).sqlite_driver is SqliteDriver.PLAIN


async def test_the_client_list_is_read_by_it_too(settings: Settings):
    source = clients_source(settings)
    assert source is not None

    through: set[str] = set()

    def note(connection: Connection) -> None:
        through.add(connection.engine.url.drivername)

    event.listen(Engine, "engine_connect", note)

    rows = [row.cells async for batch in source.batches() for row in batch]

    event.remove(Engine, "engine_connect", note)
    assert through == {"sqlite+aiosqlite"}
    assert [(row or {})["name"] for row in rows] == ["Zoë"]


@pytest.mark.parametrize(("driver", "works"), [("plain", True), ("onetrip", False)])
def test_a_desk_works_where_our_driver_cannot_even_be_loaded(
    driver: str, tmp_path: Path, *, works: bool
):
    """As after an update that took away what it leans on."""
    program = """
import sys
sys.modules["storage.sqlite.one_trip"] = None
from handlers.cli.cli import main
main()
"""

    done = subprocess.run(
        [sys.executable, "-c", program, "staff", "add", "U0ANN"],
        cwd=tmp_path,
        env={"SQLITE_DRIVER": driver, "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode == 0) is works, done.stderr
