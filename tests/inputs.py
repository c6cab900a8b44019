"""What tests feed the desk: the inputs in tests/data, and more where `../shared` is there.

A test never has a path of its own to these. A clone alone has all that a test needs; what lies
beside it is taken in addition.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
BESIDE = Path(__file__).parents[2] / "shared"
"""Larger collections, which are no part of the project."""


@cache
def hostile_strings() -> tuple[str, ...]:
    """Strings that have broken programs: ours of every kind first, then the collected ones."""
    ours = [one["text"] * one.get("times", 1) for one in rows(DATA / "hostile.json")]
    more = [one["s"] for one in rows(BESIDE / "corpora" / "all_strings.json")]
    return tuple(dict.fromkeys([*ours, *more]))


@cache
def hostile_kinds() -> frozenset[str]:
    return frozenset(one["kind"] for one in rows(DATA / "hostile.json"))


@cache
def slack_payloads() -> tuple[dict[str, Any], ...]:
    """What Slack sends, with the fields that it documents; socket envelopes as they are."""
    files = (DATA / "slack_payloads.json", BESIDE / "corpora" / "slack_bolt" / "payloads.json")
    found = [one["payload"] for file in files for one in rows(file)]
    return tuple(one for at, one in enumerate(found) if one not in found[:at])


@cache
def telegram_cases() -> tuple[dict[str, Any], ...]:
    """What clients send and what is right: ours, and those beside the project.

    What stands behind a slash is left to whoever tests commands.
    """
    beside = sorted((BESIDE / "cases" / "telegram").glob("*.json"))
    found = [json.loads(file.read_text("utf-8")) for file in beside]
    more = [case for case in found if "after_slash" not in case["name"]]
    return (*rows(DATA / "telegram" / "cases.json"), *more)


@cache
def bot_api() -> dict[str, Any]:
    """The machine-readable Bot API: its methods, types and their fields."""
    return json.loads((DATA / "telegram" / "api.json").read_text("utf-8"))


def rows(file: Path) -> list[dict[str, Any]]:
    """A file of ours must be there; one beside the project need not."""
    if not file.is_relative_to(DATA) and not file.exists():
        return []
    return json.loads(file.read_text("utf-8"))
