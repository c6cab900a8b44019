"""Response clocks: first answer, next answer, resolution, in working time.

They tick while it is staff's turn (new, open), rest while anybody else must act or the ticket
sleeps, and stop once it is done. A clock that is due warns at 75 % and speaks again at its end.
"""

from datetime import datetime, timedelta

from bot.application.ports.desk import Timer
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import TicketId
from bot.domain.tickets.service_clock import ClockState, Metric, ServiceClock
from bot.domain.tickets.states import WAITING, Priority, TicketKind, TicketState
from bot.domain.tickets.ticket import Ticket

TIMER = "clock"
ANSWERS = (Metric.FIRST, Metric.NEXT)
WARN_AT_LAST = 4
"""The warning comes when one in four parts of the time is left."""
TICKING, RESTING = (TicketState.NEW, TicketState.OPEN), (*WAITING, TicketState.SNOOZED)
PROMISED = (TicketKind.SUPPORT, TicketKind.PRIVACY_QUESTION)
"""Data requests have a legal calendar of their own; their talk is only promised an answer."""


async def begin(work: UnitOfWork, ticket: Ticket, metric: Metric) -> None:
    """Start a clock from now, in place of an earlier one of its kind."""
    now = work.clock.now()
    target = _target(work, ticket, metric)
    clock = ServiceClock(
        ticket=ticket.id,
        metric=metric,
        state=ClockState.RUNNING,
        started_at=now,
        due_at=work.rules.hours.add(now, target),
    )
    await _keep(work, ticket, clock)


async def begin_first(work: UnitOfWork, ticket: Ticket) -> None:
    """The clocks of a new ticket."""
    if ticket.kind in PROMISED:
        await begin(work, ticket, Metric.FIRST)
        await begin(work, ticket, Metric.RESOLVE)


async def await_next_answer(work: UnitOfWork, ticket: Ticket) -> None:
    """The client wrote after an answer: the next one is awaited, from the first such word on."""
    clocks = {clock.metric: clock for clock in await work.clocks.of(ticket.id)}
    waits = [metric for metric in ANSWERS if metric in clocks and not clocks[metric].stopped_at]
    is_promised = ticket.first_response_at is not None or ticket.kind not in PROMISED
    if not waits and is_promised:
        await begin(work, ticket, Metric.NEXT)


async def answer(work: UnitOfWork, ticket: Ticket, at: datetime) -> None:
    """Staff answered: nobody waits for an answer any longer."""
    for clock in await work.clocks.of(ticket.id):
        if clock.metric in ANSWERS and clock.stopped_at is None:
            _resume(work, clock)
            await _stop(work, clock, at, ClockState.MET)


async def take_back_answer(work: UnitOfWork, ticket: Ticket, answered_at: datetime) -> None:
    """An answer was undone before it left: its clocks go on as if it had never been."""
    for clock in await work.clocks.of(ticket.id):
        if clock.metric in ANSWERS and clock.stopped_at == answered_at:
            clock.stopped_at, clock.state = None, ClockState.RUNNING
            clock.state = _state_with(work, ticket, clock)
            await _keep(work, ticket, clock)


async def follow_state(work: UnitOfWork, ticket: Ticket) -> None:
    """Let every clock tick, rest or stop as the ticket's state wants it."""
    for clock in await work.clocks.of(ticket.id):
        if clock.stopped_at is None:
            await _follow(work, ticket, clock)


async def change_priority(work: UnitOfWork, ticket: Ticket, previous: Priority) -> None:
    """Another priority promises another time: what has gone by counts on."""
    targets = work.rules.targets
    for clock in await work.clocks.of(ticket.id):
        if clock.stopped_at is None:
            new, old = (targets[each].of(clock.metric) for each in (ticket.priority, previous))
            await _shift(work, ticket, clock, new - old)


async def check(work: UnitOfWork, ref: str) -> None:
    """A clock's timer fired: warn, say that it is over, or do nothing when that is settled."""
    ticket_id, _, metric = ref.partition(":")
    clocks = await work.clocks.of(TicketId(ticket_id))
    clock = next((each for each in clocks if each.metric == metric), None)
    if clock is None or not clock.is_ticking or clock.state is ClockState.BREACHED:
        return
    ticket = await work.tickets.get(clock.ticket)
    reached = _state_with(work, ticket, clock)
    if reached is not clock.state:
        level = "breach" if reached is ClockState.BREACHED else "warning"
        ticket.note_deadline(clock.metric, level, clock.due_at)
    clock.state = reached
    await _keep(work, ticket, clock)


async def _follow(work: UnitOfWork, ticket: Ticket, clock: ServiceClock) -> None:
    now = work.clock.now()
    if ticket.state in TICKING and clock.state is ClockState.PAUSED:
        _resume(work, clock)
        clock.state = _state_with(work, ticket, clock)
        await _keep(work, ticket, clock)
    elif ticket.state in RESTING and clock.is_ticking:
        clock.left_seconds = _left(work, clock)
        clock.state = ClockState.PAUSED
        await work.clocks.save(clock)
        await work.timers.cancel(_key(clock))
    elif ticket.state in (TicketState.RESOLVED, TicketState.CLOSED):
        _resume(work, clock)
        await _stop(work, clock, now, ClockState.MET)
    elif ticket.state in (TicketState.MERGED, TicketState.SPAM):
        _resume(work, clock)
        await _stop(work, clock, now, ClockState.DROPPED)


def _resume(work: UnitOfWork, clock: ServiceClock) -> None:
    """What was left when it came to rest is left now; what was over stays over."""
    if clock.state is not ClockState.PAUSED:
        return
    clock.state = ClockState.RUNNING if clock.left_seconds else ClockState.BREACHED
    if clock.left_seconds:
        left = timedelta(seconds=clock.left_seconds)
        clock.due_at = work.rules.hours.add(work.clock.now(), left)


async def _stop(work: UnitOfWork, clock: ServiceClock, at: datetime, how: ClockState) -> None:
    clock.left_seconds = _left(work, clock)
    clock.state = ClockState.BREACHED if at > clock.due_at else how
    clock.stopped_at = at
    await work.clocks.save(clock)
    await work.timers.cancel(_key(clock))


async def _shift(work: UnitOfWork, ticket: Ticket, clock: ServiceClock, by: timedelta) -> None:
    hours, now = work.rules.hours, work.clock.now()
    if clock.state is ClockState.PAUSED:
        clock.left_seconds = max(0, clock.left_seconds + int(by.total_seconds()))
        await work.clocks.save(clock)
        return
    left = hours.between(now, clock.due_at) - hours.between(clock.due_at, now) + by
    if left > timedelta(0):
        clock.due_at = hours.add(now, left)
        clock.state = ClockState.RUNNING
        clock.state = _state_with(work, ticket, clock)
    elif clock.state is not ClockState.BREACHED:
        clock.due_at = now
    await _keep(work, ticket, clock)


async def _keep(work: UnitOfWork, ticket: Ticket, clock: ServiceClock) -> None:
    """Save the clock, and look at it again at its next mark."""
    await work.clocks.save(clock)
    if clock.state is ClockState.BREACHED:
        await work.timers.cancel(_key(clock))
        return
    due = clock.due_at
    if clock.state is ClockState.RUNNING:
        left = work.rules.hours.between(work.clock.now(), due)
        due = work.rules.hours.add(work.clock.now(), left - _last_part(work, ticket, clock))
    ref = f"{clock.ticket}:{clock.metric}"
    await work.timers.put(Timer(key=_key(clock), kind=TIMER, ref=ref, due_at=due))


def _state_with(work: UnitOfWork, ticket: Ticket, clock: ServiceClock) -> ClockState:
    """Where a ticking clock stands at this moment."""
    now = work.clock.now()
    if now >= clock.due_at:
        return ClockState.BREACHED
    left = work.rules.hours.between(now, clock.due_at)
    if left <= _last_part(work, ticket, clock):
        return ClockState.WARNED
    return clock.state


def _last_part(work: UnitOfWork, ticket: Ticket, clock: ServiceClock) -> timedelta:
    return _target(work, ticket, clock.metric) / WARN_AT_LAST


def _target(work: UnitOfWork, ticket: Ticket, metric: Metric) -> timedelta:
    return work.rules.targets[ticket.priority].of(metric)


def _left(work: UnitOfWork, clock: ServiceClock) -> int:
    return int(work.rules.hours.between(work.clock.now(), clock.due_at).total_seconds())


def _key(clock: ServiceClock) -> str:
    return f"clock:{clock.ticket}:{clock.metric}"
