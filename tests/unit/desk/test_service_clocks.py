"""Response clocks: they tick in working time while it is staff's turn, warn, and end.

The desk opens at 9 and closes at 18 in Dhaka; it is Sunday, 10:00. P3: first answer in 4 h, next in
9 h, resolution in 45 h.
"""

from datetime import datetime, timedelta

import pytest

from bot.addresses import SYSTEM, Actor
from bot.messages import Alert, PostLine, TellStaff
from bot.ports import UnitOfWork
from bot.tickets.events import DeadlineNeared
from bot.tickets.service_clock import ClockState, Metric, ServiceClock
from bot.tickets.states import Kind
from bot.tickets.ticket import Ticket
from bot.use_cases.desk import triage
from bot.use_cases.desk.claiming import assign, claim
from bot.use_cases.desk.merging import merge
from bot.use_cases.desk.replies import reply, undo_reply
from bot.use_cases.desk.resolving import reopen, resolve
from bot.use_cases.desk.words import Words
from bot.use_cases.service_clocks import check
from bot.use_cases.timers import fire_due
from tests.builders import Desk, a_desk, a_member, a_ticket, an_account, the_client_writes

HOUR = timedelta(hours=1)
HELLO = Words(text="Hello")


def clock(desk: Desk, ticket: Ticket, metric: Metric) -> ServiceClock:
    return desk.store.clocks[ticket.id, metric]


def local(desk: Desk, at: datetime) -> str:
    return f"{at.astimezone(desk.rules.zone):%a %H:%M}"


async def answer(desk: Desk, ticket: Ticket, bob: Actor) -> str:
    return await desk.bus.handle(bob, reply, ticket=ticket.number, words=HELLO)


async def fire(desk: Desk) -> int:
    return await desk.bus.handle(SYSTEM, fire_due)


async def test_a_new_ticket_is_promised_an_answer_and_a_resolution():
    desk = a_desk()

    ticket = await a_ticket(desk)

    assert local(desk, clock(desk, ticket, Metric.FIRST).due_at) == "Sun 14:00"
    assert local(desk, clock(desk, ticket, Metric.RESOLVE).due_at) == "Sun 10:00"
    assert (clock(desk, ticket, Metric.RESOLVE).due_at - desk.clock.now()).days == 7
    assert (ticket.id, Metric.NEXT) not in desk.store.clocks


async def test_a_data_request_keeps_its_legal_calendar_and_its_talk_is_promised_answers():
    desk = a_desk()

    ticket = await a_ticket(desk, kind=Kind.ERASURE)

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
    await a_ticket(desk, kind=Kind.ACCESS)
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


@pytest.mark.parametrize("kind", [Kind.SUPPORT, Kind.ACCESS])
async def test_what_was_answered_and_restored_is_promised_a_resolution_if_it_was(kind: Kind):
    desk = a_desk()
    ticket, bob = await a_ticket(desk, kind=kind), await a_member(desk)
    await answer(desk, ticket, bob)
    await desk.bus.handle(bob, triage.mark_as_spam, ticket=ticket.number)

    await desk.bus.handle(bob, triage.restore, ticket=ticket.number)

    ticking = {row.metric for row in desk.store.clocks.values() if row.is_ticking}
    assert ticking == ({Metric.RESOLVE} if kind is Kind.SUPPORT else set())


@pytest.mark.parametrize("kind", [Kind.SUPPORT, Kind.ACCESS])
async def test_a_reopened_ticket_is_promised_anew(kind: Kind):
    desk = a_desk()
    ticket, bob = await a_ticket(desk, kind=kind), await a_member(desk)
    await desk.bus.handle(bob, resolve, ticket=ticket.number, resolution="x", tags=["x"])
    desk.clock.go_on(hours=1)

    await desk.bus.handle(bob, reopen, ticket=ticket.number)

    ticking = {row.metric for row in desk.store.clocks.values() if row.is_ticking}
    assert Metric.NEXT in ticking
    assert (Metric.RESOLVE in ticking) is (kind is Kind.SUPPORT)


async def test_assigning_neither_pauses_nor_restarts_a_clock():
    desk = a_desk()
    ticket, bob = await a_ticket(desk), await a_member(desk)
    before = clock(desk, ticket, Metric.FIRST)
    desk.clock.go_on(hours=1)

    await desk.bus.handle(bob, assign, ticket=ticket.number, to=bob.id)  # pyright: ignore[reportArgumentType]

    assert clock(desk, ticket, Metric.FIRST) == before


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
