"""What time does to tickets: each timer re-reads the state before it acts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.application.outbound.to_client import Say
from bot.application.outbound.to_staff import PostLine
from bot.application.ports.desk import Timer
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.staff_desk import triage
from bot.application.staff_desk.lifecycle import reopen, resolve
from bot.application.timers.scheduler import due_timers, fire, postpone
from bot.domain.addresses import SYSTEM, Actor
from bot.domain.clients.people import AccountStatus
from bot.domain.tickets.states import TicketState
from bot.domain.tickets.ticket import Ticket
from tests.support.builders.desk import Desk, a_desk, a_member, a_ticket, the_client_writes
from tests.support.drivers.whole_turns import fire_due

DAY = timedelta(days=1)


async def a_resolved_ticket(desk: Desk) -> tuple[Ticket, Actor]:
    ticket, bob = await a_ticket(desk), await a_member(desk)
    await desk.bus.handle(bob, resolve, ticket=ticket.number, resolution="x", tags=["x"])
    desk.carry_out()
    return ticket, bob


async def a_sleeping_ticket(desk: Desk, sleep: timedelta = DAY) -> tuple[Ticket, Actor]:
    ticket, bob = await a_ticket(desk), await a_member(desk)
    until = desk.clock.now() + sleep
    await desk.bus.handle(bob, triage.snooze, ticket=ticket.number, until=until)
    return ticket, bob


async def test_a_ticket_wakes_when_its_sleep_is_over():
    desk = a_desk()
    ticket, _ = await a_sleeping_ticket(desk)
    desk.clock.go_on(hours=23)
    await desk.bus.handle(SYSTEM, fire_due)
    asleep = desk.ticket(ticket.id).state
    desk.clock.go_on(hours=1)

    await desk.bus.handle(SYSTEM, fire_due)

    assert (asleep, desk.ticket(ticket.id).state) == (TicketState.SNOOZED, TicketState.OPEN)


async def test_an_alarm_for_a_sleep_that_was_lengthened_is_set_again():
    desk = a_desk()
    ticket, bob = await a_sleeping_ticket(desk)
    alarm = desk.store.timers[f"snooze:{ticket.id}"]
    await desk.bus.handle(bob, triage.wake, ticket=ticket.number)
    longer = desk.clock.now() + 3 * DAY
    await desk.bus.handle(bob, triage.snooze, ticket=ticket.number, until=longer)
    desk.store.timers[alarm.key] = alarm
    desk.clock.go_on(days=1)

    await desk.bus.handle(SYSTEM, fire, key=alarm.key)

    assert desk.ticket(ticket.id).state is TicketState.SNOOZED
    assert desk.store.timers[alarm.key].due_at == longer


async def test_an_alarm_for_a_ticket_that_is_awake_does_nothing():
    desk = a_desk()
    ticket, _ = await a_sleeping_ticket(desk)
    await the_client_writes(desk, ticket)
    before = desk.ticket(ticket.id)
    desk.clock.go_on(days=1)

    await desk.bus.handle(SYSTEM, fire, key=f"snooze:{ticket.id}")

    assert desk.ticket(ticket.id) == before


async def test_72_quiet_hours_close_a_resolved_ticket_and_the_client_is_told():
    desk = a_desk()
    ticket, _ = await a_resolved_ticket(desk)
    desk.clock.go_on(hours=71, minutes=59)
    await desk.bus.handle(SYSTEM, fire_due)
    resolved = desk.ticket(ticket.id).state
    desk.carry_out()
    desk.clock.go_on(minutes=1)

    await desk.bus.handle(SYSTEM, fire_due)

    assert (resolved, desk.ticket(ticket.id).state) == (TicketState.RESOLVED, TicketState.CLOSED)
    assert "closed now" in desk.deliveries(Say)[0].reply.text
    assert "72 hours" in desk.deliveries(PostLine)[-1].text


async def test_a_late_thank_you_starts_the_quiet_anew():
    desk = a_desk()
    ticket, _ = await a_resolved_ticket(desk)
    desk.clock.go_on(hours=71)
    thanks = desk.clock.now()
    desk.store.tickets[ticket.id].last_client_at = thanks
    desk.clock.go_on(hours=1)

    await desk.bus.handle(SYSTEM, fire_due)

    assert desk.ticket(ticket.id).state is TicketState.RESOLVED
    assert desk.store.timers[f"quiet:{ticket.id}"].due_at == thanks + 3 * DAY


async def test_a_ticket_that_was_reopened_is_not_closed_by_quiet():
    desk = a_desk()
    ticket, bob = await a_resolved_ticket(desk)
    await desk.bus.handle(bob, reopen, ticket=ticket.number)
    desk.clock.go_on(days=4)

    await desk.bus.handle(SYSTEM, fire, key=f"quiet:{ticket.id}")

    assert desk.ticket(ticket.id).state is TicketState.OPEN


async def test_stars_are_asked_for_once_more_and_then_never():
    desk = a_desk()
    ticket, _ = await a_resolved_ticket(desk)
    timer = desk.store.timers[f"stars:{ticket.id}"]
    desk.clock.go_on(hours=24)

    await desk.bus.handle(SYSTEM, fire_due)
    reminded = desk.deliveries(Say)
    desk.carry_out()
    desk.store.timers[timer.key] = timer
    await desk.bus.handle(SYSTEM, fire_due)

    assert len(reminded) == 1
    assert "not ask again" in reminded[0].reply.text
    assert desk.deliveries(Say) == []


@pytest.mark.parametrize("change", ["stars", "state", "blocked"])
async def test_nobody_is_reminded_who_gave_stars_went_on_or_cannot_be_reached(change: str):
    desk = a_desk()
    ticket, _ = await a_resolved_ticket(desk)
    kept, account = desk.store.tickets[ticket.id], desk.store.accounts[ticket.account]
    match change:
        case "stars":
            kept.stars = 5
        case "state":
            kept.state = TicketState.OPEN
        case _:
            blocked = replace(account, status=AccountStatus.BLOCKED)
            desk.store.accounts[ticket.account] = blocked
    desk.clock.go_on(hours=24)

    await desk.bus.handle(SYSTEM, fire_due)

    assert desk.deliveries(Say) == []


async def test_timers_are_listed_and_fired_one_by_one():
    desk = a_desk()
    ticket, _ = await a_sleeping_ticket(desk)
    desk.clock.go_on(days=1)

    keys = await desk.bus.look(due_timers)
    fired = [await desk.bus.handle(SYSTEM, fire, key=key) for key in keys]
    again = [await desk.bus.handle(SYSTEM, fire, key=key) for key in keys]

    assert keys == [f"snooze:{ticket.id}"]
    assert (fired, again) == ([True], [False])


async def test_a_timer_that_was_moved_does_not_fire_early():
    desk = a_desk()
    await a_sleeping_ticket(desk)

    assert await desk.bus.handle(SYSTEM, fire, key=next(iter(desk.store.timers))) is False


async def test_a_timer_whose_work_failed_is_looked_at_again_in_five_minutes():
    desk = a_desk()
    ticket, _ = await a_sleeping_ticket(desk)
    desk.clock.go_on(days=1)

    await desk.bus.handle(SYSTEM, postpone, key=f"snooze:{ticket.id}")
    await desk.bus.handle(SYSTEM, postpone, key="gone")

    due = desk.store.timers[f"snooze:{ticket.id}"].due_at
    assert due == desk.clock.now() + timedelta(minutes=5)


async def test_a_timer_of_a_kind_from_another_release_waits():
    desk = a_desk()

    async def put(work: UnitOfWork) -> None:
        now = work.clock.now()
        await work.timers.put(Timer(key="k", kind="unheard of", ref="x", due_at=now))

    await desk.bus.handle(SYSTEM, put)

    assert await desk.bus.handle(SYSTEM, fire_due) == 0
    assert desk.store.timers["k"].due_at > desk.clock.now()


async def test_a_sleep_that_ended_in_the_same_breath_sets_no_alarm():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)

    async def snooze_and_wake(work: UnitOfWork) -> None:
        until = work.clock.now() + DAY
        await triage.snooze(work, ticket=ticket.number, until=until)
        await triage.wake(work, ticket=ticket.number)

    await desk.bus.handle(bob, snooze_and_wake)

    assert f"snooze:{ticket.id}" not in desk.store.timers
