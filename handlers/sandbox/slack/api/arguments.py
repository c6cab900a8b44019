"""Are a call's arguments those the method takes? Checked against the published definitions."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from handlers.sandbox.slack.refusals import ApiRefusal

# team_id: slack-bolt gives it to the client of every request, which sends it with every call.
ALWAYS_ALLOWED = frozenset({"token", "charset", "pretty", "team_id"})
TRUE_WORDS = frozenset({"1", "true", "True"})
FALSE_WORDS = frozenset({"0", "false", "False", ""})


@dataclass(frozen=True, slots=True)
class Method:
    """A Web API method: where it takes arguments from, which, and how often it may be called."""

    name: str
    http: str
    tier: str
    takes_json: bool
    required: tuple[str, ...]
    args: dict[str, frozenset[str]]


@dataclass
class Checked:
    """Arguments in their own types, and what was wrong with them."""

    args: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


@cache
def methods() -> dict[str, Method]:
    rows = json.loads(Path(__file__).with_name("arguments.json").read_text("utf-8"))
    return {name: _method(name, row) for name, row in rows.items()}


def checked(method: Method, raw: dict[str, Any]) -> dict[str, Any]:
    """Give the arguments in their types, or refuse as Slack does: invalid_arguments.

    A null counts as not given: Slack's own client sends them.
    """
    given = Checked()
    for name, value in raw.items():
        if name not in ALWAYS_ALLOWED and value is not None:
            _take(method, name, value, given)
    given.wrong += [
        f"[ERROR] missing required field: {name}"
        for name in method.required
        if name not in given.args
    ]
    if given.wrong:
        raise ApiRefusal("invalid_arguments", *given.wrong)
    return given.args


def _method(name: str, row: dict[str, Any]) -> Method:
    return Method(
        name=name,
        http=row["http"],
        tier=row["tier"],
        takes_json=row["json"],
        required=tuple(row["required"]),
        args={arg: frozenset(types.split("|")) for arg, types in row["args"].items()},
    )


def _take(method: Method, name: str, value: object, given: Checked) -> None:
    if name not in method.args:
        given.wrong.append(f"[ERROR] unknown argument: {name}")
        return
    for kind in sorted(method.args[name]):
        taken = _READ[kind](value)
        if taken is not None:
            given.args[name] = taken
            return
    if name == "blocks":
        raise ApiRefusal("invalid_blocks_format")
    wanted = " or ".join(sorted(method.args[name] - {"null"}))
    given.wrong.append(f"[ERROR] must be a {wanted} [json-pointer:/{name}]")


def _string(value: object) -> str | None:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _boolean(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    word = str(value)
    return True if word in TRUE_WORDS else False if word in FALSE_WORDS else None


def _integer(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and value.lstrip("-").isdigit() else None


def _json(value: object) -> object | None:
    if isinstance(value, dict | list):
        return value
    if not isinstance(value, str):
        return None
    try:
        read = json.loads(value)
    except ValueError:
        return None
    return read if isinstance(read, dict | list) else None


def _of_json(kind: type) -> Callable[[object], object | None]:
    def read(value: object) -> object | None:
        found = _json(value)
        return found if isinstance(found, kind) else None

    return read


_READ: dict[str, Any] = {
    "string": _string,
    "boolean": _boolean,
    "integer": _integer,
    "number": _integer,
    "json": _json,
    "array": _of_json(list),
    "object": _of_json(dict),
    "null": lambda _: None,
}
