"""Text at the door: what a store and a screen can hold, and what it must not hide."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.domain.tickets.message import Span

LONGEST = 16_000
"""Code points of one stored message; longer text becomes several, so nothing of it is lost."""

_PAIR_FIRST, _PAIR_SECOND = 0xD800, 0xDC00
_ODD = re.compile(
    "[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]|\r\n?|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
)
_HIDDEN = re.compile(
    "[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
    "|(?<![\u0980-\u09ff])[\u200c\u200d]"
)


def clean(text: str) -> str:
    r"""What was typed, as a store can hold it.

    Lone surrogates become U+FFFD, halves of a pair are joined, control characters but line break
    and tab are dropped, line ends become `\n`. Nothing else is touched: no normalisation.
    """
    return _ODD.sub(_mended, text)


def clean_marked(text: str, spans: Iterable[Span]) -> tuple[str, tuple[Span, ...]]:
    """As `clean`, with the spans moved to where their words now stand."""
    cuts = [(found.end(), len(found[0]) - len(_mended(found))) for found in _ODD.finditer(text)]
    cleaned = clean(text)
    return cleaned, tuple(_moved(spans, cuts, len(cleaned)))


def pieces(text: str, most: int = LONGEST) -> list[str]:
    """The text in parts of at most `most` code points; joined, they are the text again."""
    return [text[start : start + most] for start in range(0, len(text), most)] or [""]


def marked_pieces(
    text: str, spans: Iterable[Span], most: int = LONGEST
) -> list[tuple[str, tuple[Span, ...]]]:
    """As `pieces`, each with the markup of its own words."""
    marked = tuple(spans)
    return [
        (part, tuple(_within(marked, at * most, len(part))))
        for at, part in enumerate(pieces(text, most))
    ]


def reveal(text: str) -> str:
    """The text with every invisible character written out, as staff must see it.

    Bidirectional controls and zero-width characters can make a card read as something else; the
    joiners within Bangla words are spelling and stay.
    """
    return _HIDDEN.sub(lambda found: f"⟦U+{ord(found[0]):04X}⟧", text)


def without_invisible(text: str) -> str:
    """The text without what nobody sees and no key types; joiners within Bangla words stay."""
    return _HIDDEN.sub("", text)


def shorten(text: str, most: int) -> str:
    """One line of at most `most` code points; an ellipsis says that something is left out."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _within(spans: Iterable[Span], start: int, length: int) -> Iterator[Span]:
    for span in spans:
        first = max(span.offset, start)
        last = min(span.offset + span.length, start + length)
        if last > first:
            yield replace(span, offset=first - start, length=last - first)


def _mended(found: re.Match[str]) -> str:
    odd = found[0]
    if odd[0] == "\r":
        return "\n"
    if odd[0] < "\ud800":
        return ""
    if len(odd) == 1:
        return "\ufffd"
    high, low = ord(odd[0]) - _PAIR_FIRST, ord(odd[1]) - _PAIR_SECOND
    return chr(0x10000 + (high << 10) + low)


def _moved(spans: Iterable[Span], cuts: list[tuple[int, int]], length: int) -> Iterator[Span]:
    for span in spans:
        start = min(_place(max(span.offset, 0), cuts), length)
        end = min(_place(span.offset + span.length, cuts), length)
        if end > start:
            yield replace(span, offset=start, length=end - start)


def _place(offset: int, cuts: list[tuple[int, int]]) -> int:
    return offset - sum(lost for end, lost in cuts if end <= offset)
