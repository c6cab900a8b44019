"""How fast is looked for what is left: `python -m tests.benchmarks.residual_scan [--mib 256]`.

Prints each figure beside its limit: plain data against `grep -F -f` of the same identifiers, sealed
cells a second, the most memory held. Nothing is asserted: machines differ.
"""

import argparse
import asyncio
import random
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.application.config import DeskConfig
from bot.application.ports.sources import Order
from bot.domain.addresses import SYSTEM, RequestId
from bot.domain.fulfilment.plan import SourceKind, SourcePlan
from storage import statements
from storage.bootstrap import StoreLocation, StoreMode, open_store
from storage.models.tickets import MessageRow
from storage.residual.files import look_at_files, raw_hits
from storage.residual.patterns import SubjectPatterns
from storage.residual.sqlite_cells import SqliteCells
from storage.residual.store_search import StoreSearch
from storage.subject_records.deleted_bytes import clear_deleted
from storage.unit_of_work import StoreContext
from storage.vault import Vault
from tests.support.builders.planted import subject
from tests.support.fakes.store import FakeClock
from tests.support.stores.stages import MASTER_KEY, a_ticket, an_account

CELLS, TALKS, COLUMNS, AT_ONCE = 100_000, 200, 2, 1_000
MIB = 1 << 20
MOST_TIMES, LEAST_CELLS, MOST_MEMORY = 3, 40_000, 200
WORDS = ("invoice", "router", "paid", "address", "call", "month", "2026-01-02", "ধন্যবাদ", "fibre")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mib", type=int, default=256)
    options = parser.parse_args()
    who = subject(persons=("p" * 32,))
    patterns = SubjectPatterns(who)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data, identifiers = folder / "data.txt", folder / "identifiers"
        _write(data, options.mib)
        identifiers.write_text("\n".join(one.value for one in who.values), encoding="utf-8")
        before = _memory()
        asyncio.run(_plain(data, identifiers, patterns, options.mib))
        asyncio.run(_sealed(folder, patterns))
        held = _memory()
    print(f"memory {held:.0f} MiB at most, {before:.0f} before (limit {MOST_MEMORY})")


async def _plain(data: Path, identifiers: Path, patterns: SubjectPatterns, mib: int) -> None:
    command = ("grep", "-c", "-a", "-F", "-f", str(identifiers), str(data))
    took = min(_seconds(command) for _ in range(3))
    started = time.perf_counter()
    looked = await look_at_files([data], patterns)
    ours = time.perf_counter() - started
    print(f"plain: {mib} MiB in {ours:.2f} s, {mib / ours:.0f} MiB/s, {len(looked.hits)} found")
    print(f"  grep -F -f of the same: {took:.2f} s; {ours / took:.1f} times (limit {MOST_TIMES})")


def _seconds(command: tuple[str, ...]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=False, capture_output=True)
    return time.perf_counter() - started


async def _sealed(folder: Path, patterns: SubjectPatterns) -> None:
    place = StoreLocation(
        url=f"sqlite:///{folder}/desk.db", master_key=MASTER_KEY, mode=StoreMode.TESTING
    )
    store = await open_store(place)
    clock = FakeClock()
    context = StoreContext(store.database, store.ring, clock, DeskConfig())
    await _fill(context)
    await clear_deleted(store.database)
    plan = SourcePlan(source="desk", kind=SourceKind.DESK)
    who = subject(persons=("p" * 32,))
    order = Order(request=RequestId("f" * 32), round=1, who=who, plan=plan, now=clock.now())
    cells = SqliteCells(store.database.url)
    search = StoreSearch(order=order, patterns=patterns, keys=store.keys, cells=cells, masks=False)
    took = _took(search.run)
    cells.close()
    size = (folder / "desk.db").stat().st_size / MIB
    pages = _took(lambda: raw_hits([folder / "desk.db"], patterns, 0))
    await store.database.close()
    print(f"sealed: {CELLS:,} cells in {took:.2f} s, of {search.count:,} that were looked into")
    print(f"  {CELLS / took:,.0f} sealed cells a second (limit {LEAST_CELLS:,})")
    print(f"  its bare pages: {size:.0f} MiB in {pages:.2f} s")


def _took(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


async def _fill(context: StoreContext) -> None:
    """Rows as a desk writes them, without the seals of rows, which no look reads."""
    drawn = random.Random(1)
    async with context.open_work(SYSTEM, writes=True) as work:
        tickets = [await a_ticket(work, await an_account(work)) for _ in range(TALKS)]
        await work.commit()
    async with context.session(writes=True) as (session, keys):
        vault = Vault(keys, session)
        rows = list[dict[str, object]]()
        for number in range(CELLS // COLUMNS):
            ticket = tickets[number % TALKS]
            message = f"{number:032x}"
            rows.append(
                {
                    "id": message,
                    "account": ticket.account,
                    "ticket": ticket.id,
                    "direction": "in",
                    "author": f"account:{ticket.account}",
                    "body": await vault.seal(
                        ticket.account,
                        f"message.body:{message}",
                        " ".join(drawn.choices(WORDS, k=20)),
                    ),
                    "details": await vault.seal(
                        ticket.account, f"message.details:{message}", '{"topic": "1"}'
                    ),
                    "media_group": "",
                    "delivery": "none",
                    "delivery_error": "",
                    "version": 1,
                    "at": context.clock.now(),
                }
            )
            if len(rows) == AT_ONCE:
                await session.execute(statements.insert(MessageRow), rows)
                rows.clear()
        await session.commit()


def _write(data: Path, mib: int) -> None:
    drawn = random.Random(2)
    with data.open("w", encoding="utf-8") as file:
        size = 0
        while size < mib * MIB:
            block = "".join(_lines(drawn))
            file.write(block * 4)
            size += len(block.encode()) * 4


def _lines(drawn: random.Random) -> Iterator[str]:
    for _ in range(20_000):
        words = " ".join(drawn.choices(WORDS, k=9))
        yield (
            f"{drawn.randint(10**9, 10**10)},{words},user{drawn.randint(1, 10**6)}@example.com,"
            f"+88018{drawn.randint(10**7, 10**8 - 1)}\n"
        )


def _memory() -> float:
    """MiB at most, so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
