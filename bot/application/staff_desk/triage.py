"""Sort tickets: whose they are, how urgent, about what, and whether they can wait."""

from collections.abc import Sequence
from datetime import datetime

from bot.application.permission import may_work_tickets, the_staff
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.request_talk import refuse_to_end_talk
from bot.application.staff_desk.queries import the_ticket
from bot.application.staff_desk.second_comers import telling_who
from bot.domain.addresses import StaffId
from bot.domain.errors import Refused
from bot.domain.staff import Staff
from bot.domain.tickets.states import Priority
from bot.domain.tickets.ticket import Ticket
from bot.wording import say


async def set_priority(work: UnitOfWork, *, ticket: str, priority: str) -> Ticket:
    """Say how urgent a ticket is: P1 (most) to P4.

    Raises:
        Refused: there is no such priority.
    """
    await may_work_tickets(work)
    found = await the_ticket(work, ticket)
    wanted = priority.strip().upper()
    if wanted not in Priority.__members__:
        raise Refused("desk.no_such_priority")
    found.set_priority(Priority(wanted))
    return found


async def set_tags(work: UnitOfWork, *, ticket: str, tags: Sequence[str]) -> Ticket:
    """Put these tags in place of the old. Raises Refused when they are too many or too long."""
    await may_work_tickets(work)
    found = await the_ticket(work, ticket)
    found.set_tags(tags)
    return found


@telling_who
async def await_third(work: UnitOfWork, *, ticket: str) -> Ticket:
    """Somebody outside must act first."""
    await may_work_tickets(work)
    found = await the_ticket(work, ticket)
    found.await_third(work.clock.now())
    return found


@telling_who
async def take_up(work: UnitOfWork, *, ticket: str) -> Ticket:
    """It is staff's turn again: what it waited for is here."""
    await may_work_tickets(work)
    found = await the_ticket(work, ticket)
    found.take_up(work.clock.now())
    return found


@telling_who
async def snooze(work: UnitOfWork, *, ticket: str, until: datetime) -> Ticket:
    """Let a ticket sleep until a time, or until the client writes.

    Raises:
        Refused: the time has passed, or the ticket is done.
    """
    await may_work_tickets(work)
    found = await the_ticket(work, ticket)
    found.snooze(until, work.clock.now())
    return found


@telling_who
async def wake(work: UnitOfWork, *, ticket: str) -> Ticket:
    """End a ticket's sleep early."""
    await may_work_tickets(work)
    found = await the_ticket(work, ticket)
    found.wake(work.clock.now())
    return found


@telling_who
async def mark_as_spam(work: UnitOfWork, *, ticket: str) -> Ticket:
    """Nothing is sent for it any more; within a day this can be taken back.

    Raises:
        Refused: a data request runs in it; an approver denies that.
    """
    await may_work_tickets(work)
    found = await the_ticket(work, ticket)
    await refuse_to_end_talk(work, found)
    found.mark_as_spam(work.clock.now())
    return found


@telling_who
async def restore(work: UnitOfWork, *, ticket: str) -> Ticket:
    """Take back a merge or a spam mark. Raises Refused after a day."""
    await may_work_tickets(work)
    found = await the_ticket(work, ticket)
    found.restore(work.clock.now())
    return found


@telling_who
async def claim(work: UnitOfWork, *, ticket: str) -> Ticket:
    """Take a ticket. Raises Refused when somebody else has it."""
    staff = await the_staff(work)
    found = await the_ticket(work, ticket)
    found.claim(staff.id, work.clock.now())
    return found


@telling_who
async def assign(work: UnitOfWork, *, ticket: str, to: StaffId | None) -> Ticket:
    """Hand a ticket to somebody, or to nobody (None). Whoever is away is stood in for.

    Raises:
        Refused: that person no longer works the desk or can act no more, or the ticket is done.
    """
    await may_work_tickets(work)
    found = await the_ticket(work, ticket)
    receiver = None if to is None else await stand_in(work, await _active(work, to))
    found.assign(None if receiver is None else receiver.id, work.clock.now())
    return found


def refuse_who_is_shut_out(work: UnitOfWork, staff: Staff) -> None:
    """Nothing is handed to somebody who can do nothing with it. Raises Refused."""
    if staff.fault:
        why = say(f"staff.fault_{staff.fault}", work.rules.staff_language)
        raise Refused("staff.cannot_act", who=staff.mention, why=why)


async def stand_in(work: UnitOfWork, staff: Staff) -> Staff:
    """Who acts for `staff` now: themselves, or the first deputy in turn who is here."""
    seen = {staff.id}
    chosen = staff
    while chosen.is_away(work.clock.now()) and chosen.deputy and chosen.deputy not in seen:
        seen.add(chosen.deputy)
        chosen = await work.staff.get(chosen.deputy)
    is_here = chosen.can_act and not chosen.is_away(work.clock.now())
    return chosen if is_here else staff


async def _active(work: UnitOfWork, staff: StaffId) -> Staff:
    found = await work.staff.get(staff)
    if not found.active:
        raise Refused("staff.no_such_person")
    refuse_who_is_shut_out(work, found)
    return found
