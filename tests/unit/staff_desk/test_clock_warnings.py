"""Response clocks say when time runs out: a warning at three quarters, a breach, each once."""

from datetime import timedelta

import pytest

from bot.application.outbound.to_staff import Alert, PostLine, TellStaff
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.staff_desk import triage
from bot.application.staff_desk.triage import claim
from bot.application.timers.sla import check
from bot.domain.addresses import SYSTEM
from bot.domain.tickets.events import DeadlineNeared
from bot.domain.tickets.service_clock import ClockState, Metric
from bot.domain.tickets.states import TicketKind
from tests.support.builders.desk import a_desk, a_member, a_ticket
from tests.unit.staff_desk.clocks import answer, clock, fire, local


async def test_three_quarters_warn_and_the_end_is_a_breach():
    desk = a_desk()
    ticket = await a_ticket(desk)
    desk.clock.go_on(hours=2, minutes=59)
    early = await fire(desk)
    desk.clock.go_on(minutes=1)
    await fire(desk)
    warned = clock(desk, ticket, Metric.FIRST).state
    desk.clock.go_on(hours=1)
    await fire(desk)

    assert early == 0
    assert warned is ClockState.WARNED
    assert clock(desk, ticket, Metric.FIRST).state is ClockState.BREACHED
    assert [(fact.metric, fact.level) for fact in desk.facts(DeadlineNeared)] == [
        ("first", "warning"),
        ("first", "breach"),
    ]
    assert [line.text for line in desk.deliveries(PostLine)][-1] == (
        "The first answer was due 22 November 2026, 14:00 (Dhaka time)."
    )


async def test_after_a_long_standstill_only_the_breach_is_said():
    desk = a_desk()
    await a_ticket(desk)
    desk.clock.go_on(hours=5)

    await fire(desk)

    assert [fact.level for fact in desk.facts(DeadlineNeared)] == ["breach"]
    assert await fire(desk) == 0


async def test_the_assignee_is_warned_first_and_the_channel_at_the_end():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    await desk.bus.handle(bob, claim, ticket=ticket.number)
    desk.carry_out()
    desk.clock.go_on(hours=3)
    await fire(desk)
    at_warning = (len(desk.deliveries(TellStaff)), len(desk.deliveries(Alert)))
    desk.clock.go_on(hours=1)

    await fire(desk)

    assert at_warning == (1, 0)
    assert [told.staff for told in desk.deliveries(TellStaff)] == [bob.id, bob.id]
    assert [alert.channel for alert in desk.deliveries(Alert)] == ["support"]


async def test_where_nobody_has_the_ticket_the_channel_is_warned():
    desk = a_desk()
    ticket = await a_ticket(desk)
    desk.clock.go_on(hours=3)

    await fire(desk)

    assert ticket.number in desk.deliveries(Alert)[0].text
    assert desk.deliveries(TellStaff) == []


async def test_the_deputy_is_warned_in_place_of_who_is_away():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    eve = await a_member(desk, "eve")
    await desk.bus.handle(bob, claim, ticket=ticket.number)
    staff = desk.store.staff[bob.id]  # pyright: ignore[reportArgumentType]
    staff.away_until, staff.deputy = desk.clock.now() + timedelta(days=1), eve.id  # pyright: ignore[reportAttributeAccessIssue]
    desk.carry_out()
    desk.clock.go_on(hours=3)

    await fire(desk)

    assert [told.staff for told in desk.deliveries(TellStaff)] == [eve.id]


async def test_alerts_of_data_requests_go_to_the_privacy_channel():
    desk = a_desk()
    await a_ticket(desk, kind=TicketKind.ACCESS)
    desk.clock.go_on(days=3)

    await fire(desk)

    assert [alert.channel for alert in desk.deliveries(Alert)] == ["privacy"]


async def test_a_late_answer_stays_a_breach_and_nothing_more_is_said():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    desk.clock.go_on(hours=5)
    await answer(desk, ticket, bob)
    desk.clock.go_on(days=30)

    await fire(desk)

    assert clock(desk, ticket, Metric.FIRST).state is ClockState.BREACHED
    assert desk.facts(DeadlineNeared) == []


async def test_a_breach_that_rested_is_not_said_twice():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    desk.clock.go_on(hours=5)
    await fire(desk)
    await desk.bus.handle(bob, triage.await_third, ticket=ticket.number)
    await desk.bus.handle(bob, triage.take_up, ticket=ticket.number)
    desk.clock.go_on(hours=1)

    await fire(desk)

    assert clock(desk, ticket, Metric.FIRST).state is ClockState.BREACHED
    assert [fact.metric for fact in desk.facts(DeadlineNeared)] == ["first"]


async def test_a_warning_that_rested_is_not_said_twice():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    desk.clock.go_on(hours=3)
    await fire(desk)
    await desk.bus.handle(bob, triage.await_third, ticket=ticket.number)
    desk.clock.go_on(hours=2)
    await desk.bus.handle(bob, triage.take_up, ticket=ticket.number)
    resumed = clock(desk, ticket, Metric.FIRST)
    desk.clock.go_on(minutes=59)
    await fire(desk)
    desk.clock.go_on(minutes=1)
    await fire(desk)

    assert (resumed.state, local(desk, resumed.due_at)) == (ClockState.WARNED, "Sun 16:00")
    assert [fact.level for fact in desk.facts(DeadlineNeared)] == ["warning", "breach"]


@pytest.mark.parametrize("ref", [f"{1:032x}:next", f"{7:032x}:first", "nonsense"])
async def test_a_timer_of_a_clock_that_is_not_there_does_nothing(ref: str):
    desk = a_desk()
    await a_ticket(desk)
    desk.clock.go_on(days=30)

    async def fire_it(work: UnitOfWork) -> None:
        await check(work, ref)

    await desk.bus.handle(SYSTEM, fire_it)

    assert desk.facts(DeadlineNeared) == []


async def test_a_timer_that_fires_too_early_only_looks_again():
    desk = a_desk()
    ticket = await a_ticket(desk)
    key = f"clock:{ticket.id}:first"
    due = desk.store.timers[key].due_at

    async def fire_it(work: UnitOfWork) -> None:
        await check(work, f"{ticket.id}:first")

    await desk.bus.handle(SYSTEM, fire_it)

    assert desk.facts(DeadlineNeared) == []
    assert desk.store.timers[key].due_at == due
