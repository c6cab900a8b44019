"""What scripts and staff look at without changing anything."""

from bot.errors import NotFound
from bot.ports import TicketFilter, UnitOfWork
from bot.staff import Staff
from bot.tickets.talk import Message
from bot.tickets.ticket import Ticket
from bot.use_cases.desk.finding import the_ticket


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
