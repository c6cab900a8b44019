"""What happened to a ticket, oldest first: for staff, who may see all of it."""

from dataclasses import dataclass
from datetime import datetime

from bot.application.ports import UnitOfWork
from bot.domain.addresses import Actor, MessageId, TicketId
from bot.domain.tickets.message import Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One fact, by whom, and the words it is about."""

    at: datetime
    actor: Actor
    fact: str
    """The name of the event."""
    message: MessageId | None = None
    direction: Direction | None = None
    text: str = ""
    """Empty where nobody can read the words any more."""


async def timeline(work: UnitOfWork, ticket_id: TicketId) -> list[Entry]:
    """Every fact recorded of the ticket. Raises NotFound."""
    ticket = await work.tickets.get(ticket_id)
    said = {message.id: message for message in await work.messages.of(ticket.id)}
    entries: list[Entry] = []
    for row in await work.log.of(ticket.stream):
        message = said.get(getattr(row.event, "message", None) or MessageId(""))
        entries.append(
            Entry(
                at=row.at,
                actor=row.actor,
                fact=row.type,
                message=None if message is None else message.id,
                direction=None if message is None else message.direction,
                text="" if message is None else message.body,
            )
        )
    return entries
