"""`make nightly`: each rule at its volume, step by step, resumable, within 75 minutes on two cores.

Each step's log and record stand in .nightly/<commit>/; a step that passed on this commit is not run
again. When every step has run, the night is written into docs/nightly.md. `python -m tests.nightly
NAME ...` runs only those steps.
"""

import os
import platform
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.nightly_steps import (
    KEPT,
    MINUTE,
    Record,
    Step,
    is_certain,
    minutes_of,
    named,
    pytest,
    recorded,
    run,
    tree,
)
from tests.support.stores.postgres import source
from tests.volume import ROOT, SEED, seed
from tests.volumes import VOLUMES

PAGE = ROOT / "docs" / "nightly.md"
INTRO = f"""# The last whole night

`make nightly` runs every step at its night's volume. It can be stopped and goes on where it stood;
`python -m tests.nightly NAME` runs one step. Tests of a whole desk run on SQLite and on PostgreSQL.
What is drawn changes with the commit, so that nights add up; `{SEED}=... make nightly`
draws the same again. The year ahead needs Debian's `faketime`. The run writes this page itself when
every step has run on one commit. Judged volumes, one by one: [volumes.md](volumes.md).
"""
NOT_YET = "\nNo night has run whole yet that wrote this page.\n"


def load(name: str, *more: str, minutes: int = 10) -> Step:
    words = ("--clients", "400", "--rate", "20", *more)
    return Step(name, ("-m", "tests.benchmarks.telegram_load", *words), minutes, lines=5)


DEATHS = ("-m", "tests.nightly_deaths", "--sqlite", "200", "--postgresql", "40")
"""A tenth of the judged volume; nights add up."""
UNITS = ("answering", "client_list", "conversation", "requests")
"""The rooms that hold more cases at night."""
IN_PAIRS = (
    *(VOLUMES[name].step for name in ("mistakes", "search", "guessing")),
    Step("locks", ("-m", "tests.nightly_locks"), 25, lines=4),
    Step("answers", ("-m", "handlers", "bench", "answers"), lines=4),
)
"""Each needs one core and measures no time: two of them run side by side."""
ALONE = (
    Step("timings", ("-m", "tests.nightly_timings", "2500"), 15),
    Step("deaths", DEATHS, 20),
    Step("year-ahead", ("-m", "tests.nightly_year_ahead"), 30, is_night=False),
    pytest("storage-and-contracts", "tests/storage", "tests/contracts", minutes=15),
    pytest("faults", "tests/faults", minutes=45, at_once=3),
    pytest("units", *(f"tests/unit/{room}" for room in UNITS)),
    pytest("slack", "tests/edges/slack", minutes=20),
    pytest("telegram", "tests/edges/telegram", minutes=15),
    pytest("mail-and-page", "tests/edges/email", "tests/journeys"),
    load("load-without-limits", "--seconds", "30"),
    load("load-with-limits", "--seconds", "20", "--limits", minutes=20),
    Step("commits", ("-m", "tests.benchmarks.commits", "--tasks", "8")),
)
STEPS = (*IN_PAIRS, *ALONE)


def main(names: Sequence[str]) -> int:
    """Run what has not passed on this commit; 0: everything has."""
    chosen = named(names, [step.name for step in STEPS])
    folder = KEPT / tree()
    wanted = {step for step in STEPS if not names or step.name in chosen}
    began, seeded = time.monotonic(), seed()
    with ThreadPoolExecutor(2) as pair:
        found = [*pair.map(lambda step: run(step, folder), _of(IN_PAIRS, wanted))]
    found += [run(step, folder) for step in _of(ALONE, wanted)]
    failed = [one.name for one in found if one.ending]
    took = time.monotonic() - began
    passed = f"{len(found) - len(failed)} of {len(found)} steps passed"
    print(f"nightly: seed {seeded}, {passed} in {took / MINUTE:.0f} min", *failed)
    records = [one for step in STEPS if (one := recorded(step.name, folder))]
    written = page(folder.name, records, minutes_of(folder, took))
    (folder / "summary.md").write_text(written, encoding="utf-8")
    if len(records) == len(STEPS) and is_certain(folder.name):
        PAGE.write_text(written, encoding="utf-8")
    return 1 if failed else 0


def _of(steps: Sequence[Step], wanted: set[Step]) -> list[Step]:
    return [step for step in steps if step in wanted]


def page(commit: str, records: Sequence[Record], minutes: float) -> str:
    """The night as a page; what did not pass says how it ended."""
    if not records:
        return INTRO + NOT_YET
    passed = sum(not one.ending for one in records)
    facts = (
        f"Commit `{commit}`, {max(one.date for one in records)}",
        f"seed {', '.join(map(str, sorted({one.seed for one in records})))}",
        f"{os.cpu_count()} cores",
        f"Python {platform.python_version()}",
        f"PostgreSQL: {source().value}",
        f"{passed} of {len(STEPS)} steps passed in {minutes:.0f} minutes",
    )
    lines = [
        f"| {one.name} | {one.seconds / MINUTE:.1f} | {one.ending or 'passed'} | {_cell(one)} |"
        for one in records
    ]
    table = "\n".join(("| step | minutes | ended | figures |", "|---|---|---|---|", *lines))
    return f"{INTRO}\n{'; '.join(facts)}.\n\n{table}\n"


def _cell(record: Record) -> str:
    return "<br>".join(line.strip() for line in record.figures).replace("|", r"\|")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
