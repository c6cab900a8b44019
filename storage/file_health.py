"""The files of a SQLite store, looked at before anything is opened: whole, ours, and private."""

import os
import sqlite3
import stat
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from bot.application.ports.reports import HealthCheck
from bot.domain.errors import Refused
from storage.bootstrap import StoreLocation
from storage.database import parse_url
from storage.instance_lock import desk_at_work
from storage.keys import parse_master_key
from storage.sqlite.left_log import LeftLog, left_log

OTHERS_WRITE = 0o022
PRIVATE = 0o600
PERSONAL = (
    *("*.db", "*.db-*", "*.db.*", "*.sqlite", "*.sqlite3", "*.key", "*.csv", "*.tsv", "*.jsonl"),
    *("*.sql", "*.dump", "*.bak", "*.backup", ".env.*"),
)
"""Names of what people keep beside a desk: databases and their copies, keys, lists, exports."""
SHIPPED = (".env.example",)
BESIDE = ("", "-wal", "-shm", ".lock")
FILE_OPEN = "doctor.file_open"
MOST_SHOWN = 5
STEPS = 10_000
"""Of SQLite's machine, between two looks at the time."""


def look_at_store_files(
    location: StoreLocation, *, patience_seconds: float | None = None
) -> list[HealthCheck]:
    """What is found without opening the store: warnings, and that the pages are whole.

    `patience_seconds`: how long pages are read at most; None: all of them.

    Raises:
        Refused: the desk could not be made there, the pages are damaged, or a log lies beside them
            that is another database's. It must not be opened then: SQLite would play that log in.
    """
    url = parse_url(location.url)
    if location.master_key:
        parse_master_key(location.master_key)
    if not url.drivername.startswith("sqlite"):
        _check_key(location, location.master_key_file, may_be_made=False)
        return _open_to_others([Path.cwd()], set())
    database = Path(url.database or "").absolute()
    key = location.master_key_file or database.with_name(f"{database.name}.key")
    own = [database.with_name(f"{database.name}{end}") for end in BESIDE]
    around = _open_to_others([database.parent, Path.cwd()], {*own, key.absolute()})
    if not database.exists():
        _check_key(location, key, may_be_made=True)
        _check_places(location, database, key)
        return around
    running = _at_work(location, database)
    found = running or _left(database)
    found += _check_pages(database, patience_seconds)
    opened = [file for file in own if _mode(file) & ~PRIVATE]
    return [*found, *_key(location, key), *_warned("database file", FILE_OPEN, opened), *around]


def may_be_opened(findings: Sequence[HealthCheck]) -> bool:
    """Whether nothing is decided by opening the store: whose log lies there is people's to say."""
    return all(one.key != "doctor.doubtful_log" for one in findings)


def _check_key(location: StoreLocation, file: Path | None, *, may_be_made: bool) -> None:
    """Raises Refused: there is no key, where none is made at the first start, or it is none."""
    if location.master_key:
        return
    if file is None:
        raise Refused("store.master_key_required")
    try:
        parse_master_key(file.read_text(encoding="ascii"))
    except FileNotFoundError:
        if not may_be_made:
            raise Refused("store.master_key_missing", path=str(file)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise Refused("store.master_key_unreadable", path=str(file)) from error


def _check_places(location: StoreLocation, database: Path, key: Path) -> None:
    """Raises Refused: nothing can be made where the new database, or its new key, is to lie."""
    made = [database] if location.master_key or key.exists() else [database, key]
    for file in made:
        folder = next(one for one in file.absolute().parents if one.exists())
        if file is key and folder not in (key.absolute().parent, *database.parents):
            raise Refused("store.cannot_make", path=str(key))
        try:
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            raise Refused("store.cannot_make", path=str(file)) from error


def _at_work(location: StoreLocation, database: Path) -> list[HealthCheck]:
    found = desk_at_work(location.url)
    if found is None:
        return []
    pid, host, since = found
    params = (("place", str(database)), ("pid", pid), ("host", host), ("since", since))
    return [HealthCheck("desk", is_good=True, key="doctor.runs_already", params=params)]


def _key(location: StoreLocation, key: Path) -> list[HealthCheck]:
    if location.master_key or not _mode(key) & ~PRIVATE:
        return []
    return [HealthCheck("master key", is_good=False, key="doctor.key_file_open")]


def _left(database: Path) -> list[HealthCheck]:
    match left_log(database):
        case LeftLog.FOREIGN:
            raise Refused("store.foreign_log", path=str(database))
        case LeftLog.DOUBTFUL:
            params = (("path", str(database)),)
            key = "doctor.doubtful_log"
            return [HealthCheck("database log", is_good=True, key=key, params=params, warns=True)]
        case _:
            return []


def _check_pages(database: Path, patience_seconds: float | None) -> list[HealthCheck]:
    """SQLite's own quick check. What keeps it from looking is said by whoever opens the store."""
    started = time.monotonic()

    def is_over() -> bool:
        return patience_seconds is not None and time.monotonic() - started > patience_seconds

    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as store:
            store.set_progress_handler(is_over, STEPS)
            (said,) = store.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError:
        return []
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
            return []
        raise Refused("store.damaged", path=str(database)) from error
    if said != "ok":
        raise Refused("store.damaged", path=str(database))
    return [HealthCheck("database pages", is_good=True, key="doctor.pages_whole")]


def _open_to_others(folders: list[Path], own: set[Path]) -> list[HealthCheck]:
    """Personal files that others may read, and folders in which they may exchange them."""
    if os.name != "posix":
        return []
    folders = list(dict.fromkeys(folders))
    files = [file for one in folders for file in _personal(one) if _mode(file) & ~PRIVATE]
    wide = [one for one in folders if _mode(one) & OTHERS_WRITE and not _mode(one) & stat.S_ISVTX]
    return [
        *_warned("personal files", FILE_OPEN, [file for file in files if file not in own]),
        *_warned("folders", "doctor.folder_open", wide),
    ]


def _warned(name: str, key: str, found: list[Path]) -> list[HealthCheck]:
    shown = " ".join(map(str, found[:MOST_SHOWN]))
    params = (("files", f"{shown} ..." if len(found) > MOST_SHOWN else shown),)
    return [HealthCheck(name, is_good=True, key=key, params=params, warns=True)] if found else []


def _personal(folder: Path) -> Iterator[Path]:
    try:
        names = sorted(entry for entry in folder.iterdir() if entry.name not in SHIPPED)
    except OSError:
        return
    for file in names:
        if any(file.match(pattern) for pattern in PERSONAL) and file.is_file():
            yield file


def _mode(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return 0
