"""What staff wrote while nobody listened, or while what was heard could not be kept.

Slack brings an event again for some minutes only, and a socket that falls silent loses what comes
meanwhile (bolt-python 1529, python-slack-sdk 1701). So the desk keeps a mark: until when it heard
everything. The mark never moves over what was not taken in (docs/design/engine.md, "The mark of
Slack"): after a gap, and after any refusal, the threads are read again from it.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.application.bus import Bus
from bot.application.key_values import put_changed
from bot.application.ports.card_refs import CardRef
from bot.application.ports.queues import InboundUpdate
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import SYSTEM
from bot.domain.errors import DeskError, Unavailable
from handlers.log_setup import log
from handlers.slack.client import NORMAL, Trouble, code_of
from handlers.slack.keyed_lock import KeyedLock
from handlers.slack.payloads.intents import Edited, Removed, Said, unpacked
from handlers.slack.rate_limits import TooBusy
from handlers.slack.sync.change_reader import ChangeReader
from handlers.slack.sync.thread_reader import Accept, ThreadReader

HEARD_UNTIL = "slack.heard_until"
OVERLAP_SECONDS = 600.0
"""A dead socket is noticed after a while, an event may come late, and clocks differ a little."""
AGAIN_SECONDS = 5.0
"""While the desk is behind, so often it tries to catch up."""
BEFORE_SECONDS = 1.5
"""So long a live word waits for its thread to be read: Slack wants its ack within three."""
FIRST = 0
"""The rank of a call that a live word waits for."""
CHANGES = 2_000
"""So many refused edits and removals are kept in mind; reading a thread does not show them."""


@dataclass(slots=True)
class _Round:
    """How far the threads were read since the desk fell behind last."""

    channels: set[str] = field(default_factory=set[str])
    threads: set[CardRef] = field(default_factory=set[CardRef])


class Backfill:
    """Knows until when Slack was heard, and has read what came after."""

    def __init__(  # noqa: PLR0913  # the parts of the edge, given by name
        self,
        *,
        reader: ThreadReader,
        changes: ChangeReader,
        bus: Bus,
        channels: Callable[[], Sequence[str]],
        accept: Accept,
        by_requests: bool,
    ) -> None:
        self._reader, self._change_reader = reader, changes
        self._bus = bus
        self._channels = channels
        self._accept = accept
        self._by_requests = by_requests
        self._heard_at = self._caught_up_at = time.time()
        self._turn, self._threads = asyncio.Lock(), KeyedLock()
        self._is_behind = False
        self._behind = asyncio.Event()
        self._falls = 0
        self._round = _Round()
        self._whole, self._owed = set[CardRef](), set[CardRef]()
        self._deaf_to = set[str]()
        self._changes: list[InboundUpdate] = []
        self._unheard_since: float | None = None
        self._error = ""

    async def accept(self, inbound_updates: Sequence[InboundUpdate]) -> int:
        """Keep what Slack tells; what cannot be kept is read again later.

        Raises:
            Unavailable: it could not be kept; do not acknowledge.
        """
        is_kept = False
        try:
            for inbound in inbound_updates:
                await self._read_before(inbound)
            kept = await self._accept(inbound_updates)
            is_kept = True
        finally:
            if not is_kept:
                self._refused(inbound_updates)
        return kept

    def heard(self, *, written_at: float = 0.0, is_repeat: bool = False) -> None:
        """Slack reached us. Where it calls us, silence may have been a broken way to us."""
        now = time.time()
        was_cut_off = self._by_requests and now - self._heard_at > OVERLAP_SECONDS
        is_news = not self._is_behind and written_at > self._caught_up_at
        if was_cut_off or (is_repeat and is_news):
            self.fell_behind()
        self._heard_at = now

    def fell_behind(self, thread: CardRef | None = None) -> None:
        """Something was refused or lost, there or anywhere: the mark stays until that is read."""
        self._falls += 1
        if thread is None or not self._is_behind:
            self._round = _Round()
        if thread is not None:
            self._owed.add(thread)
            self._round.threads.discard(thread)
        self._is_behind = True
        self._behind.set()

    def deaf_to(self, place: str) -> None:
        """Slack tells nothing of a channel, or of anything, now: the mark stays until it does."""
        self._deaf_to.add(place)

    def hears(self, place: str) -> None:
        """Slack tells of it, as far as can be seen; what was said meanwhile is read."""
        if place in self._deaf_to:
            self._deaf_to.discard(place)
            self.fell_behind()

    async def below(self, card: CardRef) -> None:
        """Read a thread whole: its card stood there before the desk knew of it."""
        self._whole.add(card)
        await self.still_here()

    async def after_a_gap(self) -> None:
        """Read what was missed; while that does not work, `keep_up` tries again."""
        self.fell_behind()
        await self.still_here()

    async def keep_up(self) -> None:
        """Until cancelled: while the desk is behind, try to catch up every few seconds."""
        while True:
            await self._behind.wait()
            await self.still_here()
            await asyncio.sleep(AGAIN_SECONDS)

    async def still_here(self) -> None:
        """Slack is heard now: the mark moves, if nothing is owed. Called each minute."""
        if self._turn.locked():
            return
        async with self._turn:
            try:
                missed = await self._catch_up()
            except (*Trouble, TooBusy) as error:
                self._note(code_of(error))
            except DeskError as error:
                self._note(error.key)
            except Exception as error:  # the one boundary of reading back: the mark stays
                if self._note(type(error).__name__):
                    logging.getLogger(__name__).exception("catching_up_failed")
            else:
                self._error = ""
                if missed:
                    log(__name__, "caught_up", messages=missed)

    async def _catch_up(self) -> int:
        began, falls = time.time(), self._falls
        missed = await self._read_what_is_owed()
        if falls != self._falls:
            return missed
        if self._is_behind:
            self._is_behind, self._caught_up_at = False, began
            self._behind.clear()
        missed += await self._read_changes()
        mark = min(began, self._heard_at) if self._by_requests else began
        if falls == self._falls and not self._deaf_to:
            await self._bus.handle(SYSTEM, put_changed, name=HEARD_UNTIL, value=f"{mark:.0f}")
        return missed

    async def _read_changes(self) -> int:
        """After the words, and without making anybody wait."""
        if self._unheard_since is None:
            return 0
        found = await self._change_reader.read(self._unheard_since)
        self._unheard_since = None
        return found

    async def _read_what_is_owed(self) -> int:
        missed = 0
        for card in list(self._whole):
            missed += await self._reader.read(card, 0.0)
            self._whole.discard(card)
        if self._is_behind:
            until = await self._bus.look(heard_until)
            if until is not None:
                since = until - OVERLAP_SECONDS
                missed += await self._read(since)
                self._unheard_since = min(since, self._unheard_since or since)
            await self._make_changes()
        return missed

    async def _read(self, since: float) -> int:
        """Channel by channel: one that cannot be read holds up no other, but the mark."""
        missed, trouble = 0, None
        for thread in list(self._owed):
            missed += await self._read_thread(thread, since)
        for channel in dict.fromkeys(self._channels()):
            try:
                missed += await self._read_channel(channel, since)
            except (*Trouble, TooBusy) as error:
                trouble = error
        if trouble is not None:
            raise trouble
        return missed

    async def _read_channel(self, channel: str, since: float) -> int:
        own, missed = self._round, 0
        if channel in own.channels:
            return 0
        async for thread in self._reader.threads(channel, since):
            missed += await self._read_thread(thread, since)
        own.channels.add(channel)
        return missed

    async def _read_thread(self, thread: CardRef, since: float, *, rank: int = NORMAL) -> int:
        """Once a round, however many wait for it; what is refused meanwhile makes it owed again."""
        async with self._threads.of(f"{thread.channel}:{thread.ts}"):
            own, falls = self._round, self._falls
            if thread in own.threads:
                return 0
            missed = await self._reader.read(thread, since, rank=rank)
            own.threads.add(thread)
            if falls == self._falls:
                self._owed.discard(thread)
            return missed

    async def _make_changes(self) -> None:
        """Edits and removals that were refused, after the words that they change."""
        while self._changes:
            await self._accept([self._changes[0]])
            self._changes.pop(0)

    async def _read_before(self, inbound: InboundUpdate) -> None:
        """What was missed in a thread goes before what is said there now.

        Raises:
            Unavailable: it cannot be read now. Nothing is lost: it is read with the rest.
        """
        thread = _thread_of(inbound)
        if not self._is_behind or thread is None or thread.channel not in self._channels():
            return
        try:
            async with asyncio.timeout(BEFORE_SECONDS):
                until = await self._bus.look(heard_until)
                if until is not None:
                    since = until - OVERLAP_SECONDS
                    await self._read_thread(thread, since, rank=FIRST)
        except (*Trouble, TooBusy) as error:
            if isinstance(unpacked(inbound.payload), Said | Edited | Removed):
                raise Unavailable("slack.unreachable", error=code_of(error)) from error

    def _refused(self, inbound_updates: Sequence[InboundUpdate]) -> None:
        for inbound in inbound_updates:
            self.fell_behind(_thread_of(inbound))
        self._changes = [*self._changes, *filter(_is_change, inbound_updates)][-CHANGES:]

    def _note(self, error: str) -> bool:
        """Once, however often it is tried; whether it is another than before."""
        is_new, self._error = error != self._error, error
        if is_new:
            log(__name__, "not_caught_up", error=error)
        return is_new


def _thread_of(inbound: InboundUpdate) -> CardRef | None:
    """What is done in a thread, or on its card, is one conversation; None: done elsewhere."""
    _, channel, *thread = inbound.conversation.split(":")
    return CardRef(channel, thread[0]) if thread else None


def _is_change(inbound: InboundUpdate) -> bool:
    return isinstance(unpacked(inbound.payload), Edited | Removed)


async def heard_until(work: UnitOfWork) -> float | None:
    """Seconds since the epoch; None: never."""
    kept = await work.key_values.get(HEARD_UNTIL)
    return None if kept is None else float(kept)
