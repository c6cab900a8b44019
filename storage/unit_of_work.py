"""One transaction over the whole store."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

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
from bot.application.ports.tickets import Flows, Messages, ServiceClocks, Tickets
from bot.application.ports.troubles import StandingTroubles
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import Actor
from bot.domain.errors import Unavailable
from bot.domain.events import Event
from bot.domain.identity.budgets import BudgetStore
from storage import audit_chain
from storage.database import Database
from storage.guarding.guard import Alarm, Guard, guard_of, set_guard
from storage.keyring.key_ring import KeyRing
from storage.keys import Keys
from storage.repositories.backlog import SqlBacklog
from storage.repositories.card_refs import SqlCardRefs, SqlStaffThreads
from storage.repositories.chat_traces import SqlChatTraces
from storage.repositories.desk import SqlEventLog, SqlKeyValues
from storage.repositories.fulfilments import SqlFulfilments
from storage.repositories.holder_keys import SqlHolderKeys
from storage.repositories.identity import KeyedDigests, SqlBudgets, SqlChallenges
from storage.repositories.inbox import SqlInbox, SqlTimers
from storage.repositories.messages import SqlMessages
from storage.repositories.outbox import SqlOutbox
from storage.repositories.people import SqlAccounts, SqlFlows, SqlStaff
from storage.repositories.persons import SqlPeople
from storage.repositories.policy import SqlLinks, SqlPolicies, SqlQuestions
from storage.repositories.requests import SqlRequests
from storage.repositories.service_clocks import SqlServiceClocks
from storage.repositories.signed_links import SqlSignedLinks
from storage.repositories.tickets import SqlTickets
from storage.repositories.troubles import SqlStandingTroubles
from storage.subject_records.subject_records import SqlSubjectRecords
from storage.vault import Vault


class SqlUnitOfWork:
    """The repositories over one session; a transaction chains its events as its last act."""

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

    def __init__(
        self,
        session: AsyncSession,
        context: "StoreContext",
        keys: Keys,
        actor: Actor,
        *,
        writes: bool,
    ) -> None:
        self.actor, self.clock, self.rules = actor, context.clock, context.rules
        self._session = session
        self._writes = writes
        self._events, self._taken = list[Event](), list[Event]()
        self.vault = Vault(keys, session)
        self.tickets = self._known_tickets = SqlTickets(session, self.vault, locks=writes)
        self.accounts = SqlAccounts(session, self.vault, locks=writes)
        self.messages = SqlMessages(session, self.vault)
        self.flows = SqlFlows(session, self.vault)
        self.staff, self.key_values = SqlStaff(session, self.vault), SqlKeyValues(session)
        self.cards, self.troubles = SqlCardRefs(session), SqlStandingTroubles(session)
        self.staff_threads = SqlStaffThreads(session)
        self.chat_traces = SqlChatTraces(session, self.vault)
        self.policies, self.clocks = SqlPolicies(session), SqlServiceClocks(session)
        self.questions = SqlQuestions(session, self.vault)
        self.links = SqlLinks(session, self.vault)
        self.people = SqlPeople(session, self.vault, context.clock)
        self.requests = self._known_requests = SqlRequests(session, self.vault, locks=writes)
        self.fulfilments, self.records = (
            SqlFulfilments(session, self.vault, context.clock),
            SqlSubjectRecords(session, self.vault, self._known_requests),
        )
        self.challenges = SqlChallenges(session, self.vault, locks=writes)
        self.budgets, self.digests = SqlBudgets(session), KeyedDigests(keys)
        self.signed_links, self.log = (
            SqlSignedLinks(session, keys),
            SqlEventLog(session, self.vault),
        )
        self.outbox = SqlOutbox(session, self.vault, context.clock)
        self.timers, self.holder_keys = SqlTimers(session), SqlHolderKeys(session)
        self.inbox, self.backlog = SqlInbox(session, self.vault), SqlBacklog(session)

    def record(self, event: Event) -> None:
        self._events.append(event)

    async def take_events(self) -> Sequence[Event]:
        taken = [
            *self._events,
            *self._known_tickets.take_events(),
            *self._known_requests.take_events(),
        ]
        self._events.clear()
        await self._known_tickets.flush()
        await self._known_requests.flush()
        self._taken.extend(taken)
        return taken

    async def commit(self) -> None:
        if not self._writes:
            raise Unavailable("store.read_only")
        await self.take_events()
        await guard_of(self._session).flush()
        await audit_chain.append(
            self._session, self.vault, self._taken, actor=self.actor, at=self.clock.now()
        )
        await self._session.commit()
        self._taken = []


@dataclass(frozen=True, slots=True)
class StoreContext:
    """What every unit of work shares."""

    database: Database
    ring: KeyRing
    clock: Clock
    rules: DeskConfig
    alarm: Alarm | None = None
    """Who is told of a row that is not as the desk wrote it."""

    @property
    def keys(self) -> Keys:
        """The newest keys this process knows."""
        return self.ring.latest

    @asynccontextmanager
    async def session(self, *, writes: bool) -> AsyncGenerator[tuple[AsyncSession, Keys]]:
        """A session, and the keys that fit what it sees."""
        async with self.database.session(writes=writes) as session:
            keys = await self.ring.for_transaction(session, writes=writes)
            set_guard(session, Guard(keys.state, session, self.alarm))
            yield session, keys

    @asynccontextmanager
    async def open_work(self, actor: Actor, *, writes: bool) -> AsyncGenerator[UnitOfWork]:
        """A unit of work; what it does not commit is rolled back."""
        async with self.session(writes=writes) as (session, keys):
            yield SqlUnitOfWork(session, self, keys, actor, writes=writes)
