"""The heading line of a client list: its columns, however people spell them."""

import re
import unicodedata
from collections.abc import Iterable

from bot.domain.errors import Refused
from bot.domain.text import without_invisible

NEEDED = ("external_id", "name")
COLUMNS = (*NEEDED, "company", "email", "phone", "language", "regime")
MARK = "removed"
"""A further column in which a CRM says who is no client any more."""
_NO_MARK = frozenset({"", "0", "no", "n", "false", "f", "-", "null", "none"})
_OTHER_NAMES = {
    "external_id": "id client_id client_no client_number customer_id customer_no customer_number",
    "name": "full_name client_name customer_name নাম",
    "company": "company_name organisation organization কোম্পানি প্রতিষ্ঠান",
    "email": "mail emails e_mail_address email_address ইমেইল ই_মেইল",
    "phone": "phones phone_no phone_number mobile mobile_no mobile_number telephone ফোন মোবাইল",
    "language": "lang ভাষা",
    "regime": "law legal_regime",
}
"""What else people call the columns; letters and digits alone are compared."""
_NOT_OF_A_NAME = re.compile(r"[\W_]+")


def columns_of(heading: Iterable[str]) -> list[str]:
    """The columns of a heading line, by our names, however people spell them.

    Raises:
        Refused: one that every list needs is missing, or one is named twice.
    """
    written = [" ".join(without_invisible(cell).split()).casefold() for cell in heading]
    short = [_short(name) for name in written]
    found = list(written)
    for column, others in _OTHER_NAMES.items():
        if column in written:
            continue
        spelled = {_short(column)} if _short(column) in short else set(map(_short, others.split()))
        found = [column if one in spelled else name for one, name in zip(short, found, strict=True)]
    check_columns(found)
    return found


def check_columns(names: Iterable[str]) -> None:
    """Raises Refused: a column that every list needs is missing, or one is named twice."""
    found = list(names)
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise Refused("clients.columns_missing", missing=", ".join(missing))
    if twice := sorted({name for name in COLUMNS if found.count(name) > 1}):
        raise Refused("clients.columns_twice", twice=", ".join(twice))


def _short(name: str) -> str:
    return _NOT_OF_A_NAME.sub("", unicodedata.normalize("NFKC", name))


def by_column(header: list[str], cells: list[str]) -> dict[str, str] | None:
    """Blank cells behind the last column are a spreadsheet's; None: it has others, or too few."""
    while len(cells) > len(header) and not cells[-1].strip():
        cells = cells[:-1]
    return dict(zip(header, cells, strict=True)) if len(cells) == len(header) else None


def is_marked(text: str) -> bool:
    """Whether a cell of the column MARK says that this is no client any more."""
    return " ".join(without_invisible(text).split()).casefold() not in _NO_MARK
