"""Carries deliveries out, one at a time in each conversation, and records the ending."""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence

from bot.application.bus import Bus
from bot.application.ports.queues import ClaimedDelivery, DeliveryAdapter, NotSent, Outcome, Unknown
from bot.application.queues.outbox import (
    LaneCapacity,
    settle_and_hand_out,
    settle_expired_leases,
    take_over,
)
from bot.domain.addresses import SYSTEM
from bot.domain.errors import DeskError, Refused, Stale, Unavailable
from handlers.log_setup import log

POLL_SECONDS = 1.0
"""How often to look for what another process left, such as a command line."""
STRAYS_EVERY = 30.0
GRACE_SECONDS = 2.5
"""What is on its way when the desk stops is given so long to end by itself."""
Ending = tuple[ClaimedDelivery, Outcome]


class OutboxWorker:
    """Claims in one commit, carries outside of any, and records the ending in another.

    Each adapter has a lane of its own, so that one that waits for its platform holds up no other.
    """

    def __init__(self, bus: Bus, adapters: Sequence[DeliveryAdapter]) -> None:
        self._bus = bus
        self._adapters = adapters
        self._busy: Counter[int] = Counter()
        self._wake = asyncio.Event()
        self._endings: list[Ending] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._next_in = 0.0
        self._strays_at = 0.0

    def wake(self) -> None:
        """Something was committed: there may be something to carry."""
        self._wake.set()

    async def take_over(self) -> int:
        """What a dead process had in hand is in doubt; only where this process is the only one."""
        return await self._bus.handle(SYSTEM, take_over)

    async def run(self) -> None:
        """Until cancelled; what is on its way then is given a moment to end and be recorded."""
        try:
            while True:
                self._wake.clear()
                if not await self.turn():
                    await self._pause()
        finally:
            await self._end()

    async def turn(self) -> bool:
        """Record what ended, send out what waits; whether there was anything."""
        endings, self._endings = self._endings, []
        capacities = [
            LaneCapacity(adapter.lane, adapter.lane.at_once - self._busy[lane])
            for lane, adapter in enumerate(self._adapters)
        ]
        try:
            found = await self._bus.handle(SYSTEM, settle_and_hand_out, endings, capacities)
            await self._look_for_strays()
        except asyncio.CancelledError:
            self._endings = endings + self._endings
            raise
        except Exception as error:  # noqa: BLE001  # the one boundary of the worker's own work
            return await self._trouble(error, endings)
        self._next_in = POLL_SECONDS
        if found.next_in is not None and found.next_in.total_seconds() > 0:
            self._next_in = min(POLL_SECONDS, found.next_in.total_seconds())
        for lane, taken in enumerate(found.taken):
            for claimed in taken:
                self._send_out(lane, claimed)
        return bool(endings or any(found.taken))

    async def idle(self) -> None:
        """Wait until nothing is on its way and nothing is waiting now; for scripts and tests."""
        while await self.turn() or self._tasks or self._endings:
            if self._tasks:
                await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)

    def _send_out(self, lane: int, claimed: ClaimedDelivery) -> None:
        self._busy[lane] += 1
        task = asyncio.create_task(self._carry(lane, claimed), name=f"outbox {claimed.id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, lane: int, claimed: ClaimedDelivery) -> None:
        outcome = await self._outcome(self._adapters[lane], claimed)
        if isinstance(outcome, (NotSent, Unknown)):
            kind = type(claimed.delivery).__name__
            log(__name__, "not_delivered", parcel=claimed.id, kind=kind, error=outcome.error)
        else:
            log(__name__, "delivered", logging.DEBUG, parcel=claimed.id)
        self._busy[lane] -= 1
        self._endings.append((claimed, outcome))
        self._wake.set()

    async def _outcome(self, adapter: DeliveryAdapter, claimed: ClaimedDelivery) -> Outcome:
        try:
            return await adapter.deliver(claimed)
        except DeskError as error:
            return NotSent(error.key, is_final=not isinstance(error, Unavailable))
        except asyncio.CancelledError:
            return Unknown("desk_stopped")
        except Exception as error:  # the one boundary of the adapters
            logging.getLogger(__name__).exception("courier_failed")
            return Unknown(type(error).__name__)

    async def _trouble(self, error: Exception, endings: Sequence[Ending]) -> bool:
        """The store is away, or one ending cannot be recorded: it must not hold up the others."""
        log(__name__, "outbox_turn_failed", logging.WARNING, error=_name(error))
        self._next_in = POLL_SECONDS
        if isinstance(error, Unavailable):
            self._endings = [*endings, *self._endings]
            return False
        await self._settle_one_by_one(endings)
        return False

    async def _settle_one_by_one(self, endings: Sequence[Ending]) -> None:
        for ending in endings:
            try:
                await self._bus.handle(SYSTEM, settle_and_hand_out, [ending], [])
            except (Unavailable, Stale):
                self._endings.append(ending)
            except Refused as error:
                log(__name__, "ending_not_recorded", logging.ERROR, error=error.key)
            except Exception:  # the one boundary of the worker's own work
                logging.getLogger(__name__).exception("ending_not_recorded")

    async def _look_for_strays(self) -> None:
        now = asyncio.get_running_loop().time()
        if now >= self._strays_at:
            self._strays_at = now + STRAYS_EVERY
            await self._bus.handle(SYSTEM, settle_expired_leases)

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(self._next_in):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _end(self) -> None:
        """Adapters that are cancelled say whether anything of theirs had left."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=GRACE_SECONDS)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._settle_one_by_one(self._endings)


def _name(error: Exception) -> str:
    return error.key if isinstance(error, DeskError) else type(error).__name__
