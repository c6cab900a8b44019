"""One transaction over the whole store."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from bot.addresses import Actor
from bot.errors import Unavailable
from bot.events import Event
from bot.house_rules import HouseRules
from bot.ports import Clock, UnitOfWork
from storage import chain
from storage.database import Database
from storage.keys import Keys
from storage.repositories.desk import SqlEventLog, SqlFacts
from storage.repositories.messages import SqlMessages
from storage.repositories.people import SqlAccounts, SqlFlows, SqlStaff
from storage.repositories.policy import SqlPolicies, SqlQuestions
from storage.repositories.queue import SqlInbox, SqlOutbox, SqlTimers
from storage.repositories.tickets import SqlServiceClocks, SqlTickets
from storage.vault import Vault


class SqlUnitOfWork:
    """The repositories over one session; the facts of a transaction are chained as its last act."""

    def __init__(
        self,
        session: AsyncSession,
        keys: Keys,
        *,
        actor: Actor,
        clock: Clock,
        rules: HouseRules,
        writes: bool,
    ) -> None:
        self.actor, self.clock, self.rules = actor, clock, rules
        self._session = session
        self._writes = writes
        self._facts: list[Event] = []
        self._taken: list[Event] = []
        self.vault = Vault(keys, session)
        self.accounts = SqlAccounts(session, self.vault)
        self.tickets = SqlTickets(session, self.vault, locks=writes)
        self.messages = SqlMessages(session, self.vault)
        self.flows = SqlFlows(session, self.vault)
        self.staff = SqlStaff(session)
        self.facts = SqlFacts(session)
        self.policies = SqlPolicies(session)
        self.questions = SqlQuestions(session, self.vault)
        self.clocks = SqlServiceClocks(session)
        self.log = SqlEventLog(session, self.vault)
        self.outbox = SqlOutbox(session, self.vault, clock)
        self.timers = SqlTimers(session)
        self.inbox = SqlInbox(session, self.vault)

    def record(self, event: Event) -> None:
        self._facts.append(event)

    async def take_events(self) -> Sequence[Event]:
        taken, self._facts = self._facts, []
        for ticket in list(self.tickets.seen.values()):
            if ticket.events:
                taken.extend(ticket.events)
                ticket.events.clear()
                await self.tickets.save(ticket)
        self._taken.extend(taken)
        return taken

    async def commit(self) -> None:
        if not self._writes:
            raise Unavailable("store.read_only")
        await self.take_events()
        await chain.append(
            self._session, self.vault, self._taken, actor=self.actor, at=self.clock.now()
        )
        await self._session.commit()
        self._taken = []


OpenWork = Callable[..., AbstractAsyncContextManager[UnitOfWork]]


def work_opener(database: Database, keys: Keys, clock: Clock, rules: HouseRules) -> OpenWork:
    """What the bus opens its units of work with."""

    @asynccontextmanager
    async def open_work(actor: Actor, *, writes: bool) -> AsyncGenerator[UnitOfWork]:
        async with database.session(writes=writes) as session:
            yield SqlUnitOfWork(session, keys, actor=actor, clock=clock, rules=rules, writes=writes)

    return open_work
