"""Who read a client's words: an event an hour for each ticket and reader, and the list of them.

What stands in a channel of Slack is read by whoever is in it, and no program sees that. Kept is
what is asked of the desk: at the shell, by a command, in a dialog.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.staff_desk.export import TicketsExported
from bot.application.staff_desk.queries import the_ticket, ticket_talk
from bot.domain.addresses import ActorKind, RequestId, StaffId, TicketId
from bot.domain.errors import NotFound
from bot.domain.events import Event, Recorded
from bot.domain.staff import DESK
from bot.domain.tickets.message import Message
from bot.domain.tickets.ticket import Ticket

AGAIN_AFTER = timedelta(hours=1)
"""Whoever reads on within this time reads once."""


OF_A_REQUEST = frozenset({"request_details", "request_judge"})
"""The doors whose ids are those of requests: all that is known, and the words of an appeal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRead(Event):
    """Somebody had the words of a ticket shown."""

    ticket: TicketId
    door: str
    """What they opened: `show`, `reply`, `details`, `request_details`, `request_judge`,
    `command`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Who read, when and where from."""

    at: datetime
    who: str
    """A Slack user id, the name of a job; empty: nobody was named."""
    os_user: str
    """Who typed it at the shell; empty: it was in Slack."""
    door: str
    """`export`: whatever the export's choice could hold."""


async def note_reading(work: UnitOfWork, *, what: str, door: str) -> None:
    """Whoever acts reads a ticket, or a request, by its id.

    Of a request whose talk was erased nothing of the client's is left to read.

    Raises:
        NotFound: there is no such ticket or request.
    """
    ticket = await _of_id(work, what, door)
    if ticket is not None:
        await _note(work, ticket, door)


async def read_talk(
    work: UnitOfWork, *, ticket: str, door: str = "show"
) -> tuple[Ticket, list[Message]]:
    """A ticket and all that was said in it, for whoever acts. Raises NotFound."""
    found, talk = await ticket_talk(work, ticket=ticket)
    await _note(work, found, door)
    return found, talk


async def who_read(work: UnitOfWork, *, ref: str) -> list[Reading]:
    """Who read a ticket, or the ticket of a request; oldest first.

    Of a ticket that was erased with its client nobody can say any more which exports held it.

    Raises:
        NotFound: there is no such ticket or request.
    """
    stream, ticket = await _stream_of(work, ref)
    facts = [fact for fact in await work.log.of(stream) if _is_reading(fact)]
    if ticket is not None:
        facts += [fact for fact in await work.log.of(DESK) if _may_hold(fact, ticket)]
    return [await _reading(work, fact) for fact in sorted(facts, key=lambda one: one.seq)]


async def _note(work: UnitOfWork, ticket: Ticket, door: str) -> None:
    since = work.clock.now() - AGAIN_AFTER
    reader = (work.actor, work.actor.os_user)
    for fact in await work.log.of(ticket.stream):
        is_recent = _is_reading(fact) and fact.at > since
        if is_recent and (fact.actor, fact.actor.os_user) == reader:
            return
    work.record(TicketRead(stream=ticket.stream, ticket=ticket.id, door=door))


async def _of_id(work: UnitOfWork, what: str, door: str) -> Ticket | None:
    if door not in OF_A_REQUEST:
        return await the_ticket(work, what)
    request = await work.requests.get(RequestId(what))
    try:
        return await work.tickets.get(request.ticket)
    except NotFound:
        return None


async def _stream_of(work: UnitOfWork, ref: str) -> tuple[str, Ticket | None]:
    if not ref.strip().upper().startswith("R"):
        found = await the_ticket(work, ref)
        return found.stream, found
    request = await work.requests.numbered(ref.strip())
    try:
        found = await work.tickets.get(request.ticket)
    except NotFound:
        return f"ticket:{request.ticket}", None
    return found.stream, found


def _is_reading(fact: Recorded) -> bool:
    return isinstance(fact.event, TicketRead)


def _may_hold(fact: Recorded, ticket: Ticket) -> bool:
    """Of an export is kept what was chosen, not what came out: states change, the rest stays."""
    chosen = fact.event
    if not isinstance(chosen, TicketsExported) or fact.at < ticket.opened_at:
        return False
    if chosen.kinds and ticket.kind not in chosen.kinds:
        return False
    opened = ticket.opened_at
    is_after = not chosen.since or datetime.fromisoformat(chosen.since) <= opened
    return is_after and (not chosen.until or opened < datetime.fromisoformat(chosen.until))


async def _reading(work: UnitOfWork, fact: Recorded) -> Reading:
    door = fact.event.door if isinstance(fact.event, TicketRead) else "export"
    who = fact.actor.id
    if fact.actor.kind is ActorKind.STAFF:
        try:
            who = (await work.staff.get(StaffId(who))).slack_user
        except NotFound:
            who = ""
    return Reading(at=fact.at, who=who, os_user=fact.actor.os_user, door=door)
