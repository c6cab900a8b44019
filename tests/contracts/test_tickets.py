"""Tickets and their response clocks: what holds on the fake holds on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.application.ports.tickets import TicketFilter
from bot.domain.addresses import SYSTEM, AccountId, StaffId, TicketId
from bot.domain.errors import NotFound, Stale
from bot.domain.tickets.service_clock import ClockState, Metric, ServiceClock
from bot.domain.tickets.states import Priority, TicketKind, TicketState
from tests.support.stores.stages import Stage, a_message, a_ticket, an_account

AGENT = StaffId("staff-ann")


class TestTickets:
    async def test_a_ticket_reads_back_as_it_was_opened(self, stage: Stage):
        async with stage.writing() as work:
            ticket = await a_ticket(work, subject="ইন্টারনেট নেই 'today' 🛜")

        async with stage.reading() as work:
            assert await work.tickets.get(ticket.id) == ticket

    async def test_every_change_of_a_ticket_is_kept(self, stage: Stage):
        now = stage.clock.now()
        async with stage.writing() as work:
            ticket = await a_ticket(work)
        async with stage.writing() as work:
            changed = await work.tickets.get(ticket.id)
            message = await a_message(work, changed)
            changed.claim(AGENT, now)
            changed.reply(message.id, now, held_until=None)
            changed.set_priority(Priority.P1)
            changed.resolve("Restarted the line.", ["line", "restart"], now)
            changed.rate(4)
            changed.close("client", now)

        async with stage.reading() as work:
            assert await work.tickets.get(ticket.id) == changed

    async def test_a_ticket_is_found_in_the_transaction_that_opened_it(self, stage: Stage):
        async with stage.writing() as work:
            ticket = await a_ticket(work)

            assert await work.tickets.get(ticket.id) is ticket
            assert await work.tickets.numbered(ticket.number) is ticket
            assert await work.tickets.find(TicketFilter(account=ticket.account)) == [ticket]

    async def test_one_ticket_is_one_object_within_a_transaction(self, stage: Stage):
        async with stage.writing() as work:
            ticket = await a_ticket(work)
        async with stage.writing() as work:
            first = await work.tickets.get(ticket.id)
            (second,) = await work.tickets.find(TicketFilter())

            assert first is second

    async def test_what_was_changed_is_seen_by_the_next_question(self, stage: Stage):
        async with stage.writing() as work:
            ticket = await a_ticket(work)
            ticket.claim(AGENT, stage.clock.now())

            assert await work.tickets.count(TicketFilter(unassigned=True)) == 0
            assert await work.tickets.find(TicketFilter(assignee=AGENT)) == [ticket]

    async def test_whoever_comes_second_is_told(self, stage: Stage):
        async with stage.writing() as work:
            ticket = await a_ticket(work)
        async with stage.reading() as work:
            seen_before = await work.tickets.get(ticket.id)
        async with stage.writing() as work:
            (await work.tickets.get(ticket.id)).set_priority(Priority.P1)

        async with stage.open_work(SYSTEM, writes=True) as work:
            late = await work.tickets.get(ticket.id)
            late.version = seen_before.version
            late.set_priority(Priority.P4)
            with pytest.raises(Stale):
                await work.take_events()

    async def test_numbers_count_up_and_no_two_are_the_same(self, stage: Stage):
        async with stage.writing() as work:
            first = [await work.tickets.next_number() for _ in range(3)]
        async with stage.writing() as work:
            then = await work.tickets.next_number()

        assert [*first, then] == ["T-000001", "T-000002", "T-000003", "T-000004"]

    async def test_a_number_that_was_not_committed_is_given_again(self, stage: Stage):
        async with stage.open_work(SYSTEM, writes=True) as work:
            await work.tickets.next_number()

        async with stage.writing() as work:
            assert await work.tickets.next_number() == "T-000001"

    @pytest.mark.parametrize("written", ["T-000001", "t-000001", " T1 ", "1", "T-১"])
    async def test_people_write_numbers_in_their_own_way(self, stage: Stage, written: str):
        async with stage.writing() as work:
            ticket = await a_ticket(work)

        async with stage.reading() as work:
            assert await work.tickets.numbered(written) == ticket

    @pytest.mark.parametrize(
        "written", ["", "T-", "T-2", "T-1x", "1.0", "T-000001\0", "9" * 400, "\ud800", "²"]
    )
    async def test_what_is_no_number_is_not_found(self, stage: Stage, written: str):
        async with stage.writing() as work:
            await a_ticket(work)

        async with stage.reading() as work:
            with pytest.raises(NotFound):
                await work.tickets.numbered(written)

    async def test_an_unknown_ticket_is_not_found(self, stage: Stage):
        async with stage.reading() as work:
            with pytest.raises(NotFound):
                await work.tickets.get(TicketId("nothing"))


class TestFilters:
    async def test_the_newest_comes_first_and_pages_do_not_overlap(self, stage: Stage):
        async with stage.writing() as work:
            numbers = [(await a_ticket(work)).number for _ in range(5)]

        async with stage.reading() as work:
            pages = [
                await work.tickets.find(TicketFilter(), limit=2, offset=at) for at in (0, 2, 4)
            ]

        assert [one.number for page in pages for one in page] == numbers[::-1]

    @pytest.mark.parametrize(
        ("which", "found"),
        [
            (TicketFilter(), [3, 2, 1]),
            (TicketFilter(states=(TicketState.NEW,)), [3, 1]),
            (TicketFilter(states=(TicketState.OPEN, TicketState.NEW)), [3, 2, 1]),
            (TicketFilter(states=()), []),
            (TicketFilter(kinds=("erasure",)), [3]),
            (TicketFilter(priorities=(Priority.P1,)), [1]),
            (TicketFilter(assignee=AGENT), [2]),
            (TicketFilter(assignee=StaffId("nobody")), []),
            (TicketFilter(unassigned=True), [3, 1]),
            (TicketFilter(account=AccountId("nobody")), []),
            (TicketFilter(tag="line"), [1]),
            (TicketFilter(tag="lin"), []),
            (TicketFilter(tag="li%"), []),
            (TicketFilter(tag="১০%_\\"), [2]),
            (TicketFilter(tag="no\0\ud800"), []),
            (TicketFilter(number_part="T-000002"), [2]),
            (TicketFilter(number_part="3"), [3]),
            (TicketFilter(number_part="T-"), [3, 2, 1]),
            (TicketFilter(number_part="%"), []),
            (TicketFilter(number_part="x\0"), []),
            (TicketFilter(kinds=("support",), states=(TicketState.NEW,), tag="line"), [1]),
        ],
        ids=str,
    )
    async def test_a_filter_finds_what_it_says_and_counts_the_same(
        self, stage: Stage, which: TicketFilter, found: list[int]
    ):
        await three_tickets(stage)

        async with stage.reading() as work:
            rows = await work.tickets.find(which)
            count = await work.tickets.count(which)

        assert [int(row.number[2:]) for row in rows] == found
        assert count == len(found)

    async def test_since_includes_its_moment_and_until_does_not(self, stage: Stage):
        async with stage.writing() as work:
            ticket = await a_ticket(work)
        at = ticket.opened_at

        async with stage.reading() as work:
            assert await work.tickets.count(TicketFilter(since=at)) == 1
            assert await work.tickets.count(TicketFilter(until=at)) == 0
            moment = timedelta(microseconds=1)
            assert await work.tickets.count(TicketFilter(since=at + moment)) == 0
            assert await work.tickets.count(TicketFilter(until=at + moment)) == 1

    async def test_a_part_of_a_number_finds_every_number_that_holds_it(self, stage: Stage):
        async with stage.writing() as work:
            for _ in range(21):
                await a_ticket(work)

        async with stage.reading() as work:
            rows = await work.tickets.find(TicketFilter(number_part="T-0002"))

        assert [row.number for row in rows] == ["T-000021", "T-000020", "T-000012", "T-000002"]

    async def test_an_accounts_new_tickets_are_counted(self, stage: Stage):
        async with stage.writing() as work:
            account = await an_account(work)
            await a_ticket(work, account)
            await a_ticket(work)
            since = stage.clock.now()
            stage.clock.go_on(days=1)
            await a_ticket(work, account)

            assert await work.tickets.opened_since(account.id, since) == 2
            assert await work.tickets.opened_since(account.id, stage.clock.now()) == 1


async def three_tickets(stage: Stage) -> None:
    """1: urgent, tagged; 2: claimed, oddly tagged; 3: an erasure."""
    async with stage.writing() as work:
        first, second = await a_ticket(work), await a_ticket(work)
        third = await a_ticket(work)
        third.kind = TicketKind.ERASURE
        first.set_priority(Priority.P1)
        first.set_tags(["line", "cable"])
        second.claim(AGENT, stage.clock.now())
        second.set_tags(["১০%_\\"])


class TestServiceClocks:
    async def test_a_clock_reads_back_as_it_was_saved(self, stage: Stage):
        clock = a_clock(stage, "a")
        stopped = replace(
            a_clock(stage, "a", metric=Metric.RESOLVE),
            state=ClockState.MET,
            stopped_at=stage.clock.now(),
            left_seconds=77,
        )
        async with stage.writing() as work:
            await work.clocks.save(clock)
            await work.clocks.save(stopped)

        async with stage.reading() as work:
            assert await work.clocks.of(TicketId("a")) == [clock, stopped]
            assert await work.clocks.of(TicketId("b")) == []

    async def test_a_ticket_has_one_clock_of_each_metric(self, stage: Stage):
        clock = a_clock(stage, "a")
        async with stage.writing() as work:
            await work.clocks.save(clock)
            await work.clocks.of(TicketId("a"))
            clock.state = ClockState.PAUSED
            await work.clocks.save(clock)

            assert await work.clocks.of(TicketId("a")) == [clock]

    async def test_only_clocks_that_tick_are_due_and_the_soonest_comes_first(self, stage: Stage):
        now = stage.clock.now()
        late, soon = a_clock(stage, "late", minutes=-1), a_clock(stage, "soon", minutes=-2)
        paused = replace(a_clock(stage, "paused", minutes=-3), state=ClockState.PAUSED)
        met = replace(a_clock(stage, "met", minutes=-4), state=ClockState.MET, stopped_at=now)
        exact = a_clock(stage, "exact", minutes=0)
        async with stage.writing() as work:
            for clock in (late, soon, paused, met, exact):
                await work.clocks.save(clock)

        async with stage.reading() as work:
            assert await work.clocks.due_before(now) == [soon, late]
            assert await work.clocks.due_before(now, limit=1, offset=1) == [late]
            assert await work.clocks.count_due_before(now) == 2


def a_clock(
    stage: Stage, ticket: str, *, metric: Metric = Metric.FIRST, minutes: int = 30
) -> ServiceClock:
    now = stage.clock.now()
    return ServiceClock(
        ticket=TicketId(ticket),
        metric=metric,
        state=ClockState.RUNNING,
        started_at=now - timedelta(hours=1),
        due_at=now + timedelta(minutes=minutes),
    )
