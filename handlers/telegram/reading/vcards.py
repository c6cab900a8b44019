"""The further lines of a contact's card (vCard, RFC 6350), as words."""

import quopri
import re
from collections.abc import Iterator

UNSAID = frozenset(
    {"BEGIN", "END", "VERSION", "PRODID", "N", "FN", "REV", "UID", "PHOTO", "LOGO", "SOUND", "KEY"}
)
"""Of no use to a reader, or said already beside the card."""
_FOLD = re.compile(r"(?:=\r?\n|\r?\n[ \t])")
_ESCAPED = re.compile(r"\\([nN,;\\])")


def lines_of(card: str, phone: str) -> str:
    """What the card says besides the name and this number, a line each."""
    return "\n".join(dict.fromkeys(_lines(card, _digits(phone))))


def _lines(card: str, phone: str) -> Iterator[str]:
    for line in _FOLD.sub("", card).splitlines():
        head, colon, value = line.partition(":")
        name, *params = head.split(";")
        name = name.rpartition(".")[2].strip().upper()
        said = _plain(value, params)
        is_the_number = name == "TEL" and _digits(said).endswith(phone) and bool(phone)
        if not colon and line.strip():
            yield line.strip()
        elif name not in UNSAID and said and not is_the_number:
            yield f"{name.lower()}: {said}"


def _plain(value: str, params: list[str]) -> str:
    if any("QUOTED-PRINTABLE" in one.upper() for one in params):
        value = quopri.decodestring(value.encode("utf-8", "replace")).decode("utf-8", "replace")
    parts = [_ESCAPED.sub(_unescaped, one).strip() for one in re.split(r"(?<!\\);", value)]
    return ", ".join(filter(None, parts))


def _unescaped(found: "re.Match[str]") -> str:
    return " " if found[1] in "nN" else found[1]


def _digits(phone: str) -> str:
    return "".join(char for char in phone if char.isdigit())
