"""What is wrong with a setting: its name, what it may be, and an example; no library's words."""

from collections.abc import Mapping
from typing import Any, get_args

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bot.domain.text import reveal, shorten
from bot.wording import say
from handlers.log_setup import redact

NUMBERS = ("int_", "greater_than", "less_than")
SHOWN = 60
"""Characters of a wrong value."""


def problem(item: ErrorDetails, fields: Mapping[str, FieldInfo]) -> str:
    """One sentence on one setting; a token that stands in the wrong one is blanked."""
    name = str(item["loc"][0]) if item["loc"] else ""
    field = fields[name]
    return say(
        "settings.problem",
        name=name.upper(),
        given=_given(item["input"], field),
        why=_why(item, field),
        example=_written(field.default),
    )


def _given(value: object, field: FieldInfo) -> str:
    """What stood there; of a secret nothing."""
    if field.annotation is SecretStr:
        return "..."
    return shorten(reveal(redact(_written(value))), SHOWN)


def missing(name: str, fields: Mapping[str, FieldInfo]) -> str:
    """A setting that is needed, with what it is."""
    about = fields[name.lower()].description or ""
    return say("settings.missing", name=name, about=about)


def _why(item: ErrorDetails, field: FieldInfo) -> str:
    kind = item["type"]
    if kind == "literal_error":
        choices = ", ".join(map(str, get_args(field.annotation)))
        return say("settings.not_one_of", choices=choices)
    if kind.startswith("bool_"):
        return say("settings.not_yes_or_no")
    if kind.startswith(NUMBERS):
        return _range(field)
    found = item.get("ctx", {}).get("error")
    return str(found) if isinstance(found, ValueError) else say("settings.not_usable")


def _range(field: FieldInfo) -> str:
    low, high = _bound(field, "ge"), _bound(field, "le")
    if high is None:
        return say("settings.not_from", low=low)
    return say("settings.not_between", low=low, high=high)


def _bound(field: FieldInfo, name: str) -> int | None:
    return next((getattr(one, name) for one in field.metadata if hasattr(one, name)), None)


def _written(value: Any) -> str:  # noqa: ANN401  # whatever stood in the environment
    """As it would stand in `.env`."""
    if isinstance(value, bool):
        return str(int(value))
    return ",".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value)
