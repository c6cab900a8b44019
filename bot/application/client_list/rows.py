"""Rows of a client list, read strictly: what cannot be right is refused with its reason.

Pure: a row comes in as text cells, and leaves as a client or as a fault.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.domain.addresses import Language
from bot.domain.clients.people import Contact
from bot.domain.errors import Refused
from bot.domain.identity.phones import e164
from bot.domain.legal_calendar.regimes import regimes

COLUMNS = ("external_id", "name", "company", "email", "phone", "language", "regime")
SEPARATOR = ";"
"""Between several addresses in a cell."""
LONGEST_CELL = 2000
LONGEST_NAME = 300
LONGEST_ID = 100
MOST_CONTACTS = 20
_LONGEST_EMAIL = 254
"""RFC 5321: the longest path that mail can have."""
_EMAIL = re.compile(
    r"""[^\s@,;:<>()\[\]"\\]{1,64}@[^\s@,;:<>()\[\]"\\.]+(\.[^\s@,;:<>()\[\]"\\.]+)+"""
)
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
    """What the company's list says of one client."""

    line: int
    external_id: str
    name: str
    company: str
    contacts: tuple[Contact, ...]
    language: Language | None
    """None: not said; it stays as it is."""
    regime: str
    """Empty: the desk's."""


class _BadRow(Exception):
    def __init__(self, reason: str, what: str = "") -> None:
        super().__init__(reason)
        self.reason, self.what = reason, what


def read_csv(lines: Iterable[str]) -> Iterator[RawRow]:
    """The rows of a CSV text with a header, as RFC 4180 has it.

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
    external_id = _one_line(raw.cells["external_id"])[:LONGEST_ID]
    try:
        return _row(raw.line, raw.cells)
    except _BadRow as bad:
        return Fault(raw.line, external_id, bad.reason, bad.what)


def check_columns(names: Iterable[str]) -> None:
    """Raises Refused: a column is missing, or named twice."""
    found = list(names)
    missing = [name for name in COLUMNS if name not in found]
    if missing:
        raise Refused("clients.columns_missing", missing=", ".join(missing))
    if twice := sorted({name for name in COLUMNS if found.count(name) > 1}):
        raise Refused("clients.columns_twice", twice=", ".join(twice))


def folded(contact: Contact) -> tuple[str, str]:
    """Addresses that differ only in case or width are one."""
    return contact.kind, unicodedata.normalize("NFKC", contact.value).casefold()


def _read_csv(lines: Iterable[str]) -> Iterator[RawRow]:
    reader = csv.reader(lines, strict=True)
    try:
        header = [_one_line(cell).casefold() for cell in next(reader, list[str]())]
        check_columns(header)
        for cells in reader:
            if cells and any(cell.strip() for cell in cells):
                fits = len(cells) == len(header)
                row = dict(zip(header, cells, strict=True)) if fits else None
                yield RawRow(reader.line_num, row)
    except csv.Error as error:
        raise Refused("clients.csv_broken", line=reader.line_num) from error


def _row(line: int, cells: Mapping[str, str]) -> ClientRow:
    for name in COLUMNS:
        _check_cell(name, cells[name])
    external_id, name = _one_line(cells["external_id"]), _one_line(cells["name"])
    if not external_id or not name:
        raise _BadRow("empty", "name" if external_id else "external_id")
    if len(external_id) > LONGEST_ID:
        raise _BadRow("too_long", "external_id")
    company = _one_line(cells["company"])
    if max(len(name), len(company)) > LONGEST_NAME:
        raise _BadRow("too_long", "name" if len(name) > LONGEST_NAME else "company")
    return ClientRow(
        line=line,
        external_id=external_id,
        name=name,
        company=company,
        contacts=_contacts(cells),
        language=_language(cells["language"]),
        regime=_regime(cells["regime"]),
    )


def _check_cell(name: str, text: str) -> None:
    if len(text) > LONGEST_CELL:
        raise _BadRow("too_long", name)
    if any(unicodedata.category(char) in {"Cc", "Cs"} and not char.isspace() for char in text):
        raise _BadRow("control_character", name)


def _contacts(cells: Mapping[str, str]) -> tuple[Contact, ...]:
    emails = [_email(part) for part in _parts(cells["email"])]
    phones = [_phone(part) for part in _parts(cells["phone"])]
    made = {folded(contact): contact for contact in (*emails, *phones)}
    if len(made) > MOST_CONTACTS:
        raise _BadRow("too_many", "email")
    return tuple(made.values())


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(SEPARATOR) if part.strip()]


def _email(text: str) -> Contact:
    if len(text) > _LONGEST_EMAIL or not _EMAIL.fullmatch(text):
        raise _BadRow("not_an_email", "email")
    return Contact(kind="email", value=text)


def _phone(text: str) -> Contact:
    number = e164(text)
    if number is None:
        raise _BadRow("not_a_phone", "phone")
    return Contact(kind="phone", value=number)


def _language(cell: str) -> Language | None:
    code = _one_line(cell).casefold()
    if not code:
        return None
    if code not in tuple(Language):
        raise _BadRow("language", "language")
    return Language(code)


def _regime(cell: str) -> str:
    code = _one_line(cell).casefold()
    if code and code not in regimes():
        raise _BadRow("regime", "regime")
    return code


def _one_line(text: str) -> str:
    return " ".join(text.lstrip("\ufeff").split())
