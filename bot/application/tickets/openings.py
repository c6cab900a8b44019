"""How a ticket comes to be, with the client's words in it."""

from dataclasses import dataclass

from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import TicketId, new_id
from bot.domain.clients.people import Account
from bot.domain.text import shorten
from bot.domain.tickets.message import Message
from bot.domain.tickets.states import SUBJECT_LENGTH, TicketKind
from bot.domain.tickets.ticket import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a ticket is opened with."""

    kind: TicketKind
    category: str
    subject: str
    messages: tuple[Message, ...] = ()
    parent: TicketId | None = None


async def open_for_request(work: UnitOfWork, *, account: Account, opening: Opening) -> Ticket:
    """As `open_ticket`, however many there are: the law gives the right without a quota."""
    ticket = Ticket(
        id=TicketId(new_id()),
        number=await work.tickets.next_number(),
        account=account.id,
        holder=account.holder,
        kind=opening.kind,
        category=opening.category,
        subject=shorten(opening.subject, SUBJECT_LENGTH),
        language=account.language,
        opened_at=work.clock.now(),
        parent=opening.parent,
    )
    await work.tickets.add(ticket)
    ticket.announce()
    for message in opening.messages:
        await add_to_ticket(work, ticket=ticket, message=message)
    return ticket


async def add_to_ticket(work: UnitOfWork, *, ticket: Ticket, message: Message) -> None:
    """Put what the client said into the ticket; staff's turn, if it was the client's.

    Raises:
        Refused: the ticket is closed: it must be reopened first.
    """
    ticket.take_client_word(message.id, work.clock.now())
    ticket.talk_in(message.topic)
    message.ticket = ticket.id
    await work.messages.save(message)
