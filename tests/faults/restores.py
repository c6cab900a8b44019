"""Backups put back after erasures, by every way there is, and killed on the way: nobody is back.

`python -m tests.faults.restores [--erased 50] [--runs 20] [--store sqlite] [--store postgresql]`.
0: after each way and the start that follows, no erased person can be read and nobody else is gone.
"""

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import SYSTEM, PersonId
from bot.domain.errors import NotFound
from bot.domain.fulfilment.identifiers import Identifiers
from bot.domain.requests.record import Subject
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestState
from handlers.open_desk import Desk
from handlers.runtime.composition import open_desk
from handlers.settings import Settings, read_settings
from tests.edges.away import LIVE
from tests.faults.live.places import STORES, a_place
from tests.support.builders.requests import a_request
from tests.support.stores.stages import MASTER_KEY
from tests.volume import ROOT, seed

ERASED, BYSTANDERS, RUNS = 50, 10, 20
COPY = "backup"


@dataclass
class Books:
    """What came of it."""

    ways: dict[str, int] = field(default_factory=dict[str, int])
    killed: int = 0
    back: list[str] = field(default_factory=list[str])
    wrong: list[str] = field(default_factory=list[str])


@dataclass
class Office:
    """One desk with its key and its ledger in files, people in it, and a backup."""

    folder: Path
    url: str
    random: Random
    people: list[PersonId] = field(default_factory=list[PersonId])
    bystanders: list[PersonId] = field(default_factory=list[PersonId])
    books: Books = field(default_factory=Books)

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    @property
    def settings(self) -> Settings:
        own = {name.lower(): value for name, value in LIVE.items()} | {
            "database_url": self.url,
            "privacydesk_master_key_file": self.folder / "desk.key",
            "erasure_ledger": self.folder / "erasures.jsonl",
        }
        return read_settings(**own)

    @asynccontextmanager
    async def desk(self) -> AsyncIterator[Desk]:
        """A start, as `run` makes it."""
        async with open_desk(self.settings) as desk:
            yield desk

    async def furnish(self, erased: int) -> None:
        (self.folder / "desk.key").write_text(MASTER_KEY, encoding="ascii")
        async with self.desk() as desk:
            for number in range(erased + BYSTANDERS):
                request = await a_request(desk.own_bus)
                assert request.subject.person is not None
                whose = self.people if number < erased else self.bystanders
                whose.append(request.subject.person)
        if self.command("backup", str(self.folder / COPY)) != 0:
            raise AssertionError(self.books.wrong)

    async def erase(self) -> None:
        """Everybody, through the one door, and as proved as the ledger can know."""
        async with self.desk() as desk:
            for person in self.people:
                (request,) = await desk.own_bus.look(_requests, person=person)
                who = await desk.own_bus.look(_identifiers, person=person)
                now = desk.clock.now()
                await desk.ledger.note(request.id, who.holders, erased_at=now, certified_at=None)
                await desk.own_bus.handle(SYSTEM, _erase, who=who)
                await desk.ledger.note(request.id, who.holders, erased_at=now, certified_at=now)

    def command(self, *words: str, killed_after: float | None = None) -> int | None:
        """Its exit code; None: it was killed."""
        process = subprocess.Popen(
            (sys.executable, "-m", "handlers", *words),
            cwd=self.folder,
            env=self.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            _, said = process.communicate(timeout=killed_after)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return None
        if process.returncode and words[0] != "restore-check":
            self.books.wrong.append(f"{words}: {said.decode()}")
        return process.returncode

    def environment(self) -> dict[str, str]:
        own = {
            "DATABASE_URL": self.url,
            "PRIVACYDESK_MASTER_KEY_FILE": str(self.folder / "desk.key"),
            "ERASURE_LEDGER": str(self.folder / "erasures.jsonl"),
            "PYTHONPATH": str(ROOT),
        }
        return dict(os.environ) | LIVE | own

    def put_back(self, way: str) -> None:
        """By our own command, or by hand."""
        self.books.ways[way] = self.books.ways.get(way, 0) + 1
        match way:
            case "restore":
                self.command("restore", str(self.folder / COPY))
            case "killed":
                after = self.random.uniform(0.2, 1.0) * self.seconds
                self.books.killed += (
                    self.command("restore", str(self.folder / COPY), killed_after=after) is None
                )
            case _ if self.is_sqlite:
                database = Path(self.url.removeprefix("sqlite:///"))
                for end in ("-wal", "-shm"):
                    database.with_name(database.name + end).unlink(missing_ok=True)
                shutil.copyfile(self.folder / COPY, database)
            case _:
                how = ("--clean", "--if-exists", "--no-owner", "--single-transaction")
                plain = self.url.replace("+psycopg", "")
                subprocess.run(
                    (
                        shutil.which("pg_restore") or "",
                        *how,
                        f"--dbname={plain}",
                        str(self.folder / COPY),
                    ),
                    check=True,
                )

    seconds: float = 0.0
    """How long a restore takes that nobody kills."""

    async def look(self, run: str) -> None:
        """Start, and hold what can be read against who was erased."""
        async with self.desk() as desk:
            back = [one for one in self.people if await desk.own_bus.look(_is_there, person=one)]
            gone = [
                one for one in self.bystanders if not await desk.own_bus.look(_is_there, person=one)
            ]
            states = [await desk.own_bus.look(_states, person=one) for one in self.people]
        self.books.back += [f"{run}: {one}" for one in back]
        self.books.wrong += [f"{run}: {one} is gone, and nobody asked for it" for one in gone]
        if any(states_of - {RequestState.FULFILLED} for states_of in states):
            self.books.wrong.append(f"{run}: a request that was certified is still open")
        if self.command("restore-check") != 0:
            self.books.wrong.append(f"{run}: restore-check says that somebody is back")


async def play(folder: Path, url: str, *, erased: int, runs: int, number: int) -> Books:
    office = Office(folder, url, Random(number))
    await office.furnish(erased)
    await office.erase()
    began = time.monotonic()
    office.put_back("restore")
    office.seconds = time.monotonic() - began
    await office.look("first")
    for run in range(runs):
        way = ("by hand", "killed", "restore")[run % 3]
        office.put_back(way)
        await office.look(f"{run} {way}")
    return office.books


async def _identifiers(work: UnitOfWork, *, person: PersonId) -> Identifiers:
    return await work.records.identifiers(Subject(person=person))


async def _requests(work: UnitOfWork, *, person: PersonId) -> Sequence[DataRequest]:
    return await work.requests.about(Subject(person=person))


async def _erase(work: UnitOfWork, *, who: Identifiers) -> None:
    now = work.clock.now()
    await work.records.fence(who, now)
    await work.records.erase(who, now)
    await work.records.destroy_keys(who, now)


async def _is_there(work: UnitOfWork, *, person: PersonId) -> bool:
    with suppress(NotFound):
        return bool((await work.people.get(person)).name)
    return False


async def _states(work: UnitOfWork, *, person: PersonId) -> set[RequestState]:
    return {one.state for one in await work.requests.about(Subject(person=person))}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--erased", type=int, default=ERASED)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--store", action="append", choices=STORES)
    options = parser.parse_args()
    bad, said = 0, list[str]()
    for store in options.store or STORES:
        folder = Path(tempfile.mkdtemp(prefix=f"restores-{store}-"))
        with a_place(store, folder) as url:
            how = {"erased": options.erased, "runs": options.runs, "number": seed()}
            found = asyncio.run(play(folder, url, **how))
        bad += bool(found.wrong or found.back)
        said.append(
            f"{store}: {options.erased} erased, put back {json.dumps(found.ways)}, "
            f"{found.killed} killed, {len(found.back)} back, {len(found.wrong)} wrong"
        )
        print("\n".join((*found.back, *found.wrong)), file=sys.stderr)
    print(f"seed {seed()}; {'; '.join(said)}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
