"""Backups of a store: made while a desk runs, proved, and put back where none does."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot.domain.errors import Refused
from storage.bootstrap import Store, StoreLocation, open_store
from storage.database import Database, parse_url
from storage.erasures import postgresql_copies as postgresql, sqlite_copies as sqlite
from storage.erasures.beside_store import master_checks, with_own_key
from storage.erasures.copied_files import private_draft
from storage.instance_lock import be_the_only_one, only_desk_on

Prove = Callable[[Store], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBack:
    """A backup that was put back."""

    aside: str
    """Where the former store lies now: a file, or a schema of the database; empty: none was."""


class Backups:
    """Of one place. `prove`: raises Refused for a store that is not whole, or not this desk's."""

    def __init__(self, location: StoreLocation, prove: Prove) -> None:
        self._location = with_own_key(location)
        self._url = parse_url(location.url)
        self._prove = prove

    async def make(self, file: Path, *, may_replace: bool) -> None:
        """A copy of one moment, which opens with the key of now and holds together.

        Raises:
            Refused: there is no store, the file is there already, or the copy is not whole.
            Unavailable: the store cannot be read now.
        """
        database = self._file()
        if database is not None and not database.exists():
            raise Refused("store.not_there_yet", place=str(database))
        with private_draft(file, may_replace=may_replace) as draft:
            if database is None:
                await postgresql.dump(self._url, draft)
                await self._hold_key(draft)
            else:
                sqlite.copy_whole(database, draft, is_live=True)
                await self._hold(draft, only_looks=True)

    async def put_back(self, file: Path, now: datetime) -> PutBack:
        """Replace the store by a backup, whole or not at all; the former one is kept aside.

        Raises:
            Refused: a desk runs, the file is no backup of this desk, or its chain does not hold.
            Unavailable: the store, or its files, cannot be reached.
        """
        stamp = f"{now:%Y%m%dT%H%M%SZ}"
        kind = _kind(file)
        database = self._file()
        if kind != ("postgresql" if database is None else "sqlite"):
            raise Refused("backup.other_kind", path=str(file))
        if database is None:
            return await self._put_dump_back(file, f"before_{stamp.lower()}")
        with only_desk_on(self._location.url, now), sqlite.new_store(database) as draft:
            sqlite.copy_whole(file, draft, is_live=False)
            await self._hold(draft, only_looks=False)
            return PutBack(aside=sqlite.take_place(draft, database, stamp))

    async def _put_dump_back(self, file: Path, aside: str) -> PutBack:
        database = Database(self._url)
        try:
            async with be_the_only_one(database):
                await self._hold_key(file)
                await postgresql.put_in_place(self._url, file, aside)
                try:
                    async with self._opened(self._location, only_looks=False) as store:
                        await self._prove(store)
                except BaseException:
                    await postgresql.take_back(self._url, aside)
                    raise
        finally:
            await database.close()
        return PutBack(aside=aside)

    async def _hold_key(self, dump: Path) -> None:
        """Raises Refused: another key than this desk's opens it."""
        found = await postgresql.check_of(self._url, dump)
        if not found:
            raise Refused("backup.not_one", path=str(dump))
        if found not in master_checks(self._location):
            raise Refused("store.wrong_master_key")

    async def _hold(self, copy: Path, *, only_looks: bool) -> None:
        """A copy opens with the key of this desk, and all of it holds together."""
        location = replace(self._location, url=f"sqlite:///{copy}")
        try:
            async with self._opened(location, only_looks=only_looks) as store:
                await self._prove(store)
        except Refused as refused:
            # A store of an earlier release is copied as it is; its pages and key were looked at.
            if not (only_looks and refused.key == "store.other_schema"):
                raise

    @asynccontextmanager
    async def _opened(self, location: StoreLocation, *, only_looks: bool) -> AsyncGenerator[Store]:
        store = await open_store(replace(location, may_make=False, only_looks=only_looks))
        try:
            yield store
        finally:
            await store.database.close()

    def _file(self) -> Path | None:
        """None: it is PostgreSQL."""
        is_sqlite = self._url.get_backend_name() == "sqlite"
        return Path(self._url.database or "").absolute() if is_sqlite else None


def _kind(file: Path) -> str:
    """Raises Refused: it is no backup, or cannot be read."""
    try:
        with file.open("rb") as opened:
            head = opened.read(len(sqlite.SQLITE))
    except OSError as error:
        raise Refused("backup.cannot_read", path=str(file)) from error
    if head == sqlite.SQLITE:
        return "sqlite"
    if head.startswith(postgresql.DUMP):
        return "postgresql"
    raise Refused("backup.not_one", path=str(file))
