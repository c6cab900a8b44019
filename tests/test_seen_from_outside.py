"""What people and scripts see stays as it was before the redesign; what came since has its reason.

tests/data/seen_from_outside.json was written by tests/seen_from_outside.py on the tree of version
0.2 as it stood before its modules were moved.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import seen_from_outside

BEFORE = Path(__file__).parent / "data" / "seen_from_outside.json"
PLACES_OF_DATA = "the example names a file of the source tree, which was moved with its folder"
ADDED = {
    "texts / bn / slack.no_such_action": "a button that the desk does not know says so",
    "texts / en / slack.no_such_action": "a button that the desk does not know says so",
    "texts / bn / times.digits": "a language says its digits where its words are",
    "texts / en / times.digits": "a language says its digits where its words are",
    "texts / bn / console.bench_in_a_checkout": "an installed package says where `bench` lives",
    "texts / en / console.bench_in_a_checkout": "an installed package says where `bench` lives",
    "commands / privacydesk why": "staff and scripts ask where a message went",
    "texts / bn / routes.": "why a message went where it went, in words",
    "texts / en / routes.": "why a message went where it went, in words",
    "texts / bn / slack.do_details": "the same on a ticket's card",
    "texts / en / slack.do_details": "the same on a ticket's card",
    "stored names / SLACK_ACTIONS / details": "the same on a ticket's card",
    "texts / bn / slack.do_take_up": "a way back from waiting for others",
    "texts / en / slack.do_take_up": "a way back from waiting for others",
    "stored names / SLACK_ACTIONS / take_up": "a way back from waiting for others",
    "texts / bn / clock.acknowledge_by": "a law's time to confirm receipt is told",
    "texts / en / clock.acknowledge_by": "a law's time to confirm receipt is told",
    "runs / clock explain R-000001 --json / .acknowledge_by": "a law's time to confirm receipt",
}
"""What people see since, and why; what lies beneath such a path is added too, and what begins with
one that ends in a dot."""
CHANGED = {
    "commands / privacydesk bench calibrate / help": PLACES_OF_DATA,
    "commands / privacydesk bench train / help": PLACES_OF_DATA,
}
"""What people see otherwise than before, and why. Think twice: scripts and habits break by it."""


def leaves(seen: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Each thing seen, by its path; the order within a list is not looked at."""
    if isinstance(seen, dict):
        for name, each in seen.items():
            yield from leaves(each, f"{path} / {name}" if path else str(name))
    elif isinstance(seen, list):
        for each in seen:
            if isinstance(each, dict):
                yield from leaves(each, f"{path} / {' '.join(each.get('flags', '?'))}")
            else:
                yield f"{path} / {each}", ""
    else:
        yield path, str(seen)


def is_under(path: str, listed: dict[str, str]) -> bool:
    return any(
        path == one or path.startswith((f"{one} / ", f"{one}:"))
        if not one.endswith(".")
        else path.startswith(one)
        for one in listed
    )


def lost_or_changed(before: object, now: object) -> list[str]:
    new = dict(leaves(now))
    return [
        f"{path}: was {value!r}, is {new.get(path, 'gone')!r}"
        for path, value in leaves(before)
        if new.get(path) != value and not is_under(path, CHANGED)
    ]


def added(before: object, now: object) -> list[str]:
    old = dict(leaves(before))
    return [path for path, _ in leaves(now) if path not in old]


@pytest.fixture(scope="module")
def before() -> Any:
    return json.loads(BEFORE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def now() -> Any:
    return json.loads(json.dumps(seen_from_outside.record()))


def test_nothing_that_people_or_scripts_see_is_lost_or_changed(before: Any, now: Any):
    found = lost_or_changed(before, now)

    assert found == [], "put it back; if it is meant, write it into CHANGED with its reason"


def test_what_people_see_that_is_new_is_listed_with_its_reason(before: Any, now: Any):
    unlisted = [path for path in added(before, now) if not is_under(path, ADDED | CHANGED)]

    assert not unlisted, "\n".join(("if it is meant, into ADDED with its reason:", *unlisted))


def test_no_listed_addition_or_change_is_gone_again(before: Any, now: Any):
    new = added(before, now)
    texts = dict(leaves(now))
    other = [path for path, value in leaves(before) if texts.get(path) != value]

    stale = [one for one in ADDED if not any(is_under(path, {one: ""}) for path in new)]
    stale += [one for one in CHANGED if not any(is_under(path, {one: ""}) for path in other)]

    assert stale == []


def test_every_command_with_json_is_run_or_says_why_not(now: Any):
    with_json = {
        path.removeprefix("privacydesk ")
        for path, command in now["commands"].items()
        if any("--json" in one["flags"] for one in command["parameters"])
    }
    runs = [line for line, shown in now["runs"].items() if "--json" in line and len(shown) > 1]

    not_run = {path for path in with_json if not any(line.startswith(path) for line in runs)}

    assert not_run == set(seen_from_outside.NOT_RUN)


@pytest.mark.parametrize(
    ("now", "found"),
    [
        ({"a": {"b": "1"}, "c": ["x", "y"]}, []),
        ({"a": {"b": "2"}, "c": ["x", "y"]}, ["a / b: was '1', is '2'"]),
        ({"a": {}, "c": ["x", "y"]}, ["a / b: was '1', is 'gone'"]),
        ({"a": {"b": "1"}, "c": ["y"]}, ["c / x: was '', is 'gone'"]),
        ({"a": {"b": "1"}, "c": ["y", "x", "z"], "d": "new"}, []),
    ],
)
def test_a_loss_and_a_change_are_found_and_an_addition_is_none(now: Any, found: list[str]):
    assert lost_or_changed({"a": {"b": "1"}, "c": ["x", "y"]}, now) == found


def test_an_addition_is_found_by_its_path():
    assert added({"a": {"b": "1"}}, {"a": {"b": "2", "c": "3"}}) == ["a / c"]
