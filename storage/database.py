"""The database: its address, its settings, its sessions.

SQLite: WAL, synchronous=FULL (a commit survives power loss), secure_delete (freed bytes are
overwritten), writers take turns on one connection that begins IMMEDIATE. PostgreSQL by URL.
"""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, AdaptedConnection, Connection, event, make_url
from sqlalchemy.exc import ArgumentError, MissingGreenlet, SQLAlchemyError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import ORMExecuteState, Session

from bot.domain.errors import Refused
from storage.errors import translate
from storage.sqlite.driver import SHORT, SqliteDriver

PATIENCE_SECONDS = 10
"""How long somebody waits for a lock or a connection before they are told to try later."""
ASKED_AGAIN_SECONDS = 0.02
POOL_SIZE = 5
POSTGRESQL = "postgresql+psycopg"


def parse_url(text: str, *, sqlite: SqliteDriver = SqliteDriver.ONETRIP) -> URL:
    """The URL with the driver the desk uses; the plain `sqlite:///` and `postgresql://` are taken.

    Raises:
        Refused: not a database address, a database the desk does not know, or no file.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise Refused("store.url_malformed") from None
    match url.drivername.partition("+")[0]:
        case "sqlite":
            if url.database in (None, "", ":memory:"):
                raise Refused("store.url_without_file")
            return url.set(drivername=sqlite.scheme)
        case "postgresql" | "postgres":
            return url.set(drivername=POSTGRESQL)
        case _:
            raise Refused("store.url_unknown", driver=url.drivername)


class FreshSession(Session):
    """A session whose reads always show what the database holds, never what was read before."""


@event.listens_for(FreshSession, "do_orm_execute")
def _read_anew(state: ORMExecuteState) -> None:  # pyright: ignore[reportUnusedFunction]
    if state.is_select:
        state.update_execution_options(populate_existing=True)


class Database:
    """Two engines on one database: writers begin at once, readers never wait for them."""

    def __init__(self, url: URL, *, only_looks: bool = False) -> None:
        self.url = url
        self.is_sqlite = url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            opened = _untouched(url) if only_looks else url
            self._writer = _sqlite_engine(opened, reads_only=only_looks)
            self._reader = _sqlite_engine(opened, reads_only=True)
        else:
            self._writer = _postgresql_engine(url)
            self._reader = self._writer.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        self._write_session = _sessions(self._writer)
        self._read_session = _sessions(self._reader)

    @property
    def file(self) -> Path | None:
        """The SQLite file, if the database is one."""
        return Path(self.url.database or "") if self.is_sqlite else None

    @property
    def engine(self) -> AsyncEngine:
        """The engine that writes."""
        return self._writer

    @asynccontextmanager
    async def session(self, *, writes: bool) -> AsyncGenerator[AsyncSession]:
        """A session; what is not committed is rolled back. Readers see one moment throughout.

        Raises:
            Unavailable: locked, full, read-only or unreachable; nothing was written.
        """
        open_session = self._write_session if writes else self._read_session
        try:
            async with open_session() as session:
                if writes and self.is_sqlite:
                    await session.connection()
                yield session
        except SQLAlchemyError as error:
            raise translate(error) from error

    async def close(self) -> None:
        await self._writer.dispose()
        await self._reader.dispose()


def _sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    return async_sessionmaker(
        engine, sync_session_class=FreshSession, expire_on_commit=False, autoflush=False
    )


def _postgresql_engine(url: URL) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_size=POOL_SIZE * 2,
        pool_timeout=PATIENCE_SECONDS,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={
            "connect_timeout": PATIENCE_SECONDS,
            "options": f"-c lock_timeout={PATIENCE_SECONDS}s",
        },
    )


def _untouched(url: URL) -> URL:
    """The same file, opened so that nothing is written to it or beside it.

    Where no log lies beside it, no desk is at work on it, and SQLite would make one to read it.
    """
    file = Path(url.database or "")
    log = file.with_name(f"{file.name}-wal")
    how = {"mode": "ro", "uri": "true"} | ({} if log.exists() else {"immutable": "1"})
    return url.set(database=f"file:{quote(str(file))}", query=how)


def _sqlite_engine(url: URL, *, reads_only: bool) -> AsyncEngine:
    is_plain = url.drivername == SqliteDriver.PLAIN.scheme
    engine = create_async_engine(
        url,
        pool_size=POOL_SIZE if reads_only else 1,
        max_overflow=0,
        pool_timeout=PATIENCE_SECONDS,
        connect_args={"timeout": PATIENCE_SECONDS}
        | ({} if is_plain else {"is_writer": not reads_only}),
        hide_parameters=True,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def settings(connection: Any, _record: object) -> None:  # noqa: ANN401  # the driver's own connection  # pyright: ignore[reportUnusedFunction]
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={PATIENCE_SECONDS * 1000}")
        if "mode" not in url.query:
            _turn_to_wal(connection)
        for pragma in (
            "synchronous=FULL",
            "secure_delete=ON",
            "foreign_keys=ON",
            "temp_store=MEMORY",
            f"query_only={int(reads_only)}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        # A reader's BEGIN takes no lock; a writer's may wait for one.
        if reads_only:
            connection.exec_driver_sql("BEGIN", execution_options=SHORT)
        else:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    if is_plain:
        event.listen(engine.sync_engine, "invalidate", _let_go)
    return engine


def _turn_to_wal(connection: Any) -> None:  # noqa: ANN401  # the driver's own connection
    """Keep a log beside the file (WAL), as whoever opened it first has asked already.

    Of a file that has none yet, SQLite turns away at once who asks while another process writes
    the first page: `busy_timeout` does not hold for it, because two that wait for each other would
    wait for ever. So it is asked again.
    """
    cursor = connection.cursor()
    give_up = monotonic() + PATIENCE_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            break
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > give_up:
                raise
        connection.run_async(_a_moment)
    cursor.close()


async def _a_moment(_connection: object) -> None:
    await asyncio.sleep(ASKED_AGAIN_SECONDS)


def _let_go(connection: AdaptedConnection, _record: object, _why: object) -> None:
    """Roll back before the connection is closed because somebody was cancelled.

    A cancelled statement stays open as long as anybody remembers the cancellation, and until then
    SQLite closes in name only: the next writer would wait for a lock that nobody gives back.
    """
    with suppress(MissingGreenlet, sqlite3.Error, ValueError, asyncio.CancelledError):
        connection.run_async(lambda own: own.rollback())
