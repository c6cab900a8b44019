"""`make nightly`: every rule at a night's volume, step by step, resumable, meant for 75 minutes on two cores.

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
from pathlib import Path

from tests.nightly_steps import (
    KEPT,
    MINUTE,
    Record,
    Step,
    is_certain,
    named,
    pytest,
    recorded,
    run,
    tree,
)
from tests.postgres import source
from tests.volume import ROOT, SEED, seed
from tests.volumes import VOLUMES

PAGE = ROOT / "docs" / "nightly.md"
INTRO = f"""# The last whole night

`make nightly` runs every step at its night's volume. It can be stopped and goes on where it stood;
`python -m tests.nightly NAME` runs one step. Tests of a whole desk run on SQLite and on PostgreSQL.
What is drawn changes with the commit, so that nights add up; `{SEED}=... make nightly`
draws the same again. The run writes this page itself when every step has run on one commit. Judged
volumes, one by one: [volumes.md](volumes.md).
"""
NOT_YET = "\nNo night has run whole yet that wrote this page.\n"


def load(name: str, *more: str, minutes: int = 10) -> Step:
    words = ("--clients", "1000", "--rate", "20", *more)
    return Step(name, ("-m", "tests.benchmarks.telegram_load", *words), minutes, lines=5)


DEATHS = ("-m", "tests.nightly_deaths", "--sqlite", "400", "--postgresql", "60")
"""A fifth of the judged volume; nights add up."""
UNITS = ("clients", "conversation", "policy", "requests")
"""The rooms that hold more cases at night."""
LOCKS = Step("locks", ("-m", "tests.nightly_locks"), 30, lines=4)
YEAR_AHEAD = Step("year-ahead", ("-m", "tests.nightly_year_ahead"), 40, is_night=False)


def volume(name: str) -> Step:
    return VOLUMES[name].step


SIDE_BY_SIDE = ((volume("guessing"), volume("search")), (volume("mistakes"), LOCKS))
"""Each needs one core and looks at no clock: two at a time."""
ALONE = (
    Step("timings", ("-m", "tests.nightly_timings", "2500"), 15),
    Step("deaths", DEATHS, 20),
    pytest("storage-and-contracts", "tests/storage", "tests/contracts", minutes=15),
    pytest("faults", "tests/faults", minutes=40, at_once=3),
    pytest("units", *(f"tests/unit/{room}" for room in UNITS)),
    pytest("slack", "tests/edges/slack", minutes=15),
    pytest("telegram", "tests/edges/telegram", minutes=15),
    pytest("mail-and-page", "tests/edges/email", "tests/journeys"),
    load("load-without-limits", "--seconds", "30"),
    load("load-with-limits", "--seconds", "20", "--limits", minutes=20),
    Step("commits", ("-m", "tests.benchmarks.commits", "--tasks", "8")),
    Step("answers", ("-m", "handlers", "bench", "answers"), lines=4),
    YEAR_AHEAD,
)
GROUPS = (*SIDE_BY_SIDE, *((step,) for step in ALONE))


def steps() -> list[Step]:
    return [step for group in GROUPS for step in group]


def main(names: Sequence[str]) -> int:
    """Run what has not passed on this commit; 0: everything has."""
    chosen = named(names, [step.name for step in steps()])
    folder = KEPT / tree()
    began = time.monotonic()
    wanted = [[step for step in group if not names or step.name in chosen] for group in GROUPS]
    found = [record for group in filter(None, wanted) for record in run_together(group, folder)]
    failed = [one.name for one in found if one.ending]
    took = (time.monotonic() - began) / MINUTE
    passed = f"{len(found) - len(failed)} of {len(found)} steps passed"
    print(f"nightly: seed {seed()}, {passed} in {took:.0f} min", *failed)
    records = [one for step in steps() if (one := recorded(step.name, folder))]
    written = page(folder.name, records)
    (folder / "summary.md").write_text(written, encoding="utf-8")
    if len(records) == len(steps()) and is_certain(folder.name):
        PAGE.write_text(written, encoding="utf-8")
    return 1 if failed else 0


def run_together(steps: Sequence[Step], folder: Path) -> list[Record]:
    with ThreadPoolExecutor(len(steps)) as threads:
        return list(threads.map(lambda step: run(step, folder), steps))


def page(commit: str, records: Sequence[Record]) -> str:
    """The night as a page; what did not pass says how it ended."""
    if not records:
        return INTRO + NOT_YET
    passed = sum(not one.ending for one in records)
    seconds = {one.name: one.seconds for one in records}
    took = sum(max(seconds.get(step.name, 0.0) for step in group) for group in GROUPS)
    facts = (
        f"Commit `{commit}`, {max(one.date for one in records)}",
        f"seed {', '.join(map(str, sorted({one.seed for one in records})))}",
        f"{os.cpu_count()} cores",
        f"Python {platform.python_version()}",
        f"PostgreSQL: {source().value}",
        f"{passed} of {len(steps())} steps passed in {took / MINUTE:.0f} minutes",
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
