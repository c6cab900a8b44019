"""The two locks as data: what each line pins, and what it is pinned for."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
RUN, DEV = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
GROUPS = {RUN: ("build",), DEV: ("build", "dev")}
"""Which dependency groups of pyproject.toml a lock holds beside the project's own dependencies."""


@dataclass(frozen=True, slots=True)
class Pin:
    """One requirement of a lock."""

    line: str
    hashes: tuple[str, ...]

    @property
    def requirement(self) -> Requirement:
        return Requirement(self.line)

    @property
    def name(self) -> str:
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> str:
        return str(self.requirement.specifier).removeprefix("==")

    @property
    def is_for_here(self) -> bool:
        """Whether this Python on this machine installs it."""
        marker = self.requirement.marker
        return marker is None or marker.evaluate()


def pins(lock: Path) -> list[Pin]:
    """Every requirement of a lock; a line that is neither a requirement nor a hash is one too."""
    lines = lock.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    made = [re.split(r"\s+--hash=", line.strip()) for line in lines if line.strip()]
    return [Pin(line, tuple(hashes)) for line, *hashes in made]


def pinned(lock: Path) -> dict[str, str]:
    """Name and version of what is installed here from a lock."""
    return {pin.name: pin.version for pin in pins(lock) if pin.is_for_here}


def asked_for(lock: Path) -> list[Requirement]:
    """What pyproject.toml names, for this lock."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    lines = [*project["project"]["dependencies"]]
    lines += [line for group in GROUPS[lock] for line in groups[group]]
    return [Requirement(line) for line in lines]


def needed(named: Iterable[Requirement]) -> dict[str, list[Requirement]]:
    """Everything that follows from what is named, extras too: who is asked for, and how.

    It is read from the metadata of what is installed: the dev lock has to be.
    """
    found: dict[str, list[Requirement]] = {}
    waiting, seen = list(named), set[str]()
    while waiting:
        one = waiting.pop()
        if str(one) not in seen:
            seen.add(str(one))
            found.setdefault(canonicalize_name(one.name), []).append(one)
            waiting += _wanted_by(one)
    return found


def _wanted_by(one: Requirement) -> Iterator[Requirement]:
    for line in requires(one.name) or ():
        wanted = Requirement(line)
        if any(
            wanted.marker is None or wanted.marker.evaluate({"extra": extra})
            for extra in ("", *one.extras)
        ):
            wanted.marker = None
            yield wanted
