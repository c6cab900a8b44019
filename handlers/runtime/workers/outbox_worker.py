"""Carries deliveries out, one at a time in each conversation, and records the ending."""

import asyncio
import logging
from collections import Counter
from collections.abc import Coroutine, Sequence
from datetime import timedelta

from bot.application.bus import Bus
from bot.application.ports.desk import Clock
from bot.application.ports.queues import (
    ClaimedDelivery,
    DeliveryAdapter,
    LaneTrouble,
    NotSent,
    Outcome,
    Unknown,
)
from bot.application.ports.troubles import Troubles
from bot.application.queues.lanes import LaneGate
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
PROBE_SECONDS = 5.0
"""A platform that hangs is not waited for longer when it is asked whether it is well."""
STORE_WAIT = timedelta(seconds=2)
GRACE_SECONDS = 2.5
"""What is on its way when the desk stops is given so long to end by itself."""
Ending = tuple[ClaimedDelivery, Outcome]


class OutboxWorker:
    """Claims in one commit, carries outside of any, and records the ending in another.

    Each adapter has a lane of its own, so that one that waits for its platform holds up no other;
    its gate says what may go while the platform, or a part of it, is in trouble.
    """

    def __init__(
        self, bus: Bus, adapters: Sequence[DeliveryAdapter], clock: Clock, troubles: Troubles
    ) -> None:
        self._bus = bus
        self._adapters = adapters
        self._clock = clock
        self._gates = [LaneGate(adapter.lane.name, troubles) for adapter in adapters]
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
        self._start_probes()
        endings, self._endings = self._endings, []
        capacities = self._capacities()
        try:
            await self._look_for_strays()  # nothing is in hand yet that a fault here could strand
            found = await self._bus.handle(SYSTEM, settle_and_hand_out, endings, capacities)
        except asyncio.CancelledError:
            self._endings = endings + self._endings
            raise
        except Exception as error:  # noqa: BLE001  # the one boundary of the worker's own work
            return await self._trouble(error, endings)
        self._next_in = self._time_to_next(found.next_in)
        is_to_look_again = self._send_all_out(found.taken, capacities)
        return bool(endings or any(found.taken) or is_to_look_again)

    async def idle(self) -> None:
        """Wait until nothing is on its way and nothing is waiting now; for scripts and tests."""
        while await self._has_more():
            if self._tasks:
                await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)

    async def _has_more(self) -> bool:
        """One turn; a probe that ended within it wants another."""
        self._wake.clear()
        found = await self.turn()
        return found or bool(self._tasks or self._endings) or self._wake.is_set()

    def _capacities(self) -> list[LaneCapacity]:
        now = self._clock.now()
        return [
            LaneCapacity(
                adapter.lane,
                gate.room(adapter.lane.at_once - self._busy[lane]),
                gate.without(now),
            )
            for lane, (adapter, gate) in enumerate(zip(self._adapters, self._gates, strict=True))
        ]

    def _time_to_next(self, next_in: timedelta | None) -> float:
        now = self._clock.now()
        waits = [at - now for gate in self._gates if (at := gate.next_try()) is not None]
        waits += [] if next_in is None else [next_in]
        seconds = (wait.total_seconds() for wait in waits)
        return min([POLL_SECONDS, *(wait for wait in seconds if wait > 0)])

    def _send_all_out(
        self, taken: Sequence[Sequence[ClaimedDelivery]], capacities: Sequence[LaneCapacity]
    ) -> bool:
        """Whether a gate wants to be asked again at once."""
        now, is_to_look_again = self._clock.now(), False
        for lane, (claimed_deliveries, capacity) in enumerate(zip(taken, capacities, strict=True)):
            if capacity.limit > 0:
                gate = self._gates[lane]
                is_to_look_again |= gate.took(claimed_deliveries, capacity.limit, now)
            for claimed in claimed_deliveries:
                self._busy[lane] += 1
                self._begin(self._carry(lane, claimed), f"outbox {claimed.id}")
        return is_to_look_again

    def _start_probes(self) -> None:
        now = self._clock.now()
        for lane, gate in enumerate(self._gates):
            if gate.wants_probe(now):
                self._begin(self._probe(lane), f"outbox probe {lane}")

    async def _probe(self, lane: int) -> None:
        found: LaneTrouble | None
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                found = await self._adapters[lane].probe()
        except TimeoutError:
            found = LaneTrouble(error="timeout")
        except Exception as error:  # the one boundary of the adapters
            logging.getLogger(__name__).exception("probe_failed")
            found = LaneTrouble(error=type(error).__name__)
        self._gates[lane].probed(found, self._clock.now())
        self._wake.set()

    def _begin(self, job: Coroutine[None, None, None], name: str) -> None:
        task = asyncio.create_task(job, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, lane: int, claimed: ClaimedDelivery) -> None:
        outcome = await self._outcome(self._adapters[lane], claimed)
        outcome = self._gates[lane].ended(claimed, outcome, self._clock.now())
        if isinstance(outcome, (NotSent, Unknown, LaneTrouble)):
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
        except Unavailable as error:
            is_store = error.key.startswith("store.")
            return NotSent(error.key, retry_after=STORE_WAIT if is_store else None)
        except DeskError as error:
            return NotSent(error.key, is_final=True)
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
