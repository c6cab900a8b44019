"""The commits benchmark on two checkouts in turn: what does a change cost?

    python -m tests.benchmarks.compare_commits BEFORE AFTER [--runs 9] [--tasks 1]

Runs alternate, so that what else the machine does hits both alike. Prints the median of each and
the difference in the processor time of a commit; each checkout plays its own benchmark.
"""

import argparse
import re
import statistics
import subprocess
import sys
from pathlib import Path

FIGURES = re.compile(r"(\d+) commits/s, ([\d.]+) ms")
Figures = list[tuple[float, float]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--tasks", type=int, default=1)
    options = parser.parse_args()
    before, after = Figures(), Figures()
    for number in range(options.runs):
        for name, checkout, found in (
            ("before", options.before, before),
            ("after", options.after, after),
        ):
            found.append(_run(checkout.resolve(), options.tasks))
            print(f"{number + 1} {name}: {found[-1][0]:.0f} commits/s, {found[-1][1]:.2f} ms")
    one, other = _median(before), _median(after)
    print(f"before {one[0]:.0f} commits/s, {one[1]:.2f} ms of processor time each")
    print(f"after  {other[0]:.0f} commits/s, {other[1]:.2f} ms of processor time each")
    print(f"processor time {100 * (other[1] / one[1] - 1):+.1f} %")
    return 0


def _run(checkout: Path, tasks: int) -> tuple[float, float]:
    done = subprocess.run(
        (sys.executable, "-m", "tests.benchmarks.commits", "--tasks", str(tasks)),
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )
    if (figures := FIGURES.search(done.stdout)) is None:
        sys.exit(f"{checkout}: {done.stderr[-2000:]}")
    return float(figures[1]), float(figures[2])


def _median(found: Figures) -> tuple[float, float]:
    speeds, processor = zip(*found, strict=True)
    return statistics.median(speeds), statistics.median(processor)


if __name__ == "__main__":
    sys.exit(main())
