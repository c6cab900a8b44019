"""Opening a store: its key first, then its mode, then its schema."""

import os
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, inspect, select

from bot.domain.errors import Refused
from storage import audit_chain, migrate, statements
from storage.database import Database, parse_url
from storage.keys import Keys, parse_master_key, write_master_key
from storage.models import Table
from storage.models.audit import FactRow
from storage.sqlite.driver import SqliteDriver

CHECK, MARK = "keys.check", "desk.mark"


class StoreMode(StrEnum):
    """What a database was born for; the other modes refuse it."""

    LIVE = "live"
    SANDBOX = "sandbox"
    TESTING = "testing"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreLocation:
    """Where the store is and where its secret comes from."""

    url: str = field(repr=False)
    master_key: str = field(default="", repr=False)
    master_key_file: Path | None = None
    mode: StoreMode = StoreMode.LIVE
    sqlite_driver: SqliteDriver = SqliteDriver.ONETRIP
    may_make: bool = True
    """Whether a desk that is not there may be founded; else a mistyped place is refused."""


@dataclass(frozen=True, slots=True)
class Store:
    """An open store."""

    database: Database
    keys: Keys
    mode: StoreMode
    is_new: bool = False


async def open_store(location: StoreLocation) -> Store:
    """Open or make the store at `location`.

    Raises:
        Refused: no key, the wrong key, another mode's database, a newer release's database, or
            one that is not a store of ours; or none is there and none may be made.
        Unavailable: the database cannot be reached or written to.
    """
    database = Database(parse_url(location.url, sqlite=location.sqlite_driver))
    try:
        return await _open(database, location)
    except BaseException:
        await database.close()
        raise


async def _open(database: Database, location: StoreLocation) -> Store:
    if location.master_key:
        parse_master_key(location.master_key)
    if location.may_make:
        _make_folder(database)
    elif database.file is not None and not database.file.exists():
        raise _not_there(database)
    known = await _facts(database)
    if CHECK not in known and not location.may_make:
        raise _not_there(database)
    keys = Keys.derive(_master_key(database, location, is_new=CHECK not in known))
    _check(known, keys, location.mode)
    await migrate.upgrade(database)
    if CHECK not in known:
        await _found(database, keys, location.mode)
        _check(await _facts(database), keys, location.mode)
    return Store(database, keys, location.mode, is_new=CHECK not in known)


def _not_there(database: Database) -> Refused:
    """Neither user nor password of the address are shown."""
    return Refused("store.not_there_yet", place=shown_place(database))


def shown_place(database: Database) -> str:
    """Where the database is, without a user or a password."""
    return str(database.file or f"{database.url.host or ''}/{database.url.database or ''}")


def _check(known: dict[str, str], keys: Keys, mode: StoreMode) -> None:
    """Refuse another key's or another mode's database; a new one knows neither yet."""
    if known.get(CHECK, keys.check) != keys.check:
        raise Refused("store.wrong_master_key")
    if (found := known.get(MARK, mode)) != mode:
        raise Refused("store.other_mark", mark=found, wanted=mode)


def _make_folder(database: Database) -> None:
    if database.file is None:
        return
    try:
        database.file.parent.mkdir(parents=True, exist_ok=True)
        if not database.file.exists():
            os.close(os.open(database.file, os.O_RDWR | os.O_CREAT, 0o600))
    except (OSError, ValueError) as error:
        raise Refused("store.cannot_make", path=str(database.file)) from error


async def _facts(database: Database) -> dict[str, str]:
    """What the database says of itself; nothing: it is new.

    Raises:
        Refused: it belongs to another program.
    """
    async with database.session(writes=False) as session:
        connection = await session.connection()
        names = await connection.run_sync(_table_names)
        if migrate.VERSIONS.name not in names:
            _refuse_strangers(names, is_shared=not database.is_sqlite)
            return {}
        if FactRow.__tablename__ not in names:
            return {}
        rows = await session.scalars(select(FactRow).where(FactRow.name.in_((CHECK, MARK))))
        return {row.name: row.value for row in rows}


def _table_names(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def _refuse_strangers(names: set[str], *, is_shared: bool) -> None:
    """A PostgreSQL database may hold other tables too, but none with our names."""
    if names & Table.metadata.tables.keys() if is_shared else names:
        raise Refused("store.not_ours")


def default_key_file(database: Database) -> Path | None:
    """Where a new SQLite store keeps its key unless told otherwise: beside the file."""
    return None if database.file is None else database.file.with_name(database.file.name + ".key")


def _master_key(database: Database, location: StoreLocation, *, is_new: bool) -> bytes:
    if location.master_key:
        return parse_master_key(location.master_key)
    file = location.master_key_file or default_key_file(database)
    if file is None:
        raise Refused("store.master_key_required")
    try:
        return parse_master_key(file.read_text(encoding="ascii"))
    except FileNotFoundError:
        if not is_new or not database.is_sqlite:
            raise Refused("store.master_key_missing", path=str(file)) from None
        return _new_master_key(file)
    except (OSError, UnicodeDecodeError) as error:
        raise Refused("store.master_key_unreadable", path=str(file)) from error


def _new_master_key(file: Path) -> bytes:
    try:
        return parse_master_key(write_master_key(file))
    except OSError as error:
        raise Refused("store.cannot_make", path=str(file)) from error


async def _found(database: Database, keys: Keys, mode: StoreMode) -> None:
    """Write who the new database is; of two founders at once the first is right."""
    async with database.session(writes=True) as session:
        for name, value in ((CHECK, keys.check), (MARK, mode)):
            await statements.add_new(session, FactRow, {"name": name, "value": value})
        await audit_chain.start(session)
        await session.commit()
