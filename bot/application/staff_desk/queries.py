"""Find and look at what a person of staff means, without changing anything."""

from bot.application.ports.tickets import TicketFilter
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import ID_LENGTH, MessageId, TicketId
from bot.domain.errors import NotFound
from bot.domain.staff import Staff
from bot.domain.tickets.message import Message
from bot.domain.tickets.ticket import Ticket


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


async def listed_tickets(work: UnitOfWork, *, which: TicketFilter, limit: int) -> list[Ticket]:
    """Newest first."""
    return await work.tickets.find(which, limit=limit)


async def ticket_talk(work: UnitOfWork, *, ticket: str) -> tuple[Ticket, list[Message]]:
    """A ticket and all that was said in it, oldest first. Raises NotFound."""
    found = await the_ticket(work, ticket)
    return found, await work.messages.of(found.id)


async def staff_named(work: UnitOfWork, *, slack_user: str) -> Staff:
    """The member of staff with that Slack user id. Raises NotFound."""
    staff = await work.staff.on_slack(slack_user)
    if staff is None:
        raise NotFound("staff.no_such_person")
    return staff
