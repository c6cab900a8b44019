"""Every Protocol through which the core reaches the world; storage and handlers adapt to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.addresses import (
    AccountId,
    Actor,
    ClientAddress,
    HolderId,
    MessageId,
    PersonId,
    RequestId,
    StaffId,
    TicketId,
)
from bot.clients import Account, Contact, Person
from bot.data_requests.facts import Subject
from bot.data_requests.request import DataRequest
from bot.events import Event, Recorded
from bot.house_rules import HouseRules
from bot.identity.budgets import BudgetStore
from bot.identity.challenges import Challenge, ChallengeId
from bot.messages import Delivery
from bot.questions import Question
from bot.staff import Staff
from bot.tickets.service_clock import ServiceClock
from bot.tickets.states import Priority, State
from bot.tickets.talk import Message
from bot.tickets.ticket import Ticket


class Clock(Protocol):
    """The domain's time: aware UTC."""

    def now(self) -> datetime: ...


class Accounts(Protocol):
    """Chat accounts."""

    async def get(self, account: AccountId) -> Account:
        """Raises NotFound."""
        ...

    async def at(self, address: ClientAddress) -> Account | None: ...
    async def add(self, account: Account) -> None: ...
    async def save(self, account: Account) -> None: ...


class People(Protocol):
    """Persons of the client list, and their contacts on record."""

    async def get(self, person: PersonId) -> Person:
        """Raises NotFound."""
        ...

    async def known_as(self, external_id: str) -> Person | None:
        """By the number the company's own list gives them; also one that was erased."""
        ...

    async def at(self, contact: Contact) -> list[Person]:
        """Everybody on whose record that address or number stands; nobody erased or merged."""
        ...

    async def find(self, *, limit: int = 50, offset: int = 0) -> list[Person]:
        """Oldest first; nobody erased or merged."""
        ...

    async def add(self, person: Person) -> None: ...
    async def save(self, person: Person) -> None: ...
    async def accounts_of(self, person: PersonId) -> list[AccountId]:
        """The accounts that a proof has attached to the person."""
        ...

    async def shared_contacts(self) -> list[tuple[Contact, int]]:
        """Addresses and numbers that stand on several persons, and on how many."""
        ...


class Requests(Protocol):
    """Data requests; one that was changed is saved by the unit of work, guarded by its version."""

    async def next_number(self) -> str: ...
    async def add(self, request: DataRequest) -> None: ...
    async def get(self, request: RequestId) -> DataRequest:
        """Raises NotFound."""
        ...

    async def numbered(self, number: str) -> DataRequest:
        """Raises NotFound."""
        ...

    async def of_ticket(self, ticket: TicketId) -> DataRequest | None: ...
    async def of_account(self, account: AccountId) -> list[DataRequest]:
        """What was asked in this chat, newest first."""
        ...

    async def about(self, subject: Subject) -> list[DataRequest]:
        """What concerns this person or account, newest first."""
        ...

    async def find(
        self, *, live_only: bool = False, limit: int = 50, offset: int = 0
    ) -> list[DataRequest]:
        """Soonest due first."""
        ...

    async def count(self, *, live_only: bool = False) -> int: ...


class Challenges(Protocol):
    """One-time codes that were asked for. Trying and redeeming are atomic in the database."""

    async def add(self, challenge: Challenge) -> None: ...
    async def get(self, challenge: ChallengeId) -> Challenge:
        """Raises NotFound."""
        ...

    async def latest_of(self, account: AccountId) -> Challenge | None:
        """The newest of a chat, open or not."""
        ...

    async def open_of(self, account: AccountId, request: RequestId) -> list[Challenge]:
        """Neither used nor void, newest first."""
        ...

    async def save(self, challenge: Challenge) -> None:
        """Raises Stale when somebody else changed it first."""
        ...

    async def purge(self, ended_before: datetime) -> int: ...


class Digests(Protocol):
    """Keyed digests: equal values meet, and nothing can be read from them."""

    @property
    def pepper(self) -> bytes:
        """The key of one-time codes; it is not in the database."""
        ...

    def digest(self, kind: str, text: str) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFilter:
    """Which tickets a list, a view or an export is about; None: any."""

    states: tuple[State, ...] | None = None
    kinds: tuple[str, ...] | None = None
    assignee: StaffId | None = None
    unassigned: bool = False
    account: AccountId | None = None
    since: datetime | None = None
    until: datetime | None = None
    """Opened at or after `since`, and before `until`."""
    number_part: str = ""
    priorities: tuple[Priority, ...] | None = None
    tag: str = ""


class Tickets(Protocol):
    """Tickets; one that was changed is saved by the unit of work, guarded by its version."""

    async def next_number(self) -> str: ...
    async def add(self, ticket: Ticket) -> None: ...
    async def get(self, ticket: TicketId) -> Ticket:
        """Raises NotFound."""
        ...

    async def numbered(self, number: str) -> Ticket:
        """Raises NotFound."""
        ...

    async def find(self, which: TicketFilter, *, limit: int = 50, offset: int = 0) -> list[Ticket]:
        """Newest first."""
        ...

    async def count(self, which: TicketFilter) -> int: ...
    async def opened_since(self, account: AccountId, since: datetime) -> int: ...


class Messages(Protocol):
    """What was said."""

    async def get(self, message: MessageId) -> Message:
        """Raises NotFound."""
        ...

    async def add(self, message: Message) -> None: ...
    async def save(self, message: Message) -> None: ...
    async def of(self, ticket: TicketId) -> list[Message]:
        """Oldest first."""
        ...

    async def loose(self, account: AccountId) -> list[Message]:
        """What the account said that belongs to no ticket, oldest first."""
        ...

    async def said_since(self, account: AccountId, since: datetime) -> int: ...
    async def link(
        self, message: MessageId, surface: str, place: str, remote: str, part: int = 0
    ) -> None:
        """Remember under which id a platform knows a message; linking again changes nothing."""
        ...

    async def linked(self, surface: str, place: str, remote: str) -> MessageId | None: ...
    async def link_ticket(self, ticket: TicketId, surface: str, place: str, remote: str) -> None:
        """Remember that a word of the desk was about a ticket: a reply to it joins that ticket."""
        ...

    async def linked_ticket(self, surface: str, place: str, remote: str) -> TicketId | None: ...
    async def links(self, message: MessageId, surface: str) -> list[tuple[str, str]]:
        """(place, remote id) of each part, in order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Where a client stands in a guided talk; kept in the database, so a restart loses nothing."""

    name: str
    step: str
    data: dict[str, str]
    expires_at: datetime


class Flows(Protocol):
    """One flow an account at most."""

    async def of(self, account: AccountId) -> Flow | None: ...
    async def put(self, account: AccountId, flow: Flow) -> None: ...
    async def clear(self, account: AccountId) -> None: ...


class StaffTable(Protocol):
    """The people who work the desk."""

    async def get(self, staff: StaffId) -> Staff:
        """Raises NotFound."""
        ...

    async def on_slack(self, slack_user: str) -> Staff | None: ...
    async def everyone(self) -> list[Staff]: ...
    async def put(self, staff: Staff) -> None: ...


class Facts(Protocol):
    """Small things the desk must remember: ids pinned at the first start, where a card stands."""

    async def get(self, name: str) -> str | None: ...
    async def put(self, name: str, value: str) -> None: ...


class Policies(Protocol):
    """The versions of the policy text, by SHA-256."""

    async def publish(self, version: str, text: str, at: datetime) -> bool:
        """Make `version` the current one; False: it is already."""
        ...

    async def current(self) -> str | None: ...
    async def text(self, version: str) -> str:
        """Raises NotFound."""
        ...

    async def history(self) -> list[tuple[str, datetime]]:
        """(version, published at), oldest first."""
        ...


class Questions(Protocol):
    """Questions without who asked."""

    async def add(self, question: Question) -> None: ...
    async def get(self, question: str) -> Question:
        """Raises NotFound."""
        ...

    async def save(self, question: Question) -> None: ...
    async def open_ones(self, limit: int = 200) -> list[Question]:
        """Unanswered or unhelpful and not yet reviewed, newest first."""
        ...


class ServiceClocks(Protocol):
    """The response clocks of tickets."""

    async def of(self, ticket: TicketId) -> list[ServiceClock]: ...
    async def save(self, clock: ServiceClock) -> None:
        """Keep a clock; a ticket has one of each metric at most."""
        ...

    async def due_before(
        self, at: datetime, *, limit: int = 50, offset: int = 0
    ) -> list[ServiceClock]:
        """Clocks that tick (not paused, not stopped) and end before `at`, soonest first."""
        ...

    async def count_due_before(self, at: datetime) -> int: ...


class EventLog(Protocol):
    """The audit trail, and every timeline."""

    async def of(self, stream: str) -> list[Recorded]:
        """Oldest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A delivery that was claimed: it is on its way, and no other carrier has it."""

    id: int
    delivery: Delivery
    key: str
    tries: int
    """How often it was tried before."""
    is_repeat: bool
    """An earlier try ended uncertain: what goes out now may be there already."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """The platform confirmed it. `links`: (place, remote id) of each part, in order."""

    surface: str
    links: tuple[tuple[str, str], ...] = ()
    first_part: int = 0
    """Where these parts stand among all of the message: an edit may add to it."""


@dataclass(frozen=True, slots=True)
class NotSent:
    """It surely did not arrive."""

    error: str
    """A code of the platform or of ours; never its words about a person."""
    retry_after: timedelta | None = None
    """The platform's own wish; such a wait does not count as a try."""
    is_final: bool = False
    """Trying again would not help."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """The client blocked the bot."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A timeout or a server's error: nobody knows whether it arrived."""

    error: str


Outcome = Arrived | NotSent | Blocked | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """What one courier carries; each courier has its own, so that a slow one holds up no other."""

    kinds: tuple[type[Delivery], ...] = ()
    """Empty: every kind."""
    at_once: int = 16
    """So many of it may be on their way at a time."""
    conversation: str = ""
    """Where set, only this one: a chat in a terminal leaves everybody else's words alone."""


ANY_LANE = Lane()


class Courier(Protocol):
    """Carries deliveries to one platform."""

    @property
    def lane(self) -> Lane: ...
    async def deliver(self, parcel: Parcel) -> Outcome:
        """Carry it; where `parcel.is_repeat`, as the delivery's rule for doubt says."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A delivery that was given up; staff may send it on its way again."""

    id: int
    kind: str
    conversation: str
    error: str
    since: datetime


class Outbox(Protocol):
    """What is to be carried out of the house."""

    async def put(
        self,
        delivery: Delivery,
        *,
        holder: HolderId | None = None,
        key: str = "",
        not_before: datetime | None = None,
        keeps_place: bool = False,
    ) -> None:
        """Queue a delivery; one whose `key` was queued before is not queued again.

        What waits for `not_before` holds up nothing that comes after it, unless it `keeps_place`.
        """
        ...

    async def waits(self, key: str) -> bool:
        """Whether the delivery of that key is still to leave."""
        ...

    async def withdraw(self, key: str) -> bool:
        """Take a queued delivery back; False: it has left, or was never there."""
        ...

    async def claim(
        self, at: datetime, *, limit: int, lease_until: datetime, lane: Lane = ANY_LANE
    ) -> list[Parcel]:
        """The first waiting delivery of each conversation that has none on its way."""
        ...

    async def finish(self, parcel: int, at: datetime) -> None:
        """It arrived: blank its payload."""
        ...

    async def retry(
        self, parcel: int, at: datetime, *, error: str, counts: bool, uncertain: bool
    ) -> None:
        """Try again at `at`; `counts`: towards the tries after which it becomes a dead letter."""
        ...

    async def give_up(self, parcel: int, at: datetime, *, error: str, dead: bool) -> None:
        """Stop trying. `dead`: staff see it among the dead letters and may revive it."""
        ...

    async def strays(self, at: datetime) -> list[Parcel]:
        """Deliveries whose carrier died on the way: nobody knows whether they arrived."""
        ...

    async def next_due(self) -> datetime | None: ...
    async def dead_letters(self, limit: int = 20) -> list[DeadLetter]: ...
    async def count_dead(self) -> int: ...
    async def revive(self, parcel: int, at: datetime) -> bool: ...
    async def pause(self, conversation: str, until: datetime) -> None:
        """Let what waits in a conversation rest: the client blocked the bot.

        What is queued later does not wait behind it.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """Something to look at when its time comes. What fires re-reads the state before it acts."""

    key: str
    kind: str
    ref: str
    due_at: datetime


class Timers(Protocol):
    """Timers by key; setting a key again moves it."""

    async def put(self, timer: Timer) -> None: ...
    async def get(self, key: str) -> Timer | None: ...
    async def cancel(self, key: str) -> None: ...
    async def due(self, at: datetime, limit: int = 20) -> list[Timer]:
        """Those whose time has come, the oldest first."""
        ...

    async def next_due(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An update as it came in; `key` is what the platform repeats when it sends it twice."""

    key: str
    source: str
    conversation: str
    """Arrivals of one conversation are worked on in order; empty: no order is needed."""
    payload: str


class Inbox(Protocol):
    """What came in, kept before it was acknowledged."""

    async def accept(self, arrivals: Sequence[Arrival], at: datetime) -> int:
        """Keep what is new; how many were. A key that is known is not kept again."""
        ...

    async def claim(self, at: datetime, *, limit: int, lease_until: datetime) -> list[Arrival]:
        """What waits: the oldest of each conversation; nobody else is given it until the lease."""
        ...

    async def fail(self, key: str, *, error: str, next_at: datetime | None) -> int:
        """It failed: again at `next_at`, or never (None), kept for a person. How often it has."""
        ...

    async def release_all(self, at: datetime) -> None:
        """Give back what a dead process had claimed; only where this process is the only one."""
        ...

    async def next_due(self) -> datetime | None: ...

    async def finish(self, key: str, at: datetime) -> None:
        """Mark as done and blank the payload, in the transaction that did the work."""
        ...


class UnitOfWork(Protocol):
    """One transaction. The bus opens and commits it; use cases work in it."""

    actor: Actor
    clock: Clock
    rules: HouseRules
    accounts: Accounts
    tickets: Tickets
    messages: Messages
    flows: Flows
    staff: StaffTable
    facts: Facts
    policies: Policies
    questions: Questions
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

    def record(self, event: Event) -> None:
        """Record a fact that belongs to no aggregate."""
        ...

    async def take_events(self) -> Sequence[Event]:
        """Save every changed aggregate and hand over the facts not yet reacted to."""
        ...

    async def commit(self) -> None: ...
