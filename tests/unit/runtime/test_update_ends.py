"""Each update that comes to its end leaves one event `update_handled`, however it ends."""

import logging
from collections.abc import Awaitable, Callable

import pytest

from bot.application.bus import Bus, FinishingBus, UpdateEnd
from bot.application.config import DeskConfig
from bot.application.ports.queues import InboundUpdate
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reactions import react
from bot.domain.addresses import SYSTEM
from bot.domain.errors import Refused, Stale, Unavailable
from handlers.runtime.workers import inbox_worker
from handlers.runtime.workers.inbox_worker import InboxWorker
from tests.support.fakes.core import FakeStorage
from tests.support.fakes.store import FakeClock

Ends = list[tuple[str, str, str | None]]
Deal = Callable[[InboundUpdate, FinishingBus], Awaitable[None]]


async def nothing(_: UnitOfWork) -> None:
    """An intent that changes nothing but that its update is finished."""


async def done(_: InboundUpdate, bus: FinishingBus) -> None:
    await bus.handle(SYSTEM, nothing)
    bus.end = UpdateEnd(route="ticket", reason="only_open_ticket")


async def silent(_: InboundUpdate, bus: FinishingBus) -> None:
    bus.end = UpdateEnd(route="ignored", reason="not_private")


async def refused(_: InboundUpdate, _bus: FinishingBus) -> None:
    raise Refused("conversation.account_erased")


async def broken(_: InboundUpdate, _bus: FinishingBus) -> None:
    raise ValueError


async def lost_race(_: InboundUpdate, _bus: FinishingBus) -> None:
    raise Stale("tickets.changed_meanwhile")


async def cut_off(inbound: InboundUpdate, bus: FinishingBus) -> None:
    await done(inbound, bus)
    raise Unavailable("slack.unreachable")


def away_at_first() -> Deal:
    tries = iter((Unavailable("store.unreachable"), Unavailable("store.unreachable")))

    async def deal(inbound: InboundUpdate, bus: FinishingBus) -> None:
        if error := next(tries, None):
            raise error
        await done(inbound, bus)

    return deal


@pytest.mark.parametrize(
    ("deal", "end"),
    [
        (done, ("ticket", "only_open_ticket", None)),
        (silent, ("ignored", "not_private", None)),
        (refused, ("ignored", "refused", "conversation.account_erased")),
        (broken, ("put_aside", "ValueError", None)),
        (lost_race, ("put_aside", "Stale", None)),
        (cut_off, ("handled", "cut_off", "slack.unreachable")),
        (away_at_first(), ("ticket", "only_open_ticket", None)),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
async def test_an_update_leaves_one_event_however_it_ends(
    deal: Deal,
    end: tuple[str, str, str | None],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
):
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(inbox_worker, "FIRST_RETRY_SECONDS", 0.0)
    storage = FakeStorage(FakeClock(), DeskConfig())
    bus = Bus(storage.open_work, react)
    worker = InboxWorker(bus, bus, {"telegram": deal})
    inbound = InboundUpdate(key="tg:1:1", source="telegram", conversation="", payload="{}")

    await worker.accept([inbound])
    for _ in range(5):
        await worker.idle()
        storage.clock.go_on(seconds=10)

    told = [record for record in caplog.records if record.message == "update_handled"]
    bound = [getattr(record, "bound", {}) for record in told]
    assert [(one["route"], one["reason"], one["refusal"]) for one in bound] == [end]
    assert [(one["source"], one["key"]) for one in bound] == [("telegram", "tg:1:1")]
