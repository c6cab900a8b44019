"""The database: its address, its settings, and one error for each way it can be out of reach.

SQLite: WAL, synchronous=FULL (a commit survives power loss), secure_delete (freed bytes are
overwritten), writers take turns on one connection that begins IMMEDIATE. PostgreSQL by URL.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from bot.errors import Refused, Unavailable

BUSY_TIMEOUT_MS = 10_000
POOL_SIZE = 5
DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}


def parse_url(text: str) -> URL:
    """The URL with the driver the desk uses; the plain `sqlite:///` and `postgresql://` are taken.

    Raises:
        Refused: not a database address, or a database the desk does not know.
    """
    try:
        url = make_url(text)
    except ArgumentError:
        raise Refused("store.url_malformed") from None
    driver = DRIVERS.get(url.drivername.partition("+")[0])
    if driver is None:
        raise Refused("store.url_unknown", driver=url.drivername)
    return url.set(drivername=driver)


class Database:
    """Two engines on one database: writers begin at once, readers never wait for them."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.is_sqlite = url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._writer = _sqlite_engine(url, begin="BEGIN IMMEDIATE", pool_size=1)
            self._reader = _sqlite_engine(url, begin="BEGIN", pool_size=POOL_SIZE)
        else:
            self._writer = self._reader = create_async_engine(
                url, pool_size=POOL_SIZE * 2, pool_pre_ping=True, hide_parameters=True
            )
        self._write_session = async_sessionmaker(self._writer, expire_on_commit=False)
        self._read_session = async_sessionmaker(self._reader, expire_on_commit=False)

    @property
    def file(self) -> Path | None:
        """The SQLite file, if the database is one."""
        name = self.url.database
        return Path(name) if self.is_sqlite and name and name != ":memory:" else None

    @property
    def engine(self) -> AsyncEngine:
        """The engine that writes."""
        return self._writer

    @asynccontextmanager
    async def session(self, *, writes: bool) -> AsyncGenerator[AsyncSession]:
        """A session; what is not committed is rolled back.

        Raises:
            Unavailable: locked, full, read-only or unreachable; nothing was written.
        """
        open_session = self._write_session if writes else self._read_session
        try:
            async with open_session() as session:
                if writes and self.is_sqlite:
                    await session.connection()
                yield session
        except DBAPIError as error:
            raise Unavailable(what_is_wrong(error)) from error
        except OSError as error:
            raise Unavailable("store.unreachable") from error

    async def close(self) -> None:
        await self._writer.dispose()
        await self._reader.dispose()


def _sqlite_engine(url: URL, *, begin: str, pool_size: int) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=BUSY_TIMEOUT_MS / 1000,
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000},
        hide_parameters=True,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def settings(connection: Any, _record: object) -> None:  # noqa: ANN401  # the driver's own connection  # pyright: ignore[reportUnusedFunction]
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "secure_delete=ON",
            "foreign_keys=ON",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin_transaction(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.exec_driver_sql(begin)

    return engine


def what_is_wrong(error: DBAPIError) -> str:
    """The wording key for a driver's complaint; its own words may hold personal data."""
    said = str(error.orig).lower()
    known = {
        "locked": "store.locked",
        "readonly": "store.read_only",
        "read-only": "store.read_only",
        "disk is full": "store.full",
        "no space": "store.full",
        "disk i/o": "store.broken_disk",
        "malformed": "store.broken_file",
        "not a database": "store.broken_file",
        "unable to open": "store.cannot_open",
    }
    return next((key for words, key in known.items() if words in said), "store.unreachable")
