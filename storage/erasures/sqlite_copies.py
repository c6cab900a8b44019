"""Copying a SQLite store while a desk runs on it, and putting a copy back in its place."""

import os
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from bot.domain.errors import Refused, Unavailable
from storage.database import PATIENCE_SECONDS
from storage.erasures.copied_files import sync
from storage.sqlite.left_log import LeftLog, left_log

BESIDE = ("-wal", "-shm", "-journal")
SQLITE = b"SQLite format 3\x00"


def copy_whole(database: Path, copy: Path, *, is_live: bool) -> None:
    """One moment of the database, with what its log holds, as one file.

    `is_live`: a desk may be at work on it; else it is opened so that nothing is written beside it.

    `is_live`: a desk may be at work on it; else it is opened so that nothing is written beside it.

    Raises:
        Refused: it is no database, or a damaged one.
        Unavailable: it is locked for too long, or the disk is full.
    """
    address = database.absolute().as_uri() if is_live else _as_it_is(database)
    try:
        with (
            closing(sqlite3.connect(address, uri=True, timeout=PATIENCE_SECONDS)) as one,
            closing(sqlite3.connect(copy, isolation_level=None)) as other,
        ):
            one.backup(other)
            other.execute("PRAGMA journal_mode=DELETE")
            (said,) = other.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError as error:
        raise Unavailable("backup.cannot_copy", path=str(database)) from error
    except sqlite3.DatabaseError as error:
        raise Refused("store.damaged", path=str(database)) from error
    if said != "ok":
        raise Refused("store.damaged", path=str(database))


def is_database(file: Path) -> bool:
    """Raises OSError."""
    with file.open("rb") as opened:
        return opened.read(len(SQLITE)) == SQLITE


@contextmanager
def new_store(database: Path) -> Generator[Path]:
    """A private draft beside the store; what is left of it is taken away. Raises Refused."""
    draft = database.with_name(f"{database.name}.restoring")
    files = [draft.with_name(draft.name + end) for end in ("", *BESIDE)]
    try:
        for file in files:
            file.unlink(missing_ok=True)
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield draft
    except OSError as error:
        why = error.strerror or ""
        raise Refused("backup.cannot_write", path=str(draft), why=why) from error
    finally:
        for file in files:
            file.unlink(missing_ok=True)


def take_place(draft: Path, database: Path, stamp: str) -> str:
    """Put `draft` in the place of `database`; where that lies then, empty if there was none.

    What lies beside the former one goes with it: SQLite would play a log that is left into
    whatever has the name. The former is brought whole into its one file first, so that whoever is
    interrupted between two of these steps has either the one or the other.

    Raises:
        Unavailable: another process has the database open and at work.
        Refused: a file cannot be moved.
    """
    aside = database.with_name(f"{database.name}.before-{stamp}")
    is_there = database.exists()
    try:
        if is_there:
            _fold(database)
            aside.hardlink_to(database)
        for end in BESIDE:
            with suppress(FileNotFoundError):
                database.with_name(database.name + end).rename(aside.with_name(aside.name + end))
        sync(draft)
        draft.replace(database)
        sync(database.parent)
    except OSError as error:
        why = error.strerror or ""
        raise Refused("backup.cannot_write", path=str(database), why=why) from error
    return str(aside) if is_there else ""


def _fold(database: Path) -> None:
    """What its log holds goes into the file, unless the log is another database's."""
    if left_log(database) is LeftLog.FOREIGN or not is_database(database):
        return
    try:
        with closing(sqlite3.connect(database, timeout=PATIENCE_SECONDS)) as opened:
            busy, *_ = opened.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.DatabaseError:
        return  # it is damaged: it is kept as it is, with its log
    if busy:
        raise Unavailable("backup.in_use", path=str(database))


def _as_it_is(database: Path) -> str:
    """A copy that lies alone is opened without anything being written beside it."""
    has_log = database.with_name(f"{database.name}-wal").exists()
    return f"{database.absolute().as_uri()}?{'mode=ro' if has_log else 'immutable=1'}"
