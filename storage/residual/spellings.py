"""How an identifier may be written: one expression each, and the rule of what may stand around it.

Expressions are bytes over UTF-8. What is wrapped (base64, UTF-16, escapes) is unwrapped and
searched again (storage/residual/wrappings.py), so that each spelling is written down once.
"""

import base64
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

import idna
import phonenumbers

from bot.domain.fulfilment.identifiers import Identifier, IdentifierKind

BANGLA_DIGITS = 0x9E6
SCRIPTS = (0x30, 0x660, 0x6F0, 0x966, BANGLA_DIGITS, 0xFF10)
"""Where the ten digits begin: ASCII, Arabic, Persian, Devanagari, Bangla, full width."""
GAP = r"(?:[ \t\-+./()_]|\xc2\xa0|\xe2\x80[\x80-\x95\xaf])"
"""What people put between the digits of a number."""
BETWEEN_NAMES = r"(?:[ \t\r\n,._+-]|\xc2\xa0|%20|%2c|&nbsp;|\\n){1,3}"
DASH = r"(?:[-_/ .+]|%20|%2f|\xe2\x80[\x90-\x95])?"
TAG = r"(?:\+[a-z0-9._-]{1,40})?"
NUMBERED = re.compile(r"([RT])-?0*(\d{1,15})", re.IGNORECASE)
HEX_DIGEST = re.compile(r"[0-9a-f]{40,128}", re.IGNORECASE)
LEAST_DIGITS, LEAST_SIGNS, LEAST_STRONG_DIGITS, LEAST_STRONG_SIGNS = 4, 4, 6, 5
LEAST_OF_A_NAME = 4
LEAST_FILE = 8
PADDED_DIGITS = 6
"""Of the number of a request or a ticket, as the desk writes it."""
HONORIFICS = frozenset(
    ("md", "mr", "mrs", "ms", "miss", "mst", "dr", "prof", "engr", "adv", "al", "bin", "binti")
) | frozenset(("মো", "মোঃ", "মোছাঃ"))


class Around(StrEnum):
    """What may not stand before and after a spelling, for it to be this identifier."""

    ANYTHING = "anything"
    EMAIL = "email"  # no other sign of an address
    PHONE = "phone"  # no digit but of its own prefix
    DIGITS = "digits"  # no digit
    USERNAME = "username"  # no sign of a name; by @ or t.me/ it is surely one
    WORD = "word"  # no letter, digit or dash
    NAME = "name"  # no letter


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write one identifier."""

    kind: IdentifierKind
    expression: bytes
    around: Around = Around.ANYTHING
    is_strong: bool = True
    prefixes: frozenset[bytes] = frozenset()
    """Digits that may stand directly before it: a country's number, a zero."""
    is_plain: bool = True


def spellings_of(identifier: Identifier) -> Iterator[Spelling]:
    """Every one; none of what is too short to be told from any other number or word."""
    value = unicodedata.normalize("NFC", identifier.value).strip()
    if value:
        yield from BY_KIND[identifier.kind](value)


def literal(text: str) -> str:
    """An expression for the text, each letter in either case where it is not ASCII."""
    return "".join(_sign(one) for one in text)


def as_bytes(expression: str) -> bytes:
    return expression.encode("latin-1")


def _sign(sign: str) -> str:
    if sign.isascii():
        return re.escape(sign)
    cases = {sign, sign.lower(), sign.upper()}
    return f"(?:{'|'.join(sorted(_escaped(one.encode()) for one in cases))})"


def _escaped(data: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in data)


def _forms(text: str) -> Iterable[str]:
    """The two ways in which Unicode writes the same letters."""
    return dict.fromkeys(unicodedata.normalize(form, text) for form in ("NFC", "NFD"))


def digits_in_groups(digits: str) -> Iterator[bytes]:
    """The digits in each script, with up to three signs between any two of them."""
    for first in SCRIPTS:
        signs = (_escaped(chr(first + int(one)).encode()) for one in digits)
        yield as_bytes(f"{GAP}{{0,3}}".join(signs))


def _emails(value: str) -> Iterator[Spelling]:
    local, _, domain = value.rpartition("@")
    if not local:
        return
    untagged = local.partition("+")[0] or local
    for domain_form in _domains(domain):
        for name in dict.fromkeys((*_forms(local), *_forms(untagged))):
            tag = "" if "+" in name else TAG
            said = f"{literal(name)}{tag}(?:@|\\xef\\xbc\\xa0){literal(domain_form)}"
            yield Spelling(IdentifierKind.EMAIL, as_bytes(said), Around.EMAIL)


def _domains(domain: str) -> Iterable[str]:
    found = dict.fromkeys(_forms(domain))
    with suppress(idna.IDNAError):
        found[idna.encode(domain, uts46=True).decode()] = None
    with suppress(idna.IDNAError):
        found[idna.decode(domain, uts46=True)] = None
    return found


def _phones(value: str) -> Iterator[Spelling]:
    country, national = _parsed(value)
    if len(national) < LEAST_STRONG_DIGITS:
        country, national = "", country + national
    if len(national) < LEAST_STRONG_DIGITS:
        return
    zeros = {"", "0", "00", "000", "011", "+"}
    prefixes = {f"{zero}{country}{nought}" for zero in zeros for nought in ("", "0")}
    known = frozenset(one.lstrip("+").encode() for one in prefixes) | {b"0"}
    for said in digits_in_groups(national):
        yield Spelling(IdentifierKind.PHONE, said, Around.PHONE, prefixes=known)


def _parsed(value: str) -> tuple[str, str]:
    """Country code and national number; without the first where it is no number of a country."""
    digits = "".join(str(unicodedata.digit(one)) for one in value if one.isdigit())
    with suppress(phonenumbers.NumberParseException):
        number = phonenumbers.parse(f"+{digits}" if value.lstrip().startswith("+") else value, None)
        return str(number.country_code), phonenumbers.national_significant_number(number)
    return "", digits.lstrip("0")


def _chats(value: str) -> Iterator[Spelling]:
    value = value.rpartition(":")[2]
    if not value.isdigit():
        yield from _numbers(value, IdentifierKind.CHAT_ID)
    elif len(value) >= LEAST_DIGITS:
        is_strong = len(value) >= LEAST_STRONG_DIGITS
        said = as_bytes(re.escape(value))
        yield Spelling(IdentifierKind.CHAT_ID, said, Around.DIGITS, is_strong=is_strong)


def _usernames(value: str) -> Iterator[Spelling]:
    name = value.removeprefix("@")
    if len(name) >= LEAST_SIGNS:
        is_telling = any(one.isdigit() or one == "_" for one in name)
        said = as_bytes(literal(name))
        yield Spelling(IdentifierKind.USERNAME, said, Around.USERNAME, is_strong=is_telling)


def _external_ids(value: str) -> Iterator[Spelling]:
    yield from _numbers(value, IdentifierKind.EXTERNAL_ID)


def _numbers(value: str, kind: IdentifierKind) -> Iterator[Spelling]:
    """What a list calls somebody; with another dash, or none."""
    parts = re.split(r"[-_/ .]", value)
    signs = "".join(parts)
    enough = LEAST_STRONG_DIGITS if signs.isdigit() else LEAST_STRONG_SIGNS
    if len(signs) >= LEAST_SIGNS:
        said = as_bytes(DASH.join(literal(one) for one in parts))
        yield Spelling(kind, said, Around.WORD, is_strong=len(signs) >= enough)


def _documents(value: str) -> Iterator[Spelling]:
    kind = IdentifierKind.DOCUMENT
    if numbered := NUMBERED.fullmatch(value):
        letter, serial = numbered.groups()
        yield from _numbered(letter, serial)
    elif (digits := re.sub(r"[-_/ .]", "", value)).isdigit() and len(digits) >= LEAST_DIGITS:
        is_strong = len(digits) > LEAST_STRONG_DIGITS
        for said in digits_in_groups(digits):
            yield Spelling(kind, said, Around.DIGITS, is_strong=is_strong)
    else:
        yield from _numbers(value, kind)


def _numbered(letter: str, serial: str) -> Iterator[Spelling]:
    """A request or a ticket: literals, for an expression this short would be slow to look for."""
    for width in {len(serial), max(PADDED_DIGITS, len(serial))}:
        is_telling = width >= PADDED_DIGITS or len(serial) >= LEAST_DIGITS
        for first in (SCRIPTS[0], BANGLA_DIGITS):
            digits = "".join(chr(first + int(one)) for one in serial.zfill(width))
            for dash in ("", "-", " ", "\u2013", "+", "%20"):
                said = literal(f"{letter}{dash}") + _escaped(digits.encode())
                kind = IdentifierKind.DOCUMENT
                yield Spelling(kind, as_bytes(said), Around.WORD, is_strong=is_telling)


def _names(value: str) -> Iterator[Spelling]:
    """The whole name in either order, and two of its words beside each other; never one alone."""
    words = [one.strip(".,") for one in value.split()]
    telling = [one for one in words if one and one.casefold() not in HONORIFICS]
    if len(telling) == 1:
        orders = [words] if sum(map(len, words)) >= LEAST_OF_A_NAME else []
    else:
        pairs = [telling[at : at + 2] for at in range(len(telling) - 1)]
        orders = [pair for pair in pairs if min(map(len, pair)) >= LEAST_OF_A_NAME]
        if len(telling) > 1 and sum(map(len, telling)) >= 2 * LEAST_OF_A_NAME:
            orders += [telling, [telling[-1], *telling[:-1]]]
        orders += [pair[::-1] for pair in orders if len(pair) > 1]
    said = dict.fromkeys(
        BETWEEN_NAMES.join(literal(word) for word in form)
        for order in orders
        for form in zip(*(_both_forms(word) for word in order), strict=True)
    )
    for one in said:
        yield Spelling(IdentifierKind.NAME, as_bytes(one), Around.NAME, is_strong=False)


def _both_forms(word: str) -> tuple[str, str]:
    return unicodedata.normalize("NFC", word), unicodedata.normalize("NFD", word)


def _digests(value: str) -> Iterator[Spelling]:
    kind = IdentifierKind.FILE_DIGEST
    if not HEX_DIGEST.fullmatch(value):
        if len(value) >= LEAST_FILE:  # what a platform calls it: each case is another file
            yield Spelling(kind, as_bytes(f"(?-i:{literal(value)})"), Around.WORD)
        return
    yield Spelling(kind, as_bytes(literal(value)))
    if len(value) % 2 == 0:
        raw = bytes.fromhex(value)
        yield Spelling(kind, as_bytes(_escaped(raw)), is_plain=False)
        whole = base64.b64encode(raw).decode().rstrip("=")
        said = "".join(BASE64_SIGNS.get(one, one) for one in whole)
        yield Spelling(kind, as_bytes(f"(?-i:{said})"), is_plain=False)


BASE64_SIGNS = {"+": "[+-]", "/": "(?:/|_|\\\\/)"}
"""The two signs that are another in a URL, and may be escaped in JSON."""
BY_KIND: Mapping[IdentifierKind, Callable[[str], Iterator[Spelling]]] = {
    IdentifierKind.EMAIL: _emails,
    IdentifierKind.PHONE: _phones,
    IdentifierKind.CHAT_ID: _chats,
    IdentifierKind.USERNAME: _usernames,
    IdentifierKind.EXTERNAL_ID: _external_ids,
    IdentifierKind.DOCUMENT: _documents,
    IdentifierKind.NAME: _names,
    IdentifierKind.FILE_DIGEST: _digests,
}
