"""In what an identifier may be wrapped, how that is noticed in the one pass, and how it is opened.

An expression here says only that something is wrapped there; what it holds is unwrapped and
searched like everything else, so that each spelling is found in each wrapping.
"""

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from html import unescape

REACH = 640
"""Bytes around an escape that are looked at: an identifier with each sign escaped fits in."""
LEAST_RUN = 16
"""Signs of base64 from which on a run is decoded; shorter ones are known by what they hold."""


class Wrapping(StrEnum):
    """What lies around it."""

    ESCAPES = "escapes"  # of JSON, of an address of the web, of HTML
    MAIL = "mail"  # quoted-printable
    BASE64 = "base64"
    HEX = "hex"
    UTF_16 = "utf-16"
    PACKED = "packed"  # gzip, zip, zlib, bz2, xz: storage/residual/packed.py


RUN_SIGNS = rb"A-Za-z0-9+/_-"
RUN = rb"[" + RUN_SIGNS + rb"]{%d}[^" % LEAST_RUN + RUN_SIGNS + rb"]"
"""The end of one."""
NOTICED: Mapping[Wrapping, tuple[bytes, ...]] = {
    Wrapping.ESCAPES: (
        rb"\\u00[2-7][0-9a-f]",
        rb"\\u(?:066|06f|096|09e|ff1|ff2)[0-9a-f]",
        rb"[0-9]\\+u(?:00a0|20[01][0-9a-f]|202f)[0-9]",
        rb"\\x(?:[2-7][0-9a-f]|d9|db|e0\\+xa[57]|ef\\+xbc)",
        rb"%25(?:[2-7][0-9a-f]|d9|db|e0%25a[57]|ef%25bc)",
        rb"%(?:40|2[bde]|3[0-9]|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9a])",
        rb"%(?:d9%a|db%b|e0%a[57]%a|ef%bc%9)",
        rb"[0-9](?:%(?:25)?[0-9a-f]{2}){1,3}[0-9+]",
        rb"&#0*(?:[3-9][0-9]|1[0-2][0-9]|16[34][0-9]|17[78][0-9]|2(?:4[01]|5[34])[0-9]|65[23]..);",
        rb"&#x0*(?:[2-7]|66|6f|96|9e|ff1)[0-9a-f];",
        rb"&(?:commat|period|plus|lowbar|hyphen|dash);",
    ),
    Wrapping.MAIL: (
        rb"=(?:40|2[BDE]|5F)",
        rb"(?:=[2-7][0-9A-F]){2}",
        rb"=(?:D9=A|DB=B|E0=A[57]=A|EF=BC=9)",
        rb"=(?:\r?\n|(?:\\+r)?\\+n)",
    ),
    Wrapping.BASE64: (RUN,),
    Wrapping.UTF_16: (
        rb"(?:[\x20-\x7e]\x00){4}",
        rb"(?:\x00[\x20-\x7e]){4}",
        rb"(?:[\x66-\x6f\xe6-\xef]\x09){5}",
        rb"(?:\x09[\x66-\x6f\xe6-\xef]){5}",
        rb"(?:[\x10-\x19]\xff){5}",
        rb"(?:\xff[\x10-\x19]){5}",
        rb"(?:[\x60-\x69\xf0-\xf9]\x06){5}",
        rb"(?:\x06[\x60-\x69\xf0-\xf9]){5}",
    ),
}
LOW, HIGH = rb"[\t\n\r\x20-\x7e\xa0-\xff]", rb"[\x10-\x20]"
LITTLE = rb"(?:%b\x00|[\x60-\xff]\x09|[\x00-\x2f]\x20|%b\xff|.\x06|.\x03){4,}" % (LOW, HIGH)
BIG = rb"(?:\x00%b|\x09[\x60-\xff]|\x20[\x00-\x2f]|\xff%b|\x06.|\x03.){4,}" % (LOW, HIGH)
UTF_16_TEXT = ((re.compile(LITTLE), "utf-16-le"), (re.compile(BIG), "utf-16-be"))
ESCAPED = re.compile(
    rb"(?P<u>(?:\\+u[0-9a-f]{4})+)|(?P<x>(?:\\+x[0-9a-f]{2}|%[0-9a-f]{2})+)"
    rb"|(?P<html>&#?[0-9a-z]{2,8};)|\\(?P<one>[nrtbf\"\\/])",
    re.IGNORECASE,
)
OF_MAIL = re.compile(rb"(?P<x>(?:=[0-9A-F]{2})+)|(?P<soft>=(?:\r?\n|(?:\\+r)?\\+n))")
ONE_SIGN = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b" ", b"f": b" "}
BETWEEN_LINES = re.compile(rb"(?:\r?\n[ \t]?|(?:\\+r)?\\+)\Z")
"""An escaped line's end has an n after it, which looks like the run's own."""
LONGEST_BREAK = 20
"""Bytes of a line's end, escaped or not."""
LAST_LINE = re.compile(rb"(?:\r?\n[ \t]?|(?:\\+r)?\\+n)([" + RUN_SIGNS + rb"]{1,15})")
IS_RUN = bytes(1 if re.match(rb"[" + RUN_SIGNS + rb"]", bytes((n,))) else 0 for n in range(256))
IS_HEX = bytes(1 if re.match(rb"[0-9A-Fa-f]", bytes((n,))) else 0 for n in range(256))
LEAST_SHORT = 4
"""Bytes that are worth it."""
LEAST_INSIDE = 6
"""Signs that are enough to look closer."""
FIRST_OTHER = 128
"""The first byte that is not ASCII."""
URL_SIGNS = bytes.maketrans(b"-_", b"+/")
HEX_SIGNS = b"0123456789abcdefABCDEF-"
RUN_BREAK, HEX_BREAK = b"Cu+/vwoK", b"0aefbfbf0a"
"""What stands between two things that are opened together, wrapped like them."""
_SLASHES = r"\\+"
"""As many as there are texts within texts: each doubles them."""
Opened = tuple[int, int, bytes]
"""From where to where, and what it holds."""


def unescaped(data: bytes, ends: Sequence[int]) -> Iterator[Opened]:
    """The neighbourhoods of escapes, without them."""
    for start, end in _around(data, ends):
        yield start, end, ESCAPED.sub(_one_plain, data[start:end])


def unquoted_mail(data: bytes, ends: Sequence[int]) -> Iterator[Opened]:
    """Likewise of what mail escapes."""
    for start, end in _around(data, ends):
        yield start, end, OF_MAIL.sub(_one_plain, data[start:end])


def _around(data: bytes, ends: Sequence[int]) -> Iterator[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for at in sorted(ends):
        start, end = max(at - REACH, 0), min(at + REACH, len(data))
        if spans and start <= spans[-1][1]:
            spans[-1] = spans[-1][0], end
        else:
            spans.append((start, end))
    return iter(spans)


def _one_plain(found: re.Match[bytes]) -> bytes:
    whole = found[0]
    match found.lastgroup:
        case "u":
            units = bytes.fromhex(re.sub(rb"\\+u", b"", whole, flags=re.IGNORECASE).decode())
            return units.decode("utf-16-be", "replace").encode("utf-8", "replace")
        case "x":
            return bytes.fromhex(re.sub(rb"\\+x|[%=]", b"", whole, flags=re.IGNORECASE).decode())
        case "html":
            return unescape(whole.decode()).encode("utf-8", "replace")
        case "soft":
            return b""
        case _:
            return ONE_SIGN.get(found["one"], found["one"])


def utf_16_texts(data: bytes) -> Iterator[Opened]:
    for expression, encoding in UTF_16_TEXT:
        for found in expression.finditer(data):
            text = found[0].decode(encoding, "replace")
            yield found.start(), found.end(), text.encode("utf-8", "replace")


def base64_texts(data: bytes, places: Iterable[int]) -> Iterator[Opened]:
    """What the runs of base64 at these places hold, however each is aligned: all at once.

    Runs of hexadecimal are opened as that.
    """
    runs, codes = list[bytes](), list[bytes]()
    start, end = -1, 0
    for first, last, run in _runs(data, places, IS_RUN):
        start, end = first if start < 0 else start, last
        if run.strip(HEX_SIGNS):
            runs += _endings(data, last, run)
        elif not len(run) % 2 and b"-" not in run:
            codes.append(run)
    if codes:
        yield start, end, bytes.fromhex(HEX_BREAK.join(codes).decode())
    for skipped in range(4 if runs else 0):
        parts = [_filled(run[skipped:]) for run in runs]
        joined = RUN_BREAK.join(parts).translate(URL_SIGNS)
        yield start, end, binascii.a2b_base64(joined)


def _filled(run: bytes) -> bytes:
    """A run whose last signs are no whole group, filled up."""
    left = len(run) % 4
    return run if not left else run[:-1] if left == 1 else run + b"A" * (4 - left)


def hex_texts(data: bytes, places: Iterable[int]) -> Iterator[Opened]:
    for start, end, run in _runs(data, places, IS_HEX):
        for skipped in range(2):
            part = run[skipped:]
            yield start, end, bytes.fromhex(part[: len(part) - len(part) % 2].decode())


def _runs(data: bytes, places: Iterable[int], signs: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The runs that end at or hold these places; lines of one text joined.

    There are as many as a table has ids, so each step of this counts.
    """
    marks = data.translate(signs) + b"\x00"
    start, end, text = 0, -1, b""
    for place in sorted(set(places)):
        if place <= end:
            continue
        last = marks.find(0, place - 1)
        first = marks.rfind(0, 0, last) + 1
        if first >= last:
            continue
        if end < 0 or first - end > LONGEST_BREAK or not BETWEEN_LINES.fullmatch(data[end:first]):
            if end >= 0:
                yield start, end, text
            start, text = first, data[first:last]
        else:
            drops = data[end:first].endswith(b"\\") and data[first : first + 1] == b"n"
            text += data[first + drops : last]
        end = last
    if end >= 0:
        yield start, end, text


def _endings(data: bytes, end: int, run: bytes) -> tuple[bytes, ...]:
    """A text may end with a line that is too short to be noticed by itself."""
    short = LAST_LINE.match(data, end)
    return (run, run + short[1]) if short else (run,)


def short_runs(texts: Iterable[str]) -> Iterator[tuple[Wrapping, bytes]]:
    """As what an identifier alone would stand in base64 and in hexadecimal, as expressions."""
    for text in texts:
        raw = text.encode()
        if len(raw) < LEAST_SHORT:
            continue
        pairs = (f"(?:{one:02x}|{_other_case(one):02x})" for one in raw)
        yield Wrapping.HEX, "".join(pairs).encode()
        for said in (raw, text.encode("utf-16-le")):
            for skipped in range(3):
                if part := _inside(said, skipped):
                    yield Wrapping.BASE64, part


def escaped_signs(texts: Iterable[str]) -> Iterator[tuple[Wrapping, bytes]]:
    """What gives away that letters which are not ASCII are escaped: the first two of them."""
    for said in re.findall(r"[^\x00-\x7f]{1,2}", _both_forms(texts)):
        for pair in {said, said.lower(), said.upper()}:
            units = (pair.encode("utf-16-be")[at : at + 2] for at in range(0, 2 * len(pair), 2))
            utf_8 = pair.encode()
            yield Wrapping.ESCAPES, "".join(f"{_SLASHES}u{unit.hex()}" for unit in units).encode()
            for escape in ("%", "%25", f"{_SLASHES}x"):
                yield Wrapping.ESCAPES, "".join(f"{escape}{one:02x}" for one in utf_8).encode()
            yield Wrapping.ESCAPES, "".join(f"&#{ord(one)};" for one in pair).encode()
            yield Wrapping.ESCAPES, "".join(f"&#x{ord(one):x};" for one in pair).encode()
            yield Wrapping.MAIL, "".join(f"={one:02X}" for one in utf_8).encode()
            if len(pair) > 1:
                for encoding in ("utf-16-le", "utf-16-be"):
                    said_so = pair.encode(encoding)
                    yield Wrapping.UTF_16, "".join(f"\\x{one:02x}" for one in said_so).encode()


def _both_forms(texts: Iterable[str]) -> str:
    said = " ".join(texts)
    return f"{unicodedata.normalize('NFC', said)} {unicodedata.normalize('NFD', said)}"


def _other_case(byte: int) -> int:
    return ord(chr(byte).swapcase()) if byte < FIRST_OTHER else byte


def _inside(raw: bytes, skipped: int) -> bytes:
    """The signs of base64 that hold nothing else, where so many bytes stand before it."""
    whole = base64.b64encode(b"\0" * skipped + raw)
    first, last = -(-skipped * 8 // 6), (skipped + len(raw)) * 8 // 6
    said = whole[first:last]
    if len(said) < LEAST_INSIDE:
        return b""
    return re.escape(said).replace(rb"\+", b"[+-]").replace(rb"/", rb"(?:/|_|\\/)")
