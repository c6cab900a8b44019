"""Random pairs of deaths: `python -m tests.nightly_deaths --sqlite 2000 --postgresql 300`.

Each pair is two real ones: the second falls into the life that follows the first, whose length a
single death there has told. What was played is kept in .nightly/volumes/ and not played again on
the same commit by the same seed. 0: nothing was lost or doubled.
"""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from random import Random

from storage.bootstrap import StoreLocation, open_store
from tests.faults.test_crash import Found, PlayGround, wrong_with
from tests.nightly_steps import KEPT, is_certain, tree
from tests.support.stores.fold_log import fold_log
from tests.support.stores.postgres import a_server
from tests.support.stores.stages import postgres_place, sqlite_place
from tests.volume import seed

Deaths = tuple[int, ...]
SIDE_BY_SIDE = 2
SAID_EVERY = 100


@dataclass(frozen=True)
class Case:
    """How a case ended: what was wrong with it, and how long its last life was."""

    deaths: Deaths
    killed: list[bool]
    points: int
    wrong: list[str]


@dataclass
class Book:
    """Every case that was played, a line each."""

    file: Path
    cases: dict[Deaths, Case] = field(default_factory=dict[Deaths, Case])

    def __post_init__(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        if not is_certain(self.file.parent.name):
            self.file.unlink(missing_ok=True)
        lines = self.file.read_text(encoding="utf-8").splitlines() if self.file.exists() else []
        for line in lines:
            kept = json.loads(line)
            case = Case(**kept | {"deaths": tuple(kept["deaths"])})
            self.cases[case.deaths] = case

    def add(self, case: Case) -> None:
        self.cases[case.deaths] = case
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(vars(case)) + "\n")


@dataclass
class Theatre:
    """Two playhouses, and new stores to play in."""

    grounds: SimpleQueue[PlayGround]
    new_store: Callable[[Path], str]
    folder: Path
    numbers: Iterator[int] = field(default_factory=count)

    def play(self, deaths: Deaths) -> Found:
        own = self.folder / str(next(self.numbers))
        own.mkdir()
        context = self.grounds.get()
        try:
            return context.play(self.new_store(own), own / "world", deaths)
        finally:
            self.grounds.put(context)
            shutil.rmtree(own)


@contextmanager
def on_sqlite(folder: Path) -> Iterator[Callable[[Path], str]]:
    template = folder / "template.db"

    def copy(own: Path) -> str:
        shutil.copy(template, own / "desk.db")
        return f"sqlite:///{own / 'desk.db'}"

    asyncio.run(_make(sqlite_place(template)))
    yield copy


@contextmanager
def on_postgresql(_folder: Path) -> Iterator[Callable[[Path], str]]:
    """The databases go with the server in the end."""
    with a_server() as server:
        template = server.new_database()
        asyncio.run(_make(postgres_place(server, template)))
        yield lambda _own: server.url(server.new_database(template))


STORES = {"sqlite": on_sqlite, "postgresql": on_postgresql}


async def _make(place: StoreLocation) -> None:
    store = await open_store(place)
    if store.database.is_sqlite:
        await fold_log(store.database)
    await store.database.close()


@contextmanager
def a_theatre(kind: str) -> Iterator[Theatre]:
    with tempfile.TemporaryDirectory() as made, ExitStack() as stack:
        grounds: SimpleQueue[PlayGround] = SimpleQueue()
        for _ in range(SIDE_BY_SIDE):
            context = PlayGround()
            stack.callback(context.close)
            grounds.put(context)
        yield Theatre(grounds, stack.enter_context(STORES[kind](Path(made))), Path(made))


def play_pairs(kind: str, pairs: int) -> list[Case]:
    """The pairs that were drawn, as they ended; a single death that ends badly is told too."""
    book = Book(KEPT / "volumes" / tree() / f"deaths-{kind}-{seed()}.jsonl")
    random = Random(f"{kind} {seed()}")
    with a_theatre(kind) as theatre:
        whole = theatre.play(())
        firsts = [random.randint(1, whole["points"]) for _ in range(pairs)]
        told = play_all(theatre, whole, book, ((first,) for first in firsts))
        found = play_all(theatre, whole, book, second_deaths(told, random))
    return [*found, *(one for one in {case.deaths: case for case in told}.values() if one.wrong)]


def second_deaths(told: Iterable[Case], random: Random) -> list[Deaths]:
    """One for each first death, somewhere in the life after it; no pair twice while others are."""
    drawn: dict[Deaths, None] = {}
    for one in told:
        second = random.randint(1, one.points)
        for _ in range(one.points):
            if (one.deaths[0], second) not in drawn:
                break
            second = second % one.points + 1
        drawn[one.deaths[0], second] = None
    return list(drawn)


def play_all(theatre: Theatre, whole: Found, book: Book, cases: Iterable[Deaths]) -> list[Case]:
    """Each case, once; in the order in which they were asked for."""
    wanted = list(cases)
    missing = [case for case in dict.fromkeys(wanted) if case not in book.cases]

    def one(deaths: Deaths) -> Case:
        found = theatre.play(deaths)
        return Case(deaths, found["killed"], found["points"], wrong_with(found, whole))

    with ThreadPoolExecutor(SIDE_BY_SIDE) as threads:
        for place, case in enumerate(threads.map(one, missing), 1):
            book.add(case)
            if case.wrong:
                print(f"BAD {case.deaths}: {case.wrong}", flush=True)
            if place % SAID_EVERY == 0:
                print(f"{place} of {len(missing)} played", flush=True)
    return [book.cases[case] for case in wanted]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sqlite", type=int, default=2000)
    parser.add_argument("--postgresql", type=int, default=300)
    options = parser.parse_args()
    said: list[str] = []
    bad = 0
    for kind in STORES:
        began = time.monotonic()
        found = play_pairs(kind, getattr(options, kind))
        wrong = [case for case in found if case.wrong]
        twice = sum(case.killed[:2] == [True, True] for case in found)
        bad += len(wrong)
        took = time.monotonic() - began
        said.append(f"{kind}: {twice} pairs of deaths, {len(wrong)} bad, {took:.0f} s")
    print(f"seed {seed()}; {'; '.join(said)}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
