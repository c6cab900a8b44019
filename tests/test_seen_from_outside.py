"""What scripts and habits rest on stays: commands, options, exit codes, JSON keys, settings, names.

What is new is told in the CHANGELOG; only what is lost or changed must be justified here.

tests/data/seen_from_outside.json was written by tests/seen_from_outside.py on the tree of version
0.2 as it stood before its modules were moved.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import seen_from_outside

BEFORE = Path(__file__).parent / "data" / "seen_from_outside.json"
CHANGED = {
    "commands / privacydesk clients import / parameters / file / required": "or the CRM is read",
    "slack app /       - files:write # brings files of clients into threads": "and removes them",
    "commands / privacydesk audit verify / parameters / --expect": "an unset variable is no pass",
}
"""What scripts and habits meet otherwise than before, and why. Think twice: they break by it."""
PROSE = re.compile(
    r"texts / |.* / (help|description)$|settings / \.env\.example / # |"
    r"words in (chats|Slack) / |runs / chat / "
)
"""Words for people may be said better at any time; the wording's own tests look after them."""


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
    return any(path == one or path.startswith((f"{one} / ", f"{one}:")) for one in listed)


def lost_or_changed(before: object, now: object) -> list[str]:
    new = dict(leaves(now))
    return [
        f"{path}: was {value!r}, is {new.get(path, 'gone')!r}"
        for path, value in leaves(before)
        if new.get(path) != value and not PROSE.match(path) and not is_under(path, CHANGED)
    ]


@pytest.fixture(scope="module")
def before() -> Any:
    return json.loads(BEFORE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def now() -> Any:
    return json.loads(json.dumps(seen_from_outside.record()))


def test_nothing_that_scripts_and_habits_rest_on_is_lost_or_changed(before: Any, now: Any):
    found = lost_or_changed(before, now)

    assert found == [], "put it back; if it is meant, write it into CHANGED with its reason"


def test_no_listed_change_is_gone_again(before: Any, now: Any):
    new = dict(leaves(now))
    other = [path for path, value in leaves(before) if new.get(path) != value]

    assert [one for one in CHANGED if not any(is_under(path, {one: ""}) for path in other)] == []


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
        ({"a": {"b": "1", "help": "better"}, "c": ["x", "y"], "texts": {"en": "said better"}}, []),
    ],
)
def test_a_loss_and_a_change_are_found_and_an_addition_or_a_better_word_is_none(
    now: Any, found: list[str]
):
    assert (
        lost_or_changed(
            {"a": {"b": "1", "help": "good"}, "c": ["x", "y"], "texts": {"en": "said"}}, now
        )
        == found
    )
