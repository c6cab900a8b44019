"""The outbox's worker: what was handed out is carried, whatever else goes wrong in that turn."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from bot.application.bus import Bus
from bot.application.config import DeskConfig
from bot.application.outbound.to_staff import PostLine
from bot.application.ports.queues import Arrived, ClaimedDelivery, Lane, LaneTrouble
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reactions import react
from bot.domain.addresses import SYSTEM, TicketId
from bot.domain.errors import Unavailable
from handlers.runtime.trouble_board import TroubleBoard
from handlers.runtime.workers.outbox_worker import OutboxWorker
from tests.support.fakes.core import FakeStorage
from tests.support.fakes.store import FakeClock


class Carrier:
    """Carries everything at once."""

    lane = Lane(name="slack")

    def __init__(self) -> None:
        self.carried: list[int] = []

    async def deliver(self, claimed: ClaimedDelivery) -> Arrived:
        self.carried.append(claimed.id)
        return Arrived("slack")

    async def probe(self) -> LaneTrouble | None:
        return None


def away_for_one_look_for_strays(storage: FakeStorage) -> Any:
    times = [1]

    @asynccontextmanager
    async def open_work(*args: Any, **kwargs: Any) -> AsyncGenerator[UnitOfWork]:
        async with storage.open_work(*args, **kwargs) as work:
            look = work.outbox.expired_leases

            async def away(at: datetime) -> list[ClaimedDelivery]:
                if times:
                    times.pop()
                    raise Unavailable("store.unreachable")
                return await look(at)

            work.outbox.expired_leases = away
            yield work

    return open_work


async def test_a_store_that_goes_away_during_the_look_for_strays_strands_no_word():
    clock = FakeClock()
    storage = FakeStorage(clock, DeskConfig())
    async with storage.open_work(SYSTEM, writes=True) as work:
        await work.outbox.put(PostLine(TicketId("a"), "x"))
        await work.commit()
    carrier = Carrier()
    bus = Bus(away_for_one_look_for_strays(storage), react)
    worker = OutboxWorker(bus, [carrier], clock, TroubleBoard(clock))

    for _ in range(3):
        await worker.turn()
        await asyncio.sleep(0)

    assert len(carrier.carried) == 1
