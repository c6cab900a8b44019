"""An approved erasure with four sources that can die at any point; run by test_erasure_kills.py.

Reads cases (JSON lines) from standard input and answers each with what was found afterwards. Every
life of the desk is a forked process, so that a death by SIGKILL is a real one. Between the lives
the same chat writes again, an import brings the row again, and the old chat's buttons are pressed.
"""

import asyncio
import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import event, func, select

from bot.application.bus import Bus
from bot.application.client_list.importer import import_rows
from bot.application.client_list.rows import ClientRow, read_csv, read_row
from bot.application.config import DeskConfig
from bot.application.conversation.api import arrive
from bot.application.outbound.delivery import Delivery
from bot.application.ports.queues import Arrived, ClaimedDelivery, Outcome
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.queues.outbox import take_over
from bot.application.reactions import react
from bot.application.tickets.client_tickets import open_ticket
from bot.application.tickets.openings import Opening
from bot.application.wire_names import name_of
from bot.domain.addresses import (
    OPERATOR,
    SYSTEM,
    AccountId,
    Actor,
    ClientAddress,
    MessageId,
    RequestId,
    Surface,
    new_id,
)
from bot.domain.errors import Refused
from bot.domain.fulfilment.plan import SourceKind
from bot.domain.tickets.message import Direction, Message
from bot.domain.tickets.states import TicketKind
from handlers.open_desk import Proving
from handlers.runtime.own_records import OwnRecords
from handlers.runtime.workers.fulfilment_worker import FulfilmentWorker
from storage import audit_chain
from storage.bootstrap import StoreLocation, StoreMode, open_store
from storage.company.sql_source import SqlSource
from storage.company.written_map.map_file import read_map
from storage.models.audit import EventRow
from storage.models.people import AccountRow, HolderKeyRow
from storage.models.requests import RequestRow
from storage.unit_of_work import StoreContext
from tests.faults.dying_sources import (
    COMPANIES,
    ChatFile,
    DyingSource,
    make_companies,
    rows_left,
)
from tests.faults.workload import Fate, in_a_process
from tests.support.builders.erasures import a_head, erasing, nothing_left, nothing_seen
from tests.support.builders.requests import EMAIL, a_person
from tests.support.drivers.whole_turns import settle_and_claim
from tests.support.fakes.sources import FakeLedger, FakePatterns, FakeSigner
from tests.support.fakes.store import FakeClock
from tests.support.stores.stages import Stage

CHAT = "4711"
RULES = DeskConfig(company_sources=COMPANIES)
CLOCK = FakeClock()


async def live(place: StoreLocation, folder: Path, life: int, fate: Fate) -> None:
    """One life of the desk: what came in, the erasure as far as it goes, all that goes out."""
    store = await open_store(place)
    for moment in ("commit", "rollback"):
        event.listen(store.database.engine.sync_engine, moment, fate.pass_by)
    clock = FakeClock()
    clock.go_on(days=5, hours=2 * life)
    context = StoreContext(store.database, store.ring, clock, RULES)
    bus = Bus(context.open_work, react, committed=fate.pass_by)
    await bus.handle(SYSTEM, take_over)
    await noise(bus, life)
    worker = a_worker(bus, folder, clock, fate)
    await worker.take_over()
    for _ in range(80):
        if not await worker.work_once():
            break
    await noise(bus, 100 + life)
    await carry(bus, clock, folder, fate)
    clock.go_on(days=8)
    for _ in range(20):
        if not await worker.work_once():
            break
    await store.database.close()


def a_worker(bus: Bus, folder: Path, clock: FakeClock, fate: Fate) -> FulfilmentWorker:
    chats = (SourceKind.SLACK, SourceKind.TELEGRAM, SourceKind.FILES)
    sources: list[Any] = [
        *(DyingSource(a_company(folder, name), fate) for name in COMPANIES),
        *(ChatFile(one.value, one, folder / f"{one.value}.lines", fate) for one in chats),
    ]
    proving = Proving(
        patterns=FakePatterns,
        signer=FakeSigner(),
        ledger=FakeLedger(),
        clear_deleted=nothing_left,
        head=a_head,
        version="0",
    )
    own = OwnRecords(bus, nothing_seen)
    return FulfilmentWorker(bus, [*sources, own], proving, clock)


def a_company(folder: Path, name: str) -> SqlSource:
    environment = {"COMPANY": f"sqlite:///{folder / name}.db"}
    data_map, problems = read_map(folder / f"{name}.yaml", environment)
    assert data_map is not None, problems
    return SqlSource(data_map)


async def prepare(place: StoreLocation, folder: Path) -> str:
    """A client with a chat, posts about them in both chats, and an erasure that was approved."""
    for kind in (SourceKind.SLACK, SourceKind.TELEGRAM):
        (folder / f"{kind.value}.lines").write_text("one\ntwo\nthree\n", "utf-8")
    store = await open_store(place)
    stage = Stage(
        "", StoreContext(store.database, store.ring, CLOCK, RULES).open_work, CLOCK, store
    )
    companies = [a_company(folder, name) for name in COMPANIES]
    desk = await erasing(stage, *companies, rules=RULES)
    async with stage.writing() as work:
        person = await a_person(work, "C-1")
    request = await desk.approved(person.id, CHAT)
    await store.database.close()
    return request.id


async def noise(bus: Bus, turn: int) -> None:
    """The chat writes, and the list is imported again."""
    await bus.handle(OPERATOR, write, chat=CHAT, turn=turn)
    head = "external_id,name,email"
    raw = read_csv([head, f"C-1,Rahima Khatun,{EMAIL}", "C-2,Karim,karim@example.com"])
    rows = [row for row in map(read_row, raw) if isinstance(row, ClientRow)]
    try:
        await bus.handle(OPERATOR, import_rows, rows=rows)
    except Refused:
        return


async def write(work: UnitOfWork, *, chat: str, turn: int) -> None:
    """A word opens a matter, whoever that chat is by now."""
    account = await arrive(work, address=ClientAddress(Surface.TELEGRAM, chat))
    message = Message(
        id=MessageId(new_id()),
        account=account.id,
        ticket=None,
        direction=Direction.IN,
        author=Actor.account(AccountId(account.id)),
        body=f"word {turn}",
        at=work.clock.now(),
    )
    await work.messages.add(message)
    opening = Opening(
        kind=TicketKind.SUPPORT, category="internet", subject=f"word {turn}", messages=(message,)
    )
    await open_ticket(work, account=account, opening=opening)


async def carry(bus: Bus, clock: FakeClock, folder: Path, fate: Fate) -> None:
    endings: list[tuple[ClaimedDelivery, Outcome]] = []
    for _ in range(24):
        claimed = await bus.handle(SYSTEM, settle_and_claim, endings, 10)
        endings = [(one, take(one, folder / "world", fate)) for one in claimed]
        clock.go_on(minutes=10)


def take(claimed: ClaimedDelivery, file: Path, fate: Fate) -> Outcome:
    fate.pass_by()
    line = {"kind": name_of(type(claimed.delivery)), "repeat": claimed.is_repeat}
    line["about"] = about(claimed.delivery)
    with file.open("a", encoding="utf-8") as world:
        world.write(json.dumps(line) + "\n")
        world.flush()
        os.fsync(world.fileno())
    fate.pass_by()
    return Arrived("telegram", ((claimed.delivery.conversation, claimed.key),))


def about(delivery: Delivery) -> str:
    return str(getattr(delivery, "request", ""))


async def look(place: StoreLocation, folder: Path, request: str) -> dict[str, Any]:
    """What is left when everything has come to rest."""
    store = await open_store(place)
    async with store.database.session(writes=False) as session:
        report = await audit_chain.verify(session, store.keys)
        kinds = Counter(await session.scalars(select(EventRow.type)))
        state = await session.scalar(select(RequestRow.state).where(RequestRow.id == request))
        living = await session.scalar(
            select(func.count())
            .select_from(HolderKeyRow)
            .where(HolderKeyRow.destroyed_at.is_(None), HolderKeyRow.holder == request)
        )
        accounts = await session.scalar(select(func.count()).select_from(AccountRow))
    context = StoreContext(store.database, store.ring, FakeClock(), DeskConfig())
    async with context.open_work(SYSTEM, writes=False) as work:
        kept = await work.fulfilments.get(RequestId(request))
        person = await work.people.known_as("C-1")
    await store.database.close()
    return {
        "chain": report.reason,
        "certificates": kinds["CertificateIssued"],
        "fulfilled": kinds["RequestFulfilled"],
        "state": state,
        "request_key": living,
        "accounts": accounts,
        "is_forgotten": kept is not None and kept.who is None and kept.forgotten_at is not None,
        "is_erased": person is not None and person.erased_at is not None and not person.name,
        "rows": rows_left(folder),
    }


def try_case(case: dict[str, Any]) -> dict[str, Any]:
    place = StoreLocation(url=case["url"], master_key=case["master_key"], mode=StoreMode.TESTING)
    folder = Path(case["folder"])
    make_companies(folder)
    request, _ = in_a_process(lambda: asyncio.run(prepare(place, folder)))
    killed, counted = list[bool](), ""
    for life, dies_at in enumerate((*case["deaths"], 0)):

        def task(life: int = life, dies_at: int = dies_at) -> str:
            fate = Fate(dies_at)
            asyncio.run(live(place, folder, life, fate))
            return json.dumps({"points": fate.points})

        counted, was_killed = in_a_process(task)
        killed.append(was_killed)
    said, _ = in_a_process(lambda: json.dumps(asyncio.run(look(place, folder, request))))
    world = folder / "world"
    lines = world.read_text(encoding="utf-8").splitlines() if world.exists() else []
    found = json.loads(said) | json.loads(counted)
    return found | {"killed": killed, "world": [json.loads(line) for line in lines]}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(try_case(json.loads(line))), flush=True)
