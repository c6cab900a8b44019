"""Is what was filled in right? Asked before a dialog closes; the use cases ask again."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.application.ports import UnitOfWork
from bot.application.reviewed_answers.question_links import passage_at
from bot.application.staff_desk.queries import the_ticket
from bot.application.staff_desk.words import LONGEST
from bot.domain.addresses import StaffId
from bot.domain.errors import NotFound, Refused
from bot.domain.tickets.reply_prefix import visible_words
from bot.domain.tickets.states import LIVE, Action, State, may
from bot.domain.tickets.ticket import Ticket, clean_tags
from handlers.slack.blocks.modals import NOBODY
from handlers.slack.payloads.intents import Submitted

MORNING = time(9)
WEEK = 7


class Wrong(Exception):
    """A field that must be filled in otherwise."""

    def __init__(self, field: str, why: Refused) -> None:
        super().__init__(field)
        self.field = field
        self.why = why


async def check(work: UnitOfWork, form: Submitted) -> Submitted:
    """The form with its values as the use cases want them. Raises Wrong."""
    checker = _CHECKS.get(form.dialog)
    return form if checker is None else await checker(work, form)


async def _reply(work: UnitOfWork, form: Submitted) -> Submitted:
    _some_words(form, "text")
    await _in_state(work, form, "text", Action.REPLY)
    return form


async def _note(work: UnitOfWork, form: Submitted) -> Submitted:
    _some_words(form, "text")
    await _ticket(work, form.ref, "text")
    return form


async def _resolve(work: UnitOfWork, form: Submitted) -> Submitted:
    if not visible_words(form.values.get("resolution", "")):
        raise Wrong("resolution", Refused("tickets.resolution_and_tag_needed"))
    if not _tags(form):
        raise Wrong("tags", Refused("tickets.resolution_and_tag_needed"))
    await _in_state(work, form, "resolution", Action.RESOLVE)
    return form


async def _priority(work: UnitOfWork, form: Submitted) -> Submitted:
    await _ticket(work, form.ref, "priority")
    return form


async def _tagged(work: UnitOfWork, form: Submitted) -> Submitted:
    _tags(form)
    await _ticket(work, form.ref, "tags")
    return form


async def _assign(work: UnitOfWork, form: Submitted) -> Submitted:
    ticket = await _ticket(work, form.ref, "assignee")
    if ticket.state not in (*LIVE, State.RESOLVED):
        refusal = Refused("tickets.wrong_state", state=ticket.state, action="assign")
        raise Wrong("assignee", refusal)
    chosen = form.values.get("assignee", "")
    if chosen != NOBODY:
        try:
            person = await work.staff.get(StaffId(chosen))
        except NotFound as error:
            raise Wrong("assignee", error) from error
        if not person.active:
            raise Wrong("assignee", Refused("staff.no_such_person"))
    return form


async def _snooze(work: UnitOfWork, form: Submitted) -> Submitted:
    await _in_state(work, form, "span", Action.SNOOZE)
    now = work.clock.now()
    picked = form.values.get("until", "")
    if picked.isdigit():
        until = datetime.fromtimestamp(int(picked), UTC)
        if until <= now:
            raise Wrong("until", Refused("tickets.snooze_in_the_past"))
    else:
        until = later(form.values.get("span", ""), now, work.rules.zone)
    return replace(form, values={"until": until.isoformat()})


async def _merge(work: UnitOfWork, form: Submitted) -> Submitted:
    gone = await _in_state(work, form, "into", Action.MERGE)
    other = await _ticket(work, form.values.get("into", ""), "into")
    if other.id == gone.id or other.account != gone.account:
        refusal = Refused("tickets.cannot_merge", number=gone.number, other=other.number)
        raise Wrong("into", refusal)
    return form


async def _new(work: UnitOfWork, form: Submitted) -> Submitted:
    _some_words(form, "text")
    await _ticket(work, form.values.get("client", ""), "client")
    return form


async def _attach(work: UnitOfWork, form: Submitted) -> Submitted:
    await _ticket(work, form.values.get("ticket", ""), "ticket")
    return form


async def _linked(work: UnitOfWork, form: Submitted) -> Submitted:
    """A sentence of the version that is published now; who picked it is asked when it is done."""
    start, (version, *_) = form.values.get("sentence", ""), [*form.places, ""]
    if not (start.isascii() and start.isdigit()):
        raise Wrong("section", Refused("questions.pick_a_sentence"))
    try:
        await passage_at(work, version=version, start=int(start))
    except Refused as error:
        raise Wrong("sentence", error) from error
    return form


def later(span: str, now: datetime, zone: ZoneInfo) -> datetime:
    """When a snooze of a menu ends; days end in the morning, on the desk's clock."""
    if span in ("tomorrow", "next_week"):
        here = now.astimezone(zone)
        days = 1 if span == "tomorrow" else WEEK - here.weekday()
        day = here.date() + timedelta(days=days)
        return datetime.combine(day, MORNING, zone).astimezone(UTC)
    return now + timedelta(hours=4 if span == "4h" else 1)


def tags_in(text: str) -> list[str]:
    """Tags are separated by commas, semicolons or line ends."""
    return [tag for tag in text.replace(";", ",").replace("\n", ",").split(",") if tag.strip()]


def _some_words(form: Submitted, field: str) -> None:
    text = form.values.get(field, "")
    if not visible_words(text):
        raise Wrong(field, Refused("desk.nothing_to_say"))
    if len(text) > LONGEST:
        raise Wrong(field, Refused("desk.too_long", most=LONGEST))


def _tags(form: Submitted) -> tuple[str, ...]:
    try:
        return clean_tags(tags_in(form.values.get("tags", "")))
    except Refused as error:
        raise Wrong("tags", error) from error


async def _ticket(work: UnitOfWork, ref: str, field: str) -> Ticket:
    try:
        return await the_ticket(work, ref)
    except NotFound as error:
        raise Wrong(field, error) from error


async def _in_state(work: UnitOfWork, form: Submitted, field: str, action: Action) -> Ticket:
    ticket = await _ticket(work, form.ref, field)
    if not may(ticket.state, action):
        raise Wrong(field, Refused("tickets.wrong_state", state=ticket.state, action=action))
    return ticket


_CHECKS: dict[str, Callable[[UnitOfWork, Submitted], Awaitable[Submitted]]] = {
    "reply": _reply,
    "note": _note,
    "resolve": _resolve,
    "priority": _priority,
    "tags": _tagged,
    "assign": _assign,
    "snooze": _snooze,
    "merge": _merge,
    "new": _new,
    "attach": _attach,
    "question_link": _linked,
}
