"""Whom of staff to call: the assignee (or who stands in for them) first, then everybody."""

from bot.application.outbound.to_staff import Alert, TellStaff
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reactions.reaction_table import Table
from bot.application.request_talk import is_private
from bot.application.staff_desk.departures import REMOVED, end_standing_in, take_tickets_from
from bot.application.staff_desk.triage import stand_in
from bot.domain.addresses import ActorKind, Role, StaffId
from bot.domain.staff import RoleChanged, StaffAdded, StaffRemoved, StaffShutOut, StaffWentAway
from bot.domain.tickets import events
from bot.domain.tickets.message import DeliveryStatus
from bot.domain.tickets.ticket import Ticket
from bot.wording import say
from bot.wording.times import moment

ALERTS = Table()
LOST = (DeliveryStatus.FAILED, DeliveryStatus.BLOCKED, DeliveryStatus.UNCERTAIN)


@ALERTS.on(events.TicketAssigned)
async def tell_the_assignee(event: events.TicketAssigned, work: UnitOfWork) -> None:
    """Whoever assigns to themselves knows."""
    if event.assignee is None or event.assignee == work.actor.id:
        return
    ticket = await work.tickets.get(event.ticket)
    await _tell(
        work,
        event.assignee,
        say("desk.told_assigned", work.rules.staff_language, number=ticket.number),
    )


@ALERTS.on(events.DeadlineNeared)
async def warn_of_deadline(event: events.DeadlineNeared, work: UnitOfWork) -> None:
    """At 75 % the assignee; once it is over, or where nobody has it, the channel."""
    ticket = await work.tickets.get(event.ticket)
    text = say(
        f"desk.alert_{event.level}_{event.metric}",
        work.rules.staff_language,
        number=ticket.number,
        priority=ticket.priority,
        due=moment(event.due_at, work.rules.zone, work.rules.staff_language),
    )
    if ticket.assignee is not None:
        await _tell(work, await _acting(work, ticket.assignee), text)
    if event.level == "breach" or ticket.assignee is None:
        await work.outbox.put(Alert(channel_of(ticket), text))


@ALERTS.on(events.ReplyDelivered)
async def tell_of_lost_reply(event: events.ReplyDelivered, work: UnitOfWork) -> None:
    """Its writer is told that a reply did not, or perhaps did not, reach the client."""
    if event.outcome not in LOST:
        return
    message = await work.messages.get(event.message)
    if message.author.kind is not ActorKind.STAFF:
        return
    number = (await work.tickets.get(event.ticket)).number
    writer = await _acting(work, StaffId(message.author.id))
    key = f"desk.told_reply_{event.outcome}"
    await _tell(work, writer, say(key, work.rules.staff_language, number=number))


@ALERTS.on(StaffWentAway)
async def tell_the_deputy(event: StaffWentAway, work: UnitOfWork) -> None:
    if event.deputy is None:
        return
    away = await work.staff.get(event.staff)
    until = moment(event.until, work.rules.zone, work.rules.staff_language)
    text = say("desk.told_deputy", work.rules.staff_language, who=away.mention, until=until)
    await _tell(work, event.deputy, text)


@ALERTS.on(StaffAdded, RoleChanged)
async def announce_new_approver(event: StaffAdded | RoleChanged, work: UnitOfWork) -> None:
    """The other approvers have until then to object; with whom the desk began is no news."""
    if event.role != Role.APPROVER or event.counts_from is None:
        return
    language, staff = work.rules.staff_language, await work.staff.get(event.staff)
    text = say(
        "shell.new_approver",
        language,
        who=staff.mention,
        from_when=moment(event.counts_from, work.rules.zone, language),
        how=say(f"shell.how_{event.source}", language, user=work.actor.os_user),
    )
    await work.outbox.put(Alert("privacy", text))


@ALERTS.on(StaffRemoved, StaffShutOut)
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


def channel_of(ticket: Ticket) -> str:
    """Which channel a ticket is worked in."""
    return "privacy" if is_private(ticket) else "support"


async def _acting(work: UnitOfWork, staff: StaffId) -> StaffId:
    return (await stand_in(work, await work.staff.get(staff))).id


async def _tell(work: UnitOfWork, staff: StaffId, text: str) -> None:
    await work.outbox.put(TellStaff(staff, text))
