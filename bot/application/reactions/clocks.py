"""Clocks and timers follow what happens to a ticket."""

from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reactions.reaction_table import Table
from bot.application.timers import sla, ticket_timers
from bot.domain.tickets import events as facts
from bot.domain.tickets.service_clock import Metric
from bot.domain.tickets.states import Priority

CLOCKS = Table()


@CLOCKS.on(facts.TicketOpened)
async def begin_clocks(event: facts.TicketOpened, work: UnitOfWork) -> None:
    await sla.begin_first(work, await work.tickets.get(event.ticket))


@CLOCKS.on(facts.ClientWrote)
async def await_an_answer(event: facts.ClientWrote, work: UnitOfWork) -> None:
    await sla.await_next_answer(work, await work.tickets.get(event.ticket))


@CLOCKS.on(facts.StaffReplied)
async def count_the_answer(event: facts.StaffReplied, work: UnitOfWork) -> None:
    message = await work.messages.get(event.message)
    await sla.answer(work, await work.tickets.get(event.ticket), message.at)


@CLOCKS.on(facts.ReplyUndone)
async def uncount_the_answer(event: facts.ReplyUndone, work: UnitOfWork) -> None:
    message = await work.messages.get(event.message)
    await sla.take_back_answer(work, await work.tickets.get(event.ticket), message.at)


@CLOCKS.on(facts.TicketReopened)
async def promise_anew(event: facts.TicketReopened, work: UnitOfWork) -> None:
    ticket = await work.tickets.get(event.ticket)
    if ticket.kind in sla.PROMISED:
        await sla.begin(work, ticket, Metric.RESOLVE)
    await sla.begin(work, ticket, Metric.NEXT)


@CLOCKS.on(facts.TicketRestored)
async def promise_again(event: facts.TicketRestored, work: UnitOfWork) -> None:
    ticket = await work.tickets.get(event.ticket)
    if ticket.first_response_at is None:
        await sla.begin_first(work, ticket)
    elif ticket.kind in sla.PROMISED:
        await sla.begin(work, ticket, Metric.RESOLVE)


@CLOCKS.on(facts.PriorityChanged)
async def promise_by_priority(event: facts.PriorityChanged, work: UnitOfWork) -> None:
    ticket = await work.tickets.get(event.ticket)
    await sla.change_priority(work, ticket, Priority(event.previous))


@CLOCKS.on(
    facts.ClientWrote,
    facts.StaffReplied,
    facts.ReplyUndone,
    facts.TicketClaimed,
    facts.TicketAssigned,
    facts.TicketAwaitsThird,
    facts.TicketSnoozed,
    facts.TicketWoken,
    facts.TicketResolved,
    facts.TicketClosed,
    facts.TicketReopened,
    facts.TicketMerged,
    facts.MarkedAsSpam,
    facts.TicketRestored,
)
async def follow_the_state(event: facts.TicketEvent, work: UnitOfWork) -> None:
    await sla.follow_state(work, await work.tickets.get(event.ticket))


@CLOCKS.on(facts.TicketSnoozed)
async def set_the_alarm(event: facts.TicketSnoozed, work: UnitOfWork) -> None:
    await ticket_timers.set_alarm(work, await work.tickets.get(event.ticket))


@CLOCKS.on(facts.TicketResolved)
async def watch_the_quiet(event: facts.TicketResolved, work: UnitOfWork) -> None:
    await ticket_timers.watch_the_quiet(work, await work.tickets.get(event.ticket))
