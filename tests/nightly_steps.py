"""Long runs, step by step: each ends in a record of what came out, and is not run twice."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.volume import ROOT, SEED, commit, seed

KEPT = ROOT / ".nightly"
MINUTE = 60
WRITTEN_BY_RUNS = ("docs/nightly.md", "docs/volumes.md")
"""What a run itself changes does not make the tree another one."""
LAST_LINES = 16


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to run, by the words of its command line."""

    name: str
    words: tuple[str, ...]
    minutes: int = 5
    """Far above what it takes on two cores; what hangs must not take the night."""
    lines: int = 1
    """So many of its last lines are its figures."""
    is_whole: bool = False
    """Whether tests run at the judged volume, not at the night's share of it."""
    is_night: bool = True
    """Whether tests run at their night's volume; what runs the gate's own tests does not."""


@dataclass(frozen=True, slots=True)
class Record:
    """What came out."""

    name: str
    seed: int
    date: str
    seconds: float
    ending: str
    """What went wrong; empty: nothing."""
    figures: tuple[str, ...]


def pytest(name: str, *places: str, minutes: int = 10, at_once: int = 2) -> Step:
    """`at_once`: so many processes; more than there are cores where tests mostly wait."""
    plain = ("-q", "--durations=5", "-p", "no:cacheprovider")
    words = ("-m", "pytest", "-n", str(at_once), *plain, *places)
    return Step(name, words, minutes)


def tree() -> str:
    """The commit, or that and the word that the tree holds more than it."""
    words = ("status", "--porcelain", "--untracked-files=no", "--", ".")
    but = [f":!{name}" for name in WRITTEN_BY_RUNS]
    found = subprocess.run(
        ("git", *words, *but),  # noqa: S607  # git by its name
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return f"{commit() or 'no-commit'}{'-changed' if found.stdout.strip() else ''}"


def is_certain(name: str) -> bool:
    """Whether the name says which code it was: else nothing of it is taken up again."""
    return not name.endswith("-changed") and name != "no-commit"


def passed_before(name: str, folder: Path) -> Record | None:
    """Passed by this seed on this very tree."""
    found = recorded(name, folder)
    if found is None or found.ending or found.seed != seed() or not is_certain(folder.name):
        return None
    return found


def recorded(name: str, folder: Path) -> Record | None:
    file = folder / f"{name}.json"
    if not file.exists():
        return None
    kept = json.loads(file.read_text(encoding="utf-8"))
    return Record(**kept | {"figures": tuple(kept["figures"])})


def run(step: Step, folder: Path) -> Record:
    """Run it, unless it passed before; its log and record are in `folder`."""
    if before := passed_before(step.name, folder):
        print(f"== {step.name}: passed before on this commit")
        return before
    print(f"== {step.name} (seed {seed()})", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    began, log = time.monotonic(), folder / f"{step.name}.log"
    ending = _ending(step, log)
    said = [line for line in log.read_text(encoding="utf-8").splitlines() if line.strip()]
    seconds = time.monotonic() - began
    date = datetime.fromtimestamp(time.time(), UTC).date().isoformat()
    record = Record(step.name, seed(), date, seconds, ending, tuple(said[-step.lines :]))
    text = json.dumps(asdict(record), ensure_ascii=False)
    (folder / f"{step.name}.json").write_text(text, encoding="utf-8")
    print("\n".join(said[-LAST_LINES:]))
    print(f"== {step.name}: {seconds:.0f} s, {ending or 'passed'}", flush=True)
    return record


def _ending(step: Step, log: Path) -> str:
    """What went wrong; empty: nothing. pytest's 5, nothing collected, is wrong too."""
    volume = {"PRIVACYDESK_NIGHTLY": "1"} if step.is_night else {}
    volume |= {"PRIVACYDESK_WHOLE": "1"} if step.is_whole else {}
    with log.open("w", encoding="utf-8") as said:
        try:
            ended = subprocess.run(  # our own steps
                (sys.executable, *step.words),
                cwd=ROOT,
                env=os.environ | volume | {SEED: str(seed())},
                stdout=said,
                stderr=subprocess.STDOUT,
                timeout=step.minutes * MINUTE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"not done after {step.minutes} min"
    return f"exit {ended.returncode}" if ended.returncode else ""


def minutes_of(folder: Path, more: float = 0) -> float:
    """How long the runs on this tree took together, with the seconds that come to them now."""
    file = folder / "seconds"
    seconds = more + (float(file.read_text(encoding="utf-8")) if file.exists() else 0)
    file.write_text(f"{seconds:.1f}", encoding="utf-8")
    return seconds / MINUTE


def named(names: Sequence[str], known: Sequence[str]) -> list[str]:
    """The names that are known.

    Raises:
        SystemExit: one is not.
    """
    if unknown := [name for name in names if name not in known]:
        sys.exit(f"unknown: {', '.join(unknown)}; there are: {', '.join(known)}")
    return list(names)
