"""Events and deliveries as JSON; pydantic checks what comes back."""

import json
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from bot.application.outbound.delivery import Delivery
from bot.domain.events import Event
from storage.types import mended

_COMPACT: Any = {"ensure_ascii": False, "separators": (",", ":")}


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def encode(thing: Event | Delivery) -> str:
    """As JSON; lone surrogates, which UTF-8 cannot hold, become U+FFFD."""
    return mended(json.dumps(_adapter(type(thing)).dump_python(thing, mode="json"), **_COMPACT))


def decode(kind: type[Any], text: str) -> Any:  # noqa: ANN401  # of the class asked for
    return _adapter(kind).validate_json(text)
