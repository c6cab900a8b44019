"""Response clocks: they tick in working time while it is staff's turn, rest, and end."""

from datetime import timedelta

import pytest

from bot.application.staff_desk import triage
from bot.application.staff_desk.lifecycle import merge, reopen, resolve
from bot.application.staff_desk.replies import undo_reply
from bot.application.staff_desk.triage import assign
from bot.domain.tickets.service_clock import ClockState, Metric
from bot.domain.tickets.states import TicketKind
from tests.support.builders.desk import a_desk, a_member, a_ticket, an_account, the_client_writes
from tests.unit.staff_desk.clocks import answer, clock, local

HOUR = timedelta(hours=1)


async def test_a_new_ticket_is_promised_an_answer_and_a_resolution():
    desk = a_desk()

    ticket = await a_ticket(desk)

    assert local(desk, clock(desk, ticket, Metric.FIRST).due_at) == "Sun 14:00"
    assert local(desk, clock(desk, ticket, Metric.RESOLVE).due_at) == "Sun 10:00"
    assert (clock(desk, ticket, Metric.RESOLVE).due_at - desk.clock.now()).days == 7
    assert (ticket.id, Metric.NEXT) not in desk.store.clocks


async def test_a_data_request_keeps_its_legal_calendar_and_its_talk_is_promised_answers():
    desk = a_desk()

    ticket = await a_ticket(desk, kind=TicketKind.ERASURE)

    assert set(desk.store.clocks) == {(ticket.id, Metric.NEXT)}


async def test_an_answer_meets_the_first_promise_and_rests_the_resolution():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    desk.clock.go_on(hours=1)

    await answer(desk, ticket, bob)

    first, resolution = (clock(desk, ticket, each) for each in (Metric.FIRST, Metric.RESOLVE))
    assert (first.state, first.stopped_at) == (ClockState.MET, desk.clock.now())
    assert (resolution.state, resolution.left_seconds) == (ClockState.PAUSED, 44 * 3600)
    assert desk.store.timers == {}


async def test_waiting_on_the_client_costs_no_working_time():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    await answer(desk, ticket, bob)
    desk.clock.go_on(days=3)

    await the_client_writes(desk, ticket)

    resolution = clock(desk, ticket, Metric.RESOLVE)
    assert resolution.state is ClockState.RUNNING
    assert desk.rules.hours.between(desk.clock.now(), resolution.due_at) == 45 * HOUR


async def test_the_next_answer_is_awaited_from_the_first_word_on():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    await answer(desk, ticket, bob)
    await the_client_writes(desk, ticket)
    due = clock(desk, ticket, Metric.NEXT).due_at
    desk.clock.go_on(hours=1)

    await the_client_writes(desk, ticket)

    assert clock(desk, ticket, Metric.NEXT).due_at == due
    assert local(desk, due) == "Mon 10:00"


async def test_before_the_first_answer_no_next_one_is_awaited():
    desk = a_desk()
    ticket = await a_ticket(desk)

    await the_client_writes(desk, ticket)

    assert (ticket.id, Metric.NEXT) not in desk.store.clocks


async def test_an_undone_answer_has_met_no_promise():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    before = clock(desk, ticket, Metric.FIRST)
    message = await answer(desk, ticket, bob)
    desk.clock.go_on(seconds=3)

    await desk.bus.handle(bob, undo_reply, message=message)  # pyright: ignore[reportArgumentType]

    after = clock(desk, ticket, Metric.FIRST)
    assert (after.state, after.due_at, after.stopped_at) == (
        ClockState.RUNNING,
        before.due_at,
        None,
    )
    assert clock(desk, ticket, Metric.RESOLVE).state is ClockState.RUNNING
    assert len(desk.store.timers) == 2


async def test_sleep_and_others_rest_every_clock_and_what_was_left_is_left():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    desk.clock.go_on(hours=1)
    await desk.bus.handle(bob, triage.await_third, ticket=ticket.number)
    desk.clock.go_on(hours=2)

    await desk.bus.handle(bob, triage.take_up, ticket=ticket.number)

    first = clock(desk, ticket, Metric.FIRST)
    assert (first.state, local(desk, first.due_at)) == (ClockState.RUNNING, "Sun 16:00")


async def test_resolving_meets_what_ticks():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)

    await desk.bus.handle(bob, resolve, ticket=ticket.number, resolution="x", tags=["x"])

    states = {row.metric: row.state for row in desk.store.clocks.values()}
    assert states == {Metric.FIRST: ClockState.MET, Metric.RESOLVE: ClockState.MET}
    assert not any(timer.kind == "clock" for timer in desk.store.timers.values())


@pytest.mark.parametrize("is_merge", [True, False])
async def test_clocks_of_a_ticket_that_went_away_are_dropped(is_merge: bool):  # noqa: FBT001
    desk = a_desk()
    alice, bob = await an_account(desk), await a_member(desk)
    other, ticket = await a_ticket(desk, alice), await a_ticket(desk, alice)

    if is_merge:
        await desk.bus.handle(bob, merge, ticket=ticket.number, into=other.number)
    else:
        await desk.bus.handle(bob, triage.mark_as_spam, ticket=ticket.number)

    assert clock(desk, ticket, Metric.FIRST).state is ClockState.DROPPED


async def test_what_is_restored_is_promised_again():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    await desk.bus.handle(bob, triage.mark_as_spam, ticket=ticket.number)
    desk.clock.go_on(hours=1)

    await desk.bus.handle(bob, triage.restore, ticket=ticket.number)

    assert local(desk, clock(desk, ticket, Metric.FIRST).due_at) == "Sun 15:00"


@pytest.mark.parametrize("kind", [TicketKind.SUPPORT, TicketKind.ACCESS])
async def test_what_was_answered_and_restored_is_promised_a_resolution_if_it_was(kind: TicketKind):
    desk = a_desk()
    ticket, bob = await a_ticket(desk, kind=kind), await a_member(desk)
    await answer(desk, ticket, bob)
    await desk.bus.handle(bob, triage.mark_as_spam, ticket=ticket.number)

    await desk.bus.handle(bob, triage.restore, ticket=ticket.number)

    ticking = {row.metric for row in desk.store.clocks.values() if row.is_ticking}
    assert ticking == ({Metric.RESOLVE} if kind is TicketKind.SUPPORT else set())


@pytest.mark.parametrize("kind", [TicketKind.SUPPORT, TicketKind.ACCESS])
async def test_a_reopened_ticket_is_promised_anew(kind: TicketKind):
    desk = a_desk()
    ticket, bob = await a_ticket(desk, kind=kind), await a_member(desk)
    await desk.bus.handle(bob, resolve, ticket=ticket.number, resolution="x", tags=["x"])
    desk.clock.go_on(hours=1)

    await desk.bus.handle(bob, reopen, ticket=ticket.number)

    ticking = {row.metric for row in desk.store.clocks.values() if row.is_ticking}
    assert Metric.NEXT in ticking
    assert (Metric.RESOLVE in ticking) is (kind is TicketKind.SUPPORT)


async def test_assigning_neither_pauses_nor_restarts_a_clock():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    before = clock(desk, ticket, Metric.FIRST)
    desk.clock.go_on(hours=1)

    await desk.bus.handle(bob, assign, ticket=ticket.number, to=bob.id)  # pyright: ignore[reportArgumentType]

    assert clock(desk, ticket, Metric.FIRST) == before
