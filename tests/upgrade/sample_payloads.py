"""One payload of each event and delivery, every field filled, as this release writes them."""

import enum
import json
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any

from pydantic import TypeAdapter

from bot.application import wire_names
from bot.domain.addresses import PersonId
from bot.domain.requests.record import RequestRecord, Subject
from handlers.slack.payloads.intents import KINDS
from storage.codec import encode
from storage.repositories.messages import Details

MOMENT = datetime(2026, 11, 22, 4, 0, 24, 5, UTC)
PLAIN: Mapping[Any, Callable[[str], Any]] = {
    str: lambda name: f"some {name}",
    bool: lambda _: True,
    int: lambda _: 3,
    datetime: lambda _: MOMENT,
    date: lambda _: MOMENT.date(),
    Any: lambda name: f"any {name}",
    Subject: lambda _: Subject(person=PersonId("some person")),
}


RECORDS: Mapping[str, type[Any]] = {
    "data_request.facts": RequestRecord,
    "message.details": Details,
    **{f"inbox.{name}": kind for name, kind in KINDS.items()},
}
"""Documents within a row, by where they are kept."""


def payloads() -> dict[str, dict[str, Any]]:
    """By the section of the table of names, and by the name."""
    tables = {"EVENTS": wire_names.EVENTS, "DELIVERIES": wire_names.DELIVERIES}
    named = {
        section: {name: json.loads(encode(_made(kind))) for name, kind in table.items()}
        for section, table in tables.items()
    }
    records = {
        name: _adapter(name).dump_python(_made(kind), mode="json") for name, kind in RECORDS.items()
    }
    return named | {"RECORDS": records}


def read_again(name: str, payload: Any) -> Any:
    """A record as today's code would write what it read."""
    return _adapter(name).dump_python(_adapter(name).validate_python(payload), mode="json")


def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(RECORDS[name])


def _made(kind: type[Any]) -> Any:
    hints = typing.get_type_hints(kind)
    names = [one.name for one in fields(kind)] if is_dataclass(kind) else list(kind.model_fields)
    return kind(**{name: _value(hints[name], name) for name in names})


def _value(kind: Any, name: str) -> Any:
    """Something of that type; of an optional one what it is when it is there."""
    if hasattr(kind, "__supertype__"):
        return _value(kind.__supertype__, name)
    if typing.get_origin(kind) is not None:
        return _compound(typing.get_origin(kind), typing.get_args(kind), name)
    if kind in PLAIN:
        return PLAIN[kind](name)
    if is_dataclass(kind) or hasattr(kind, "model_fields"):
        return _made(typing.cast("type[Any]", kind))
    return list(typing.cast("type[enum.Enum]", kind))[-1]


def _compound(origin: Any, within: tuple[Any, ...], name: str) -> Any:
    """A union is its first member, a collection holds one of each."""
    inside = [one for one in within if one not in (types.NoneType, Ellipsis)]
    if origin in (typing.Union, types.UnionType):
        return _value(inside[0], name)
    if origin is dict:
        return {f"some {name}": _value(inside[1], name)}
    return origin(_value(one, name) for one in inside)
