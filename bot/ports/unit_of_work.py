"""One transaction over everything the desk keeps."""

from collections.abc import Sequence
from typing import Protocol

from bot.addresses import Actor
from bot.events import Event
from bot.house_rules import HouseRules
from bot.identity.budgets import BudgetStore
from bot.ports.carrying import Inbox, Outbox
from bot.ports.clients import Accounts, People
from bot.ports.desk import (
    Clock,
    EventLog,
    Facts,
    Links,
    Policies,
    Questions,
    StaffTable,
    Timers,
)
from bot.ports.requests import Challenges, Digests, Requests
from bot.ports.tickets import Flows, Messages, ServiceClocks, Tickets


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

    def record(self, event: Event) -> None:
        """Record a fact that belongs to no aggregate."""
        ...

    async def take_events(self) -> Sequence[Event]:
        """Save every changed aggregate and hand over the facts not yet reacted to."""
        ...

    async def commit(self) -> None: ...
