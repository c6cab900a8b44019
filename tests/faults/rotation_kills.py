"""Rotations of the keys, killed at random moments beside somebody who goes on writing.

`python -m tests.faults.rotation_kills [--runs 50] [--store sqlite] [--store postgresql]`: half of
the runs exchange the master key, half all keys. 0: after each, every word that was saved is
readable, one key is in use for each purpose, and the chain holds.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bot.application.config import DeskConfig
from bot.domain.addresses import SYSTEM
from bot.domain.errors import Unavailable
from storage import audit_chain
from storage.bootstrap import StoreLocation, open_store
from storage.keys import KEPT, KeyPurpose
from storage.unit_of_work import StoreContext
from tests.edges.away import LIVE
from tests.faults.live.places import STORES, a_place
from tests.support.fakes.store import FakeClock
from tests.support.stores.stages import MASTER_KEY, a_message, a_ticket
from tests.volume import ROOT, seed

RUNS = 50
FIRST_TICKETS, FIRST_WORDS = 30, 10
WORD_EVERY = 0.05
"""Seconds between two words of whoever writes meanwhile."""
KINDS = ((), ("--compromised",))


@dataclass
class Books:
    """What was saved and must be readable, and what came of the rotations."""

    saved: dict[str, str] = field(default_factory=dict[str, str])
    killed: int = 0
    whole: int = 0
    refused_words: int = 0
    wrong: list[str] = field(default_factory=list[str])


@dataclass
class Office:
    """One store with its key in a file, and whoever is at work on it."""

    folder: Path
    url: str
    random: Random
    books: Books = field(default_factory=Books)
    seconds: float = 0.0
    """How long a rotation takes that nobody kills."""

    @property
    def place(self) -> StoreLocation:
        return StoreLocation(url=self.url, master_key_file=self.folder / "desk.key")

    @asynccontextmanager
    async def context(self) -> AsyncIterator[StoreContext]:
        store = await open_store(self.place)
        try:
            yield StoreContext(store.database, store.ring, FakeClock(), DeskConfig())
        finally:
            await store.database.close()

    async def furnish(self) -> None:
        (self.folder / "desk.key").write_text(MASTER_KEY, encoding="ascii")
        async with self.context() as context:
            for _ in range(FIRST_TICKETS):
                await self.write(context, FIRST_WORDS)

    async def write(self, context: StoreContext, words: int = 1) -> None:
        name = f"word-{self.random.getrandbits(64):x}"
        async with context.open_work(SYSTEM, writes=True) as work:
            ticket = await a_ticket(work, subject=name)
            for _ in range(words):
                await a_message(work, ticket, name)
            await work.commit()
        self.books.saved[ticket.id] = name

    async def go_on_writing(self) -> None:
        async with self.context() as context:
            while True:
                try:
                    await self.write(context)
                except Unavailable:
                    self.books.refused_words += 1
                await asyncio.sleep(WORD_EVERY)

    async def rotate(self, kind: tuple[str, ...], killed_after: float | None) -> None:
        """The command itself, as a process of its own."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "handlers", "keys", "rotate", *kind),
            cwd=self.folder,
            env=self.environment(),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        said = asyncio.ensure_future(process.communicate())
        done, _ = await asyncio.wait((said,), timeout=killed_after)
        if not done:
            with suppress(ProcessLookupError):
                process.kill()
        _, words = await said
        self.books.killed += not done
        self.books.whole += process.returncode == 0
        if done and process.returncode:
            self.books.wrong.append(f"{kind}: {words.decode()}")

    def environment(self) -> dict[str, str]:
        own = {"DATABASE_URL": self.url, "PRIVACYDESK_MASTER_KEY_FILE": "desk.key"}
        return dict(os.environ) | LIVE | own | {"PYTHONPATH": str(ROOT)}

    async def look(self, run: int) -> None:
        """Open the store as the next start would, and hold it against what was saved."""
        store = await open_store(self.place)
        context = StoreContext(store.database, store.ring, FakeClock(), DeskConfig())
        try:
            await self._read_all(context, run)
            async with context.session(writes=False) as (session, keys):
                report = await audit_chain.verify(session, keys)
            status = await store.rotation.status()
        finally:
            await store.database.close()
        kept = len(KEPT) * status.generation
        if report.first_bad is not None:
            self.books.wrong.append(f"run {run}: the chain breaks at {report.first_bad}")
        if (status.in_use, status.kept, status.is_unfinished) != (len(KeyPurpose), kept, False):
            self.books.wrong.append(f"run {run}: {status}")

    async def _read_all(self, context: StoreContext, run: int) -> None:
        async with context.open_work(SYSTEM, writes=False) as work:
            for ticket, name in list(self.books.saved.items()):
                found = await work.tickets.get(ticket)  # pyright: ignore[reportArgumentType]
                said = {one.body for one in await work.messages.of(found.id)}
                if found.subject != name or said != {name}:
                    self.books.wrong.append(f"run {run}: {ticket} cannot be read")


async def play(folder: Path, url: str, runs: int, number: int) -> Books:
    """Every second run exchanges all keys; all but the first two are killed."""
    office = Office(folder, url, Random(number))
    await office.furnish()
    writing = asyncio.ensure_future(office.go_on_writing())
    try:
        for kind in KINDS:
            began = time.monotonic()
            await office.rotate(kind, None)
            office.seconds = time.monotonic() - began
        for run in range(runs):
            after = office.random.uniform(0.3, 1.05) * office.seconds
            await office.rotate(KINDS[run % 2], after)
            await office.look(run)
            if writing.done():
                await writing
    finally:
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
    await office.look(runs)
    return office.books


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--store", action="append", choices=STORES)
    options = parser.parse_args()
    bad = 0
    said: list[str] = []
    for store in options.store or STORES:
        folder = Path(tempfile.mkdtemp(prefix=f"rotations-{store}-"))
        with a_place(store, folder) as url:
            found = asyncio.run(play(folder, url, options.runs, seed()))
        bad += bool(found.wrong)
        said.append(
            f"{store}: {found.killed} killed, {found.whole} whole, {len(found.saved)} tickets, "
            f"{found.refused_words} words refused, {len(found.wrong)} wrong"
        )
        print("\n".join(found.wrong), file=sys.stderr)
    print(f"seed {seed()}; {'; '.join(said)}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
