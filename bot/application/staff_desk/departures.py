"""People who can act no more: what they had goes to nobody, and nothing comes back by itself.

Somebody is taken off the list, or Slack says that they are deactivated, a guest, of another
workspace or unknown. Their tickets are Unassigned at once, the rest of very many by and by.
"""

from collections.abc import Mapping

from bot.application.outbound.to_staff import TellStaff
from bot.application.permission import may_change_staff
from bot.application.ports.tickets import TicketFilter
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.staff import Staff
from bot.domain.tickets.states import LIVE, TicketState
from bot.wording import say

AT_ONCE = 50
"""Tickets that are taken from somebody in one transaction."""
REMOVED = "removed"
HELD = (*LIVE, TicketState.RESOLVED)
"""One that is resolved may come back, and then somebody must see it."""


async def note_faults(work: UnitOfWork, *, faults: Mapping[str, str]) -> None:
    """What Slack says of people by their ids: a code, or empty; of whom it is not sure, nothing."""
    may_change_staff(work)
    for staff in await work.staff.everyone():
        fault = faults.get(staff.slack_user, staff.fault)
        if staff.active and fault != staff.fault:
            event = staff.shut_out(fault) if fault else staff.let_in()
            await work.staff.put(staff)
            work.record(event)


async def are_new(work: UnitOfWork, *, faults: Mapping[str, str]) -> bool:
    """Whether Slack says something else of somebody than before: most minutes it does not."""
    everyone = [one for one in await work.staff.everyone() if one.active]
    return any(faults.get(one.slack_user, one.fault) != one.fault for one in everyone)


async def take_tickets_from(work: UnitOfWork, staff: Staff) -> int:
    """Put what somebody has back for anybody, `AT_ONCE` at most; how many there were."""
    found = await work.tickets.find(_held_by(staff), limit=AT_ONCE)
    for ticket in found:
        ticket.take_from(staff.fault or REMOVED)
    return len(found)


async def take_left_tickets(work: UnitOfWork) -> int:
    """What somebody still has who can act no more: the rest of many, and what was reopened."""
    taken = 0
    for staff in await work.staff.everyone():
        if not staff.can_act and taken < AT_ONCE:
            taken += await take_tickets_from(work, staff)
    return taken


async def are_tickets_left(work: UnitOfWork) -> bool:
    """Whether somebody who can act no more has a ticket."""
    gone = [one for one in await work.staff.everyone() if not one.can_act]
    counts = [await work.tickets.count(_held_by(one)) for one in gone]
    return any(counts)


async def end_standing_in(work: UnitOfWork, gone: Staff) -> None:
    """Who is away and named that person hears that nobody stands in for them now."""
    for staff in await work.staff.everyone():
        if staff.deputy == gone.id and (event := staff.lose_deputy()):
            await work.staff.put(staff)
            work.record(event)
            text = say("desk.told_no_deputy", work.rules.staff_language, who=gone.mention)
            await work.outbox.put(TellStaff(staff.id, text))


def _held_by(staff: Staff) -> TicketFilter:
    return TicketFilter(assignee=staff.id, states=HELD)
