"""Rows of a client list, read strictly: what cannot be right is refused with its reason.

Pure: a row comes in as text cells, and leaves as a client or as a fault.
"""

import csv
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import ParamSpec, TypeVar

from bot.application.client_list.headings import COLUMNS, MARK, by_column, columns_of, is_marked
from bot.domain.addresses import Language
from bot.domain.clients.people import EMAIL, PHONE, Contact
from bot.domain.errors import Refused
from bot.domain.identity.emails import email_address
from bot.domain.identity.phones import e164
from bot.domain.legal_calendar.regimes import regimes
from bot.domain.text import without_invisible

P = ParamSpec("P")
T = TypeVar("T")
REMOVED = "-"
"""In a cell: take away what stands there. A blank cell leaves it."""
_BETWEEN = re.compile(r"[;,，；、|\n]")
"""Between several addresses in a cell; none of them can hold one."""
_BETWEEN_NUMBERS = re.compile(r"[;,，；、|/\n]")
_NAMED = re.compile(r"[^<>@]*<([^<>]+)>")
"""`Rahima Khatun <rahima@example.com>`, as mail programs copy an address."""
_SEPARATORS = ",;\t"
_WHOLE = re.compile(r"'?(\d{1,15})\.0+")
"""A number to which a spreadsheet gave decimals: nothing of it is lost."""
_APOSTROPHE = re.compile(r"^'(?=\d+$)")
_LANGUAGES = {
    **dict.fromkeys(("english", "eng", "ইংরেজি"), "en"),
    **dict.fromkeys(("bangla", "bengali", "ben", "বাংলা"), "bn"),
}
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
    more: tuple[tuple[str, str], ...] = ()
    """What else is wrong in the row: reasons and columns."""

    @property
    def mistakes(self) -> tuple[tuple[str, str], ...]:
        """All that is wrong in the row."""
        return ((self.reason, self.what), *self.more)


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


class _BadCell(Exception):
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
    reading = _Reading(raw.cells)
    row = reading.row(raw.line)
    if not reading.mistakes:
        return row
    (reason, what), *more = dict.fromkeys(reading.mistakes)
    return Fault(raw.line, row.external_id[:LONGEST_ID], reason, what, tuple(more))


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
        header = columns_of(next(reader, list[str]()))
        for cells in reader:
            if cells and any(cell.strip() for cell in cells):
                yield RawRow(reader.line_num + above, by_column(header, cells))
    except csv.Error as error:
        raise Refused("clients.csv_broken", line=reader.line_num + above) from error


class _Reading:
    """A row, read cell by cell, so that all its mistakes are told at once."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self._cells = cells
        self.mistakes: list[tuple[str, str]] = []

    def row(self, line: int) -> ClientRow:
        """As far as it could be read: worth nothing where there are mistakes."""
        for name in COLUMNS:
            self._try(_check_cell, name, self._cells.get(name, ""))
        row = ClientRow(
            line=line,
            external_id=self._needed("external_id", _number, LONGEST_ID),
            name=self._needed("name", _one_line, LONGEST_NAME),
            company=_said(self._cells, "company"),
            emails=self._try(_addresses, self._cells, "email"),
            phones=self._try(_addresses, self._cells, "phone"),
            language=self._try(_language, _said(self._cells, "language")),
            regime=self._try(_regime, _said(self._cells, "regime")),
            is_removed=is_marked(self._cells.get(MARK, "")),
        )
        if len(row.company or "") > LONGEST_NAME:
            self.mistakes.append(("too_long", "company"))
        if len(row.contacts) > MOST_CONTACTS:
            self.mistakes.append(("too_many", "email"))
        return row

    def _needed(self, name: str, read: Callable[[str], str], most: int) -> str:
        text = read(self._cells[name])
        if not text:
            self.mistakes.append(("empty", name))
        if len(text) > most:
            self.mistakes.append(("too_long", name))
        return text

    def _try(self, read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        try:
            return read(*args, **kwargs)
        except _BadCell as bad:
            self.mistakes.append((bad.reason, bad.what))
            return None


def _check_cell(name: str, text: str) -> None:
    if len(text) > LONGEST_CELL:
        raise _BadCell("too_long", name)
    if any(unicodedata.category(char) in {"Cc", "Cs"} and not char.isspace() for char in text):
        raise _BadCell("control_character", name)
    if name in ("external_id", "phone") and any(map(_BENT.fullmatch, _parts(text))):
        raise _BadCell("bent", name)


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
    if name == "email":
        found, kind = [_email(part) for part in _mailboxes(cell)], EMAIL
    else:
        found, kind = [_phone(part) for part in _parts(cell, _BETWEEN_NUMBERS)], PHONE
    made = {Contact(kind=kind, value=one).spelling: one for one in found}
    return tuple(made.values())


def _parts(cell: str, between: re.Pattern[str] = _BETWEEN) -> list[str]:
    return [part.strip() for part in between.split(cell) if part.strip()]


def _mailboxes(cell: str) -> Iterator[str]:
    """Addresses, each alone or behind a name; several may have blanks alone between them."""
    for part in _parts(cell):
        named = _NAMED.fullmatch(part)
        words = part.split()
        if named:
            yield named[1]
        elif len(words) > 1 and all(0 < word.find("@") < len(word) - 1 for word in words):
            yield from words
        else:
            yield part


def _email(text: str) -> str:
    address = email_address(text)
    if address is None:
        raise _BadCell("not_an_email", "email")
    return address


def _phone(text: str) -> str:
    whole = _WHOLE.fullmatch(text)
    number = e164(whole[1] if whole else text.removeprefix("'"))
    if number is None:
        raise _BadCell("not_a_phone", "phone")
    return number


def _language(said: str | None) -> Language | None:
    """By its code, with or without a country, or by its name."""
    if not said:
        return None
    name = said.casefold()
    code = _LANGUAGES.get(name, re.split("[-_]", name, maxsplit=1)[0])
    if code not in tuple(Language):
        raise _BadCell("language", "language")
    return Language(code)


def _regime(said: str | None) -> str | None:
    code = re.sub(r"[\s_]+", "-", said.casefold()) if said else said
    if code and code not in regimes():
        raise _BadCell("regime", "regime")
    return code


def _number(text: str) -> str:
    """A client's number, without the decimals or the apostrophe that a spreadsheet gave it."""
    number = _one_line(text)
    as_text = _AS_TEXT.fullmatch(number)
    number = as_text[1] if as_text else number
    whole = _WHOLE.fullmatch(number)
    return whole[1] if whole else _APOSTROPHE.sub("", number)


def _one_line(text: str) -> str:
    return " ".join(without_invisible(text).split())
