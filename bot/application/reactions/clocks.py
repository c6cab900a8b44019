"""Clocks and timers follow what happens to a ticket."""

from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reactions.reaction_table import Table
from bot.application.timers import sla, ticket_timers
from bot.domain.tickets import events
from bot.domain.tickets.service_clock import Metric
from bot.domain.tickets.states import Priority

CLOCKS = Table()


@CLOCKS.on(events.TicketOpened)
async def begin_clocks(event: events.TicketOpened, work: UnitOfWork) -> None:
    await sla.begin_first(work, await work.tickets.get(event.ticket))


@CLOCKS.on(events.ClientWrote)
async def await_an_answer(event: events.ClientWrote, work: UnitOfWork) -> None:
    await sla.await_next_answer(work, await work.tickets.get(event.ticket))


@CLOCKS.on(events.StaffReplied)
async def count_the_answer(event: events.StaffReplied, work: UnitOfWork) -> None:
    message = await work.messages.get(event.message)
    await sla.answer(work, await work.tickets.get(event.ticket), message.at)


@CLOCKS.on(events.ReplyUndone)
async def uncount_the_answer(event: events.ReplyUndone, work: UnitOfWork) -> None:
    message = await work.messages.get(event.message)
    await sla.take_back_answer(work, await work.tickets.get(event.ticket), message.at)


@CLOCKS.on(events.TicketReopened)
async def promise_anew(event: events.TicketReopened, work: UnitOfWork) -> None:
    ticket = await work.tickets.get(event.ticket)
    if ticket.kind in sla.PROMISED:
        await sla.begin(work, ticket, Metric.RESOLVE)
    await sla.begin(work, ticket, Metric.NEXT)


@CLOCKS.on(events.TicketRestored)
async def promise_again(event: events.TicketRestored, work: UnitOfWork) -> None:
    ticket = await work.tickets.get(event.ticket)
    if ticket.first_response_at is None:
        await sla.begin_first(work, ticket)
    elif ticket.kind in sla.PROMISED:
        await sla.begin(work, ticket, Metric.RESOLVE)


@CLOCKS.on(events.PriorityChanged)
async def promise_by_priority(event: events.PriorityChanged, work: UnitOfWork) -> None:
    ticket = await work.tickets.get(event.ticket)
    await sla.change_priority(work, ticket, Priority(event.previous))


@CLOCKS.on(
    events.ClientWrote,
    events.StaffReplied,
    events.ReplyUndone,
    events.TicketClaimed,
    events.TicketAssigned,
    *events.STATE_CHANGES,
)
async def follow_the_state(event: events.TicketEvent, work: UnitOfWork) -> None:
    await sla.follow_state(work, await work.tickets.get(event.ticket))


@CLOCKS.on(events.TicketSnoozed)
async def set_the_alarm(event: events.TicketSnoozed, work: UnitOfWork) -> None:
    await ticket_timers.set_alarm(work, await work.tickets.get(event.ticket))


@CLOCKS.on(events.TicketResolved)
async def watch_the_quiet(event: events.TicketResolved, work: UnitOfWork) -> None:
    await ticket_timers.watch_the_quiet(work, await work.tickets.get(event.ticket))
