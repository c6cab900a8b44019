"""Updates: numbered upwards, kept until the bot confirms them, lent to one poller at a time."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from handlers.sandbox.telegram.refusals import POLL_TAKEN, Refusal, conflict

FIRST_ID: Final = 700_000_001
BATCH_LIMIT: Final = 100
KEPT_SECONDS: Final = 24 * 3600
# What a bot gets only when it asks for it by name.
_ONLY_WHEN_ASKED: Final = frozenset(["chat_member", "message_reaction", "message_reaction_count"])


@dataclass(frozen=True, slots=True)
class Update:
    """One update, already written as JSON; `lane` is the chat whose order must hold."""

    update_id: int
    kind: str
    body: str
    lane: int
    at: float

    @property
    def text(self) -> str:
        return f'{{"update_id":{self.update_id},{self.body}}}'


class Updates:
    """The queue between the chats and the bot.

    `duplicates` is how many times more than once each update is delivered; while `hold()` is on,
    updates gather until `release()`.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.next_id = FIRST_ID
        self._queue: dict[int, Update] = {}
        self._held: list[Update] | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._polled = asyncio.Event()
        self.allowed: list[str] = []
        self.duplicates = 0
        self.push: Callable[[Update], None] | None = None

    @property
    def pending(self) -> list[Update]:
        return list(self._queue.values())

    def put(self, kind: str, payload: dict[str, Any], lane: int) -> int | None:
        """Queues one update and returns its id; None when the bot did not ask for this kind."""
        if not self._wanted(kind):
            return None
        body = f'"{kind}":{json.dumps(payload, separators=(",", ":"))}'
        update = Update(self.next_id, kind, body, lane, self._clock())
        self.next_id += 1
        if self._held is not None:
            self._held.append(update)
        else:
            self._deliver(update)
        return update.update_id

    def _wanted(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in _ONLY_WHEN_ASKED

    def _deliver(self, update: Update) -> None:
        self._queue[update.update_id] = update
        if self.push is not None:
            self.push(update)
        self._wake()

    def _wake(self, refusal: Refusal | None = None) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is None or waiter.done():
            return
        if refusal is None:
            waiter.set_result(None)
        else:
            waiter.set_exception(refusal)

    def hold(self) -> None:
        """From now on updates gather instead of being delivered."""
        if self._held is None:
            self._held = []

    def release(self, *, reverse: bool = False, renumber: bool = True) -> int:
        """Delivers what gathered and returns how many; `reverse` gives the last one first.

        With `renumber` the ids still rise, as they do for a poller; without it a later update
        carries the lower id, as when a webhook's deliveries overtake one another.
        """
        held, self._held = self._held or [], None
        order = held[::-1] if reverse else held
        ids = [one.update_id for one in (held if renumber else order)]
        for update_id, one in zip(ids, order, strict=True):
            self._deliver(Update(update_id, one.kind, one.body, one.lane, one.at))
        return len(order)

    def discard(self, update_id: int) -> None:
        self._queue.pop(update_id, None)

    def drop_pending(self) -> None:
        self._queue.clear()

    def end_poll(self, refusal: Refusal) -> None:
        """The waiting poller, if any, is answered with this refusal."""
        self._wake(refusal)

    async def polled(self) -> None:
        """Waits until a poller waits: from then on the bot is listening."""
        while self._waiter is None:
            self._polled.clear()
            await self._polled.wait()

    async def poll(self, offset: int, limit: int, timeout_seconds: float) -> str:
        """One getUpdates: confirms what lies before the offset, then waits for something new.

        Raises:
            Refusal: 409, when another poller came while this one waited.
        """
        self.end_poll(conflict(POLL_TAKEN))
        self._confirm(offset)
        if not self._queue and timeout_seconds > 0:
            await self._something_new(timeout_seconds)
        return self._batch(offset, limit)

    async def _something_new(self, timeout_seconds: float) -> None:
        waiter = self._waiter = asyncio.get_running_loop().create_future()
        self._polled.set()
        try:
            async with asyncio.timeout(timeout_seconds):
                await waiter
        except TimeoutError:
            return
        finally:
            if self._waiter is waiter:
                self._waiter = None

    def _confirm(self, offset: int) -> None:
        """A negative offset keeps only that many of the last updates."""
        too_old = self._clock() - KEPT_SECONDS
        if offset < 0:
            offset = [*self._queue][offset] if -offset <= len(self._queue) else 0
        gone = [one.update_id for one in self.pending if one.update_id < offset or one.at < too_old]
        for update_id in gone:
            self.discard(update_id)

    def _batch(self, offset: int, limit: int) -> str:
        texts: list[str] = []
        for one in self._queue.values():
            if len(texts) >= limit:
                break
            if offset <= 0 or one.update_id >= offset:
                texts += [one.text] * (1 + self.duplicates)
        return f"[{','.join(texts[:limit])}]"
