"""Small checks that build the shapes of Block Kit, each naming the place of what is wrong.

A check takes a value, its JSON pointer and the findings so far, and adds to them in
Slack's own words: `[ERROR] must be less than 76 characters [json-pointer:/blocks/0/...]`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from handlers.sandbox.slack import limits


@dataclass
class Findings:
    """What is wrong, and what must be unique or is summed over the whole message or view."""

    wrong: list[str] = field(default_factory=list)
    block_ids: list[str] = field(default_factory=list)
    action_ids: list[str] = field(default_factory=list)
    characters: int = 0
    focused: int = 0

    def add(self, message: str, where: str) -> None:
        self.wrong.append(f"[ERROR] {message} [json-pointer:{where}]")


Json = Any  # whatever came in: checks are there because nothing is known of it yet
Check = Callable[[Json, str, Findings], None]
Shape = dict[str, Check]


def string(longest: int, shortest: int = 0) -> Check:
    """Text of at most so many characters."""

    def check(value: Json, where: str, findings: Findings) -> None:
        if not isinstance(value, str):
            findings.add("must be a string", where)
        elif len(value) > longest:
            findings.add(f"must be less than {longest + 1} characters", where)
        elif len(value) < shortest:
            findings.add(f"must be more than {shortest - 1} characters", where)

    return check


def boolean(value: Json, where: str, findings: Findings) -> None:
    if not isinstance(value, bool):
        findings.add("must be a boolean", where)


def integer(lowest: int, highest: int) -> Check:
    """A whole number within bounds."""

    def check(value: Json, where: str, findings: Findings) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            findings.add("must be an integer", where)
        elif not lowest <= value <= highest:
            findings.add(f"must be between {lowest} and {highest}", where)

    return check


def one_of(*allowed: str) -> Check:
    """One of a few words."""

    def check(value: Json, where: str, findings: Findings) -> None:
        if value not in allowed:
            findings.add(f"must be one of {', '.join(allowed)}", where)

    return check


def anything(_value: Json, _where: str, _findings: Findings) -> None:
    """Leave it unchecked: a part of Slack this project does not use."""


def list_of(item: Check, most: int, fewest: int = 1) -> Check:
    """A list of at least and at most so many."""

    def check(value: Json, where: str, findings: Findings) -> None:
        if not isinstance(value, list):
            findings.add("must be an array", where)
            return
        if len(value) > most:
            findings.add(f"no more than {most} items allowed", where)
        if len(value) < fewest:
            findings.add(f"no fewer than {fewest} items allowed", where)
        for index, each in enumerate(value):
            item(each, f"{where}/{index}", findings)

    return check


def shape(required: Shape, optional: Shape | None = None) -> Check:
    """Build the check of an object of exactly these keys."""
    known = {**(optional or {}), **required}

    def check(value: Json, where: str, findings: Findings) -> None:
        if not isinstance(value, dict):
            findings.add("must be an object", where)
            return
        for name in required.keys() - value.keys():
            findings.add(f"missing required field: {name}", where)
        for name, part in value.items():
            if name in known:
                known[name](part, f"{where}/{name}", findings)
            else:
                findings.add(f"unknown field: {name}", f"{where}/{name}")

    return check


def by_type(table: dict[str, Check]) -> Check:
    """Check an object by what its `type` says it is."""

    def check(value: Json, where: str, findings: Findings) -> None:
        if not isinstance(value, dict):
            findings.add("must be an object", where)
            return
        chosen = table.get(str(value.get("type")))
        if chosen is None:
            findings.add(f"unsupported type: {value.get('type')}", f"{where}/type")
            return
        chosen(value, where, findings)

    return check


def plain(longest: int) -> Check:
    """Build the check of a plain_text object."""
    return _text_object("plain_text", "emoji", longest)


def either(longest: int) -> Check:
    """Build the check of a plain_text or mrkdwn object."""
    return by_type({"plain_text": plain(longest), "mrkdwn": _mrkdwn(longest)})


def identifier(value: Json, where: str, findings: Findings) -> None:
    """Check a callback_id, block_id, action_id or external_id."""
    string(limits.IDENTIFIER)(value, where, findings)


def _mrkdwn(longest: int) -> Check:
    return _text_object("mrkdwn", "verbatim", longest)


def _text_object(kind: str, flag: str, longest: int) -> Check:
    inner = shape({"type": one_of(kind), "text": string(longest, 1)}, {flag: boolean})

    def check(value: Json, where: str, findings: Findings) -> None:
        inner(value, where, findings)
        if isinstance(value, dict):
            findings.characters += len(str(value.get("text", "")))

    return check
