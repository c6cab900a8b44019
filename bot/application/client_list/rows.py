"""Rows of a client list, read strictly: what cannot be right is refused with its reason.

Pure: a row comes in as text cells, and leaves as a client or as a fault.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from bot.domain.addresses import Language
from bot.domain.clients.people import EMAIL, PHONE, Contact
from bot.domain.errors import Refused
from bot.domain.identity.emails import email_address
from bot.domain.identity.phones import e164
from bot.domain.legal_calendar.regimes import regimes
from bot.domain.text import without_invisible

NEEDED = ("external_id", "name")
COLUMNS = (*NEEDED, "company", "email", "phone", "language", "regime")
MARK = "removed"
"""A further column in which a CRM says who is no client any more."""
_NO_MARK = frozenset({"", "0", "no", "n", "false", "f", "-", "null", "none"})
REMOVED = "-"
"""In a cell: take away what stands there. A blank cell leaves it."""
_BETWEEN = re.compile(r"[;,\n]")
"""Between several addresses in a cell; none of them can hold one."""
_SEPARATORS = ",;\t"
_WHOLE = re.compile(r"'?(\d{1,15})\.0+")
"""A number to which a spreadsheet gave decimals: nothing of it is lost."""
_AS_TEXT = re.compile(r'="([^"]*)"')
"""How a list tells a spreadsheet to leave a number as it is."""
_BENT = re.compile(r"'?\d(?:[.,]\d+)?[eE]\+?\d+")
"""A number of which a spreadsheet kept the first digits only."""
LONGEST_CELL = 2000
LONGEST_NAME = 300
LONGEST_ID = 100
MOST_CONTACTS = 20
_READER_LIMIT = 1 << 27
"""What csv reads into one cell before it gives up (128 MiB); we refuse the row much sooner."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that is refused. `reason`: a code of `clients.fault_<reason>`."""

    line: int
    external_id: str
    reason: str
    what: str = ""
    """The column it is about."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as it stands in the source; `cells` is None where it has too few or too many."""

    line: int
    cells: Mapping[str, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRow:
    """What the company's list says of one client. None: not said, so it stays as it is."""

    line: int
    external_id: str
    name: str
    company: str | None = None
    emails: tuple[str, ...] | None = None
    """Every e-mail address on record from now on; empty: none."""
    phones: tuple[str, ...] | None = None
    language: Language | None = None
    regime: str | None = None
    """Empty: the desk's."""
    is_removed: bool = False
    """The list says that they are no client any more."""

    def without_removal(self) -> "ClientRow":
        """The same row, from a list that takes nothing away: what it would take stays."""
        return replace(
            self,
            company=self.company or None,
            emails=self.emails or None,
            phones=self.phones or None,
            regime=self.regime or None,
            is_removed=False,
        )

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """The addresses that the row names."""
        emails = [Contact(kind=EMAIL, value=one) for one in self.emails or ()]
        return (*emails, *(Contact(kind=PHONE, value=one) for one in self.phones or ()))


class _BadRow(Exception):
    def __init__(self, reason: str, what: str = "") -> None:
        super().__init__(reason)
        self.reason, self.what = reason, what


def read_csv(lines: Iterable[str]) -> Iterator[RawRow]:
    """The rows of a CSV text with a header, as RFC 4180 has it.

    What separates its cells, a comma, a semicolon or a tab, is found in the header line.

    Raises:
        Refused: no header, a column is missing or named twice, or a quote is never closed.
    """
    before = csv.field_size_limit(_READER_LIMIT)
    try:
        yield from _read_csv(lines)
    finally:
        csv.field_size_limit(before)


def read_row(raw: RawRow) -> ClientRow | Fault:
    """The client of a row, or why there is none."""
    if raw.cells is None:
        return Fault(raw.line, "", "cells")
    external_id = _number(raw.cells["external_id"])[:LONGEST_ID]
    try:
        return _row(raw.line, raw.cells)
    except _BadRow as bad:
        return Fault(raw.line, external_id, bad.reason, bad.what)


def check_columns(names: Iterable[str]) -> None:
    """Raises Refused: a column that every list needs is missing, or one is named twice."""
    found = list(names)
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise Refused("clients.columns_missing", missing=", ".join(missing))
    if twice := sorted({name for name in COLUMNS if found.count(name) > 1}):
        raise Refused("clients.columns_twice", twice=", ".join(twice))


def _read_csv(lines: Iterable[str]) -> Iterator[RawRow]:
    rest = iter(lines)
    blank, first = 0, next(rest, "")
    while first and not first.strip("\ufeff \t\r\n,;"):
        blank, first = blank + 1, next(rest, "")
    stated = re.fullmatch(r"\ufeff?sep=([,;\t])\s*", first)
    if stated:  # what Excel writes above a list to say how it is separated
        first = next(rest, "")
    above = blank + (1 if stated else 0)
    first = first.removeprefix("\ufeff")
    separator = stated[1] if stated else max(_SEPARATORS, key=first.count)
    reader = csv.reader(chain([first], rest), strict=True, delimiter=separator)
    try:
        header = [_one_line(cell).casefold() for cell in next(reader, list[str]())]
        check_columns(header)
        for cells in reader:
            if cells and any(cell.strip() for cell in cells):
                fits = len(cells) == len(header)
                row = dict(zip(header, cells, strict=True)) if fits else None
                yield RawRow(reader.line_num + above, row)
    except csv.Error as error:
        raise Refused("clients.csv_broken", line=reader.line_num + above) from error


def _row(line: int, cells: Mapping[str, str]) -> ClientRow:
    for name in COLUMNS:
        _check_cell(name, cells.get(name, ""))
    external_id, name = _number(cells["external_id"]), _one_line(cells["name"])
    if not external_id or not name:
        raise _BadRow("empty", "name" if external_id else "external_id")
    if len(external_id) > LONGEST_ID:
        raise _BadRow("too_long", "external_id")
    company = _said(cells, "company")
    if max(len(name), len(company or "")) > LONGEST_NAME:
        raise _BadRow("too_long", "name" if len(name) > LONGEST_NAME else "company")
    emails, phones = _addresses(cells, "email"), _addresses(cells, "phone")
    if len(emails or ()) + len(phones or ()) > MOST_CONTACTS:
        raise _BadRow("too_many", "email")
    return ClientRow(
        line=line,
        external_id=external_id,
        name=name,
        company=company,
        emails=emails,
        phones=phones,
        language=_language(_said(cells, "language")),
        regime=_regime(_said(cells, "regime")),
        is_removed=_one_line(cells.get(MARK, "")).casefold() not in _NO_MARK,
    )


def _check_cell(name: str, text: str) -> None:
    if len(text) > LONGEST_CELL:
        raise _BadRow("too_long", name)
    if any(unicodedata.category(char) in {"Cc", "Cs"} and not char.isspace() for char in text):
        raise _BadRow("control_character", name)
    if name in ("external_id", "phone") and any(map(_BENT.fullmatch, _parts(text))):
        raise _BadRow("bent", name)


def _said(cells: Mapping[str, str], name: str) -> str | None:
    """What a cell says; None: it is blank, or there is no such column. Empty: take it away."""
    text = _one_line(cells.get(name, ""))
    return "" if text == REMOVED else text or None


def _addresses(cells: Mapping[str, str], name: str) -> tuple[str, ...] | None:
    cell = without_invisible(cells.get(name, ""))
    if not cell.strip():
        return None
    if cell.strip() == REMOVED:
        return ()
    read, kind = (_email, EMAIL) if name == "email" else (_phone, PHONE)
    found = [read(part) for part in _parts(cell)]
    made = {Contact(kind=kind, value=one).spelling: one for one in found}
    return tuple(made.values())


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in _BETWEEN.split(cell) if part.strip()]


def _email(text: str) -> str:
    address = email_address(text)
    if address is None:
        raise _BadRow("not_an_email", "email")
    return address


def _phone(text: str) -> str:
    whole = _WHOLE.fullmatch(text)
    number = e164(whole[1] if whole else text.removeprefix("'"))
    if number is None:
        raise _BadRow("not_a_phone", "phone")
    return number


def _language(said: str | None) -> Language | None:
    if not said:
        return None
    code = said.casefold()
    if code not in tuple(Language):
        raise _BadRow("language", "language")
    return Language(code)


def _regime(said: str | None) -> str | None:
    code = said.casefold() if said else said
    if code and code not in regimes():
        raise _BadRow("regime", "regime")
    return code


def _number(text: str) -> str:
    """A client's number, without the decimals or the apostrophe that a spreadsheet gave it."""
    number = _one_line(text)
    as_text = _AS_TEXT.fullmatch(number)
    number = as_text[1] if as_text else number
    whole = _WHOLE.fullmatch(number)
    return whole[1] if whole else number


def _one_line(text: str) -> str:
    return " ".join(without_invisible(text).split())
