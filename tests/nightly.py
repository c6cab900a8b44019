"""`make nightly`: the issues' full volumes, step by step, resumable, within an hour on two cores.

Each step ends in .nightly/<commit>/; a step that passed on this commit is not run again. Seeds and
figures go to standard output and to the step's log. `python -m tests.nightly NAME ...` runs only
those steps.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
SEED = os.environ.get("PRIVACYDESK_SEED", "1")
SETS = ROOT.parent / "shared" / "eval"
LAST_LINES = 16
MINUTE = 60


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to run, by the words of its command line."""

    name: str
    words: tuple[str, ...]
    minutes: int = 5
    """Far above what it takes on two cores; what hangs must not take the night."""
    needs: Path = ROOT
    """Where this is not there, the step is left out and says so."""


def pytest(name: str, *places: str, minutes: int = 10) -> Step:
    words = ("-m", "pytest", "-q", "-n", "2", "--durations=5", "-p", "no:cacheprovider", *places)
    return Step(name, words, minutes)


def load(name: str, *more: str, minutes: int = 10) -> Step:
    words = ("--clients", "1000", "--rate", "20", *more)
    return Step(name, ("-m", "tests.benchmarks.telegram_load", *words), minutes)


GUESSING = """
import os
from tests.nightly_guessing import check, run
for name, tried in run(1_000_000, int(os.environ["PRIVACYDESK_SEED"])).items():
    check(tried)
    print(name, "guesses", tried.guesses, "compared", tried.compared, "hits", tried.successes)
"""
UNITS = ("clients", "conversation", "policy", "requests")
"""The rooms that hold more cases at night."""
STEPS = (
    Step("guessing", ("-c", GUESSING), 15),
    Step("search", ("-c", "from tests.nightly_search import run; print(run())"), 15),
    Step("timings", ("-m", "tests.nightly_timings", "5000"), 15),
    Step("seeded-mistakes", ("-m", "tests.seeded_mistakes"), 15),
    pytest("chain-tampers-and-store-races", "tests/storage"),
    pytest("power-cuts-and-races", "tests/faults", minutes=30),
    pytest("units", *(f"tests/unit/{room}" for room in UNITS)),
    pytest("slack", "tests/edges/slack"),
    pytest("telegram", "tests/edges/telegram"),
    load("load-without-limits", "--seconds", "30"),
    load("load-with-limits", "--seconds", "20", "--limits", minutes=20),
    Step("commits", ("-m", "tests.benchmarks.commits", "--tasks", "8")),
    Step("answers", ("-m", "handlers", "bench", "answers"), 10, SETS),
)


def main(names: Sequence[str]) -> int:
    """Run what has not passed on this commit; 0: everything has."""
    folder = ROOT / ".nightly" / _commit()
    folder.mkdir(parents=True, exist_ok=True)
    steps = [step for step in STEPS if not names or step.name in names]
    began = time.monotonic()
    failed = [step.name for step in steps if not _run(step, folder)]
    took = (time.monotonic() - began) / MINUTE
    print(
        f"nightly: seed {SEED}, {len(steps) - len(failed)} of {len(steps)} steps passed "
        f"in {took:.0f} min",
        *failed,
    )
    return 1 if failed else 0


def _run(step: Step, folder: Path) -> bool:
    done = folder / f"{step.name}.done"
    if done.exists():
        print(f"== {step.name}: passed before on this commit")
        return True
    if not step.needs.exists():
        print(f"== {step.name}: left out, {step.needs.name} is not there")
        return True
    print(f"== {step.name} (seed {SEED})", flush=True)
    began = time.monotonic()
    log = folder / f"{step.name}.log"
    ending = _ending(step, log)
    lines = log.read_text(encoding="utf-8").splitlines()
    print("\n".join(lines[-LAST_LINES:]))
    print(f"== {step.name}: {time.monotonic() - began:.0f} s, {ending or 'passed'}", flush=True)
    if not ending:
        done.touch()
    return not ending


def _ending(step: Step, log: Path) -> str:
    """What went wrong; empty: nothing. pytest's 5, nothing collected, is wrong too."""
    environment = os.environ | {"PRIVACYDESK_NIGHTLY": "1", "PRIVACYDESK_SEED": SEED}
    with log.open("w", encoding="utf-8") as said:
        try:
            ended = subprocess.run(  # our own steps
                (sys.executable, *step.words),
                cwd=ROOT,
                env=environment,
                stdout=said,
                stderr=subprocess.STDOUT,
                timeout=step.minutes * MINUTE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"not done after {step.minutes} min"
    return f"exit {ended.returncode}" if ended.returncode else ""


def _commit() -> str:
    found = subprocess.run(  # a fixed command
        ("git", "rev-parse", "--short", "HEAD"),  # noqa: S607  # git by its name
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stdout.strip() or "no-commit"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
