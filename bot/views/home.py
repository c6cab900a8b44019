"""The home view of a member of staff: counters, one list at a time, and what was given up.

It reads counts and single pages only, so that it costs the same with fifty tickets and with fifty
thousand.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.addresses import StaffId, TicketId
from bot.ports import DeadLetter, TicketFilter, UnitOfWork
from bot.staff import Staff
from bot.text import reveal, shorten
from bot.tickets.states import LIVE, WAITING, Kind, Priority, State
from bot.tickets.ticket import Ticket
from bot.use_cases.home_choice import HomeChoice, Section, choice_of
from bot.views.masking import masked_name
from bot.views.ticket_card import Due, mention, next_due

PAGE = 8
"""Tickets on a page; three blocks each stay far below Slack's hundred."""
DUE_SOON = timedelta(hours=4)
SUBJECT = 70
PRIVACY_KINDS = (Kind.ACCESS, Kind.ERASURE)


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeRow:
    """A ticket in a list."""

    ticket: TicketId
    number: str
    priority: Priority
    kind: Kind
    state: State
    subject: str
    client: str
    assignee: str
    due: Due | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeView:
    """What the home view shows."""

    viewer: StaffId
    is_away: bool
    choice: HomeChoice
    counters: tuple[tuple[Section, int], ...]
    rows: tuple[HomeRow, ...]
    dead: tuple[DeadLetter, ...]
    pages: int


async def home(work: UnitOfWork, *, staff: StaffId) -> HomeView:
    """The home view of somebody, as they chose it; a page that is gone becomes the last one."""
    viewer = await work.staff.get(staff)
    choice = await choice_of(work, staff)
    counters = tuple([(each, await _count(work, viewer, each)) for each in Section])
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
    )


def filter_of(viewer: Staff, section: Section) -> TicketFilter:
    """Which tickets stand in a list; what is due is asked of the clocks, not of the tickets."""
    return {
        Section.MINE: TicketFilter(states=LIVE, assignee=viewer.id),
        Section.UNASSIGNED: TicketFilter(states=LIVE, unassigned=True),
        Section.WAITING: TicketFilter(states=(*WAITING, State.SNOOZED)),
        Section.PRIVACY: TicketFilter(states=LIVE, kinds=PRIVACY_KINDS),
    }[section]


async def _count(work: UnitOfWork, viewer: Staff, section: Section) -> int:
    if section is Section.DUE:
        return await work.clocks.count_due_before(work.clock.now() + DUE_SOON)
    if section is Section.DEAD:
        return await work.outbox.count_dead()
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
    )
