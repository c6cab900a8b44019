"""What clients are told of what staff or time did to their tickets.

What they did themselves is answered where they did it, in bot/application/conversation.
"""

from dataclasses import replace

from bot.application.outbound.to_client import Reply, Say
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reactions.reaction_table import Table
from bot.application.tickets import client_notices as notices
from bot.domain.addresses import ActorKind
from bot.domain.tickets import events
from bot.domain.tickets.message import DeliveryStatus
from bot.domain.tickets.ticket import Ticket

TO_CLIENTS = Table()


@TO_CLIENTS.on(events.TicketResolved)
async def tell_resolved(event: events.TicketResolved, work: UnitOfWork) -> None:
    ticket = await work.tickets.get(event.ticket)
    await _tell(work, ticket, notices.tell_resolved(ticket, ticket.language))


@TO_CLIENTS.on(events.TicketClosed)
async def tell_closed(event: events.TicketClosed, work: UnitOfWork) -> None:
    ticket = await work.tickets.get(event.ticket)
    if event.reason in ("staff", "quiet"):
        reply = notices.tell_closed(ticket, ticket.language, reason=event.reason)
        await _tell(work, ticket, reply)


@TO_CLIENTS.on(events.TicketReopened)
async def tell_reopened(event: events.TicketReopened, work: UnitOfWork) -> None:
    ticket = await work.tickets.get(event.ticket)
    if work.actor.kind is not ActorKind.ACCOUNT:
        await _tell(work, ticket, notices.tell_reopened(ticket, ticket.language))


@TO_CLIENTS.on(events.TicketMerged)
async def tell_merged(event: events.TicketMerged, work: UnitOfWork) -> None:
    ticket = await work.tickets.get(event.ticket)
    into = await work.tickets.get(event.into)
    await _tell(work, ticket, notices.tell_merged(ticket, into, ticket.language))


@TO_CLIENTS.on(events.TicketRestored)
async def tell_parted(event: events.TicketRestored, work: UnitOfWork) -> None:
    """Of a merge that was taken back; nobody is told of a spam mark, nor of its end."""
    if event.previous == "merged":
        ticket = await work.tickets.get(event.ticket)
        await _tell(work, ticket, notices.tell_parted(ticket, ticket.language))


async def _tell(work: UnitOfWork, ticket: Ticket, reply: Reply) -> None:
    """Behind what staff said last: their reply may still be held, so that it can be undone.

    Held until the same moment and queued later, it leaves later, however often the reply is tried.
    """
    talk = await work.messages.of(ticket.id)
    held = [one.at for one in talk if one.delivery is DeliveryStatus.HELD]
    due = max(held) + work.rules.reply_undo if held else None
    said = Say(ticket.account, replace(reply, topic=ticket.topic))
    await work.outbox.put(said, holder=ticket.holder, not_before=due)
