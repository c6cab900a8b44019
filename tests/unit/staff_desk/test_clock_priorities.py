"""Another priority promises another time."""

import pytest

from bot.application.staff_desk import triage
from bot.domain.tickets.service_clock import ClockState, Metric
from tests.support.builders.desk import a_desk, a_member, a_ticket
from tests.unit.staff_desk.clocks import answer, clock, fire, local


@pytest.mark.parametrize(
    ("priority", "due"), [("P2", "Sun 11:00"), ("P4", "Mon 10:00"), ("P3", "Sun 14:00")]
)
async def test_another_priority_promises_another_time(priority: str, due: str):
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    desk.clock.go_on(minutes=30)

    await desk.bus.handle(bob, triage.set_priority, ticket=ticket.number, priority=priority)

    assert local(desk, clock(desk, ticket, Metric.FIRST).due_at) == due


async def test_a_higher_priority_may_be_late_at_once():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    desk.clock.go_on(hours=2)

    await desk.bus.handle(bob, triage.set_priority, ticket=ticket.number, priority="P1")
    await fire(desk)

    assert clock(desk, ticket, Metric.FIRST).state is ClockState.BREACHED


async def test_a_lower_priority_takes_a_breach_back():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    desk.clock.go_on(hours=5)
    await fire(desk)

    await desk.bus.handle(bob, triage.set_priority, ticket=ticket.number, priority="P4")

    first = clock(desk, ticket, Metric.FIRST)
    assert (first.state, local(desk, first.due_at)) == (ClockState.RUNNING, "Mon 10:00")


async def test_a_breach_that_stays_one_is_left_alone_by_the_priority():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    desk.clock.go_on(hours=5)
    await fire(desk)
    before = clock(desk, ticket, Metric.FIRST)

    await desk.bus.handle(bob, triage.set_priority, ticket=ticket.number, priority="P2")

    assert clock(desk, ticket, Metric.FIRST) == before


async def test_a_resting_clock_takes_the_new_promise_along():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    await answer(desk, ticket, bob)

    await desk.bus.handle(bob, triage.set_priority, ticket=ticket.number, priority="P2")

    assert clock(desk, ticket, Metric.RESOLVE).left_seconds == 18 * 3600
