"""Sealing personal text under its holder's key, for the length of one transaction.

A holder is an account or an imported person. Erasing destroys the wrapped key: every text sealed
under it, in rows, events and backups that lack the key, is noise from then on.
"""

import secrets
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.addresses import HolderId
from bot.domain.errors import Refused
from storage import statements
from storage.guarding.guard import Guard, guard_of, has_guard, set_guard
from storage.keys import KEY_BYTES, BrokenSeal, KeyPurpose, Keys, seal, unseal
from storage.models.people import HolderKeyRow
from storage.sqlite.driver import SHORT
from storage.types import mended

KEYS_OF = (
    select(*statements.columns_of(HolderKeyRow))
    .where(HolderKeyRow.holder.in_(bindparam("holders", expanding=True)))
    .execution_options(**SHORT)
)

KEPT_OPEN = statements.rows_with(HolderKeyRow, ("holder",)).with_for_update(
    key_share=True, read=True
)
"""On PostgreSQL whoever adds something and whoever draws the fence wait for each other."""


class Shredded(Exception):
    """The holder's key is destroyed, or this store never had it: the text cannot be read."""


class UnknownHolder(Exception):
    """Nobody made a key for this holder: a mistake of ours, never of a person."""


class Vault:
    """Opens and seals; holds unwrapped keys only as long as its unit of work lives."""

    def __init__(self, keys: Keys, session: AsyncSession) -> None:
        self.keys = keys
        self._session = session
        if not has_guard(session):
            set_guard(session, Guard(keys.state, session))
        self._open: dict[str, bytes | None] = {}
        self._unknown: set[str] = set()
        self._fenced: dict[str, datetime | None] = {}

    async def create(self, holder: HolderId, at: datetime) -> None:
        """A new data key for a new holder."""
        key = secrets.token_bytes(KEY_BYTES)
        row = {"holder": holder, "wrapped": wrap(self.keys, holder, key), "created_at": at}
        await statements.add(self._session, HolderKeyRow, row)
        self._open[holder] = key
        self._unknown.discard(holder)

    async def destroy(self, holder: HolderId, at: datetime) -> None:
        """Overwrite the wrapped key; what it sealed cannot be read again."""
        gone = {"wrapped": None, "destroyed_at": at}
        await statements.change(self._session, HolderKeyRow, {"holder": holder}, gone)
        self._open[holder] = None

    async def fence(self, holder: HolderId, at: datetime) -> datetime:
        """From now on nothing of theirs is taken any more; since when that is so.

        Whoever is adding something has to end first, and whoever comes later is refused.
        """
        row = await statements.one_locked(self._session, HolderKeyRow, holder=holder)
        if row is None or row.fenced_at is not None:
            return at if row is None else row.fenced_at
        await statements.change(self._session, HolderKeyRow, {"holder": holder}, {"fenced_at": at})
        self._fenced[holder] = at
        return at

    async def fenced_at(self, holder: str) -> datetime | None:
        """Since when nothing of theirs is taken; None: all is, until this transaction ends.

        For whoever writes: on PostgreSQL a fence waits for them.
        """
        if holder not in self._fenced:
            row = (await self._session.execute(KEPT_OPEN, {"holder": holder})).first()
            if row is not None:
                await guard_of(self._session).check(HolderKeyRow, row)
            self._fenced[holder] = None if row is None else row.fenced_at
        return self._fenced[holder]

    async def refuse_fenced(self, *holders: str | None) -> None:
        """The one guard before something new is kept of anybody.

        Raises:
            Refused: the data of one of them is being erased, or was.
        """
        for holder in holders:
            if holder is not None and await self.fenced_at(holder) is not None:
                raise Refused("clients.erased")

    async def load(self, holders: Iterable[str | None]) -> None:
        """Fetch the keys of many holders in one query, so that opening needs none.

        Raises:
            Tampered: one is not as the desk kept it.
        """
        missing = {holder for holder in holders if holder is not None} - self._open.keys()
        if not missing:
            return
        found: dict[str, bytes | None] = {}
        guard = guard_of(self._session)
        for row in (await self._session.execute(KEYS_OF, {"holders": list(missing)})).all():
            await guard.check(HolderKeyRow, row)
            if row.wrapped is None and row.destroyed_at is None:
                guard.refuse(HolderKeyRow, row)
            found[row.holder] = None if row.destroyed_at else row.wrapped
        for holder in missing - found.keys():
            await guard.check_missing(HolderKeyRow, {"holder": holder})
            self._unknown.add(holder)
        for holder in missing:
            self._open[holder] = self._unwrap(holder, found.get(holder))

    async def seal(self, holder: str | None, label: str, text: str) -> bytes:
        """Seal text for its holder; nothing (`b""`) once the holder's key is destroyed.

        What concerns somebody whose data was erased can be written no more, and that is no error:
        a timer may still close their ticket.

        Raises:
            UnknownHolder: the holder never had a key.
        """
        await self.load((holder,))
        if holder in self._unknown:
            raise UnknownHolder(holder)
        try:
            return seal(self._key(holder, label), label, mended(text).encode())
        except Shredded:
            return b""

    def open_loaded(self, holder: str | None, label: str, sealed: bytes) -> str:
        """The text; the holder's key was loaded before.

        Raises:
            Shredded: the holder's key is destroyed.
            BrokenSeal: the key does not fit, or the bytes were changed or moved.
        """
        return unseal(self._key(holder, label), label, sealed).decode()

    def readable(self, holder: str | None, label: str, sealed: bytes | None) -> str:
        """As `open_loaded`, with an empty text where the key is destroyed or nothing is kept."""
        if not sealed:
            return ""
        try:
            return self.open_loaded(holder, label, sealed)
        except Shredded:
            return ""

    def readable_event(self, holder: str | None, label: str, sealed: bytes) -> str:
        """As `readable`, of a payload that stays under the key it was sealed with."""
        if not sealed:
            return ""
        try:
            keys = self._every_key(holder, label)
        except Shredded:
            return ""
        for key in keys:
            with suppress(BrokenSeal):
                return unseal(key, label, sealed).decode()
        raise BrokenSeal(label)

    def seal_queued(self, label: str, text: str) -> bytes:
        """For the inbox and outbox, whose rows live shortly and belong to no holder yet."""
        return seal(self.keys.queue, label, mended(text).encode())

    def open_queued(self, label: str, sealed: bytes) -> str:
        return unseal(self.keys.queue, label, sealed).decode()

    def _key(self, holder: str | None, label: str) -> bytes:
        if holder is None:
            return self.keys.desk
        key = self._open.get(holder)
        if key is None:
            raise Shredded(label)
        return key[:KEY_BYTES]

    def _every_key(self, holder: str | None, label: str) -> list[bytes]:
        """The one in use first, then the earlier ones."""
        if holder is None:
            return [one.key for one in reversed(self.keys.all_for(KeyPurpose.DESK))]
        keys = self._open.get(holder)
        if keys is None:
            raise Shredded(label)
        return split(keys)

    def _unwrap(self, holder: str, wrapped: bytes | None) -> bytes | None:
        """Raises Tampered: it is another's key, or none of ours."""
        try:
            return None if wrapped is None else unwrap(self.keys, holder, wrapped)
        except BrokenSeal:
            guard_of(self._session).refuse(HolderKeyRow, {"holder": holder})


def wrap(keys: Keys, holder: str, every: bytes) -> bytes:
    """All keys of a holder, the newest first, as one text: they are destroyed together."""
    return seal(keys.wrapping, f"holder_key:{holder}", every)


def unwrap(keys: Keys, holder: str, wrapped: bytes) -> bytes:
    """Raises BrokenSeal."""
    return unseal(keys.wrapping, f"holder_key:{holder}", wrapped)


def split(every: bytes) -> list[bytes]:
    """The keys of a holder, one by one."""
    return [every[at : at + KEY_BYTES] for at in range(0, len(every), KEY_BYTES)]
