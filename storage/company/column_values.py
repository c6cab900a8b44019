"""Which values of a column are the subject's: asked widely, then held one by one.

A database compares as it was told to: without case, with spaces, in any spelling. So it is asked
for what may be meant, and what is meant is decided here.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import idna
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    String,
    cast,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.types import CHAR, Integer, NullType, Uuid

from bot.domain.identity.emails import email_address
from bot.domain.identity.phones import shared_number
from storage.company.shape import ColumnShape, TableShape

_APART = re.compile(r"[\s,;|/<>()\"'\[\]]+")
_NUMBERS_APART = re.compile(r"[,;|/\n]+")
_TAIL = 7
"""Digits at a number's end, which every spelling of it has in a row."""
_BETWEEN_DIGITS = (" ", "-", "(", ")", ".", "/", "+", "\t", "\u00a0", "\u2011", "\u2013", "\u202f")
_BANGLA_DIGITS = "০১২৩৪৫৬৭৮৯"


def by_external_id(
    connection: Connection, table: TableShape, column: ColumnShape, wanted: Sequence[str]
) -> list[Any]:
    """Exactly as they are on the company's list."""
    asked = _as_exact(table.column(column.name), column, wanted)
    is_padded = isinstance(column.type, CHAR)

    def is_one(value: object) -> bool:
        text = str(value)
        return (text.rstrip(" ") if is_padded else text) in wanted

    return _held(connection, table, column, asked, is_one)


def by_email(
    connection: Connection, table: TableShape, column: ColumnShape, wanted: Sequence[str]
) -> list[Any]:
    """However they are capitalised, and whatever stands around them."""
    addresses = {one.casefold() for one in map(_address, wanted) if one}
    lowered = func.lower(cast(table.column(column.name), String))
    spelled = {spelling for one in wanted for spelling in _spelled(one)}
    asked = [lowered.contains(one, autoescape=True) for one in sorted(spelled)]

    def is_one(value: object) -> bool:
        words = _APART.split(str(value))
        return any((_address(word) or "").casefold() in addresses for word in words if word)

    return _held(connection, table, column, asked, is_one)


def by_phone(
    connection: Connection,
    table: TableShape,
    column: ColumnShape,
    wanted: Sequence[str],
    *,
    region: str,
) -> list[Any]:
    """In any spelling that is the same number (E.164)."""
    bare = _only_digits(cast(table.column(column.name), String))
    tails = {re.sub(r"\D", "", one)[-_TAIL:] for one in wanted}
    asked = [bare.contains(one, autoescape=True) for one in sorted(tails) if len(one) == _TAIL]

    def is_one(value: object) -> bool:
        parts = _NUMBERS_APART.split(str(value))
        return any(_is_number(part.strip(), wanted, region) for part in (str(value), *parts))

    return _held(connection, table, column, asked, is_one)


def exactly(
    table: TableShape, column: ColumnShape, values: Sequence[Any], backend: str
) -> ColumnElement[bool]:
    """One of just these values, whatever the column's own way of comparing."""
    bare = table.column(column.name)
    if not column.is_text:
        return _raw(bare).in_(values)
    if backend == "sqlite":
        return _raw(bare).collate("BINARY").in_(values)
    if backend == "postgresql":
        plain = _raw(bare).in_(values)
        is_folded = type(column.type).__name__ == "CITEXT"
        return plain & cast(bare, String).in_(values) if is_folded else plain
    same = [func.hex(cast(bare, String)) == func.hex(cast(one, String)) for one in values]
    return _raw(bare).in_(values) & or_(*same)


def _raw(column: Column[Any]) -> ColumnElement[Any]:
    """Values go and come as the driver has them."""
    return type_coerce(column, NullType())


def _held(
    connection: Connection,
    table: TableShape,
    column: ColumnShape,
    asked: Sequence[ColumnElement[bool]],
    is_one: Callable[[object], bool],
) -> list[Any]:
    if not asked:
        return []
    bare = _raw(table.column(column.name))
    found = connection.execute(select(bare).distinct().where(or_(*asked)))
    return [value for (value,) in found if value is not None and is_one(value)]


def _as_exact(
    bare: Column[Any], column: ColumnShape, wanted: Sequence[str]
) -> list[ColumnElement[bool]]:
    if isinstance(column.type, Integer):
        numbers = [int(one) for one in wanted if re.fullmatch(r"-?[0-9]{1,18}", one)]
        return [bare.in_(numbers)] if numbers else []
    if column.is_text and not isinstance(column.type, Uuid):
        return [bare.in_(wanted)]
    return [cast(bare, String).in_([*wanted, *(one.lower() for one in wanted)])]


def _address(text: str) -> str | None:
    return email_address(text)


def _spelled(address: str) -> Iterable[str]:
    """As `lower` of a database may leave it: of ASCII only, or of all; the domain in both forms."""
    local, _, domain = address.rpartition("@")
    for host in {domain, _unicode_domain(domain)}:
        whole = f"{local}@{host}"
        yield from (whole.lower(), _ascii_lower(whole), _ascii_lower(whole.upper()))


def _ascii_lower(text: str) -> str:
    return "".join(one.lower() if one.isascii() else one for one in text)


def _unicode_domain(domain: str) -> str:
    try:
        return idna.decode(domain)
    except idna.IDNAError:
        return domain


def _only_digits(column: ColumnElement[str]) -> ColumnElement[str]:
    pairs = [(one, "") for one in _BETWEEN_DIGITS]
    pairs += [(digit, str(place)) for place, digit in enumerate(_BANGLA_DIGITS)]
    bare = column
    for was, becomes in pairs:
        bare = func.replace(bare, was, becomes)
    return bare


def _is_number(text: str, wanted: Sequence[str], region: str) -> bool:
    return bool(text) and shared_number(text, region) in wanted
