"""Opening a store: its key first, then its mode, then its schema."""

import os
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, inspect, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.errors import Refused, Unavailable
from storage import audit_chain, migrate, statements
from storage.checks.first_seal import hold_facts, seal_first
from storage.checks.foreign_code import refuse_foreign_code
from storage.database import Database, parse_url
from storage.guarding.guard import Guard, set_guard
from storage.keyring import sealed_keys
from storage.keyring.key_file import KeyFile
from storage.keyring.key_ring import KeyRing, be_alone
from storage.keyring.rotation import KeyRotation
from storage.keys import Keys, MasterKey, parse_master_key, write_master_key
from storage.models import Table
from storage.models.audit import FactRow
from storage.sqlite.driver import SqliteDriver

CHECK, MARK = sealed_keys.CHECK, "desk.mark"


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
    only_looks: bool = False
    """Nothing is written, brought up to date or sealed: a copy that cannot be written will do."""


@dataclass(frozen=True, slots=True)
class Store:
    """An open store."""

    database: Database
    ring: KeyRing
    mode: StoreMode
    rotation: KeyRotation
    is_new: bool = False

    @property
    def keys(self) -> Keys:
        """The newest keys this process knows; a transaction asks the ring for its own."""
        return self.ring.latest


async def open_store(location: StoreLocation) -> Store:
    """Open or make the store at `location`.

    Raises:
        Refused: no key, the wrong key, another mode's database, a newer release's database, or
            one that is not a store of ours; or none is there and none may be made.
        Unavailable: the database cannot be reached or written to.
    """
    url = parse_url(location.url, sqlite=location.sqlite_driver)
    database = Database(url, only_looks=location.only_looks)
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
    if CHECK not in known:
        await _refuse_nameless(database)
        if not location.may_make:
            raise _not_there(database)
    file = _key_file(database, location)
    master = _master_key(database, location, file, check=known.get(CHECK))
    _check(known, master, location.mode)
    await _bring_up_to_date(database, location)
    rotation = KeyRotation(database, file, location.master_key)
    keys = await _keys(database, master, location)
    if file is not None and file.is_unsettled and not location.only_looks:
        with suppress(Unavailable, OSError):  # a copy that can only be read opens all the same
            await rotation.settle(_now())
    ring = KeyRing(keys, lambda: (master,) if file is None else file.masters())
    return Store(database, ring, location.mode, rotation, is_new=CHECK not in known)


async def _keys(database: Database, master: MasterKey, location: StoreLocation) -> Keys:
    """The store's keys, and what it says of itself held against its seals."""
    keys = await _own_keys(database, master, location.mode)
    if not location.only_looks:
        await hold_facts(database, keys, (CHECK, MARK, sealed_keys.GENERATION))
    return keys


async def _own_keys(database: Database, master: MasterKey, mode: StoreMode) -> Keys:
    """What is new, or of 0.1, is given its own."""
    async with database.session(writes=False) as session:
        if await sealed_keys.are_kept(session):
            return _fitting(await sealed_keys.load(session, master))
    now = _now()
    async with database.session(writes=True) as session:
        await be_alone(session)
        known = await _known(session)
        _check(known, master, mode)
        # Of two processes at once the second finds what the first has kept.
        if not await sealed_keys.are_kept(session):
            keys = Keys.derive(master.secret, now) if CHECK in known else Keys.new(now)
            set_guard(session, Guard(keys.state, session))
            await sealed_keys.keep(session, keys, master)
            await statements.add_new(session, FactRow, {"name": MARK, "value": mode})
            await audit_chain.start(session)
            if CHECK in known:
                await seal_first(session, keys, now)
            await session.commit()
        return _fitting(await sealed_keys.load(session, master))


def _now() -> datetime:
    """The time of this machine: a store is opened before a desk has a clock."""
    return datetime.now(UTC)  # noqa: TID251  # it only says when keys were made, and decides nothing


def _fitting(keys: Keys | None) -> Keys:
    if keys is None:
        raise Refused("store.wrong_master_key")
    return keys


async def _bring_up_to_date(database: Database, location: StoreLocation) -> None:
    if not location.only_looks:
        await migrate.upgrade(database)
        async with database.session(writes=False) as session:
            await refuse_foreign_code(session)
    elif (revision := await migrate.current(database)) != migrate.newest():
        raise Refused("store.other_schema", revision=revision, newest=migrate.newest())


def _not_there(database: Database) -> Refused:
    """Neither user nor password of the address are shown."""
    return Refused("store.not_there_yet", place=shown_place(database))


def shown_place(database: Database) -> str:
    """Where the database is, without a user or a password."""
    return str(database.file or f"{database.url.host or ''}/{database.url.database or ''}")


async def _refuse_nameless(database: Database) -> None:
    """A store whose check was taken away is no new one: it would get other keys, and forget all.

    Raises:
        Refused: there are rows already.
    """
    async with database.session(writes=False) as session:
        connection = await session.connection()
        names = await connection.run_sync(_table_names)
        if migrate.VERSIONS.name not in names:
            return
        for name, table in Table.metadata.tables.items():
            if name in names and await session.scalar(select(literal(1)).select_from(table)):
                raise Refused("store.check_missing", place=shown_place(database))


def _check(known: dict[str, str], master: MasterKey, mode: StoreMode) -> None:
    """Refuse another key's or another mode's database; a new one knows neither yet."""
    if known.get(CHECK, master.check) != master.check:
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
        return await _known(session)


async def _known(session: AsyncSession) -> dict[str, str]:
    facts = statements.core(FactRow).c  # an older release's has no seals
    query = select(facts.name, facts.value).where(facts.name.in_((CHECK, MARK)))
    return {row.name: row.value for row in await session.execute(query)}


def _table_names(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def _refuse_strangers(names: set[str], *, is_shared: bool) -> None:
    """A PostgreSQL database may hold other tables too, but none with our names."""
    if names & Table.metadata.tables.keys() if is_shared else names:
        raise Refused("store.not_ours")


def default_key_file(database: Database) -> Path | None:
    """Where a new SQLite store keeps its key unless told otherwise: beside the file."""
    return None if database.file is None else database.file.with_name(database.file.name + ".key")


def _key_file(database: Database, location: StoreLocation) -> KeyFile | None:
    """None: the key itself stands in a setting."""
    path = location.master_key_file or default_key_file(database)
    return None if location.master_key or path is None else KeyFile(path)


def _master_key(
    database: Database, location: StoreLocation, file: KeyFile | None, *, check: str | None
) -> MasterKey:
    """`check`: what the database says of its key; None: it is new."""
    if location.master_key:
        return MasterKey(parse_master_key(location.master_key))
    if file is None:
        raise Refused("store.master_key_required")
    fitting = (one for one in file.masters() if one.check == check)  # a rotation may be unfinished
    if found := next(fitting, None):
        return found
    try:
        return MasterKey(parse_master_key(file.path.read_text(encoding="ascii")))
    except FileNotFoundError:
        if check is not None or not database.is_sqlite:
            raise Refused("store.master_key_missing", path=str(file.path)) from None
        return MasterKey(_new_master_key(file.path))
    except (OSError, UnicodeDecodeError) as error:
        raise Refused("store.master_key_unreadable", path=str(file.path)) from error


def _new_master_key(file: Path) -> bytes:
    try:
        return parse_master_key(write_master_key(file))
    except OSError as error:
        raise Refused("store.cannot_make", path=str(file)) from error
