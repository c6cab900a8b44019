"""One payload of each event and delivery, every field filled, as this release writes them."""

import enum
import json
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any

from bot import wire_names
from storage.encoding import encode

MOMENT = datetime(2026, 11, 22, 4, 0, 24, 5, UTC)
PLAIN: Mapping[type, Callable[[str], Any]] = {
    str: lambda name: f"some {name}",
    bool: lambda _: True,
    int: lambda _: 3,
    datetime: lambda _: MOMENT,
    date: lambda _: MOMENT.date(),
}


def payloads() -> dict[str, dict[str, Any]]:
    """By the section of the table of names, and by the name."""
    tables = {"EVENTS": wire_names.EVENTS, "DELIVERIES": wire_names.DELIVERIES}
    return {
        section: {name: json.loads(encode(_made(kind))) for name, kind in table.items()}
        for section, table in tables.items()
    }


def _made(kind: type[Any]) -> Any:
    hints = typing.get_type_hints(kind)
    return kind(**{one.name: _value(hints[one.name], one.name) for one in fields(kind)})


def _value(kind: Any, name: str) -> Any:
    """Something of that type; of an optional one what it is when it is there."""
    if hasattr(kind, "__supertype__"):
        return _value(kind.__supertype__, name)
    inside = [one for one in typing.get_args(kind) if one not in (types.NoneType, Ellipsis)]
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return _value(inside[0], name)
    if typing.get_origin(kind) is tuple:
        return tuple(_value(one, name) for one in inside)
    if kind in PLAIN:
        return PLAIN[kind](name)
    if is_dataclass(kind):
        return _made(typing.cast("type[Any]", kind))
    return list(typing.cast("type[enum.Enum]", kind))[-1]
