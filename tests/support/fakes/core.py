"""In-memory doubles of every port; tests/contracts hold them equal to the real adapters."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from bot.application.config import DeskConfig
from bot.application.ports.backlog import Backlog
from bot.application.ports.card_refs import CardRefs, StaffThreads
from bot.application.ports.chat_traces import ChatTraces
from bot.application.ports.clients import Accounts, People
from bot.application.ports.data_requests import Challenges, Digests, Requests, SignedLinks
from bot.application.ports.desk import (
    Clock,
    EventLog,
    KeyValueStore,
    Links,
    Policies,
    Questions,
    StaffTable,
    Timers,
)
from bot.application.ports.fulfilments import Fulfilments, HolderKeys, SubjectRecords
from bot.application.ports.queues import Inbox, Outbox
from bot.application.ports.tickets import (
    Flows,
    Messages,
    ServiceClocks,
    Tickets,
)
from bot.application.ports.troubles import StandingTroubles
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.wire_names import name_of
from bot.domain.addresses import (
    Actor,
)
from bot.domain.errors import Unavailable
from bot.domain.events import Event, Recorded
from bot.domain.identity.budgets import BudgetStore
from tests.support.fakes.accounts import FakeAccounts
from tests.support.fakes.backlog import FakeBacklog
from tests.support.fakes.card_refs import FakeCardRefs, FakeStaffThreads, FakeStandingTroubles
from tests.support.fakes.chat_traces import FakeChatTraces
from tests.support.fakes.fulfilments import FakeFulfilments
from tests.support.fakes.people import (
    FakeBudgets,
    FakeChallenges,
    FakeDigests,
    FakePeople,
    FakeSignedLinks,
)
from tests.support.fakes.queues import FakeInbox, FakeOutbox, FakeTimers
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
from tests.support.fakes.store import FakeClock, Store
from tests.support.fakes.subject_records import FakeHolderKeys, FakeSubjectRecords
from tests.support.fakes.tickets import FakeMessages, FakeTickets


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
    chat_traces: ChatTraces
    troubles: StandingTroubles
    policies: Policies
    questions: Questions
    links: Links
    clocks: ServiceClocks
    people: People
    requests: Requests
    fulfilments: Fulfilments
    records: SubjectRecords
    holder_keys: HolderKeys
    challenges: Challenges
    budgets: BudgetStore
    digests: Digests
    signed_links: SignedLinks
    log: EventLog
    outbox: Outbox
    timers: Timers
    inbox: Inbox
    backlog: Backlog

    def __init__(self, storage: "FakeStorage", actor: Actor, *, writes: bool) -> None:
        self._store, self._draft = storage.store, storage.store.draft()
        self._writes = writes
        self._recorded: list[Event] = []
        self._taken: list[Event] = []
        self.actor, self.clock, self.rules = actor, storage.clock, storage.rules
        self._known_tickets = FakeTickets(self._draft)
        self.tickets = self._known_tickets
        self._known_requests = FakeRequests(self._draft)
        self.requests = self._known_requests
        self.fulfilments, self.records = (
            FakeFulfilments(self._draft),
            FakeSubjectRecords(self._draft, self._known_requests),
        )
        self.people = FakePeople(self._draft.people, self._draft.accounts, self.clock)
        self.challenges = FakeChallenges(self._draft)
        self.digests = digests = FakeDigests()
        self.accounts, self.messages = FakeAccounts(self._draft), FakeMessages(self._draft)
        self.flows, self.staff = FakeFlows(self._draft), FakeStaffTable(self._draft.staff)
        self.key_values = FakeKeyValues(self._draft.facts)
        self.troubles, self.budgets = (
            FakeStandingTroubles(self._draft.troubles),
            FakeBudgets(self._draft.spendings, self._draft.tallies),
        )
        self.staff_threads = FakeStaffThreads(self._draft.refused, self._draft.uploads)
        self.cards, self.chat_traces = (
            FakeCardRefs(self._draft.cards, self._draft.tickets),
            FakeChatTraces(self._draft),
        )
        self.policies, self.signed_links = (
            FakePolicies(self._draft.policies, self._draft.published),
            FakeSignedLinks(self._draft.signed_links, digests),
        )
        questions, links = self._draft.questions, self._draft.question_links
        self.questions, self.links = FakeQuestions(questions), FakeLinks(links)
        self.clocks, self.log = FakeServiceClocks(self._draft.clocks), FakeEventLog(self._draft)
        self.outbox, self.timers, self.holder_keys = (
            FakeOutbox(self._draft.outbox, storage.clock, self._draft.fenced),
            FakeTimers(self._draft.timers),
            FakeHolderKeys(self._draft),
        )
        self.inbox, self.backlog = FakeInbox(self._draft.inbox), FakeBacklog(self._draft)

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
