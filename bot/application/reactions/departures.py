"""What follows when somebody of staff can act no more: what they had, and a word to the others.

Nothing follows when they may act again: what was theirs stays where it is.
"""

from bot.application.outbound.to_staff import Alert
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reactions.reaction_table import Table
from bot.application.staff_desk.departures import REMOVED, end_standing_in, take_tickets_from
from bot.domain.staff import StaffRemoved, StaffShutOut
from bot.wording import say

DEPARTURES = Table()


@DEPARTURES.on(StaffRemoved, StaffShutOut)
async def take_what_they_had(event: StaffRemoved | StaffShutOut, work: UnitOfWork) -> None:
    """At once and in the same transaction; staff hear of it where something was theirs."""
    staff = await work.staff.get(event.staff)
    count = await take_tickets_from(work, staff)
    await end_standing_in(work, staff)
    if not count and isinstance(event, StaffRemoved):
        return
    language = work.rules.staff_language
    why = say(f"staff.fault_{staff.fault or REMOVED}", language)
    key = "staff_departed" if count else "staff_departed_empty_handed"
    text = say(f"desk.{key}", language, who=staff.mention, why=why, count=count)
    await work.outbox.put(Alert("support", text))
