"""One line in a ticket's thread for each change that is not itself a message."""

from bot.application.outbound.to_staff import PostLine
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reactions.reaction_table import Table
from bot.application.staff_desk.delivery import EDIT_FAILED
from bot.domain.addresses import Actor, ActorKind, StaffId, TicketId
from bot.domain.tickets import events as facts
from bot.wording import say
from bot.wording.times import moment

THREAD_LINES = Table()


@THREAD_LINES.on(facts.TicketClaimed)
async def say_claimed(event: facts.TicketClaimed, work: UnitOfWork) -> None:
    await _line(event, work, "claimed", who=await name_of(work, event.assignee))


@THREAD_LINES.on(facts.TicketAssigned)
async def say_assigned(event: facts.TicketAssigned, work: UnitOfWork) -> None:
    if event.assignee is None:
        await _line(event, work, "unassigned")
    else:
        await _line(event, work, "assigned", to=await name_of(work, event.assignee))


@THREAD_LINES.on(facts.PriorityChanged)
async def say_priority(event: facts.PriorityChanged, work: UnitOfWork) -> None:
    await _line(event, work, "priority", new=event.priority, old=event.previous)


@THREAD_LINES.on(facts.TagsChanged)
async def say_tags(event: facts.TagsChanged, work: UnitOfWork) -> None:
    key = "tags" if event.tags else "no_tags"
    await _line(event, work, key, tags=" ".join(f"#{tag}" for tag in event.tags))


@THREAD_LINES.on(facts.TicketAwaitsThird)
async def say_awaits_third(event: facts.TicketAwaitsThird, work: UnitOfWork) -> None:
    await _line(event, work, "awaits_third")


@THREAD_LINES.on(facts.TicketSnoozed)
async def say_snoozed(event: facts.TicketSnoozed, work: UnitOfWork) -> None:
    until = moment(event.until, work.rules.zone, work.rules.staff_language)
    await _line(event, work, "snoozed", until=until)


@THREAD_LINES.on(facts.TicketWoken)
async def say_woken(event: facts.TicketWoken, work: UnitOfWork) -> None:
    await _line(event, work, "woken")


@THREAD_LINES.on(facts.TicketResolved)
async def say_resolved(event: facts.TicketResolved, work: UnitOfWork) -> None:
    await _line(event, work, "resolved", resolution=event.resolution)


@THREAD_LINES.on(facts.TicketClosed)
async def say_closed(event: facts.TicketClosed, work: UnitOfWork) -> None:
    await _line(event, work, "closed_quiet" if event.reason == "quiet" else "closed")


@THREAD_LINES.on(facts.TicketReopened)
async def say_reopened(event: facts.TicketReopened, work: UnitOfWork) -> None:
    await _line(event, work, "reopened", count=event.count)


@THREAD_LINES.on(facts.TicketMerged)
async def say_merged(event: facts.TicketMerged, work: UnitOfWork) -> None:
    """Both threads say where the talk went and where it came from."""
    number = (await work.tickets.get(event.ticket)).number
    into = (await work.tickets.get(event.into)).number
    await _line(event, work, "merged", into=into)
    await _line(event, work, "merged_here", thread=event.into, number=number)


@THREAD_LINES.on(facts.MarkedAsSpam)
async def say_spam(event: facts.MarkedAsSpam, work: UnitOfWork) -> None:
    await _line(event, work, "spam")


@THREAD_LINES.on(facts.TicketRestored)
async def say_restored(event: facts.TicketRestored, work: UnitOfWork) -> None:
    await _line(event, work, "restored")


@THREAD_LINES.on(facts.TicketRated)
async def say_rated(event: facts.TicketRated, work: UnitOfWork) -> None:
    await _line(event, work, "rated", stars="★" * event.stars, count=event.stars)


@THREAD_LINES.on(facts.MessageTakenOut)
async def say_taken_out(event: facts.MessageTakenOut, work: UnitOfWork) -> None:
    await _line(event, work, "taken_out")


@THREAD_LINES.on(facts.DeadlineNeared)
async def say_deadline(event: facts.DeadlineNeared, work: UnitOfWork) -> None:
    due = moment(event.due_at, work.rules.zone, work.rules.staff_language)
    await _line(event, work, f"{event.level}_{event.metric}", due=due)


@THREAD_LINES.on(facts.ReplyDelivered)
async def say_lost_edit(event: facts.ReplyDelivered, work: UnitOfWork) -> None:
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
    event: facts.TicketEvent,
    work: UnitOfWork,
    key: str,
    thread: TicketId | None = None,
    **params: object,
) -> None:
    who = {"who": await doer(work, work.actor)} | params
    text = say(f"desk.line_{key}", work.rules.staff_language, **who)
    await work.outbox.put(PostLine(thread or event.ticket, text), holder=event.holder)
