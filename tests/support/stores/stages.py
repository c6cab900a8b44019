"""Where a contract is played: on the fake, on SQLite, on PostgreSQL."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.application.bus import OpenWork
from bot.application.config import DeskConfig
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import (
    SYSTEM,
    AccountId,
    Actor,
    ClientAddress,
    Language,
    MessageId,
    Surface,
    TicketId,
    new_id,
)
from bot.domain.clients.people import Account
from bot.domain.tickets.message import Direction, Message
from bot.domain.tickets.states import Priority, TicketKind
from bot.domain.tickets.ticket import Ticket
from storage.bootstrap import Store, StoreLocation, StoreMode, open_store
from storage.sqlite.driver import SqliteDriver
from storage.unit_of_work import StoreContext
from tests.support.fakes.store import FakeClock
from tests.support.stores.postgres import Server

MASTER_KEY = "dGVzdHMgaG9sZCBtYWRlLXVwIHNlY3JldHMgb25seSE"


@dataclass
class Stage:
    """A store, where it lies, and its time. `store` and `where` are None on the fake."""

    name: str
    open_work: OpenWork
    clock: FakeClock
    store: Store | None = None
    where: StoreLocation | None = None

    @asynccontextmanager
    async def writing(self, actor: Actor = SYSTEM) -> AsyncIterator[UnitOfWork]:
        """A unit of work that is committed at the end of the block."""
        async with self.open_work(actor, writes=True) as work:
            yield work
            await work.commit()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[UnitOfWork]:
        async with self.open_work(SYSTEM, writes=False) as work:
            yield work

    @property
    def context(self) -> StoreContext:
        assert self.store is not None
        return StoreContext(self.store.database, self.store.ring, self.clock, DeskConfig())

    @property
    def place(self) -> StoreLocation:
        assert self.where is not None
        return self.where


def sqlite_place(file: Path) -> StoreLocation:
    """Through the driver that the environment names, as a desk's own setting would."""
    driver = SqliteDriver(os.environ.get("SQLITE_DRIVER", SqliteDriver.ONETRIP))
    return StoreLocation(
        url=f"sqlite:///{file}", master_key=MASTER_KEY, mode=StoreMode.TESTING, sqlite_driver=driver
    )


def postgres_place(server: Server, database: str) -> StoreLocation:
    return StoreLocation(url=server.url(database), master_key=MASTER_KEY, mode=StoreMode.TESTING)


@asynccontextmanager
async def on_sqlite(template: Path, folder: Path) -> AsyncIterator[Stage]:
    """On a copy of a store that is made already: a tenth of the cost of a new one."""
    file = folder / "desk.db"
    shutil.copy(template, file)
    async with played_at(sqlite_place(file), "sqlite") as stage:
        yield stage


@asynccontextmanager
async def on_postgresql(server: Server, template: str) -> AsyncIterator[Stage]:
    name = server.new_database(template)
    async with played_at(postgres_place(server, name), "postgresql") as stage:
        yield stage
    server.drop(name)


@asynccontextmanager
async def played_at(place: StoreLocation, name: str) -> AsyncIterator[Stage]:
    store = await open_store(place)
    clock = FakeClock()
    context = StoreContext(store.database, store.ring, clock, DeskConfig())
    try:
        yield Stage(name, context.open_work, clock, store, place)
    finally:
        await store.database.close()


async def an_account(work: UnitOfWork, user: str = "", *, name: str = "Alice") -> Account:
    account = Account(
        id=AccountId(new_id()),
        address=ClientAddress(Surface.TELEGRAM, user or new_id()),
        display_name=name,
        language=Language.EN,
        created_at=work.clock.now(),
    )
    await work.accounts.add(account)
    return account


async def a_ticket(
    work: UnitOfWork,
    account: Account | None = None,
    *,
    subject: str = "No internet",
    kind: TicketKind = TicketKind.SUPPORT,
) -> Ticket:
    client = account or await an_account(work)
    ticket = Ticket(
        id=TicketId(new_id()),
        number=await work.tickets.next_number(),
        account=client.id,
        holder=client.holder,
        kind=kind,
        category="internet",
        subject=subject,
        language=Language.EN,
        opened_at=work.clock.now(),
        priority=Priority.P3,
    )
    await work.tickets.add(ticket)
    ticket.announce()
    return ticket


async def a_message(
    work: UnitOfWork, ticket: Ticket, body: str = "Any news?", *, account: Account | None = None
) -> Message:
    message = Message(
        id=MessageId(new_id()),
        account=ticket.account if account is None else account.id,
        ticket=ticket.id,
        direction=Direction.IN,
        author=Actor.account(ticket.account),
        body=body,
        at=work.clock.now(),
    )
    await work.messages.add(message)
    return message
