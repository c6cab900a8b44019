"""Find the ticket or message that a person of staff means."""

from bot.application.ports import UnitOfWork
from bot.domain.addresses import MessageId, TicketId
from bot.domain.errors import NotFound
from bot.domain.tickets.message import Message
from bot.domain.tickets.ticket import Ticket

ID_LENGTH = 32


async def the_ticket(work: UnitOfWork, ref: str) -> Ticket:
    """By number (`T-000123`, `t-123`, `123`) or by id. Raises NotFound."""
    wanted = ref.strip()
    if len(wanted) == ID_LENGTH:
        return await work.tickets.get(TicketId(wanted))
    return await work.tickets.numbered(wanted)


async def the_message(work: UnitOfWork, ref: MessageId) -> tuple[Message, Ticket]:
    """A message and the ticket it stands in.

    Raises:
        NotFound: no such message, or it stands in no ticket.
    """
    message = await work.messages.get(ref)
    if message.ticket is None:
        raise NotFound("tickets.no_such_message")
    return message, await work.tickets.get(message.ticket)
