"""The relay: carries deliveries out, one at a time in each conversation, and records the ending."""

import asyncio
import logging
from collections.abc import Sequence

from bot.addresses import SYSTEM
from bot.bus import Bus
from bot.errors import DeskError, Unavailable
from bot.ports import Courier, NotSent, Outcome, Parcel, Unknown
from bot.use_cases.carrying import settle_and_claim, settle_strays
from handlers.logs import log

AT_ONCE = 64
POLL_SECONDS = 1.0
STRAYS_EVERY = 30.0


class Relay:
    """Claims in one commit, carries outside of any, and records the ending in another."""

    def __init__(self, bus: Bus, couriers: Sequence[Courier]) -> None:
        self._bus = bus
        self._couriers = couriers
        self._wake = asyncio.Event()
        self._endings: list[tuple[Parcel, Outcome]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._strays_at = 0.0

    def wake(self) -> None:
        """Something was committed: there may be something to carry."""
        self._wake.set()

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
        try:
            parcels = await self._bus.handle(
                SYSTEM, settle_and_claim, endings, AT_ONCE - len(self._tasks)
            )
            await self._look_for_strays()
        except Unavailable as error:
            self._endings = endings + self._endings
            log(__name__, "outbox_unreachable", logging.WARNING, error=error.key)
            return False
        except DeskError:
            await self._settle_one_by_one(endings)
            return True
        for parcel in parcels:
            task = asyncio.create_task(self._carry(parcel))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return bool(endings or parcels)

    async def idle(self) -> None:
        """Wait until nothing is on its way and nothing is waiting now; for scripts and tests."""
        while await self.turn() or self._tasks or self._endings:
            if self._tasks:
                await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)

    async def _carry(self, parcel: Parcel) -> None:
        outcome = await self._outcome(parcel)
        if not isinstance(outcome, (NotSent, Unknown)):
            log(__name__, "delivered", logging.DEBUG, parcel=parcel.id)
        else:
            kind = type(parcel.delivery).__name__
            log(__name__, "not_delivered", parcel=parcel.id, kind=kind, error=outcome.error)
        self._endings.append((parcel, outcome))
        self._wake.set()

    async def _outcome(self, parcel: Parcel) -> Outcome:
        courier = next((one for one in self._couriers if one.carries(parcel.delivery)), None)
        if courier is None:
            return NotSent("nobody_carries_this", is_final=True)
        try:
            return await courier.deliver(parcel)
        except DeskError as error:
            return NotSent(error.key, is_final=not isinstance(error, Unavailable))
        except Exception as error:  # the one boundary of the relay
            logging.getLogger(__name__).exception("courier_failed")
            return Unknown(type(error).__name__)

    async def _settle_one_by_one(self, endings: Sequence[tuple[Parcel, Outcome]]) -> None:
        """One ending that cannot be recorded must not hold up the others."""
        for ending in endings:
            try:
                await self._bus.handle(SYSTEM, settle_and_claim, [ending], 0)
            except DeskError as error:
                log(__name__, "ending_not_recorded", logging.ERROR, error=error.key)
                self._endings.append(ending)

    async def _look_for_strays(self) -> None:
        now = asyncio.get_running_loop().time()
        if now >= self._strays_at:
            self._strays_at = now + STRAYS_EVERY
            await self._bus.handle(SYSTEM, settle_strays)

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _end(self) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=5)
        for task in self._tasks:
            task.cancel()
        if self._endings:
            await self._settle_one_by_one(self._endings)
