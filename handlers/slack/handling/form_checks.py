"""What a dialog does once it is sent, and whether that would be refused, asked before it closes."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.errors import DeskError, Refused, Tampered
from handlers.slack.handling.staff_session import StaffSession
from handlers.slack.payloads.intents import Submitted

MORNING = time(9)
WEEK = 7
OF_ITS_OWN = "*"
Take = Callable[[StaffSession, Submitted], Awaitable[object]]


class Wrong(Exception):
    """A field that must be filled in otherwise."""

    def __init__(self, field: str, why: DeskError) -> None:
        super().__init__(field)
        self.field = field
        self.why = why


@dataclass(frozen=True, slots=True)
class Form:
    """A dialog's use case, and how its refusal is shown."""

    take: Take
    field: str
    """The field that is marked where a refusal names none."""
    ask: Take | None = None
    """Tried in place of `take`, where that reads from Slack or takes long."""
    probe: Mapping[str, str] | None = None
    """Values with which it is tried before the dialog opens; None: nothing can stand in its way."""
    may_open: Take | None = None
    """Asked in place of a probe, where no value can stand for what will be chosen."""
    pardoned: tuple[str, ...] = ()
    """Refusals of the probe that are about its values; `OF_ITS_OWN` in a value is the ticket's or
    request's own id."""


async def try_out(session: StaffSession, form: Submitted, how: Form) -> None:
    """Do it on trial. Raises Wrong: the use case says no, in its own words.

    Whose role does not allow it, and who comes second, is told here too: what they typed stays.
    """
    try:
        await (how.ask or how.take)(session, form)
    except (Refused, Tampered) as error:
        raise Wrong(error.field or how.field, error) from error


async def try_opening(session: StaffSession, form: Submitted, how: Form) -> None:
    """Whether the dialog could be sent at all. Raises Refused: nobody need type in it."""
    if how.may_open is not None:
        await how.may_open(session, form)
    if how.probe is None:
        return
    own = form.ref.partition(":")[0]
    values = {name: own if value == OF_ITS_OWN else value for name, value in how.probe.items()}
    try:
        await how.take(session, replace(form, values=values))
    except Refused as error:
        if error.key not in how.pardoned:
            raise


def with_its_end(form: Submitted, now: datetime, zone: ZoneInfo) -> Submitted:
    """A snooze with the time it ends: the one that was picked, else what the menu says."""
    picked = form.values.get("until", "")
    if picked.isascii() and picked.isdigit():
        until = datetime.fromtimestamp(int(picked), UTC)
    else:
        until = later(form.values.get("span", ""), now, zone)
    return replace(form, values={"until": until.isoformat()})


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
