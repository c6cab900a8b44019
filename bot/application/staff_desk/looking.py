"""What scripts and staff look at without changing anything."""

from bot.application.ports import TicketFilter, UnitOfWork
from bot.application.staff_desk.queries import the_ticket
from bot.domain.errors import NotFound
from bot.domain.staff import Staff
from bot.domain.tickets.message import Message
from bot.domain.tickets.ticket import Ticket


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
