"""The card of a ticket: one view for the channel, the terminal and the tests."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.application.masked import masked_name
from bot.application.ports.tickets import TicketFilter
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.request_talk import is_private, request_in
from bot.application.tickets.talk_rendering import written_out
from bot.application.views.refusals import Refusal, ticket_refusals
from bot.domain.addresses import StaffId, TicketId
from bot.domain.clients.people import AccountStatus
from bot.domain.errors import NotFound
from bot.domain.text import reveal, shorten
from bot.domain.tickets.message import DeliveryStatus, Direction, Message
from bot.domain.tickets.service_clock import ClockState, Metric, ServiceClock
from bot.domain.tickets.states import LIVE, Priority, TicketAction, TicketKind, TicketState, may
from bot.domain.tickets.ticket import Ticket

FIRST_TEXT = 600
TELLS_OF_AN_END = frozenset({"resolve", "close", "spam", "merge"})
"""They would tell the client that it is over."""
SUBJECT = 80


@dataclass(frozen=True, slots=True)
class Due:
    """The next promise: what, until when, and whether it is late already."""

    metric: Metric
    at: datetime
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketCard:
    """What a card shows. No name, address or number of the client is in it, but their own words."""

    ticket: TicketId
    number: str
    version: int
    kind: TicketKind
    category: str
    subject: str
    priority: Priority
    state: TicketState
    waiting_on: str
    client: str
    """Masked."""
    is_client_reachable: bool
    assignee: str
    """As texts for staff name them; empty: nobody."""
    due: Due | None
    tags: tuple[str, ...]
    first_text: str
    opened_at: datetime
    snooze_until: datetime | None
    words_in: int
    words_out: int
    notes: int
    ticks: tuple[tuple[DeliveryStatus, int], ...]
    """How many replies stand at which point of their way, in the order of the way."""
    reopened_count: int
    stars: int | None
    merged_into: str
    refusals: tuple[Refusal, ...] = ()
    """What was for the client or the thread and was refused for good."""
    actions: tuple[str, ...]
    """What can be done now: `claim`, `reply`, `note`, `resolve` ..."""
    is_private: bool = False
    """About personal data: worked in the private channel."""


async def card(work: UnitOfWork, ticket_id: TicketId) -> TicketCard:
    """The card of a ticket as it stands. Raises NotFound."""
    ticket = await work.tickets.get(ticket_id)
    account = await work.accounts.get(ticket.account)
    talk = await work.messages.of(ticket.id)
    count = Counter(said.direction for said in talk)
    return TicketCard(
        ticket=ticket.id,
        number=ticket.number,
        version=ticket.version,
        kind=ticket.kind,
        category=ticket.category,
        subject=shorten(reveal(ticket.subject), SUBJECT),
        priority=ticket.priority,
        state=ticket.state,
        waiting_on=ticket.waiting_on,
        client=masked_name(account, work.rules.staff_language),
        is_client_reachable=account.status is AccountStatus.ACTIVE,
        assignee=await mention(work, ticket.assignee),
        due=await next_due(work, ticket),
        tags=ticket.tags,
        first_text=first_text(talk),
        opened_at=ticket.opened_at,
        snooze_until=ticket.snooze_until,
        words_in=count[Direction.IN],
        words_out=count[Direction.OUT],
        notes=count[Direction.NOTE],
        ticks=ticks(talk),
        reopened_count=ticket.reopened_count,
        stars=ticket.stars,
        merged_into=await _number(work, ticket.merged_into),
        refusals=await ticket_refusals(work, ticket),
        actions=await offered(work, ticket),
        is_private=is_private(ticket),
    )


async def offered(work: UnitOfWork, ticket: Ticket) -> tuple[str, ...]:
    """While a data request runs in it, nothing that tells the client it is over."""
    runs = is_private(ticket) and await request_in(work, ticket) is not None
    return tuple(one for one in actions(ticket) if not (runs and one in TELLS_OF_AN_END))


async def unfinished_tickets(work: UnitOfWork, *, limit: int, offset: int) -> list[TicketId]:
    """A page of the tickets that staff may still act on."""
    which = TicketFilter(states=(*LIVE, TicketState.RESOLVED))
    return [each.id for each in await work.tickets.find(which, limit=limit, offset=offset)]


def last_words(talk: Sequence[Message]) -> str:
    """What the client said last and did not take back."""
    words = [
        written_out(said.body, said.spans)
        for said in talk
        if said.direction is Direction.IN and not said.deleted_at
    ]
    return words[-1] if words else ""


def first_text(talk: Sequence[Message]) -> str:
    """What it began with: the client's first words, else those of staff."""
    from_client = [said for said in talk if said.direction is Direction.IN]
    spoken = from_client or [said for said in talk if said.direction is Direction.OUT]
    words = [said for said in spoken if said.body.strip() and not said.deleted_at]
    text = written_out(words[0].body, words[0].spans) if words else ""
    shown = reveal(text.strip())
    return shown if len(shown) <= FIRST_TEXT else shown[: FIRST_TEXT - 1].rstrip() + "…"


def ticks(talk: Sequence[Message]) -> tuple[tuple[DeliveryStatus, int], ...]:
    count = Counter(said.delivery for said in talk if said.direction is Direction.OUT)
    return tuple((each, count[each]) for each in DeliveryStatus if count[each])


def actions(ticket: Ticket) -> tuple[str, ...]:
    """The buttons a card offers in this state; what is pressed is checked again."""
    offered = {
        "claim": ticket.is_live and ticket.assignee is None,
        "reply": may(ticket.state, TicketAction.REPLY),
        "note": True,
        "resolve": may(ticket.state, TicketAction.RESOLVE),
        "reopen": may(ticket.state, TicketAction.REOPEN),
        "assign": ticket.is_live or ticket.state is TicketState.RESOLVED,
        "priority": ticket.is_live,
        "tags": True,
        "snooze": may(ticket.state, TicketAction.SNOOZE),
        "wake": may(ticket.state, TicketAction.WAKE),
        "await_third": ticket.state in LIVE and ticket.state is not TicketState.WAITING_THIRD,
        "take_up": ticket.state is TicketState.WAITING_THIRD,
        "merge": may(ticket.state, TicketAction.MERGE),
        "spam": may(ticket.state, TicketAction.MARK_SPAM),
        "restore": may(ticket.state, TicketAction.RESTORE),
        "close": may(ticket.state, TicketAction.CLOSE),
        "details": True,
    }
    return tuple(name for name, is_offered in offered.items() if is_offered)


async def next_due(work: UnitOfWork, ticket: Ticket) -> Due | None:
    """The promise that ends first among those that tick."""
    ticking = [clock for clock in await work.clocks.of(ticket.id) if clock.is_ticking]
    if not ticking:
        return None
    first = min(ticking, key=_due_at)
    return Due(first.metric, first.due_at, is_late=first.state is ClockState.BREACHED)


async def mention(work: UnitOfWork, staff: StaffId | None) -> str:
    """How texts for staff name somebody; empty for nobody, and for who is gone without a trace."""
    if staff is None:
        return ""
    try:
        return (await work.staff.get(staff)).mention
    except NotFound:
        return ""


async def _number(work: UnitOfWork, ticket: TicketId | None) -> str:
    return "" if ticket is None else (await work.tickets.get(ticket)).number


def _due_at(clock: ServiceClock) -> datetime:
    return clock.due_at
