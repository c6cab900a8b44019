"""A small day at the desk that can die at any point: run by test_crash.py, never imported.

Reads cases (JSON lines: place, deaths) from standard input and answers each with what was found
afterwards. Every life of the desk is a forked process, so that a death by SIGKILL is a real one.
"""

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import event, func, select, text

from bot.application.bus import Bus
from bot.application.config import DeskConfig
from bot.application.outbound.delivery import Delivery
from bot.application.outbound.to_staff import ToDesk
from bot.application.ports.queues import Arrived, ClaimedDelivery, InboundUpdate, Outcome
from bot.application.ports.tickets import TicketFilter
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.queues.inbox import accept_and_claim
from bot.application.queues.outbox import take_over
from bot.application.reactions import react
from bot.application.staff_desk.replies import reply
from bot.application.staff_desk.words import Words
from bot.application.tickets.client_tickets import open_ticket
from bot.application.tickets.openings import Opening, add_to_ticket
from bot.application.wire_names import name_of
from bot.domain.addresses import (
    OPERATOR,
    SYSTEM,
    AccountId,
    Actor,
    ClientAddress,
    Language,
    MessageId,
    Surface,
)
from bot.domain.clients.people import Account
from bot.domain.tickets.message import Direction, Message
from bot.domain.tickets.states import TicketKind
from storage import audit_chain
from storage.bootstrap import Store, StoreLocation, StoreMode, open_store
from storage.models.audit import EventRow
from storage.models.queue import InboxRow, OutboxRow
from storage.models.tickets import MessageRow
from storage.unit_of_work import StoreContext
from tests.support.drivers.whole_turns import settle_and_claim
from tests.support.fakes.store import FakeClock

DAY = (
    InboundUpdate(key="u:1", source="t", conversation="alice", payload="open"),
    InboundUpdate(key="u:2", source="t", conversation="alice", payload="add"),
    InboundUpdate(key="u:3", source="t", conversation="bob", payload="open"),
    InboundUpdate(key="u:4", source="s", conversation="desk", payload="reply"),
)


LAST = (
    select(EventRow.stream, func.max(EventRow.seq))
    .where(EventRow.stream.startswith("ticket:"))
    .group_by(EventRow.stream)
)
REPLIES = select(MessageRow.delivery).where(MessageRow.direction == Direction.OUT)


@dataclass
class Fate:
    """Counts the points at which a process could die, and dies at one of them."""

    dies_at: int
    points: int = 0
    carrying: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    """Before and after which points a delivery of that kind was carried."""

    def pass_by(self, *_: object) -> None:
        self.points += 1
        if self.points == self.dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def carry(self, kind: str) -> None:
        """A point at which a delivery is on its way."""
        self.pass_by()
        self.carrying.setdefault(kind, []).append(self.points)


async def live(place: StoreLocation, world: Path, life: int, fate: Fate) -> None:
    """One life of the desk: take over, work the day off, carry everything."""
    store = await open_store(place)
    watch(store.database.engine.sync_engine, fate)
    clock = FakeClock()
    clock.go_on(hours=life)
    context = StoreContext(store.database, store.ring, clock, DeskConfig())
    bus = Bus(context.open_work, react, committed=fate.pass_by)
    await bus.handle(SYSTEM, take_over)
    await work_off(bus)
    await carry(bus, clock, store, World(world, fate))
    await store.database.close()


def watch(engine: Any, fate: Fate) -> None:
    for moment in ("before_cursor_execute", "after_cursor_execute", "commit", "rollback"):
        event.listen(engine, moment, fate.pass_by)


async def work_off(bus: Bus) -> None:
    came: tuple[InboundUpdate, ...] = DAY
    while True:
        turn = await bus.handle(SYSTEM, accept_and_claim, came, 10)
        came = ()
        if not turn.taken:
            return
        for inbound in turn.taken:
            await bus.finishing(inbound.key).handle(OPERATOR, deal_with, inbound=inbound)


async def deal_with(work: UnitOfWork, *, inbound: InboundUpdate) -> None:
    if inbound.payload == "reply":
        (first, *_) = await work.tickets.find(TicketFilter(number_part="T-000001"))
        await reply(work, ticket=first.id, words=Words(text="We are on it."))
        return
    account = await known_client(work, inbound.conversation)
    message = Message(
        id=MessageId(f"word-{inbound.key}"),
        account=account.id,
        ticket=None,
        direction=Direction.IN,
        author=Actor.account(account.id),
        body=f"Words of {inbound.key}",
        at=work.clock.now(),
    )
    await work.messages.add(message)
    if inbound.payload == "open":
        opening = Opening(
            kind=TicketKind.SUPPORT, category="internet", subject="No internet", messages=(message,)
        )
        await open_ticket(work, account=account, opening=opening)
    else:
        (ticket, *_) = await work.tickets.find(TicketFilter(account=account.id))
        await add_to_ticket(work, ticket=ticket, message=message)


async def known_client(work: UnitOfWork, name: str) -> Account:
    address = ClientAddress(Surface.TELEGRAM, name)
    if found := await work.accounts.at(address):
        return found
    account = Account(
        id=AccountId(f"account-{name}"),
        address=address,
        display_name=name,
        language=Language.EN,
        created_at=work.clock.now(),
    )
    await work.accounts.add(account)
    return account


async def carry(bus: Bus, clock: FakeClock, store: Store, world: "World") -> None:
    """Carry until nothing waits."""
    endings: list[tuple[ClaimedDelivery, Outcome]] = []
    for _ in range(40):
        claimed_deliveries = await bus.handle(SYSTEM, settle_and_claim, endings, 10)
        known = await events_so_far(store)
        endings = [(claimed, world.take(claimed, known)) for claimed in claimed_deliveries]
        clock.go_on(minutes=2)
    assert endings == []


async def events_so_far(store: Store) -> int:
    """What whoever shows something now can know of."""
    async with store.database.session(writes=False) as session:
        return await session.scalar(select(func.max(EventRow.seq))) or 0


@dataclass
class World:
    """A file to which every delivery adds a line."""

    file: Path
    fate: Fate

    def take(self, claimed: ClaimedDelivery, known: int) -> Outcome:
        kind = name_of(type(claimed.delivery))
        self.fate.carry(kind)
        line = {
            "key": claimed.key,
            "kind": kind,
            "is_view": bool(claimed.delivery.coalesce),
            "repeat": claimed.is_repeat,
            "known": known,
            "stream": stream_of(claimed.delivery),
        }
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self.fate.carry(kind)
        return Arrived("telegram", ((claimed.delivery.conversation, claimed.key),))


def stream_of(delivery: Delivery) -> str:
    """The ticket whose state a delivery to staff shows; empty: none."""
    return f"ticket:{delivery.ticket}" if isinstance(delivery, ToDesk) else ""


async def look(place: StoreLocation) -> dict[str, Any]:
    """What the day left in the store."""
    store = await open_store(place)
    async with store.database.session(writes=False) as session:
        report = await audit_chain.verify(session, store.keys)
        kinds = list(await session.scalars(select(EventRow.type)))
        found = {
            "chain": report.reason,
            "rows": report.rows,
            "events": dict(Counter(kinds)),
            "inbox": list(await session.scalars(select(InboxRow.state))),
            "outbox": sorted(await session.scalars(select(OutboxRow.state))),
            "put": dict(Counter(await session.scalars(select(OutboxRow.kind)))),
            "replies": sorted(await session.scalars(REPLIES)),
            "last": {row[0]: row[1] for row in await session.execute(LAST)},
            "integrity": "ok",
        }
        if store.database.is_sqlite:
            found["integrity"] = await session.scalar(text("PRAGMA integrity_check"))
    context = StoreContext(store.database, store.ring, FakeClock(), DeskConfig())
    async with context.open_work(SYSTEM, writes=False) as work:
        tickets = await work.tickets.find(TicketFilter())
        found["tickets"] = {
            ticket.number: sorted(one.body for one in await work.messages.of(ticket.id))
            for ticket in tickets
        }
    await store.database.close()
    return found


def in_a_process(task: Callable[[], str]) -> tuple[str, bool]:
    """What `task` returned in a forked process, and whether that was killed."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        status = 1
        try:
            os.write(writer, task().encode())
            status = 0
        finally:
            os._exit(status)
    os.close(writer)
    with os.fdopen(reader) as answer:
        said = answer.read()
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        sys.exit("a life ended in an error; its traceback stands above")
    return said, os.WIFSIGNALED(status)


def try_case(case: dict[str, Any]) -> dict[str, Any]:
    place = StoreLocation(url=case["url"], master_key=case["master_key"], mode=StoreMode.TESTING)
    world = Path(case["world"])
    killed = []
    counted = ""
    for life, dies_at in enumerate((*case["deaths"], 0)):

        def task(life: int = life, dies_at: int = dies_at) -> str:
            fate = Fate(dies_at)
            asyncio.run(live(place, world, life, fate))
            return json.dumps({"points": fate.points, "carrying": fate.carrying})

        counted, was_killed = in_a_process(task)
        killed.append(was_killed)
    said, _ = in_a_process(lambda: json.dumps(asyncio.run(look(place))))
    lines = world.read_text(encoding="utf-8").splitlines() if world.exists() else []
    return json.loads(said) | {
        **json.loads(counted),
        "killed": killed,
        "world": [json.loads(line) for line in lines],
    }


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(try_case(json.loads(line))), flush=True)
