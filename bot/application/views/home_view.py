"""The home view of a member of staff: counters, one list at a time, and what was given up.

It reads counts and single pages only, so that it costs the same with fifty tickets and with fifty
thousand.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.application.masked import masked_name
from bot.application.ports.backlog import UpdateAside
from bot.application.ports.queues import DeadLetter
from bot.application.ports.reports import HealthCheck
from bot.application.ports.tickets import TicketFilter
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.request_talk import PRIVACY_KINDS
from bot.application.silence import updates_aside
from bot.application.staff_desk.home import LEARNING, HomeChoice, Section, choice_of
from bot.application.views.questions_home import PAGE, LearningPage, learning_page
from bot.application.views.queue_health import home_health
from bot.application.views.ticket_card import Due, mention, next_due, offered
from bot.domain.addresses import StaffId, TicketId
from bot.domain.staff import Staff
from bot.domain.text import reveal, shorten
from bot.domain.tickets.states import LIVE, WAITING, Priority, TicketKind, TicketState
from bot.domain.tickets.ticket import Ticket

DUE_SOON = timedelta(hours=4)
SUBJECT = 70
Counters = tuple[tuple[Section, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeRow:
    """A ticket in a list."""

    ticket: TicketId
    number: str
    priority: Priority
    kind: TicketKind
    state: TicketState
    subject: str
    client: str
    assignee: str
    due: Due | None
    actions: tuple[str, ...] = ("claim", "reply", "note", "resolve")
    """What can be done now, as on the card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeView:
    """What the home view shows."""

    viewer: StaffId
    is_away: bool
    choice: HomeChoice
    counters: Counters
    rows: tuple[HomeRow, ...]
    dead: tuple[DeadLetter, ...]
    pages: int
    health: tuple[HealthCheck, ...] = ()
    """What stands in the way of words, or that nothing does."""
    aside: tuple[UpdateAside, ...] = ()
    """Updates that were put aside, among what was given up."""
    learning: LearningPage | None = None
    """The questions or links, where the viewer chose to see them."""


async def viewer_of(work: UnitOfWork, *, staff: StaffId) -> tuple[str, HomeView | None]:
    """Whose Slack account it is, and what they see; None: they work the desk no longer."""
    person = await work.staff.get(staff)
    return person.slack_user, await home(work, staff=staff) if person.active else None


async def receiver_of(work: UnitOfWork, *, staff: StaffId) -> str | None:
    """The Slack account of somebody who works the desk; None: not any longer."""
    person = await work.staff.get(staff)
    return person.slack_user if person.active else None


async def home(work: UnitOfWork, *, staff: StaffId) -> HomeView:
    """The home view of somebody, as they chose it; a page that is gone becomes the last one."""
    viewer = await work.staff.get(staff)
    offered = sections_of(viewer)
    choice = await choice_of(work, staff)
    if choice.section not in offered:
        choice = HomeChoice()
    counters = tuple([(each, await _count(work, viewer, each)) for each in offered])
    if choice.section in LEARNING:
        return await _learning_home(work, viewer, choice, counters)
    total = await _total(work, viewer, choice)
    pages = max(1, -(-total // PAGE))
    shown = replace(choice, page=min(max(choice.page, 0), pages - 1))
    tickets = await _tickets(work, viewer, shown)
    is_dead = choice.section is Section.DEAD
    return HomeView(
        viewer=viewer.id,
        is_away=viewer.is_away(work.clock.now()),
        choice=shown,
        counters=counters,
        rows=tuple([await _row(work, ticket) for ticket in tickets]),
        dead=tuple(await work.outbox.dead_letters(PAGE)) if is_dead else (),
        pages=1 if is_dead else pages,
        health=await home_health(work),
        aside=tuple(await updates_aside(work, limit=PAGE)) if is_dead else (),
    )


def sections_of(viewer: Staff) -> tuple[Section, ...]:
    """The lists somebody may see: what the desk learns is for approvers."""
    return tuple(each for each in Section if viewer.may_approve() or each not in LEARNING)


async def _learning_home(
    work: UnitOfWork, viewer: Staff, choice: HomeChoice, counters: Counters
) -> HomeView:
    learning = await learning_page(work, choice)
    return HomeView(
        viewer=viewer.id,
        is_away=viewer.is_away(work.clock.now()),
        choice=replace(choice, page=learning.page),
        counters=counters,
        rows=(),
        dead=(),
        health=await home_health(work),
        pages=max(1, -(-learning.total // PAGE)),
        learning=learning,
    )


def filter_of(viewer: Staff, section: Section) -> TicketFilter:
    """Which tickets stand in a list; what is due is asked of the clocks, not of the tickets."""
    return {
        Section.MINE: TicketFilter(states=LIVE, assignee=viewer.id),
        Section.UNASSIGNED: TicketFilter(states=LIVE, unassigned=True),
        Section.WAITING: TicketFilter(states=(*WAITING, TicketState.SNOOZED)),
        Section.PRIVACY: TicketFilter(states=LIVE, kinds=PRIVACY_KINDS),
    }[section]


async def _count(work: UnitOfWork, viewer: Staff, section: Section) -> int:
    if section is Section.DUE:
        return await work.clocks.count_due_before(work.clock.now() + DUE_SOON)
    if section is Section.DEAD:
        return await work.outbox.count_dead() + (await work.backlog.aside()).count
    if section is Section.QUESTIONS:
        return await work.questions.count_open()
    if section is Section.LINKS:
        return await work.links.count_flagged()
    return await work.tickets.count(filter_of(viewer, section))


async def _total(work: UnitOfWork, viewer: Staff, choice: HomeChoice) -> int:
    if choice.section in (Section.DUE, Section.DEAD):
        return await _count(work, viewer, choice.section)
    return await work.tickets.count(_chosen(viewer, choice))


async def _tickets(work: UnitOfWork, viewer: Staff, choice: HomeChoice) -> Sequence[Ticket]:
    if choice.section is Section.DEAD:
        return ()
    offset = choice.page * PAGE
    if choice.section is Section.DUE:
        soon = work.clock.now() + DUE_SOON
        clocks = await work.clocks.due_before(soon, limit=PAGE, offset=offset)
        wanted = dict.fromkeys(clock.ticket for clock in clocks)
        return [await work.tickets.get(ticket) for ticket in wanted]
    return await work.tickets.find(_chosen(viewer, choice), limit=PAGE, offset=offset)


def _chosen(viewer: Staff, choice: HomeChoice) -> TicketFilter:
    which = filter_of(viewer, choice.section)
    if choice.kind is not None:
        which = replace(which, kinds=(choice.kind,))
    if choice.priority is not None:
        which = replace(which, priorities=(choice.priority,))
    return replace(which, tag=choice.tag)


async def _row(work: UnitOfWork, ticket: Ticket) -> HomeRow:
    account = await work.accounts.get(ticket.account)
    return HomeRow(
        ticket=ticket.id,
        number=ticket.number,
        priority=ticket.priority,
        kind=ticket.kind,
        state=ticket.state,
        subject=shorten(reveal(ticket.subject), SUBJECT),
        client=masked_name(account, work.rules.staff_language),
        assignee=await mention(work, ticket.assignee),
        due=await next_due(work, ticket),
        actions=await offered(work, ticket),
    )
