"""The load benchmark on two checkouts in turn: is one of them slower?

    python -m tests.benchmarks.compare_loads BEFORE AFTER [--runs 5] [-- ARGUMENTS]

Both are played by this checkout's stand-ins and clients; only `privacydesk run` is each one's own.
Runs alternate, so that what else the machine does hits both alike. Prints every figure's median.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from tests.support.drivers.live_desk import DESK_OF
from tests.volume import ROOT

FIGURES = {
    "word to Slack p50 s": re.compile(r"word to Slack: p50 ([\d.]+) s"),
    "word to Slack p95 s": re.compile(r"word to Slack: .*p95 ([\d.]+) s"),
    "word to Slack p99 s": re.compile(r"word to Slack: .*p99 ([\d.]+) s"),
    "acks p99 ms": re.compile(r"Slack acks: .*p99 (\d+) ms"),
    "processor ms a word": re.compile(r"processor: (\d+) ms"),
    "quiet after s": re.compile(r"quiet after (\d+) s"),
}
LOAD = ("--clients", "400", "--rate", "20", "--seconds", "30")
Figures = dict[str, list[float]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    own, _, load = " ".join(sys.argv[1:]).partition(" -- ")
    options = parser.parse_args(own.split())
    wanted = tuple(load.split()) or LOAD
    found: dict[str, Figures] = {"before": defaultdict(list), "after": defaultdict(list)}
    for number in range(options.runs):
        for name, checkout in (("before", options.before), ("after", options.after)):
            said = _run(checkout.resolve(), wanted)
            _take(found[name], said)
            print(f"{number + 1} {name}: {_line(found[name])}", flush=True)
    for figure in FIGURES:
        one, other = (_median(found[name], figure) for name in ("before", "after"))
        print(f"{figure:22} before {one:8.2f}  after {other:8.2f}")
    return 0


def _run(checkout: Path, load: tuple[str, ...]) -> str:
    done = subprocess.run(
        (sys.executable, "-m", "tests.benchmarks.telegram_load", *load),
        cwd=ROOT,
        env=os.environ | {DESK_OF: str(checkout)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{checkout}: {done.stderr[-2000:]}")
    return done.stdout


def _take(found: Figures, said: str) -> None:
    for name, pattern in FIGURES.items():
        if number := pattern.search(said):
            found[name].append(float(number[1]))


def _line(found: Figures) -> str:
    return ", ".join(f"{name} {values[-1]:g}" for name, values in found.items())


def _median(found: Figures, figure: str) -> float:
    return statistics.median(found[figure]) if found[figure] else 0.0


if __name__ == "__main__":
    sys.exit(main())
