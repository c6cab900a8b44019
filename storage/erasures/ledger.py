"""The erasure ledger: who was erased, remembered outside the database by keyed digests."""

import asyncio
import hmac
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from bot.application.ports.certificates import Tombstone
from bot.domain.addresses import SYSTEM, HolderId
from bot.domain.errors import Refused, Unavailable
from storage.erasures.last_seen import LastSeen
from storage.erasures.ledger_file import LedgerFile
from storage.erasures.ledger_lines import Head, Ledger, begun, said_of
from storage.keyring.rotation import KeyRotation
from storage.keys import MasterKey
from storage.unit_of_work import StoreContext

SINCE, ID, HEAD = "ledger.since", "ledger.id", "ledger.head"
"""Facts of the store: since when it has a ledger, which one, and how long that was last."""


class FileLedger:
    """The ledger of an open desk. The store remembers that there is one, and how long it was."""

    def __init__(self, file: LedgerFile, context: StoreContext, ledger: Ledger) -> None:
        self._file, self._context, self._known = file, context, ledger
        self._seen = LastSeen(file.path, context)

    @property
    def path(self) -> str:
        return str(self._file.path)

    @property
    def known(self) -> int:
        """How many erasures it knew when this process last read it."""
        return len(self._known.tombstones)

    async def note(
        self,
        request: str,
        holders: Sequence[HolderId],
        *,
        erased_at: datetime,
        certified_at: datetime | None,
        kept_until: datetime | None = None,
    ) -> None:
        tombstone = Tombstone(
            request=request,
            holders=tuple(self.digest(one) for one in holders),
            erased_at=erased_at,
            certified_at=certified_at,
            kept_until=kept_until,
        )
        await asyncio.to_thread(self._append, [tombstone])
        await self.keep_head()

    async def note_all(self, tombstones: Sequence[Tombstone]) -> None:
        """Several at once, whose digests are this ledger's own."""
        if tombstones:
            await asyncio.to_thread(self._append, tombstones)
            await self.keep_head()

    async def entries(self) -> list[Tombstone]:
        self._known = await asyncio.to_thread(self._file.read, self._masters())
        return list(self._known.tombstones.values())

    def digest(self, holder: HolderId) -> str:
        return self._known.digest(holder)

    def is_of(self, holder: HolderId, tombstone: Tombstone) -> bool:
        found = self.digest(holder)
        return any(hmac.compare_digest(found, one) for one in tombstone.holders)

    async def knows_store(self) -> bool:
        """Whether the store knows every line: one that was put back from a copy may not."""
        async with self._context.open_work(SYSTEM, writes=False) as work:
            return await work.key_values.get(HEAD) == str(self._known.head)

    async def was_put_back(self) -> bool:
        return await self._seen.was_put_back()

    async def keep_seen(self) -> None:
        await self._seen.keep()

    async def keep_head(self) -> None:
        """The store remembers how long the ledger is.

        What could not be written is made good by the next line, or the next start.
        """
        with suppress(Unavailable):
            async with self._context.open_work(SYSTEM, writes=True) as work:
                known = Head.parse(await work.key_values.get(HEAD))
                if known.count < self._known.head.count:
                    await work.key_values.put(HEAD, str(self._known.head))
                    await work.commit()

    def seal_under(self, master: MasterKey) -> None:
        """A rotation is about to put this master key in place. Raises Unavailable."""
        with self._file.appending(self._masters()) as (ledger, lines):
            if master.check not in ledger.checks:
                lines.append(ledger.line("key", ledger.sealed_under(master)))
            self._known = ledger

    def _append(self, tombstones: Sequence[Tombstone]) -> None:
        with self._file.appending(self._masters()) as (ledger, lines):
            lines.extend(ledger.line("erased", said_of(one)) for one in tombstones)
        self._known = ledger

    def _masters(self) -> list[MasterKey]:
        return list(self._context.ring.masters())


async def open_ledger(file: LedgerFile, context: StoreContext, rotation: KeyRotation) -> FileLedger:
    """The store's ledger; the first start makes it, from then on it must be there.

    Raises:
        Refused: it is lost, cut, damaged or another desk's.
        Unavailable: it cannot be made.
    """
    async with context.open_work(SYSTEM, writes=False) as work:
        since, name, head = [await work.key_values.get(one) for one in (SINCE, ID, HEAD)]
    masters = list(context.ring.masters())
    if since is None and not file.exists():
        return await _founded(file, context, rotation)
    ledger = file.read(masters)
    if name is not None and ledger.id != name:
        raise Refused("ledger.other_desk", path=str(file.path))
    if not ledger.holds(Head.parse(head)):
        raise Refused("ledger.cut", path=str(file.path))
    found = FileLedger(file, context, ledger)
    rotation.before_commit.append(found.seal_under)
    if since is None:
        await _remember(context, ledger)
    return found


async def begin_anew(file: LedgerFile, context: StoreContext, rotation: KeyRotation) -> FileLedger:
    """A new ledger in the place of one that is lost or damaged, which is kept aside.

    It knows what the store itself knows: whose keys were destroyed.

    Raises:
        Refused: the one that is there is whole.
        Unavailable: it cannot be made.
    """
    try:
        await open_ledger(file, context, rotation)
    except Refused as refused:
        if refused.key == "ledger.other_desk":
            raise
    else:
        raise Refused("ledger.stands")
    if file.exists():
        now = context.clock.now()
        file.path.rename(file.path.with_name(f"{file.path.name}.before-{now:%Y%m%dT%H%M%SZ}"))
    return await _founded(file, context, rotation)


async def _founded(file: LedgerFile, context: StoreContext, rotation: KeyRotation) -> FileLedger:
    now = context.clock.now()
    masters = list(context.ring.masters())
    text, _ = begun(masters[0], now)
    await asyncio.to_thread(file.make, text)
    ledger = file.read(masters)
    found = FileLedger(file, context, ledger)
    rotation.before_commit.append(found.seal_under)
    async with context.open_work(SYSTEM, writes=False) as work:
        gone = await work.holder_keys.destroyed()
    digests = [(found.digest(holder), at) for holder, at in gone]
    await _remember(context, ledger)
    await found.note_all(
        [
            Tombstone(request=f"holder:{one}", holders=(one,), erased_at=at, certified_at=at)
            for one, at in digests
        ]
    )
    return found


async def _remember(context: StoreContext, ledger: Ledger) -> None:
    async with context.open_work(SYSTEM, writes=True) as work:
        await work.key_values.put(SINCE, context.clock.now().isoformat())
        await work.key_values.put(ID, ledger.id)
        await work.key_values.put(HEAD, str(ledger.head))
        await work.commit()
