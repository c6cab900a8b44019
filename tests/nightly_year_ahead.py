"""The whole suite a year ahead: what depends on the day fails here before it fails a reader.

`python -m tests.nightly_year_ahead [DAY] [pytest's arguments]`; DAY is `+90d` or `2028-02-29`, and
`+365d` when none is given. libfaketime moves the clock of the tests, of the desk and of every
process of theirs; the monotonic clock stays real, and tests/support/drivers/real_time.py keeps
PostgreSQL and Chromium out of it.
"""

import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
PLACES = (
    *Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"),
    *Path("/usr/local/lib").glob("faketime/libfaketimeMT.so.1"),
)
"""Where Debian and a build by hand put the library; MT is the one for programs with threads."""
DAY = re.compile(r"\+\d+d|\d{4}-\d\d-\d\d")
BEGAN = "PRIVACYDESK_REALLY_BEGAN"
HALF_A_DAY = 12 * 3600
NO_LIBRARY = 3


def main(arguments: Sequence[str], places: Sequence[Path] = PLACES) -> int:
    """Run pytest at the day; its own exit code, or `NO_LIBRARY`."""
    if not places:
        print(
            "year ahead: libfaketime is not here (Debian: apt-get install faketime)",
            file=sys.stderr,
        )
        return NO_LIBRARY
    has_day = bool(arguments) and DAY.fullmatch(arguments[0]) is not None
    today = datetime.fromtimestamp(time.time(), UTC).date()
    days = days_until(arguments[0], today) if has_day else 365
    rest = arguments[1:] if has_day else arguments
    words = (
        "-m",
        "pytest",
        "-q",
        "-n",
        "2",
        "-p",
        "no:cacheprovider",
        "-p",
        "tests.nightly_year_ahead",
    )
    print(f"year ahead: {days} days ahead", flush=True)
    ended = subprocess.run(  # our own suite
        (sys.executable, *words, *rest), cwd=ROOT, env=moved(places[0], days), check=False
    )
    return ended.returncode


def moved(library: Path, days: int) -> dict[str, str]:
    """The environment of a process whose clock is so many days ahead."""
    return os.environ | {
        "LD_PRELOAD": str(library),
        "FAKETIME": f"+{days}d",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        # Without it 0.9.10 lets no thread wait for the interpreter's lock: twenty times as slow.
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        "NO_FAKE_STAT": "1",  # times of files stay the disk's
        BEGAN: str(time.time()),
    }


def days_until(day: str, today: date) -> int:
    """How many days ahead `+90d` or `2028-02-29` is."""
    if day.startswith("+"):
        return int(day[1:-1])
    return (date.fromisoformat(day) - today).days


def pytest_configure() -> None:
    """In every process of the suite: the clock is really ahead, and a plain sleep sleeps.

    libfaketime 0.9.10, Debian 12's, refuses a sleep until a moment of a monotonic clock that it
    was told to leave alone; Python's `time.sleep` is one, also within `subprocess`.
    """
    if time.time() - float(os.environ[BEGAN]) < HALF_A_DAY:
        raise pytest.UsageError("the clock of this process was not moved")
    time.sleep = _sleep


def _sleep(seconds: Any, /) -> None:
    select.select([], [], [], float(seconds))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
