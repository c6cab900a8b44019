"""The SQLite drivers: who runs a statement, and what is left when one is cut short.

What is said without naming one holds on ours and on SQLAlchemy's plain one alike.
"""

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import AsyncIterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import IntegrityError

from bot.domain.errors import Unavailable
from storage import database as databases
from storage.database import Database, parse_url
from storage.sqlite.driver import SHORT, SqliteDriver
from storage.sqlite.one_trip import READ_AGAINST
from tests.locks import DEV, RUN, pinned

ONETRIP_ONLY = pytest.mark.parametrize("driver", [SqliteDriver.ONETRIP])
ADVICE = (
    "read what changed in sqlalchemy/dialects/sqlite/aiosqlite.py, in its connectors/asyncio.py "
    "and in aiosqlite/core.py, run tests/storage and tests/contracts, then set "
    "storage.sqlite.one_trip.READ_AGAINST; until then SQLITE_DRIVER=plain does without our driver"
)
ADD = text("INSERT INTO kept VALUES (:number)")
ADD_AND_TELL = text("INSERT INTO kept VALUES (:number) RETURNING number")


@pytest.fixture(params=SqliteDriver)
def driver(request: pytest.FixtureRequest) -> SqliteDriver:
    """Either, unless a test is about one of them."""
    return request.param


@pytest.fixture
async def database(driver: SqliteDriver, tmp_path: Path) -> AsyncIterator[Database]:
    """A database with one table, and a function that says whose thread runs it."""
    made = Database(parse_url(f"sqlite:///{tmp_path / 'some.db'}", sqlite=driver))
    event.listen(Engine, "connect", _add_function)
    async with made.session(writes=True) as session:
        await session.execute(text("CREATE TABLE kept (number INTEGER PRIMARY KEY)"))
        await session.commit()
    yield made
    await made.close()
    event.remove(Engine, "connect", _add_function)


def _add_function(connection: Any, _record: object) -> None:
    connection.run_async(lambda own: own.create_function("whose", 0, threading.get_ident))


@pytest.fixture
def locked(tmp_path: Path, database: Database):
    """Another process's place: holds the write lock until told to let go."""
    del database
    with contextlib.closing(sqlite3.connect(tmp_path / "some.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


async def add(database: Database, number: int) -> None:
    async with database.session(writes=True) as session:
        await session.execute(ADD, {"number": number})
        await session.commit()


async def kept(database: Database) -> list[int]:
    async with database.session(writes=False) as session:
        return list(await session.scalars(text("SELECT number FROM kept ORDER BY number")))


@ONETRIP_ONLY
@pytest.mark.parametrize(
    ("writes", "options", "stays"), [(True, {}, True), (False, {}, False), (False, SHORT, True)]
)
async def test_only_what_is_short_stays_in_the_callers_thread(
    database: Database, *, writes: bool, options: dict[str, bool], stays: bool
):
    async with database.session(writes=writes) as session:
        thread = await session.scalar(text("SELECT whose()").execution_options(**options))

    assert (thread == threading.get_ident()) is stays


@ONETRIP_ONLY
async def test_a_connection_that_was_left_while_it_worked_is_not_used_from_here(
    database: Database,
):
    """The thread may be in it still."""
    async with database.session(writes=False) as session:
        connection: Any = await (await session.connection()).get_raw_connection()
        own: Any = connection.dbapi_connection
        long = asyncio.create_task(own.travel(lambda _: None))
        await asyncio.sleep(0)
        long.cancel()
        await asyncio.gather(long, return_exceptions=True)

        thread = await session.scalar(text("SELECT whose()").execution_options(**SHORT))
    found = await kept(database)

    assert thread != threading.get_ident()
    assert found == []


async def test_many_rows_at_once_do_not_hold_up_the_loop(database: Database):
    rows = [{"number": number} for number in range(50)]
    async with database.session(writes=True) as session:
        await session.execute(text("INSERT INTO kept SELECT whose() WHERE :number = 0"), rows)
        (thread,) = await session.scalars(text("SELECT number FROM kept"))

    assert thread != threading.get_ident()


async def test_a_statement_that_fails_takes_its_transaction_with_it(database: Database):
    await add(database, 1)

    async def add_two() -> None:
        async with database.session(writes=True) as session:
            await session.execute(ADD, {"number": 2})
            await session.execute(ADD, {"number": 1})

    with pytest.raises(Unavailable) as trouble:
        await add_two()
    await add(database, 3)

    assert trouble.value.key == "store.collided"
    assert isinstance(trouble.value.__cause__, IntegrityError)
    assert await kept(database) == [1, 3]


async def test_what_is_cancelled_between_statements_is_rolled_back(database: Database):
    halfway = asyncio.Event()

    async def write() -> None:
        async with database.session(writes=True) as session:
            await session.execute(ADD, {"number": 1})
            halfway.set()
            await asyncio.Event().wait()

    writing = asyncio.create_task(write())
    await halfway.wait()
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    await add(database, 2)

    assert await kept(database) == [2]


@pytest.mark.parametrize("steps", range(1, 12))
async def test_a_transaction_cancelled_at_any_step_is_whole_or_nothing(
    database: Database, steps: int
):
    """Begin, statements and commit, each cut after so many turns of the loop."""

    async def write() -> None:
        async with database.session(writes=True) as session:
            await session.execute(ADD, {"number": 1})
            await session.execute(text("INSERT INTO kept SELECT 2"))
            await session.commit()

    writing = asyncio.create_task(write())
    for _ in range(steps):
        await asyncio.sleep(0)
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    await add(database, 3)

    assert await kept(database) in ([3], [1, 2, 3])


@pytest.mark.parametrize("steps", range(8, 40, 2))
async def test_who_is_cancelled_gives_the_lock_back_though_somebody_remembers_the_error(
    database: Database, steps: int, monkeypatch: pytest.MonkeyPatch
):
    """An open statement would keep a closed connection's transaction alive."""
    monkeypatch.setattr(databases, "PATIENCE_SECONDS", 1)

    async def write() -> None:
        async with database.session(writes=True) as session:
            for number in range(4):
                await session.scalar(ADD_AND_TELL, {"number": number})
            await session.commit()

    writing = asyncio.create_task(write())
    for _ in range(steps):
        await asyncio.sleep(0)
    writing.cancel()
    remembered = await asyncio.gather(writing, return_exceptions=True)
    await add(database, 4)

    assert await kept(database) in ([4], [0, 1, 2, 3, 4])
    assert len(remembered) == 1


async def test_who_waits_for_the_lock_leaves_the_loop_free_and_may_give_up(
    database: Database, locked: sqlite3.Connection
):
    writing = asyncio.create_task(add(database, 1))
    seen = await asyncio.wait_for(kept(database), 5)
    writing.cancel()
    locked.execute("ROLLBACK")
    await asyncio.gather(writing, return_exceptions=True)
    await add(database, 2)

    assert seen == []
    assert await kept(database) == [2]


@pytest.mark.usefixtures("locked")
async def test_a_locked_database_is_said_to_be_locked(database: Database):
    async with database.session(writes=False) as session:
        assert await session.scalar(text("PRAGMA busy_timeout")) == 1000 * (
            databases.PATIENCE_SECONDS
        )
    async with database.engine.connect() as connection:
        raw: Any = await connection.get_raw_connection()
        await raw.driver_connection.execute("PRAGMA busy_timeout=1")

    with pytest.raises(Unavailable) as trouble:
        await add(database, 1)

    assert trouble.value.key == "store.locked"


async def test_a_connection_that_is_made_anew_works_as_the_first_did(database: Database):
    await add(database, 1)
    async with database.engine.connect() as connection:
        await connection.invalidate()
    await add(database, 2)

    assert await kept(database) == [1, 2]


@pytest.mark.parametrize("where", ["lock", "dev lock", "environment"])
def test_our_driver_was_read_against_the_releases_it_runs_on(where: str):
    """It replaces parts of SQLAlchemy's adapter and reaches into aiosqlite's connection."""
    match where:
        case "lock":
            found = pinned(RUN)
        case "dev lock":
            found = pinned(DEV)
        case _:
            found = {name: version(name) for name in READ_AGAINST}

    assert {name: found[name] for name in READ_AGAINST} == READ_AGAINST, ADVICE
