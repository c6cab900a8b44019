"""`make volumes deaths` runs one judged volume whole and writes its row in docs/volumes.md.

`python -m tests.volumes [NAME ...]`; without a name they are listed. A result is written only where
it belongs to a commit: on a changed tree it is printed and kept in .nightly/ alone.
"""

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tests.nightly_steps import KEPT, MINUTE, Record, Step, is_certain, named, pytest, run, tree
from tests.volume import ROOT

PAGE = ROOT / "docs" / "volumes.md"
INTRO = """# Judged volumes

What the desk promises is shown by numbers of cases, not by examples. `make volumes deaths`
runs one of these volumes whole, says its seed and its figures, and writes its row here. The seed
comes from the commit, so each commit draws other cases; `PRIVACYDESK_SEED=... make volumes
NAME` draws the same ones again. `deaths`, stopped, goes on where it stood. `make nightly` runs
all of them, of most a share: [nightly.md](nightly.md).

| volume | what is judged | last result | commit | date | minutes |
|---|---|---|---|---|---|
"""
NOT_RUN = ("not run yet", "", "", "")
Row = tuple[str, str, str, str]
"""Last result, commit, date, minutes."""


@dataclass(frozen=True, slots=True)
class Volume:
    step: Step
    judged: str


def _volume(judged: str, step: Step) -> tuple[str, Volume]:
    return step.name, Volume(step, judged)


def _module(name: str, *words: str, minutes: int = 30) -> Step:
    return Step(name, ("-m", *words), minutes)


VOLUMES: Mapping[str, Volume] = dict(
    (
        _volume(
            "after two kill -9, anywhere in a day, nothing is lost or doubled: 2,000 pairs on "
            "SQLite, 300 on PostgreSQL",
            _module("deaths", "tests.nightly_deaths", minutes=120),
        ),
        _volume(
            "each published mistake, planted in a copy of the tree, is caught by its test",
            Step("mistakes", ("-m", "tests.seeded_mistakes"), 60, is_night=False),
        ),
        _volume(
            "a million guessed codes by each of four strategies stay within the budgets",
            _module("guessing", "tests.nightly_guessing", "1000000"),
        ),
        _volume(
            "every reachable state of every type of data request keeps the rules",
            _module("search", "tests.nightly_search"),
        ),
        _volume(
            "the time of a reply does not say who is a client: 5,000 replies for each kind",
            _module("timings", "tests.nightly_timings", "5000"),
        ),
        _volume(
            "of two desks, people or processes at once one wins, on both databases",
            pytest(
                "races",
                "tests/storage/test_races.py",
                "tests/faults/test_decision_races.py",
                "tests/faults/test_code_races.py",
                minutes=60,
            ),
        ),
        _volume(
            "a power cut at every step of a ticket, and a desk killed on its worst days, on both",
            pytest(
                "power-cuts",
                "tests/faults/telegram/test_power_cuts.py",
                "tests/faults/live",
                minutes=30,
            ),
        ),
        _volume(
            "320 half-open connections at `ulimit -n 256`: clients and staff are heard all the "
            "while, and the log stays small",
            pytest("half-open", "tests/faults/live/test_half_open.py", minutes=15),
        ),
        _volume(
            "a desk killed every one to three seconds for three minutes, with faults on both "
            "platforms: nothing is lost, doubled unsaid or shown wrongly; two seeds on each",
            _module("kills", "tests.faults.live.kills", minutes=45),
        ),
        _volume(
            "rotations of the keys killed at a random moment, 50 of both kinds on each database: "
            "every text readable afterwards, one key in use, the chain holds",
            _module("rotations", "tests.faults.rotation_kills", minutes=60),
        ),
        _volume(
            "an erasure with four sources killed at every point, with words and imports in flight: "
            "it completes once, with one certificate, and nothing is back; on both databases",
            pytest("erasures", "tests/faults/test_erasure_kills.py", minutes=60),
        ),
        _volume(
            "50 erased after a backup, which is put back by our command, by hand and killed on the "
            "way, 20 times on each database: nobody is back, and no request is carried out twice",
            _module("restores", "tests.faults.restores", minutes=60),
        ),
        _volume(
            "the store full, PostgreSQL 7 minutes and Slack 20 minutes away, the channel archived "
            "or the app thrown out: all arrives in order, at once, and somebody is told",
            _module("outages", "tests.faults.live.outages", minutes=90),
        ),
        _volume(
            "small inputs that went wrong in comparable systems, played whole on both databases",
            _module("cases", "tests.faults.live.cases", minutes=40),
        ),
        _volume(
            "what is said in a live ticket reaches staff, and a question gets the answer that it "
            "gets without one",
            Step("talk-in-tickets", ("-m", "tests.faults.live.talk_in_tickets"), 60, lines=2),
        ),
        _volume(
            "no random change of the audit log goes unnoticed, nor any single statement against "
            "what decides: each is found, and refused where it is read; on both databases",
            Step("tampering", ("-m", "tests.faults.state_attacks"), 60, lines=3),
        ),
        _volume(
            "identifiers of a subject in every spelling and wrapping, planted in tables, columns, "
            "words and blobs that nobody declared, are found by the look afterwards; no other is",
            pytest(
                "planted",
                "tests/storage/residual/test_every_spelling.py",
                "tests/storage/residual/test_in_pieces.py",
                "tests/storage/residual/test_own_look.py",
                minutes=30,
            ),
        ),
    )
)


def main(names: Sequence[str]) -> int:
    """Run the named ones; 0: each passed."""
    if not names:
        print("\n".join(f"{name:12} {one.judged}" for name, one in VOLUMES.items()))
        return 0
    failed = 0
    for name in named(names, tuple(VOLUMES)):
        commit = tree()
        whole = replace(VOLUMES[name].step, is_whole=True)
        record = run(whole, KEPT / "volumes" / commit)
        failed += bool(record.ending)
        if is_certain(commit):
            PAGE.write_text(page(rows() | {name: row(record, commit)}), encoding="utf-8")
        else:
            print(f"{name}: not written into {PAGE.name}, the tree is not as committed")
    return 1 if failed else 0


def row(record: Record, commit: str) -> Row:
    result = "; ".join(record.figures).replace("|", r"\|")
    ended = f"**{record.ending}**: {result}" if record.ending else result
    return ended, f"`{commit}`", record.date, f"{record.seconds / MINUTE:.0f}"


def rows() -> dict[str, Row]:
    """What the page says now, by volume."""
    found: dict[str, Row] = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines() if PAGE.exists() else ():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == 6 and (name := cells[0].strip("`")) in VOLUMES:
            result, commit, date, minutes = cells[2:]
            found[name] = (result, commit, date, minutes)
    return found


def page(known: Mapping[str, Row]) -> str:
    lines = [
        f"| `{name}` | {one.judged} | {' | '.join(known.get(name, NOT_RUN))} |"
        for name, one in VOLUMES.items()
    ]
    return INTRO + "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
