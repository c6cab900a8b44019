"""SQLAlchemy's aiosqlite driver with one trip to SQLite's thread a statement, or none, not four.

A trip costs more than the statement it carries (0.16 ms against 0.03 ms on a slow core): opening
the cursor, running, fetching and closing are one job here, and what cannot take long stays in the
thread that asks. Streams keep the driver's own cursor. It is one of two: storage/sqlite/driver.py.
"""

# pyright: reportPrivateUsage=false
# This is the inside of a driver: it replaces parts that SQLAlchemy does not hand out.

import asyncio
import sqlite3
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
    SQLiteDialect_aiosqlite,
)
from sqlalchemy.util import EMPTY_DICT
from sqlalchemy.util.concurrency import await_

READ_AGAINST = {"sqlalchemy": "2.1.9", "aiosqlite": "0.22.1"}
"""The releases whose inside was read when this was written; a test holds the lock to them."""


@dataclass(slots=True)
class Done:
    """What stays of a cursor once its rows are fetched."""

    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None
    arraysize: int = 1


class OneTripCursor(AsyncAdapt_aiosqlite_cursor):
    """Runs a statement and fetches its rows in one job."""

    __slots__ = ("is_short",)

    def __init__(self, adapt_connection: AsyncAdapt_aiosqlite_connection) -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._cursor = Done()  # pyright: ignore[reportAttributeAccessIssue]
        self._rows = deque()
        self._soft_closed_memoized = EMPTY_DICT
        self.is_short = False

    async def _execute_async(self, operation: str, parameters: Any) -> None:
        adapted: Any = self._adapt_connection
        if adapted.may_stay(is_short=self.is_short):
            self._keep(*_execute(adapted.own, operation, parameters or ()))
        else:
            await self._travel(_execute, operation, parameters or ())

    async def _executemany_async(self, operation: str, seq_of_parameters: Any) -> None:
        await self._travel(_execute_many, operation, seq_of_parameters)

    async def _travel(self, job: Any, *args: Any) -> None:
        adapted: Any = self._adapt_connection
        async with adapted._execute_mutex:
            self._keep(*await adapted.travel(job, *args))

    def _keep(self, done: Done, rows: list[Any]) -> None:
        self._cursor = done  # pyright: ignore[reportAttributeAccessIssue]
        self._rows = deque(rows)

    async def _async_soft_close(self) -> None:
        """The cursor is closed already."""

    def close(self) -> None:
        self._rows.clear()


def _execute(
    connection: sqlite3.Connection, operation: str, parameters: Sequence[Any]
) -> tuple[Done, list[Any]]:
    return _finish(connection.execute(operation, parameters))


def _execute_many(
    connection: sqlite3.Connection, operation: str, parameters: Sequence[Sequence[Any]]
) -> tuple[Done, list[Any]]:
    return _finish(connection.executemany(operation, parameters))


def _finish(cursor: sqlite3.Cursor) -> tuple[Done, list[Any]]:
    rows = cursor.fetchall() if cursor.description else []
    done = Done(cursor.description, cursor.rowcount, cursor.lastrowid)
    cursor.close()
    return done, rows


class OneTripConnection(AsyncAdapt_aiosqlite_connection):
    """Keeps what cannot take long in the caller's thread.

    A writer that has begun holds the database's one write lock: no statement of it waits for
    anybody, and a trip to another thread would keep every other writer waiting while the event
    loop does something else. A reader waits for nobody at all, but may look through a whole table:
    it stays for statements that are marked `SHORT`. What may take long makes the trip: BEGIN and
    COMMIT of a writer, many rows at once, and whatever is not marked.

    Two threads never use the connection at the same time: a transaction does one thing after
    another, and once something was cancelled on its way, nothing stays any more.
    """

    __slots__ = ("_is_astray", "_is_writer")
    _cursor_cls = OneTripCursor

    def __init__(
        self, dbapi: AsyncAdapt_aiosqlite_dbapi, connection: Any, *, is_writer: bool
    ) -> None:
        super().__init__(dbapi, connection)
        self._is_writer = is_writer
        self._is_astray = False

    @property
    def own(self) -> sqlite3.Connection:
        return self._connection._conn  # pyright: ignore[reportAttributeAccessIssue]

    def may_stay(self, *, is_short: bool) -> bool:
        if self._is_astray:
            return False
        return self.own.in_transaction if self._is_writer else is_short

    async def travel(self, job: Any, *args: Any) -> Any:
        connection: Any = self._connection
        try:
            return await connection._execute(job, connection._conn, *args)
        except asyncio.CancelledError:
            self._is_astray = True
            raise

    def rollback(self) -> None:
        """Of a reader: it only lets go of what it looked at."""
        if self._is_writer or self._is_astray:
            super().rollback()
        else:
            self.own.rollback()


class OneTripDbapi(AsyncAdapt_aiosqlite_dbapi):
    def connect(self, *arg: Any, **kw: Any) -> OneTripConnection:
        is_writer = kw.pop("is_writer", False)
        connection = self.aiosqlite.connect(*arg, **kw | {"check_same_thread": False})
        connection._thread.daemon = True
        try:
            return OneTripConnection(self, await_(connection), is_writer=is_writer)
        except BaseException:
            connection._thread.join()  # it was told to stop; else it may outlive the event loop
            raise


class OneTripDialect(SQLiteDialect_aiosqlite):
    supports_statement_cache = True

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        if context is not None and isinstance(cursor, OneTripCursor):
            cursor.is_short = context.execution_options.get("is_short", False)
        cursor.execute(statement, parameters)

    @classmethod
    def import_dbapi(cls) -> OneTripDbapi:
        return OneTripDbapi(__import__("aiosqlite"), __import__("sqlite3"))
