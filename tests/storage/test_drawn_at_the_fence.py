"""What was on its way when the fence was drawn ends before the chats are erased from."""

from datetime import timedelta

import pytest

from bot.application.bus import Bus
from bot.application.fulfilment.execution import IN_FLIGHT, IN_FLIGHT_WAIT
from bot.application.outbound.delivery import Delivery
from bot.application.outbound.to_client import Reply, Say
from bot.application.outbound.to_staff import ShowCard
from bot.application.ports.queues import ANY_LANE, Arrived, ClaimedDelivery
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.queues.outbox import settle_and_hand_out
from bot.domain.addresses import SYSTEM
from bot.domain.fulfilment.plan import SourceKind
from bot.domain.fulfilment.steps import StepState
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestState
from tests.support.builders.erasures import Erasing, erasing
from tests.support.builders.requests import EMAIL, now
from tests.support.fakes.sources import FakeSource
from tests.support.stores.stages import Stage

LEASE = timedelta(seconds=60)


async def on_its_way(bus: Bus, request: DataRequest, delivery: Delivery) -> list[ClaimedDelivery]:
    """With whatever waits beside it."""

    async def act(work: UnitOfWork) -> list[ClaimedDelivery]:
        at = work.clock.now()
        await work.outbox.put(delivery, holder=request.subject.holder)
        return await work.outbox.claim(at, limit=99, lease_until=at + LEASE, lane=ANY_LANE)

    return await bus.handle(SYSTEM, act)


async def ends(bus: Bus, drawn: list[ClaimedDelivery]) -> None:
    async def act(work: UnitOfWork) -> None:
        for one in drawn:
            await work.outbox.finish(one.id, work.clock.now())

    await bus.handle(SYSTEM, act)


async def told(desk: Erasing, request: DataRequest) -> set[str]:
    """The ids of what the bot said to whoever is erased."""
    who, since = (await desk.kept(request)).who, desk.clock.now() - timedelta(hours=48)
    assert who is not None

    async def look(work: UnitOfWork) -> set[str]:
        return {one.remote for one in await work.chat_traces.told_words(who, since=since)}

    return await desk.bus.look(look)


def chat_of(desk: Erasing, kind: SourceKind) -> FakeSource:
    (found,) = (one for one in desk.sources if isinstance(one, FakeSource) and one.kind is kind)
    return found


@pytest.mark.parametrize("kind", [SourceKind.SLACK, SourceKind.TELEGRAM])
async def test_a_chat_is_erased_from_once_what_was_on_its_way_there_has_ended(
    stage: Stage, kind: SourceKind
):
    desk = await erasing(stage)
    request = await desk.approved()
    chat = chat_of(desk, kind)
    desk.clock.go_on(hours=73)
    drawn = await on_its_way(desk.bus, request, ShowCard(request.ticket))
    await desk.turn()
    waiting = {one.kind: one for one in await desk.steps(request)}[SourceKind.SLACK]

    chat.tables["post"] = [f"drawn just now: {EMAIL}"]
    await ends(desk.bus, drawn)
    desk.clock.go_on(seconds=IN_FLIGHT_WAIT.total_seconds())
    await desk.turn()

    assert (waiting.state, waiting.error) == (StepState.WAITING, IN_FLIGHT)
    assert (await now(desk.bus, request)).state is RequestState.FULFILLED
    assert chat.tables["post"] == []


async def test_what_nobody_carries_any_more_is_not_waited_for(stage: Stage):
    desk = await erasing(stage)
    request = await desk.approved()
    desk.clock.go_on(hours=73)
    await on_its_way(desk.bus, request, ShowCard(request.ticket))
    await desk.turn()

    desk.clock.go_on(seconds=LEASE.total_seconds())
    await desk.turn()

    assert (await now(desk.bus, request)).state is RequestState.FULFILLED


async def test_words_that_were_on_their_way_at_the_fence_are_known_and_can_be_taken_back(
    stage: Stage,
):
    desk = await erasing(stage)
    request = await desk.approved()
    account = request.account
    assert account is not None
    desk.clock.go_on(hours=73)
    words = await on_its_way(desk.bus, request, Say(account, Reply(text="a word")))
    await desk.turn()

    links = (("990017", "4711"),)
    endings = [(one, Arrived("telegram", links)) for one in words if isinstance(one.delivery, Say)]
    await desk.bus.handle(SYSTEM, settle_and_hand_out, endings, [])

    assert "4711" in await told(desk, request)
