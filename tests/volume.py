"""How much a seeded test runs, and by which seed.

In the gate a sample, at night everything or a large share (`make nightly`). The seed comes from the
commit: whatever is drawn changes with it, so that many gates and nights add up. PRIVACYDESK_SEED
repeats a run; it is handed on to every process that a run starts.
"""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import TypeVar

T = TypeVar("T")
IS_NIGHT = os.environ.get("PRIVACYDESK_NIGHTLY") == "1"
IS_WHOLE = os.environ.get("PRIVACYDESK_WHOLE") == "1"
"""A judged volume is run whole (`make volumes`): at night it is a share, and nights add up."""
ROOT = Path(__file__).parent.parent
SEED = "PRIVACYDESK_SEED"
WITHOUT_GIT = 20_261_122
"""Where there is no commit to ask, as in an unpacked archive."""


def volume(gate: int, night: int, whole: int | None = None) -> int:
    if IS_WHOLE and whole is not None:
        return whole
    return night if IS_NIGHT else gate


def commit() -> str:
    """The first twelve digits of HEAD; empty: no git, or nothing is committed."""
    try:
        found = subprocess.run(
            ("git", "rev-parse", "--verify", "--quiet", "--short=12", "HEAD"),  # noqa: S607  # by its name
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return ""
    return found.stdout.strip()


def seed() -> int:
    """The seed of this run: PRIVACYDESK_SEED's, else the commit's. It is kept for all that follows.

    The commit is asked once: a test process that starts later draws the same cases, whatever has
    been committed since.
    """
    given = os.environ.setdefault(SEED, str(seed_of(commit())))
    return int(given)


def seed_of(name: str) -> int:
    """Eight digits of the commit's name are enough to draw by, and short enough to type."""
    return int(name[:8], 16) if name else WITHOUT_GIT


def sampled(cases: Sequence[T], gate: int, night: int | None = None) -> list[T]:
    """`gate` of the cases, drawn by this run's seed, in their order; at night `night`, or all."""
    wanted = None if IS_WHOLE else night if IS_NIGHT else gate
    if wanted is None or len(cases) <= wanted:
        return list(cases)
    places = sorted(Random(seed()).sample(range(len(cases)), wanted))
    return [cases[place] for place in places]
