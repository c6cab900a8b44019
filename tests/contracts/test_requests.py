"""Data requests: what holds on the fake holds on both databases."""

from datetime import timedelta

import pytest

from bot.addresses import SYSTEM, AccountId, Actor, PersonId, RequestId, TicketId, new_id
from bot.calendar.clock import legal_clock
from bot.data_requests.facts import Attempt, Subject
from bot.data_requests.request import DataRequest, Wish, receive
from bot.data_requests.states import RequestType, State
from bot.errors import NotFound, Stale
from bot.ports import UnitOfWork
from tests.stages import Stage, an_account
from tests.unit.data_requests.people import approved


async def a_request(
    work: UnitOfWork, account: AccountId, *, received_days_ago: int = 0
) -> DataRequest:
    wish = Wish(
        kind=RequestType.ERASURE,
        subject=Subject(account=account),
        account=account,
        created_by=Actor.account(account),
        ticket=TicketId(new_id()),
        received_at=work.clock.now() - timedelta(days=received_days_ago),
    )
    number = await work.requests.next_number()
    request = receive(wish, id=RequestId(new_id()), number=number, clock=legal_clock("gdpr"))
    await work.requests.add(request)
    return request


def system(stage: Stage) -> Attempt:
    return Attempt(by=SYSTEM, now=stage.clock.now(), roles={})


class TestRequests:
    async def test_a_request_reads_back_as_it_was_received(self, stage: Stage):
        async with stage.writing() as work:
            account = await an_account(work)
            request = await a_request(work, account.id)

        async with stage.reading() as work:
            assert await work.requests.get(request.id) == request
            assert await work.requests.numbered("R-000001") == request
            assert await work.requests.of_ticket(request.ticket) == request

    async def test_everything_that_was_decided_reads_back(self, stage: Stage):
        async with stage.writing() as work:
            account = await an_account(work)
            request = await a_request(work, account.id)
        decided = approved()
        async with stage.writing() as work:
            found = await work.requests.get(request.id)
            found.facts, found.state = decided.facts, decided.state
            found.state_version, found.since = decided.state_version, decided.since

        async with stage.reading() as work:
            kept = await work.requests.get(request.id)

        assert kept.facts == decided.facts
        assert (kept.state, kept.state_version) == (State.COOLING_OFF, decided.state_version)

    async def test_a_change_is_saved_and_told(self, stage: Stage):
        async with stage.writing() as work:
            account = await an_account(work)
            request = await a_request(work, account.id)
        async with stage.writing() as work:
            (await work.requests.get(request.id)).ask_identity(system(stage))

        async with stage.reading() as work:
            kept = await work.requests.get(request.id)
            told = await work.log.of(request.stream)

        assert kept.state is State.AWAITING_IDENTITY
        assert len(told) == 2

    async def test_whoever_comes_second_is_told(self, stage: Stage):
        async with stage.writing() as work:
            account = await an_account(work)
            request = await a_request(work, account.id)
        async with stage.writing() as work:
            (await work.requests.get(request.id)).ask_identity(system(stage))

        async with stage.open_work(SYSTEM, writes=True) as work:
            late = await work.requests.get(request.id)
            late.version -= 1
            late.open_staff_path(
                Attempt(by=Actor.account(account.id), now=stage.clock.now(), roles={})
            )
            with pytest.raises(Stale):
                await work.take_events()

    async def test_numbers_count_up(self, stage: Stage):
        async with stage.writing() as work:
            numbers = [await work.requests.next_number() for _ in range(2)]

        assert numbers == ["R-000001", "R-000002"]

    @pytest.mark.parametrize("written", ["", "R-2", "x", "R-000001\0", "9" * 300])
    async def test_what_is_no_number_is_not_found(self, stage: Stage, written: str):
        async with stage.writing() as work:
            await a_request(work, (await an_account(work)).id)

        async with stage.reading() as work:
            with pytest.raises(NotFound):
                await work.requests.numbered(written)

    async def test_what_concerns_a_subject_or_a_chat_comes_newest_first(self, stage: Stage):
        async with stage.writing() as work:
            mine, other = await an_account(work), await an_account(work)
            first, second = await a_request(work, mine.id), await a_request(work, mine.id)
            await a_request(work, other.id)

        async with stage.reading() as work:
            assert await work.requests.of_account(mine.id) == [second, first]
            assert await work.requests.about(Subject(account=mine.id)) == [second, first]
            assert await work.requests.about(Subject(person=PersonId(mine.id))) == []
            assert await work.requests.of_ticket(TicketId("nothing")) is None

    async def test_the_soonest_due_comes_first_and_the_living_can_be_asked_for(self, stage: Stage):
        async with stage.writing() as work:
            account = await an_account(work)
            late = await a_request(work, account.id)
            soon = await a_request(work, account.id, received_days_ago=9)
            ended = await a_request(work, account.id, received_days_ago=5)
            ended.ask_identity(system(stage))
            ended.withdraw(Attempt(by=Actor.account(account.id), now=stage.clock.now(), roles={}))

        async with stage.reading() as work:
            every = await work.requests.find()
            living = await work.requests.find(live_only=True)
            page = await work.requests.find(limit=1, offset=1)
            counts = await work.requests.count(), await work.requests.count(live_only=True)

        assert [request.id for request in every] == [soon.id, ended.id, late.id]
        assert [request.id for request in living] == [soon.id, late.id]
        assert [request.id for request in page] == [ended.id]
        assert counts == (3, 2)

    async def test_an_unknown_request_is_not_found(self, stage: Stage):
        async with stage.reading() as work:
            with pytest.raises(NotFound):
                await work.requests.get(RequestId("nothing"))
