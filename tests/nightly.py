"""`make nightly`: the issues' full volumes, step by step, resumable, under an hour.

Each step ends in .nightly/<commit>/; a step that passed on this commit is not run again.
Seeds and figures go to standard output and to the step's log.
"""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
SEED = os.environ.get("PRIVACYDESK_SEED", "1")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to run, by the words of its command line."""

    name: str
    words: tuple[str, ...]


def pytest(name: str, *places: str) -> Step:
    return Step(name, ("-m", "pytest", "-q", "-p", "no:cacheprovider", *places))


GUESSING = """
import os
from tests.nightly_guessing import check, run
for name, tried in run(1_000_000, int(os.environ["PRIVACYDESK_SEED"])).items():
    check(tried)
    print(name, "guesses", tried.guesses, "compared", tried.compared, "hits", tried.successes)
"""
STEPS = (
    Step("guessing", ("-c", GUESSING)),
    Step("search", ("-c", "from tests.nightly_search import run; print(run())")),
    Step("timings", ("-m", "tests.nightly_timings", "5000")),
    Step("seeded-mistakes", ("-m", "tests.seeded_mistakes")),
    pytest("chain-tampers", "tests/storage/test_chain.py"),
    pytest("power-cuts", "tests/faults"),
    pytest("requests", "tests/unit/data_requests", "tests/unit/requests"),
    pytest("races", "tests/contracts"),
    pytest("slack", "tests/edges/slack"),
    pytest("telegram", "tests/edges/telegram"),
    pytest("benchmarks", "tests/benchmarks"),
)


def main() -> int:
    """Run what has not passed on this commit; 0: everything has."""
    folder = ROOT / ".nightly" / _commit()
    folder.mkdir(parents=True, exist_ok=True)
    failed = [step.name for step in STEPS if not _run(step, folder)]
    print(f"nightly: seed {SEED}, {len(STEPS) - len(failed)} of {len(STEPS)} steps passed", *failed)
    return 1 if failed else 0


def _run(step: Step, folder: Path) -> bool:
    done = folder / f"{step.name}.done"
    if done.exists():
        print(f"== {step.name}: passed before on this commit")
        return True
    print(f"== {step.name} (seed {SEED})", flush=True)
    began = time.monotonic()
    with (folder / f"{step.name}.log").open("w", encoding="utf-8") as log:
        ended = subprocess.run(  # our own steps
            (sys.executable, *step.words),
            cwd=ROOT,
            env=os.environ | {"PRIVACYDESK_NIGHTLY": "1", "PRIVACYDESK_SEED": SEED},
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )
    took = time.monotonic() - began
    lines = (folder / f"{step.name}.log").read_text(encoding="utf-8").splitlines()
    print(
        "\n".join(lines[-12:]),
        f"\n== {step.name}: {took:.0f} s, exit {ended.returncode}",
        flush=True,
    )
    if ended.returncode in (0, 5):
        done.touch()
    return ended.returncode in (0, 5)


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
    sys.exit(main())
