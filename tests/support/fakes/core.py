"""In-memory doubles of every port; tests/contracts hold them equal to the real adapters."""

import asyncio
import copy
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta

from bot.answering.questions import Question, QuestionLink
from bot.application.config import DeskConfig
from bot.application.ports.card_refs import CardKind, CardRef, CardRefs, FileUpload, StaffThreads
from bot.application.ports.clients import Accounts, People
from bot.application.ports.data_requests import Challenges, Digests, Requests
from bot.application.ports.desk import (
    Clock,
    EventLog,
    KeyValueStore,
    Links,
    Policies,
    Questions,
    StaffTable,
    Timer,
    Timers,
)
from bot.application.ports.queues import Inbox, Outbox
from bot.application.ports.tickets import (
    Flow,
    Flows,
    Messages,
    ServiceClocks,
    TicketFilter,
    Tickets,
)
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.wire_names import name_of
from bot.domain.addresses import (
    AccountId,
    Actor,
    ClientAddress,
    MessageId,
    PersonId,
    RequestId,
    StaffId,
    TicketId,
)
from bot.domain.clients.people import Account, AccountLink, Person
from bot.domain.errors import NotFound, Stale, Unavailable
from bot.domain.events import Event, Recorded
from bot.domain.identity.budgets import Bucket, BudgetStore, Spending, Tally
from bot.domain.identity.challenges import Challenge, ChallengeId
from bot.domain.requests.request import DataRequest
from bot.domain.staff import Staff
from bot.domain.tickets.message import Direction, Message
from bot.domain.tickets.service_clock import Metric, ServiceClock
from bot.domain.tickets.ticket import Ticket, public_number
from tests.support.fakes.card_refs import FakeCardRefs, FakeStaffThreads
from tests.support.fakes.people import FakeBudgets, FakeChallenges, FakeDigests, FakePeople
from tests.support.fakes.queues import Arrived, FakeInbox, FakeOutbox, FakeTimers, Queued
from tests.support.fakes.records import (
    FakeFlows,
    FakeKeyValues,
    FakeLinks,
    FakePolicies,
    FakeQuestions,
    FakeServiceClocks,
    FakeStaffTable,
)
from tests.support.fakes.requests import FakeRequests

BEGINNING = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
"""A Sunday, 10:00 in Dhaka: a working hour of a working day."""


class FakeClock:
    """Stands still until it is told to go on."""

    def __init__(self, at: datetime = BEGINNING) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def go_on(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


@dataclass(kw_only=True)
class Store:
    """What is committed; a unit of work changes a copy of it."""

    accounts: dict[AccountId, Account] = field(default_factory=dict)
    tickets: dict[TicketId, Ticket] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=lambda: [0])
    messages: dict[MessageId, Message] = field(default_factory=dict)
    links: dict[tuple[str, str, str], tuple[MessageId, int]] = field(default_factory=dict)
    flows: dict[AccountId, Flow] = field(default_factory=dict)
    staff: dict[StaffId, Staff] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    cards: dict[tuple[CardKind, str], tuple[CardRef, bool]] = field(default_factory=dict)
    refused: dict[tuple[str, str], None] = field(default_factory=dict)
    uploads: dict[tuple[MessageId, int], FileUpload] = field(default_factory=dict)
    policies: dict[str, str] = field(default_factory=dict)
    published: list[tuple[str, datetime]] = field(default_factory=list)
    questions: dict[str, Question] = field(default_factory=dict)
    question_links: dict[str, QuestionLink] = field(default_factory=dict)
    clocks: dict[tuple[TicketId, Metric], ServiceClock] = field(default_factory=dict)
    people: dict[PersonId, Person] = field(default_factory=dict)
    requests: dict[RequestId, DataRequest] = field(default_factory=dict)
    request_numbers: list[int] = field(default_factory=lambda: [0])
    challenges: dict[ChallengeId, Challenge] = field(default_factory=dict)
    spendings: dict[Bucket, tuple[Spending, ...]] = field(default_factory=dict)
    tallies: dict[Bucket, Tally] = field(default_factory=dict)
    log: list[Recorded] = field(default_factory=list)
    outbox: dict[int, Queued] = field(default_factory=dict)
    timers: dict[str, Timer] = field(default_factory=dict)
    inbox: dict[str, Arrived] = field(default_factory=dict)

    def draft(self) -> "Store":
        return Store(**{part.name: copy.copy(getattr(self, part.name)) for part in fields(self)})

    def take_over(self, draft: "Store") -> None:
        for part in fields(self):
            setattr(self, part.name, getattr(draft, part.name))


class FakeAccounts:
    def __init__(self, store: Store) -> None:
        self._rows = store.accounts

    async def get(self, account: AccountId) -> Account:
        if account not in self._rows:
            raise NotFound("clients.no_such_account")
        return _copied(self._rows[account])

    async def at(self, address: ClientAddress) -> Account | None:
        found = (row for row in self._rows.values() if row.address == address)
        return next((_copied(row) for row in found), None)

    async def add(self, account: Account) -> None:
        self._rows[account.id] = _copied(account)

    async def save(self, account: Account) -> None:
        stored = await self.get(account.id)
        self._rows[account.id] = replace(account, link=stored.link)

    async def renew_link(self, account: Account) -> AccountLink:
        account.link = (await self.get(account.id)).link
        return account.link

    async def save_link(self, account: Account) -> None:
        stored = await self.get(account.id)
        self._rows[account.id] = replace(stored, link=replace(account.link))


def _copied(account: Account) -> Account:
    return replace(account, link=replace(account.link))


def serial_of(ticket: Ticket) -> int:
    return int(ticket.number.removeprefix("T-"))


def is_numbered(ticket: Ticket, part: str) -> bool:
    digits = part.strip().upper().removeprefix("T").lstrip("-0")
    return digits in str(serial_of(ticket))


def fits(ticket: Ticket, which: TicketFilter) -> bool:
    return all(
        (
            which.states is None or ticket.state in which.states,
            which.kinds is None or ticket.kind in which.kinds,
            which.priorities is None or ticket.priority in which.priorities,
            which.assignee is None or ticket.assignee == which.assignee,
            not which.unassigned or ticket.assignee is None,
            which.account is None or ticket.account == which.account,
            which.since is None or ticket.opened_at >= which.since,
            which.until is None or ticket.opened_at < which.until,
            not which.number_part or is_numbered(ticket, which.number_part),
            not which.tag or which.tag in ticket.tags,
        )
    )


class FakeTickets:
    """Remembers what it handed out, so that `flush` saves what was changed."""

    def __init__(self, store: Store) -> None:
        self._rows, self._numbers = store.tickets, store.numbers
        self._handed_out: dict[TicketId, Ticket] = {}

    async def next_number(self) -> str:
        self._numbers[0] += 1
        return public_number(self._numbers[0])

    async def add(self, ticket: Ticket) -> None:
        self._handed_out[ticket.id] = ticket
        self._rows[ticket.id] = replace(ticket, events=[])

    async def get(self, ticket: TicketId) -> Ticket:
        if ticket not in self._rows:
            raise NotFound("tickets.no_such_number")
        return self._hand_out(self._rows[ticket])

    async def numbered(self, number: str) -> Ticket:
        digits = number.strip().upper().removeprefix("T").lstrip("-–— ")
        for row in self._rows.values():
            if digits.isdecimal() and serial_of(row) == int(digits):
                return self._hand_out(row)
        raise NotFound("tickets.no_such_number")

    async def find(self, which: TicketFilter, *, limit: int = 50, offset: int = 0) -> list[Ticket]:
        self.flush()
        found = [row for row in reversed(self._rows.values()) if fits(row, which)]
        return [self._hand_out(row) for row in found[offset : offset + limit]]

    async def count(self, which: TicketFilter) -> int:
        self.flush()
        return sum(fits(row, which) for row in self._rows.values())

    async def opened_since(self, account: AccountId, since: datetime) -> int:
        return await self.count(TicketFilter(account=account, since=since))

    def take_events(self) -> list[Event]:
        taken = [event for ticket in self._handed_out.values() for event in ticket.events]
        for ticket in self._handed_out.values():
            ticket.events.clear()
        self.flush()
        return taken

    def flush(self) -> None:
        """Save what was changed since it was handed out."""
        for ticket in self._handed_out.values():
            kept = self._rows[ticket.id]
            if ticket == kept:
                continue
            if ticket.version != kept.version:
                raise Stale("tickets.changed_meanwhile", number=ticket.number)
            ticket.version += 1
            self._rows[ticket.id] = replace(ticket, events=[])

    def _hand_out(self, row: Ticket) -> Ticket:
        return self._handed_out.setdefault(row.id, replace(row, events=[]))


class FakeMessages:
    def __init__(self, store: Store) -> None:
        self._rows, self._links = store.messages, store.links

    async def get(self, message: MessageId) -> Message:
        if message not in self._rows:
            raise NotFound("tickets.no_such_message")
        return replace(self._rows[message])

    async def add(self, message: Message) -> None:
        self._rows[message.id] = replace(message)

    async def save(self, message: Message) -> None:
        if message.id not in self._rows:
            raise NotFound("tickets.no_such_message")
        self._rows[message.id] = replace(message)

    async def of(self, ticket: TicketId) -> list[Message]:
        return self._sorted([row for row in self._rows.values() if row.ticket == ticket])

    async def loose(self, account: AccountId) -> list[Message]:
        return self._sorted(
            [row for row in self._rows.values() if row.account == account and row.ticket is None]
        )

    async def said_since(self, account: AccountId, since: datetime) -> int:
        return sum(
            row.account == account and row.direction is Direction.IN and row.at >= since
            for row in self._rows.values()
        )

    async def link(
        self, message: MessageId, surface: str, place: str, remote: str, part: int = 0
    ) -> None:
        self._links.setdefault((surface, place, remote), (message, part))

    async def linked(self, surface: str, place: str, remote: str) -> MessageId | None:
        return self._links.get((surface, place, remote), (None, 0))[0]

    async def link_ticket(self, ticket: TicketId, surface: str, place: str, remote: str) -> None:
        await self.link(MessageId(ticket), f"{surface}/ticket", place, remote)

    async def linked_ticket(self, surface: str, place: str, remote: str) -> TicketId | None:
        found = await self.linked(f"{surface}/ticket", place, remote)
        return None if found is None else TicketId(found)

    async def links(self, message: MessageId, surface: str) -> list[tuple[str, str]]:
        rows = [
            (part, place, remote)
            for (where, place, remote), (linked, part) in self._links.items()
            if linked == message and where == surface
        ]
        return [(place, remote) for _, place, remote in sorted(rows, key=lambda row: row[0])]

    def _sorted(self, rows: list[Message]) -> list[Message]:
        """A word that arrived late stands where it was said."""
        return [replace(row) for row in sorted(rows, key=lambda row: row.at)]


class FakeEventLog:
    def __init__(self, store: Store) -> None:
        self._rows = store.log

    async def of(self, stream: str) -> list[Recorded]:
        return [row for row in self._rows if row.event is not None and row.event.stream == stream]


class FakeUnitOfWork:
    """One transaction over a copy of the store; only `commit` makes it count."""

    actor: Actor
    clock: Clock
    rules: DeskConfig
    accounts: Accounts
    tickets: Tickets
    messages: Messages
    flows: Flows
    staff: StaffTable
    key_values: KeyValueStore
    cards: CardRefs
    staff_threads: StaffThreads
    policies: Policies
    questions: Questions
    links: Links
    clocks: ServiceClocks
    people: People
    requests: Requests
    challenges: Challenges
    budgets: BudgetStore
    digests: Digests
    log: EventLog
    outbox: Outbox
    timers: Timers
    inbox: Inbox

    def __init__(self, storage: "FakeStorage", actor: Actor, *, writes: bool) -> None:
        self._store, self._draft = storage.store, storage.store.draft()
        self._writes = writes
        self._recorded: list[Event] = []
        self._taken: list[Event] = []
        self.actor, self.clock, self.rules = actor, storage.clock, storage.rules
        self._known_tickets = FakeTickets(self._draft)
        self.tickets = self._known_tickets
        self._known_requests = FakeRequests(self._draft.requests, self._draft.request_numbers)
        self.requests = self._known_requests
        self.people = FakePeople(self._draft.people, self._draft.accounts)
        self.challenges = FakeChallenges(self._draft.challenges)
        self.budgets = FakeBudgets(self._draft.spendings, self._draft.tallies)
        self.digests = FakeDigests()
        self.accounts, self.messages = FakeAccounts(self._draft), FakeMessages(self._draft)
        self.flows, self.staff = FakeFlows(self._draft.flows), FakeStaffTable(self._draft.staff)
        self.key_values = FakeKeyValues(self._draft.facts)
        self.cards = FakeCardRefs(self._draft.cards)
        self.staff_threads = FakeStaffThreads(self._draft.refused, self._draft.uploads)
        self.policies = FakePolicies(self._draft.policies, self._draft.published)
        questions, links = self._draft.questions, self._draft.question_links
        self.questions, self.links = FakeQuestions(questions), FakeLinks(links)
        self.clocks, self.log = FakeServiceClocks(self._draft.clocks), FakeEventLog(self._draft)
        self.outbox = FakeOutbox(self._draft.outbox, storage.clock)
        self.timers = FakeTimers(self._draft.timers)
        self.inbox = FakeInbox(self._draft.inbox)

    def record(self, event: Event) -> None:
        self._recorded.append(event)

    async def take_events(self) -> Sequence[Event]:
        taken = [
            *self._recorded,
            *self._known_tickets.take_events(),
            *self._known_requests.take_events(),
        ]
        self._known_requests.flush()
        self._recorded.clear()
        self._taken += taken
        return taken

    async def commit(self) -> None:
        if not self._writes:
            raise Unavailable("store.read_only")
        await self.take_events()
        self._draft.log.extend(
            Recorded(
                seq=len(self._draft.log) + place,
                at=self.clock.now(),
                actor=self.actor,
                type=name_of(type(event)),
                event=event,
            )
            for place, event in enumerate(self._taken, start=1)
        )
        self._store.take_over(self._draft)


class FakeStorage:
    """Opens units of work; writers wait for each other, as under BEGIN IMMEDIATE."""

    def __init__(self, clock: FakeClock, rules: DeskConfig) -> None:
        self.store, self.clock, self.rules = Store(), clock, rules
        self._writing = asyncio.Lock()

    @asynccontextmanager
    async def open_work(self, actor: Actor, *, writes: bool) -> AsyncGenerator[UnitOfWork]:
        if not writes:
            yield FakeUnitOfWork(self, actor, writes=False)
            return
        async with self._writing:
            yield FakeUnitOfWork(self, actor, writes=True)
