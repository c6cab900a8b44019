"""What the platform strips from every text: control and bidi characters, blank edges."""

from typing import Final

from handlers.sandbox.telegram.markup.entities import Span
from handlers.sandbox.telegram.markup.utf16 import units

_BLANK: Final = " \n"
_KEPT_CONTROL: Final = "\n"
# Carriage returns, U+2028-U+202E (line separators and bidi overrides), and the three
# combining lines that draw over neighbouring text.
_DROPPED: Final = frozenset(["\r", *map(chr, range(0x2028, 0x202F)), "\u0333", "\u033f", "\u030a"])
_SPACED: Final = frozenset(map(chr, range(0x20))) - {_KEPT_CONTROL, "\r"}
_TO_SPACE: Final = {ord(character): " " for character in _SPACED}
_CHANGES: Final = {**_TO_SPACE, **{ord(character): None for character in _DROPPED}}


def cleaned(text: str, spans: list[Span]) -> tuple[str, list[Span]]:
    """The text without what never reaches a reader, and the spans moved with it."""
    text, spans = _without_dropped(text, spans)
    end = units(text.rstrip(_BLANK))
    text = text.rstrip(_BLANK)
    spans = [cut for one in spans if (cut := _clipped(one, end))["length"] > 0]
    return _without_blank_start(text, spans)


def stripped(text: str) -> str:
    """A name or a button label: one clean line of text."""
    return text.translate(_CHANGES).strip()


def _without_dropped(text: str, spans: list[Span]) -> tuple[str, list[Span]]:
    kept = text.translate(_CHANGES)
    if not spans or len(kept) == len(text):
        return kept, spans
    gone = [units(text[:index]) for index, one in enumerate(text) if one in _DROPPED]
    moved: list[Span] = []
    for span in spans:
        begin, end = span["offset"], span["offset"] + span["length"]
        before = sum(at < begin for at in gone)
        inside = sum(begin <= at < end for at in gone)
        moved.append({**span, "offset": begin - before, "length": span["length"] - inside})
    return kept, moved


def _clipped(span: Span, end: int) -> Span:
    return {**span, "length": min(span["length"], end - span["offset"])}


def _without_blank_start(text: str, spans: list[Span]) -> tuple[str, list[Span]]:
    """Blank space before the first entity goes; inside an entity it is meant."""
    blank = len(text) - len(text.lstrip(_BLANK))
    blank = min([blank, *(one["offset"] for one in spans)])
    if not blank:
        return text, spans
    return text[blank:], [{**one, "offset": one["offset"] - blank} for one in spans]
