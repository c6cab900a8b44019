"""Who is at work on the store: one desk a SQLite file; elsewhere, who is alone may take over."""

import os
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import func, select

from bot.domain.errors import Refused
from storage.database import Database, parse_url

try:
    import fcntl
except ImportError:
    fcntl = None

PRESENCE = 7_310_217
"""The advisory lock that every process at work on PostgreSQL shares; it ends with its session."""
LOCK_SUFFIX = ".lock"


@contextmanager
def only_desk_on(url: str, now: datetime) -> Generator[None]:
    """Be the one desk that runs on this SQLite file; PostgreSQL may have several.

    Two would poll the same bot, and each would take what the other has in hand for a dead one's.
    The lock is an open file's beside the database, whatever path led there: it ends with the
    process, however that dies. Commands take none, and work beside a desk.

    Raises:
        Refused: another desk runs on it; which one and since when is said.
    """
    parsed = parse_url(url)
    if fcntl is None or not parsed.drivername.startswith("sqlite"):
        yield
        return
    database = Path(parsed.database or "").resolve()
    file = database.with_name(database.name + LOCK_SUFFIX)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
    except (OSError, ValueError) as error:
        raise Refused("store.cannot_make", path=str(file)) from error
    with handle as lock:
        _take(lock, database, now)
        yield


def desk_at_work(url: str) -> tuple[str, str, str] | None:
    """Process, host and start of the desk that runs on this SQLite file; None: none does."""
    parsed = parse_url(url)
    database = Path(parsed.database or "").resolve()
    try:
        with database.with_name(database.name + LOCK_SUFFIX).open("rb") as lock:
            if fcntl is None:
                return None
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _holder(database)
    except OSError:  # nobody ever ran there, or a network folder without locks
        pass
    return None


def _holder(database: Path) -> tuple[str, str, str]:
    with database.with_name(database.name + LOCK_SUFFIX).open("rb") as lock:
        return _named(lock)


def _named(lock: BinaryIO) -> tuple[str, str, str]:
    pid, host, since = [*lock.read(200).decode(errors="replace").split(), "?", "?", "?"][:3]
    return pid, host, since


def _take(lock: BinaryIO, database: Path, now: datetime) -> None:
    if fcntl is None:
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        pid, host, since = _named(lock)
        raise Refused(
            "store.runs_already", place=str(database), pid=pid, host=host, since=since
        ) from error
    except OSError:  # some network folders have no locks: go on without one
        return
    lock.truncate()
    lock.write(f"{os.getpid()} {socket.gethostname() or '?'} {now:%Y-%m-%dT%H:%M:%SZ}\n".encode())
    lock.flush()


@asynccontextmanager
async def be_the_only_one(database: Database) -> AsyncGenerator[None]:
    """Keep every desk away from this PostgreSQL database until this ends.

    Raises:
        Refused: a desk is at work on it.
        Unavailable: the database cannot be reached.
    """
    async with database.session(writes=True) as session:
        connection = await session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        if not await connection.scalar(select(func.pg_try_advisory_lock(PRESENCE))):
            raise Refused("backup.desk_at_work")
        try:
            yield
        finally:
            await connection.invalidate()


@asynccontextmanager
async def hold(database: Database) -> AsyncGenerator[bool]:
    """Hold a place among those at work; whether nobody else was there when this process came.

    A SQLite file has one desk (`only_desk_on`). On PostgreSQL the leases of a dead process run out
    for those that were there already; a process that comes alone need not wait for that.

    Raises:
        Unavailable: the database cannot be reached.
    """
    if database.is_sqlite:
        yield True
        return
    async with database.session(writes=True) as session:
        connection = await session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        is_alone = bool(await connection.scalar(select(func.pg_try_advisory_lock(PRESENCE))))
        await connection.execute(select(func.pg_advisory_lock_shared(PRESENCE)))
        if is_alone:
            await connection.execute(select(func.pg_advisory_unlock(PRESENCE)))
        try:
            yield is_alone
        finally:
            await connection.invalidate()
