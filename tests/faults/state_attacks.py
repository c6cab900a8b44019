"""Every single statement of a stranger against what decides, counted, and the log's own tampering.

`python -m tests.faults.state_attacks [--store sqlite] [--table ticket]`: first the tests of the
chain and of the seals, whole, then each statement that tests/storage/test_guarded_rows.py makes,
each on rows that were good. 0: every one was found, and refused where something reads the row.
"""

import argparse
import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from sqlalchemy.exc import DataError, IntegrityError

from storage.bootstrap import StoreLocation
from tests.faults.live.places import STORES
from tests.storage.test_guarded_rows import (
    TABLES,
    UNREAD,
    Strike,
    execute,
    findings,
    is_refused,
    kept_rows,
    put_back,
    strikes_on,
)
from tests.support.builders.guarded_rows import USES, fill_every_table
from tests.support.stores.postgres import a_server
from tests.support.stores.stages import Stage, played_at, postgres_place, sqlite_place
from tests.volume import seed

ALONG = (
    "tests/storage/test_chain.py",
    "tests/storage/test_chain_under_attack.py",
    "tests/storage/test_guarded_rows.py",
)
STRUCK = "test_no_single_statement_goes_unnoticed"
"""What it does in the gate with some of the statements is done here with all."""


@dataclass
class Tally:
    """What came of the statements on one database."""

    played: int = 0
    found: int = 0
    refused: int = 0
    idle: int = 0
    """Nothing reads such a row: it does nothing, and is found all the same."""
    impossible: int = 0
    """The database itself takes no such statement."""
    wrong: list[str] = field(default_factory=list[str])

    def __str__(self) -> str:
        return (
            f"{self.played} statements played, {self.found} found, {self.refused} refused at use, "
            f"{self.idle} that nobody reads, {self.impossible} refused by the database itself, "
            f"{len(self.wrong)} wrong"
        )


async def strike_all(stage: Stage, name: str, tally: Tally) -> None:
    """Each statement against the rows of one table; every row stands as it was in between."""
    await fill_every_table(stage)
    table = TABLES[name]
    rows = await kept_rows(stage, table)
    for strike in strikes_on(table, rows, spells=stage.context.database.is_sqlite):
        try:
            await execute(stage, strike.statement)
        except (IntegrityError, DataError):
            tally.impossible += 1
            continue
        await _judge(stage, name, strike, tally)
        await put_back(stage, table, rows[0], strike)
    if await findings(stage):
        tally.wrong.append(f"{stage.name} {name}: not as it was in the end")


async def _judge(stage: Stage, name: str, strike: Strike, tally: Tally) -> None:
    tally.played += 1
    if await findings(stage):
        tally.found += 1
    else:
        tally.wrong.append(f"{stage.name} {strike.what}: not found")
    if name in UNREAD and not strike.what.startswith("UPDATE"):
        tally.idle += 1
    elif await is_refused(stage, name, strike.row):
        tally.refused += 1
    else:
        tally.wrong.append(f"{stage.name} {strike.what}: used")


async def play(new_place: Callable[[], StoreLocation], store: str, tables: Iterable[str]) -> Tally:
    """Each table on a store of its own."""
    tally = Tally()
    for name in tables:
        async with played_at(new_place(), store) as stage:
            await strike_all(stage, name, tally)
    return tally


@contextmanager
def places(store: str) -> Iterator[Callable[[], StoreLocation]]:
    """What gives another empty place at each call."""
    if store == "sqlite":
        numbers = count()
        with tempfile.TemporaryDirectory() as folder:
            yield lambda: sqlite_place(Path(folder) / f"desk{next(numbers)}.db")
    else:
        with a_server() as server:
            yield lambda: postgres_place(server, server.new_database())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", action="append", choices=STORES)
    parser.add_argument("--table", action="append", choices=sorted(USES))
    options = parser.parse_args()
    words = (
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-k",
        f"not {STRUCK}",
        *ALONG,
    )
    is_bad = False
    if not options.table:
        ended = subprocess.run(words, capture_output=True, text=True, check=False)  # our own tests
        is_bad = ended.returncode != 0
        print(ended.stdout if is_bad else ended.stdout.strip().splitlines()[-1], flush=True)
    for store in options.store or STORES:
        with places(store) as new_place:
            tally = asyncio.run(play(new_place, store, options.table or sorted(USES)))
        for one in tally.wrong:
            print(one, file=sys.stderr, flush=True)
        print(f"seed {seed()}; {store}: {tally}", flush=True)
        is_bad = is_bad or bool(tally.wrong)
    return int(is_bad)


if __name__ == "__main__":
    sys.exit(main())
