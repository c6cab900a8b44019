"""The inbox's worker: nothing that came in is given up because of something else."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import pytest

from bot.application.bus import Bus, FinishingBus
from bot.application.config import DeskConfig
from bot.application.ports.queues import InboundUpdate
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reactions import react
from bot.domain.errors import Unavailable
from handlers.runtime.workers import inbox_worker
from handlers.runtime.workers.inbox_worker import InboxWorker
from tests.support.fakes.core import FakeStorage
from tests.support.fakes.store import FakeClock


def update(key: str) -> InboundUpdate:
    return InboundUpdate(key=key, source="telegram", conversation=f"chat:{key}", payload="{}")


@pytest.fixture(name="storage")
def a_storage() -> FakeStorage:
    return FakeStorage(FakeClock(), DeskConfig())


class Dealt:
    """What was dealt with; the store is away for the first few."""

    def __init__(self, times_away: int = 0) -> None:
        self.keys: list[str] = []
        self._times_away = times_away

    async def handle(self, inbound: InboundUpdate, _bus: FinishingBus) -> None:
        if self._times_away:
            self._times_away -= 1
            raise Unavailable("store.unreachable")
        self.keys.append(inbound.key)


def picky(storage: FakeStorage) -> Any:
    """A store that cannot hold an update named `bad`."""

    @asynccontextmanager
    async def open_work(*args: Any, **kwargs: Any) -> AsyncGenerator[UnitOfWork]:
        async with storage.open_work(*args, **kwargs) as work:
            accept = work.inbox.accept

            async def accept_good(inbound_updates: Sequence[InboundUpdate], at: datetime) -> int:
                if any(one.key == "bad" for one in inbound_updates):
                    raise ValueError("bad")
                return await accept(inbound_updates, at)

            work.inbox.accept = accept_good
            yield work

    return open_work


async def test_an_update_that_the_store_refuses_is_set_aside_and_holds_up_no_other(
    storage: FakeStorage,
):
    bus, dealt = Bus(picky(storage), react), Dealt()
    worker = InboxWorker(bus, bus, {"telegram": dealt.handle})

    counts = await asyncio.gather(
        worker.accept([update("1")]),
        worker.accept([update("2"), update("bad"), update("3")]),
        worker.accept([update("4")]),
    )
    await worker.idle()

    assert counts == [1, 3, 1]
    assert sorted(dealt.keys) == ["1", "2", "3", "4"]
    assert [row.state for row in storage.store.inbox.values()].count("poison") == 1
    assert "put aside" in str(list(storage.store.outbox.values()))


async def test_while_the_store_is_away_an_update_is_tried_until_its_lease_ends(
    storage: FakeStorage, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(inbox_worker, "FIRST_RETRY_SECONDS", 0.0)
    bus, dealt = Bus(storage.open_work, react), Dealt(times_away=30)
    worker = InboxWorker(bus, bus, {"telegram": dealt.handle})
    await worker.accept([update("1")])

    await worker.idle()

    assert dealt.keys == ["1"]
    assert [row.state for row in storage.store.inbox.values()] == ["done"]


def test_an_update_in_hand_is_tried_again_within_seconds_of_the_stores_return():
    assert inbox_worker.LONGEST_RETRY_SECONDS <= 5
    assert inbox_worker.LEASE.total_seconds() > inbox_worker.RETRY_SECONDS
