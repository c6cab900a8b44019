"""One transaction over everything the desk keeps."""

from collections.abc import Sequence
from typing import Protocol

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
from bot.domain.addresses import Actor
from bot.domain.events import Event
from bot.domain.identity.budgets import BudgetStore


class UnitOfWork(Protocol):
    """One transaction. The bus opens and commits it; use cases work in it."""

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

    def record(self, event: Event) -> None:
        """Record a fact that belongs to no aggregate."""
        ...

    async def take_events(self) -> Sequence[Event]:
        """Save every changed aggregate and hand over the events not yet reacted to."""
        ...

    async def commit(self) -> None: ...
