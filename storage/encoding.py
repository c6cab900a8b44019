"""Events and deliveries as JSON, by the name of their class; pydantic checks what comes back."""

import json
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from bot.events import Event
from bot.messages import Delivery
from storage.types import mended

_COMPACT: Any = {"ensure_ascii": False, "separators": (",", ":")}


def _family(base: type) -> Iterator[type]:
    for child in base.__subclasses__():
        yield child
        yield from _family(child)


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def named(base: type[Event] | type[Delivery], name: str) -> type[Any] | None:
    """The class of that name; None: this release no longer knows it.

    A slotted dataclass leaves the class it was made from among the subclasses, under the same
    name; only the one that stands in its module is meant.
    """
    found = (kind for kind in _family(base) if kind.__name__ == name)
    return next((kind for kind in found if _is_kept(kind)), None)


def _is_kept(kind: type) -> bool:
    return getattr(sys.modules[kind.__module__], kind.__name__, None) is kind


def encode(thing: Event | Delivery) -> str:
    """As JSON; lone surrogates, which UTF-8 cannot hold, become U+FFFD."""
    return mended(json.dumps(_adapter(type(thing)).dump_python(thing, mode="json"), **_COMPACT))


def decode(kind: type[Any], text: str) -> Any:  # noqa: ANN401  # of the class asked for
    return _adapter(kind).validate_json(text)
