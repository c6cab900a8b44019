"""One line in a ticket's thread for each change that is not itself a message."""

from bot.application.outbound.to_staff import PostLine
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reactions.reaction_table import Table
from bot.application.staff_desk.delivery_outcomes import EDIT_FAILED
from bot.domain.addresses import Actor, ActorKind, StaffId, TicketId
from bot.domain.tickets import events
from bot.wording import say
from bot.wording.times import moment

THREAD_LINES = Table()


@THREAD_LINES.on(events.TicketClaimed)
async def say_claimed(event: events.TicketClaimed, work: UnitOfWork) -> None:
    await _line(event, work, "claimed", who=await name_of(work, event.assignee))


@THREAD_LINES.on(events.TicketAssigned)
async def say_assigned(event: events.TicketAssigned, work: UnitOfWork) -> None:
    if event.why and event.previous is not None:
        had = await name_of(work, event.previous)
        why = say(f"staff.fault_{event.why}", work.rules.staff_language)
        await _line(event, work, "taken_from", had=had, why=why)
    elif event.assignee is None:
        await _line(event, work, "unassigned")
    else:
        await _line(event, work, "assigned", to=await name_of(work, event.assignee))


@THREAD_LINES.on(events.PriorityChanged)
async def say_priority(event: events.PriorityChanged, work: UnitOfWork) -> None:
    await _line(event, work, "priority", new=event.priority, old=event.previous)


@THREAD_LINES.on(events.TagsChanged)
async def say_tags(event: events.TagsChanged, work: UnitOfWork) -> None:
    key = "tags" if event.tags else "no_tags"
    await _line(event, work, key, tags=" ".join(f"#{tag}" for tag in event.tags))


@THREAD_LINES.on(events.TicketAwaitsThird)
async def say_awaits_third(event: events.TicketAwaitsThird, work: UnitOfWork) -> None:
    await _line(event, work, "awaits_third")


@THREAD_LINES.on(events.TicketSnoozed)
async def say_snoozed(event: events.TicketSnoozed, work: UnitOfWork) -> None:
    until = moment(event.until, work.rules.zone, work.rules.staff_language)
    await _line(event, work, "snoozed", until=until)


@THREAD_LINES.on(events.TicketWoken)
async def say_woken(event: events.TicketWoken, work: UnitOfWork) -> None:
    await _line(event, work, "woken")


@THREAD_LINES.on(events.TicketResolved)
async def say_resolved(event: events.TicketResolved, work: UnitOfWork) -> None:
    await _line(event, work, "resolved", resolution=event.resolution)


@THREAD_LINES.on(events.TicketClosed)
async def say_closed(event: events.TicketClosed, work: UnitOfWork) -> None:
    await _line(event, work, "closed_quiet" if event.reason == "quiet" else "closed")


@THREAD_LINES.on(events.TicketReopened)
async def say_reopened(event: events.TicketReopened, work: UnitOfWork) -> None:
    await _line(event, work, "reopened", count=event.count)


@THREAD_LINES.on(events.TicketMerged)
async def say_merged(event: events.TicketMerged, work: UnitOfWork) -> None:
    """Both threads say where the talk went and where it came from."""
    number = (await work.tickets.get(event.ticket)).number
    into = (await work.tickets.get(event.into)).number
    await _line(event, work, "merged", into=into)
    await _line(event, work, "merged_here", thread=event.into, number=number)


@THREAD_LINES.on(events.MarkedAsSpam)
async def say_spam(event: events.MarkedAsSpam, work: UnitOfWork) -> None:
    await _line(event, work, "spam")


@THREAD_LINES.on(events.TicketRestored)
async def say_restored(event: events.TicketRestored, work: UnitOfWork) -> None:
    await _line(event, work, "restored")


@THREAD_LINES.on(events.TicketRated)
async def say_rated(event: events.TicketRated, work: UnitOfWork) -> None:
    await _line(event, work, "rated", stars="★" * event.stars, count=event.stars)


@THREAD_LINES.on(events.UnplacedWordsTaken)
async def say_unplaced(event: events.UnplacedWordsTaken, work: UnitOfWork) -> None:
    await _line(event, work, "unplaced")


@THREAD_LINES.on(events.MessageTakenOut)
async def say_taken_out(event: events.MessageTakenOut, work: UnitOfWork) -> None:
    await _line(event, work, "taken_out")


@THREAD_LINES.on(events.DeadlineNeared)
async def say_deadline(event: events.DeadlineNeared, work: UnitOfWork) -> None:
    due = moment(event.due_at, work.rules.zone, work.rules.staff_language)
    await _line(event, work, f"{event.level}_{event.metric}", due=due)


@THREAD_LINES.on(events.ReplyDelivered)
async def say_lost_edit(event: events.ReplyDelivered, work: UnitOfWork) -> None:
    if event.outcome == EDIT_FAILED:
        await _line(event, work, "edit_failed")


async def name_of(work: UnitOfWork, staff: StaffId) -> str:
    """How a line names a member of staff."""
    return (await work.staff.get(staff)).mention


async def doer(work: UnitOfWork, actor: Actor) -> str:
    """How a line names whoever did something."""
    if actor.kind is ActorKind.STAFF:
        return await name_of(work, StaffId(actor.id))
    return say(f"desk.who_{actor.kind}", work.rules.staff_language)


async def _line(
    event: events.TicketEvent,
    work: UnitOfWork,
    key: str,
    thread: TicketId | None = None,
    **params: object,
) -> None:
    who = {"who": await doer(work, work.actor)} | params
    text = say(f"desk.line_{key}", work.rules.staff_language, **who)
    await work.outbox.put(PostLine(thread or event.ticket, text), holder=event.holder)
