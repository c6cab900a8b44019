"""Checks what the bot sent against the Bot API's own definition and gives it native types.

Form fields arrive as text, so `"5"` is an Integer here and `"[1]"` an Array, as on the real server.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

from handlers.sandbox.telegram.refusals import (
    CHAT_EMPTY,
    NO_MESSAGE_ID,
    NOT_IN_SANDBOX,
    NOT_UTF8,
    TEXT_EMPTY,
    UNKNOWN_METHOD,
    Refusal,
    mistake,
    not_found,
)

Json = dict[str, Any]

_ARRAY: Final = "Array of "
_SCALARS: Final = ("Integer", "Float", "Boolean", "String")
_TRUE: Final = ("true", "1", "yes", "on")
_FALSE: Final = ("false", "0", "no", "off", "")
_MISSING_WORDS: Final = {
    "chat_id": CHAT_EMPTY,
    "text": TEXT_EMPTY,
    "message_id": NO_MESSAGE_ID,
    "action": "wrong parameter action in request",
}


class Unfit(Exception):
    """A value that is not of the type the Bot API names; `why` in the platform's manner."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def wrong_type(name: str, kind: str) -> Unfit:
    return Unfit(f'Field "{name}" must be of type {kind}')


def unparsable(name: str) -> Unfit:
    return Unfit(f'Can\'t parse "{name}" JSON object')


def unknown_field(name: str, kind: str) -> Unfit:
    return Unfit(f'unknown field "{name}" in {kind}')


def missing_field(name: str) -> Unfit:
    return Unfit(f'Can\'t find field "{name}"')


@cache
def _schema() -> Json:
    text = files("handlers.sandbox.telegram").joinpath("schema.json").read_text("utf-8")
    return json.loads(text)


@cache
def _method_names() -> dict[str, str]:
    """Method names are not case sensitive on the real server."""
    return {name.lower(): name for name in _schema()["methods"]}


def known_method(name: str) -> str:
    """The method's own spelling; refuses what is not of the Bot API or not of the sandbox."""
    found = _method_names().get(name.lower())
    if found is not None:
        return found
    others = {other.lower() for other in _schema()["other_methods"]}
    if name.lower() in others:
        raise not_found(NOT_IN_SANDBOX.format(method=name))
    raise not_found(UNKNOWN_METHOD)


def check(method: str, given: Json) -> Json:
    """Returns the parameters in native types.

    Raises:
        Refusal: a parameter is unknown, missing or of the wrong type.
    """
    fields = _schema()["methods"][method]
    _refuse_unknown(fields, given)
    present = {name: value for name, value in given.items() if value not in ("", None)}
    _refuse_missing(fields, present)
    return {name: _decoded(name, value, fields[name]) for name, value in present.items()}


def _refuse_unknown(fields: Json, given: Json) -> None:
    unknown = sorted(set(given) - set(fields))
    if unknown:
        words = f"unknown parameter {unknown[0]}"
        raise mistake(words)


def _refuse_missing(fields: Json, present: Json) -> None:
    for name, kinds in fields.items():
        if kinds[-1] == "!" and name not in present:
            words = _MISSING_WORDS.get(name, f'parameter "{name}" is required')
            raise mistake(words)


def _decoded(name: str, value: object, kinds: list[str]) -> object:
    try:
        return fit(value, [kind for kind in kinds if kind != "!"], name)
    except Unfit as unfit:
        raise _refusal(name, unfit) from unfit


def _refusal(name: str, unfit: Unfit) -> Refusal:
    if unfit.why == NOT_UTF8:
        return mistake(NOT_UTF8)
    return mistake(f"can't parse {name.replace('_', ' ')}: {unfit.why}")


def fit(value: object, kinds: list[str], name: str) -> object:
    """The value as the first of the kinds it fits; raises `Unfit` with the last reason."""
    trouble = Unfit(f'Field "{name}" has no type')
    for kind in kinds:
        try:
            return _as(value, kind, name)
        except Unfit as unfit:
            if len(kinds) > 1 and _is_meant(value, kind, name):
                raise
            trouble = unfit
    raise trouble


def _is_meant(value: object, kind: str, name: str) -> bool:
    """Of several object types the one whose required fields are there is the one meant."""
    definition = _schema()["types"].get(kind, [])
    if kind in _SCALARS or isinstance(definition, list) or not definition:
        return False
    found = _as_object(value, name)
    return all(field in found for field, kinds in definition.items() if kinds[-1] == "!")


def _as(value: object, kind: str, name: str) -> object:
    if kind.startswith(_ARRAY):
        return _as_array(value, kind.removeprefix(_ARRAY), name)
    if kind in _SCALARS:
        return _SCALAR_READERS[kind](value, name)
    if kind == "InputFile":
        return _as_text(value, name)
    if kind == "CallbackGame":
        return _as_object(value, name)
    return _as_type(value, kind, name)


def _parsed(value: object, name: str) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise unparsable(name) from None


def _as_array(value: object, kind: str, name: str) -> list[object]:
    items = _parsed(value, name)
    if not isinstance(items, list):
        raise wrong_type(name, "Array")
    return [_as(item, kind, name) for item in items]


def _as_object(value: object, name: str) -> Json:
    found = _parsed(value, name)
    if not isinstance(found, dict):
        raise wrong_type(name, "Object")
    return found


def _as_type(value: object, kind: str, name: str) -> Json:
    found = _as_object(value, name)
    definition = _schema()["types"][kind]
    if isinstance(definition, list):
        return _as_one_of(found, definition, name)
    unknown = sorted(set(found) - set(definition))
    if unknown:
        raise unknown_field(unknown[0], kind)
    for field, kinds in definition.items():
        if kinds[-1] == "!" and found.get(field) is None:
            raise missing_field(field)
    return {
        field: fit(item, [one for one in definition[field] if one != "!"], field)
        for field, item in found.items()
        if item is not None
    }


def _as_one_of(value: Json, subtypes: list[str], name: str) -> Json:
    """A union: each of its kinds has fields or a `type` that the others refuse."""
    trouble = Unfit(f'Field "{name}" is of no known kind')
    for subtype in sorted(subtypes, key=lambda one: _type_word(one) != value.get("type")):
        try:
            return _as_type(value, subtype, name)
        except Unfit as unfit:
            if _type_word(subtype) == value.get("type"):
                raise
            trouble = unfit
    raise trouble


def _type_word(subtype: str) -> str:
    """`InputMediaPhoto` says "photo": the `type` that its JSON carries."""
    for prefix in ("InputMedia", "BotCommandScope", "ReactionType", "MenuButton"):
        if subtype.startswith(prefix):
            rest = subtype.removeprefix(prefix)
            return "".join("_" + c.lower() if c.isupper() else c for c in rest).lstrip("_")
    return subtype


def _as_integer(value: object, name: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lstrip("-").isascii():
        try:
            return int(value)
        except ValueError:
            pass
    raise wrong_type(name, "Number")


def _as_float(value: object, name: str) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            pass
    raise wrong_type(name, "Number")


def _as_boolean(value: object, name: str) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise wrong_type(name, "Boolean")


def _as_text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise wrong_type(name, "String")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise Unfit(NOT_UTF8) from None
    return value


_SCALAR_READERS: Final = {
    "Integer": _as_integer,
    "Float": _as_float,
    "Boolean": _as_boolean,
    "String": _as_text,
}
