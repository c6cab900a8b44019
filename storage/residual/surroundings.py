"""What stands around a spelling: whether it is this identifier, or a part of another's.

`rahman@gmail.com` is not `an@gmail.com`, and `9912345` is not `12345`.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import NamedTuple

from storage.residual.spellings import GAP, Around, Spelling, as_bytes

MOST_OF_A_SIGN = 4
"""Bytes of UTF-8."""
WINDOW = 40
"""Bytes that are looked at before a spelling."""
ESCAPE = re.compile(
    rb"%[0-9a-f]{2}|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|=[0-9A-F]{2}|\\[nrtbfv0]|&[#a-z0-9]{2,8};",
    re.IGNORECASE,
)
OTHER_DIGITS = re.compile(
    rb"(?:\xd9[\xa0-\xa9]|\xdb[\xb0-\xb9]|\xe0\xa5[\xa6-\xaf]|\xe0\xa7[\xa6-\xaf]"
    rb"|\xef\xbc[\x90-\x99])"
)
DIGITS_BEFORE = re.compile(rb"[0-9]+\Z")
PREFIXES = (
    re.compile(as_bytes(rf"(?i)(?:\+|%2b|00)?\d{{1,3}}{GAP}{{0,3}}(?:\(?0\)?)?{GAP}{{0,2}}\Z")),
    re.compile(as_bytes(rf"\(?0\)?{GAP}{{0,2}}\Z")),
    re.compile(rb"\+\Z"),
)
"""What may stand before a national number."""
TIME_OF_A_POST = re.compile(rb"\.\d{6}(?!\d)")
LOCAL_SIGN = re.compile(rb"[A-Za-z0-9]\Z")
CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1f]")
JOINED_LOCAL = re.compile(rb"[A-Za-z0-9][._+%-]+\Z|[_+-]\Z")
MORE_OF_A_DOMAIN = re.compile(rb"[.-][A-Za-z0-9]")
WORD_BEFORE, WORD_AFTER = re.compile(rb"[A-Za-z0-9_]\Z"), re.compile(rb"[A-Za-z0-9_]")
DASH_BEFORE, DASH_AFTER = re.compile(rb"[A-Za-z0-9]-\Z"), re.compile(rb"-[A-Za-z0-9]")
NAMED = re.compile(
    rb"(?:(?<![A-Za-z0-9._])(?:@|\xef\xbc\xa0)|(?:t\.me|telegram\.(?:me|dog))\\?/|domain=)\Z",
    re.IGNORECASE,
)

LEAST_AMONG_NOISE, NEAR = 5, 6
"""A number of fewer signs stands by chance in every few thousand bytes of a seal or a hash."""
NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
LATER_BYTES = bytes(range(0x80, 0xC0))
"""Of a sign of UTF-8: all but its first."""
TOLD_BY_BYTES = frozenset({Around.EMAIL, Around.PHONE})


class Judged(NamedTuple):
    """Where it stands, and whether it surely is theirs."""

    start: int
    end: int
    is_strong: bool


def judged(data: bytes, start: int, end: int, spelling: Spelling) -> Judged | None:
    """None: it is a part of something else.

    Among bytes that are no text the sign before it may be anything, as a length: then it is weak.
    """
    rule = RULES.get(spelling.around)
    if rule is None:
        return Judged(start, end, spelling.is_strong)
    before = data[max(start - WINDOW, 0) : start]
    found = rule(data, before, Judged(start, end, spelling.is_strong), spelling)
    if found is None and spelling.around in TOLD_BY_BYTES and _is_binary(data, start, end):
        return Judged(start, end, is_strong=False)
    return found


def _is_binary(data: bytes, start: int, end: int) -> bool:
    around = data[max(start - WINDOW, 0) : end + WINDOW]
    if CONTROL.search(around):
        return True
    try:
        around[MOST_OF_A_SIGN:-MOST_OF_A_SIGN].decode()
    except UnicodeDecodeError as error:
        return MOST_OF_A_SIGN < error.start < len(around) - 3 * MOST_OF_A_SIGN
    return False


def _unescaped(before: bytes) -> bytes:
    """What stands before it, an escape as the blank that it is no part of a word."""
    return ESCAPE.sub(b" ", before)


def _email(data: bytes, before: bytes, at: Judged, _: Spelling) -> Judged | None:
    after = data[at.end : at.end + 2]
    if LOCAL_SIGN.search(before) and LOCAL_SIGN.search(_unescaped(before)):
        return None
    if re.match(rb"[A-Za-z0-9]", after):
        return None
    is_joined = JOINED_LOCAL.search(_unescaped(before)) or MORE_OF_A_DOMAIN.match(after)
    return at._replace(is_strong=at.is_strong and not is_joined)


def _phone(data: bytes, before: bytes, at: Judged, spelling: Spelling) -> Judged | None:
    after = data[at.end : at.end + 8]
    if after[:1].isdigit() or OTHER_DIGITS.match(after):
        return None
    digits = _ascii(before)
    if not any(_is_prefix(one, spelling) for one in (digits, _unescaped(digits))):
        return None
    is_bare = not DIGITS_BEFORE.search(digits) and digits[-1:] != b"+"
    is_time = is_bare and TIME_OF_A_POST.match(after)
    start = at.start - (_prefix_length(before, spelling) if digits == before else 0)
    return Judged(start, at.end, at.is_strong and not is_time)


def _prefix_length(before: bytes, spelling: Spelling) -> int:
    """Of the country's number or the zero that belongs to it, from its first sign on."""
    longest = 0
    for expression in PREFIXES:
        said = found[0] if (found := expression.search(before)) else b""
        digits = re.sub(rb"\D", b"", re.sub(rb"(?i)%2b", b"", said))
        if digits in spelling.prefixes or said == b"+":
            longest = max(longest, len(said))
    return longest


def _ascii(data: bytes) -> bytes:
    """Digits of every script as ASCII ones."""
    if data.isascii():
        return data
    text = data.decode("utf-8", "replace")
    return "".join(str(unicodedata.digit(one, one)) for one in text).encode()


def _is_prefix(before: bytes, spelling: Spelling) -> bool:
    digits = DIGITS_BEFORE.search(before)
    return digits is None or digits[0] in spelling.prefixes


def _digits(data: bytes, before: bytes, at: Judged, _: Spelling) -> Judged | None:
    after = data[at.end : at.end + 4]
    is_in_a_number = before[-1:].isdigit() and _unescaped(before)[-1:].isdigit()
    if is_in_a_number or after[:1].isdigit() or OTHER_DIGITS.match(after):
        return None
    return at


def _username(data: bytes, before: bytes, at: Judged, _: Spelling) -> Judged | None:
    after = data[at.end : at.end + 2]
    is_named = bool(NAMED.search(before))
    if WORD_AFTER.match(after) or (WORD_BEFORE.search(_unescaped(before)) and not is_named):
        return None
    if re.match(rb"@[A-Za-z0-9]", after):
        return at._replace(is_strong=False)  # the first half of somebody's mail address
    return at._replace(is_strong=at.is_strong or is_named)


def _word(data: bytes, before: bytes, at: Judged, _: Spelling) -> Judged | None:
    after, said = data[at.end : at.end + 3], _unescaped(before)
    if WORD_AFTER.match(after) or (WORD_BEFORE.search(said) and WORD_BEFORE.search(before)):
        return None
    if at.end - at.start < LEAST_AMONG_NOISE and not at.is_strong and not _is_text(data, at):
        return None
    is_joined = DASH_BEFORE.search(before) or DASH_AFTER.match(after)
    return at._replace(is_strong=at.is_strong and not is_joined)


def _is_text(data: bytes, at: Judged) -> bool:
    """Whether the nearest bytes are signs of a text; a cut sign at either end is none of its."""
    near = data[max(at.start - NEAR, 0) : at.end + NEAR]
    if NO_TEXT.search(near):
        return False
    try:
        near.lstrip(LATER_BYTES).decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return True


def _name(data: bytes, before: bytes, at: Judged, _: Spelling) -> Judged | None:
    ahead = data[at.end : at.end + 4].decode("utf-8", "ignore")[:1]
    behind = _unescaped(before).decode("utf-8", "ignore")[-1:]
    return None if _is_letter(ahead) or _is_letter(behind) else at


def _is_letter(sign: str) -> bool:
    return bool(sign) and unicodedata.category(sign)[0] in "LM"


RULES: Mapping[Around, Callable[[bytes, bytes, Judged, Spelling], Judged | None]] = {
    Around.EMAIL: _email,
    Around.PHONE: _phone,
    Around.DIGITS: _digits,
    Around.USERNAME: _username,
    Around.WORD: _word,
    Around.NAME: _name,
}
