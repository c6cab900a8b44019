"""Whose ticket it is."""

from bot.application.permission import may_work_tickets, the_staff
from bot.application.ports import UnitOfWork
from bot.application.staff_desk.queries import the_ticket
from bot.domain.addresses import StaffId
from bot.domain.errors import Refused
from bot.domain.staff import Staff
from bot.domain.tickets.ticket import Ticket


async def claim(work: UnitOfWork, *, ticket: str) -> Ticket:
    """Take a ticket. Raises Refused when somebody else has it."""
    staff = await the_staff(work)
    found = await the_ticket(work, ticket)
    found.claim(staff.id, work.clock.now())
    return found


async def assign(work: UnitOfWork, *, ticket: str, to: StaffId | None) -> Ticket:
    """Hand a ticket to somebody, or to nobody (None). Whoever is away is stood in for.

    Raises:
        Refused: that person no longer works the desk, or the ticket is done.
    """
    await may_work_tickets(work)
    found = await the_ticket(work, ticket)
    receiver = None if to is None else await stand_in(work, await _active(work, to))
    found.assign(None if receiver is None else receiver.id, work.clock.now())
    return found


async def stand_in(work: UnitOfWork, staff: Staff) -> Staff:
    """Who acts for `staff` now: themselves, or the first deputy in turn who is here."""
    seen = {staff.id}
    chosen = staff
    while chosen.is_away(work.clock.now()) and chosen.deputy and chosen.deputy not in seen:
        seen.add(chosen.deputy)
        chosen = await work.staff.get(chosen.deputy)
    is_here = chosen.active and not chosen.is_away(work.clock.now())
    return chosen if is_here else staff


async def _active(work: UnitOfWork, staff: StaffId) -> Staff:
    found = await work.staff.get(staff)
    if not found.active:
        raise Refused("staff.no_such_person")
    return found
