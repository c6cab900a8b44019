"""The start depends on the locks and on nothing else: they are whole, exact and kept to."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.locks import DEV, ROOT, RUN, asked_for, needed, pinned, pins

LOCKS = (RUN, DEV)
A_PIN = re.compile(r"[a-z0-9-]+==[0-9][^ ,*]*( ; [a-z_ =!<>.'0-9A-Z]+)?")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_line_of_a_lock_is_one_exact_release_with_its_hashes(lock: Path):
    loose = [
        pin.line
        for pin in pins(lock)
        if not A_PIN.fullmatch(pin.line)
        or not pin.hashes
        or any(not re.fullmatch(r"sha256:[0-9a-f]{64}", one) for one in pin.hashes)
    ]

    assert loose == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_place_to_fetch_from(lock: Path):
    assert "://" not in lock.read_text(encoding="utf-8")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_holds_all_that_follows_from_what_is_named_within_its_bounds(lock: Path):
    held = pinned(lock)
    named = [one for one in asked_for(lock) if one.marker is None or one.marker.evaluate()]

    wanted = needed(named)

    outside = [
        f"{one} but {name} is {held[name]}"
        for name, asked in wanted.items()
        for one in asked
        if name in held and not one.specifier.contains(held[name], prereleases=True)
    ]
    assert set(wanted) == set(held)
    assert outside == [], "run `make lock`"


def test_what_runs_is_what_was_tested():
    tested = {pin.line: pin.hashes for pin in pins(DEV)}

    assert [pin.line for pin in pins(RUN) if tested.get(pin.line) != pin.hashes] == []


def test_every_dependency_that_is_installed_without_the_lock_has_an_upper_bound():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    named = [*asked_for(RUN), *map(Requirement, project["build-system"]["requires"])]

    open_ended = [
        str(one) for one in named if not {"<", "=="} & {each.operator for each in one.specifier}
    ]

    assert open_ended == []


def test_the_makefile_installs_the_lock_and_nothing_but_the_lock():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    installs = [
        line for line in makefile.splitlines() if re.search(r"\b(pip|PIP)\b.* install", line)
    ]
    kept = ("--require-hashes -r requirements", "--no-build-isolation --editable .")

    assert len(installs) == 4
    assert [line for line in installs if "--no-deps" not in line] == []
    assert [line for line in installs if not any(words in line for words in kept)] == []
    assert makefile.count("$(PIP) check") == 2
