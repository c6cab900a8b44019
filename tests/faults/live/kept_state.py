"""What a live desk's store holds, read beside it."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import func, select

from bot.application.config import DeskConfig
from bot.application.ports.tickets import TicketFilter
from bot.application.staff_desk.words import STAFF_WORDS
from bot.domain.addresses import SYSTEM, Surface
from bot.domain.tickets.message import DeliveryStatus, Direction
from handlers.system_clock import SystemClock
from storage.bootstrap import Store, StoreLocation, StoreMode, open_store
from storage.models.queue import InboxRow, OutboxRow
from storage.unit_of_work import StoreContext
from tests.faults.live.ledger import TOKEN
from tests.support.stores.stages import MASTER_KEY

WAITING = ("queued", "held", "sending")
GIVEN_UP = ("dead",)


@dataclass(frozen=True, slots=True)
class KeptReply:
    """A reply of staff as the desk knows it, and where its post stands in Slack."""

    token: str
    delivery: DeliveryStatus
    posts: tuple[str, ...]
    written_at: str


@dataclass(frozen=True, slots=True)
class Queues:
    """How many rows wait, by kind, and what was given up or put aside."""

    waiting: Counter[str]
    given_up: Counter[str]


@dataclass(frozen=True, slots=True)
class KeptState:
    store: Store

    async def queues(self) -> Queues:
        async with self.store.database.session(writes=False) as session:
            out = await session.execute(
                select(OutboxRow.state, OutboxRow.kind, func.count()).group_by(
                    OutboxRow.state, OutboxRow.kind
                )
            )
            rows = [(f"{kind} {state}", state, count) for state, kind, count in out]
            came = await session.execute(
                select(InboxRow.state, func.count()).group_by(InboxRow.state)
            )
            rows += [(f"inbox {state}", state, count) for state, count in came]
        waits, gone = (*WAITING, "pending"), (*GIVEN_UP, "poison")
        return Queues(
            Counter({name: count for name, state, count in rows if state in waits}),
            Counter({name: count for name, state, count in rows if state in gone}),
        )

    async def waiting_rows(self) -> list[str]:
        """What waits, row by row: since when, until when, after how many tries and what error."""
        found: list[str] = []
        async with self.store.database.session(writes=False) as session:
            for table, since in (
                (InboxRow, InboxRow.received_at),
                (OutboxRow, OutboxRow.created_at),
            ):
                facts = (table.key, table.state, table.tries, table.error, since, table.next_at)
                rows = select(*facts).where(table.state.in_((*WAITING, "pending")))
                found += [
                    f"{table.__tablename__} {' '.join(map(str, row))}"
                    for row in await session.execute(rows)
                ]
        return found

    async def replies(self) -> list[KeptReply]:
        """Those that carry a token, oldest first in each ticket."""
        context = StoreContext(self.store.database, self.store.ring, SystemClock(), DeskConfig())
        found: list[KeptReply] = []
        async with context.open_work(SYSTEM, writes=False) as work:
            for ticket in await work.tickets.find(TicketFilter(), limit=1_000):
                for one in await work.messages.of(ticket.id):
                    token = TOKEN.search(one.body)
                    if one.direction is not Direction.OUT or token is None:
                        continue
                    posts = await work.messages.links(one.id, str(Surface.SLACK))
                    own = await work.messages.links(one.id, STAFF_WORDS)
                    written_at = own[0][1] if own else ""
                    places = tuple(ts for _, ts in posts)
                    found.append(KeptReply(token.group(), one.delivery, places, written_at))
        return found


@asynccontextmanager
async def kept_state(url: str, mode: StoreMode = StoreMode.LIVE) -> AsyncIterator[KeptState]:
    """The store of a desk that may be running."""
    store = await open_store(StoreLocation(url=url, master_key=MASTER_KEY, mode=mode))
    try:
        yield KeptState(store)
    finally:
        await store.database.close()
