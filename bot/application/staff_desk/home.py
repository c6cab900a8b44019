"""The home view of each member of staff: what they chose to see, and who looked lately."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.application.outbound.to_staff import RefreshHome
from bot.application.permission import the_staff
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.refused_deliveries import show_refusal
from bot.domain.addresses import StaffId
from bot.domain.tickets.states import Priority, TicketKind

VIEWERS = "home.viewers"
LATELY = timedelta(hours=1)


class Section(StrEnum):
    """The lists of the home view."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    DUE = "due"
    WAITING = "waiting"
    PRIVACY = "privacy"
    DEAD = "dead"
    QUESTIONS = "questions"  # of clients that nobody answered; for approvers
    LINKS = "links"  # reviewed answers to them; for approvers


LEARNING = (Section.QUESTIONS, Section.LINKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeChoice:
    """What the viewer chose to see."""

    section: Section = Section.MINE
    page: int = 0
    kind: TicketKind | None = None
    priority: Priority | None = None
    tag: str = ""


async def open_home(work: UnitOfWork) -> None:
    """One looks at one's home: it is shown now, and again when something changes."""
    await note_viewer(work)
    await work.outbox.put(RefreshHome((await the_staff(work)).id))


async def choose_home(work: UnitOfWork, *, choice: HomeChoice) -> None:
    """Show another list, page or filter from now on."""
    staff = await the_staff(work)
    kept = {
        "section": choice.section,
        "page": choice.page,
        "kind": choice.kind or "",
        "priority": choice.priority or "",
        "tag": choice.tag,
    }
    await work.key_values.put(_name(staff.id), json.dumps(kept))
    await open_home(work)


async def turn_page(work: UnitOfWork, *, pages: int) -> None:
    """Go so many pages on: 1 to the next, -1 to the previous one of the same list."""
    staff = await the_staff(work)
    choice = await choice_of(work, staff.id)
    await choose_home(work, choice=replace(choice, page=max(0, choice.page + pages)))


async def choice_of(work: UnitOfWork, staff: str) -> HomeChoice:
    """What somebody chose last."""
    kept = json.loads(await work.key_values.get(_name(staff)) or "{}")
    if not kept:
        return HomeChoice()
    return HomeChoice(
        section=Section(kept["section"]),
        page=kept["page"],
        kind=TicketKind(kept["kind"]) if kept["kind"] else None,
        priority=Priority(kept["priority"]) if kept["priority"] else None,
        tag=kept["tag"],
    )


async def try_again(work: UnitOfWork, *, letter: int) -> bool:
    """Queue a dead letter anew; False: somebody was first."""
    staff = await the_staff(work)
    revived = await work.outbox.revive(letter, work.clock.now())
    if revived is not None:
        await show_refusal(work, revived)
    await work.outbox.put(RefreshHome(staff.id))
    return revived is not None


async def deal_again(work: UnitOfWork, *, update: int) -> bool:
    """Take up an update that was put aside; False: somebody was first."""
    staff = await the_staff(work)
    was_aside = await work.backlog.take_up(update, work.clock.now())
    await work.outbox.put(RefreshHome(staff.id))
    return was_aside


async def note_viewer(work: UnitOfWork) -> None:
    """One opened one's home view."""
    staff = await the_staff(work)
    seen = {**await _lately(work), staff.id: work.clock.now()}
    await work.key_values.put(
        VIEWERS, json.dumps({who: at.isoformat() for who, at in seen.items()})
    )


async def viewers(work: UnitOfWork) -> list[StaffId]:
    """Who opened it within the last hour."""
    return list(await _lately(work))


def _name(staff: str) -> str:
    return f"home.choice:{staff}"


async def _lately(work: UnitOfWork) -> dict[StaffId, datetime]:
    kept: dict[str, str] = json.loads(await work.key_values.get(VIEWERS) or "{}")
    since = work.clock.now() - LATELY
    seen = {StaffId(who): datetime.fromisoformat(at) for who, at in kept.items()}
    return {who: at for who, at in seen.items() if at >= since}
