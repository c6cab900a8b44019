"""Text with its markup, as it is put together from the parts of a message."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from bot.domain.tickets.message import Span
from handlers.telegram.reading.narrowing import (
    LAST_SECOND,
    Json,
    name_of,
    number_of,
    object_of,
    objects_of,
    text_of,
)

BMP_END = 0xFFFF
STYLES = {
    "bold": "bold",
    "italic": "italic",
    "underline": "underline",
    "strikethrough": "strikethrough",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}
"""Markup that says how words look."""


class MarkedText:
    """Grows at its end; what is marked keeps its place in code points."""

    def __init__(self) -> None:
        self.text = ""
        self.spans: list[Span] = []
        self._is_line_due = False

    def add(self, text: str, kind: str = "", behind: str = "") -> None:
        """Go on; `behind`: the address that the words lead to, or whom they name."""
        with self.marking(kind, behind):
            self._end_line_before(text)
            self.text += text

    def add_marked(self, text: str, spans: Sequence[Span]) -> None:
        self._end_line_before(text)
        moved = len(self.text)
        self.spans += [Span(one.kind, one.offset + moved, one.length, one.url) for one in spans]
        self.text += text

    def begin_line(self) -> None:
        """What is added next stands in a line of its own."""
        self._is_line_due = bool(self.text) and not self.text.endswith("\n")

    @contextmanager
    def marking(self, kind: str, behind: str = "") -> Iterator[None]:
        """Whatever is added within is marked so."""
        start = len(self.text) + self._is_line_due
        yield
        if kind and len(self.text) > start:
            self.spans.append(Span(kind, start, len(self.text) - start, behind))

    def _end_line_before(self, text: str) -> None:
        if text and self._is_line_due:
            self.text += "\n"
            self._is_line_due = False


def marked(text: str, entities: Sequence[Json]) -> tuple[Span, ...]:
    """The markup of a text, offsets in code points; Telegram counts in UTF-16 units."""
    points = _code_points(text) if entities else []
    found: list[Span] = []
    for entity in entities:
        start, length = number_of(entity, "offset"), number_of(entity, "length")
        kind, behind = _meaning(entity)
        if not kind or start is None or length is None or not 0 <= start < len(points):
            continue
        first, last = points[start], points[min(max(start + length, 0), len(points) - 1)]
        if last > first:
            found.append(Span(kind, first, last - first, behind))
    return tuple(found)


def text_in(holder: Json, name: str, entities: str) -> tuple[str, tuple[Span, ...]]:
    """A text of Telegram with its markup."""
    text = text_of(holder, name)
    return text, marked(text, objects_of(holder, entities))


def time_behind(holder: Json) -> str:
    """The moment that a written time stands for, which may read "tomorrow"."""
    at = number_of(holder, "unix_time")
    if at is None or not 0 <= at <= LAST_SECOND:
        return ""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _meaning(entity: Json) -> tuple[str, str]:
    """How it is kept, and what stands behind its words; no kind: it only says how they look."""
    match text_of(entity, "type"):
        case "text_link":
            return "text_link", text_of(entity, "url")
        case "text_mention":
            return "text_mention", name_of(object_of(entity, "user"))
        case "date_time":
            return "date_time", time_behind(entity)
        case kind:
            return STYLES.get(kind, ""), ""


def _code_points(text: str) -> list[int]:
    """The code point at each UTF-16 offset, and the length after the last one."""
    points = [number for number, char in enumerate(text) for _ in range(1 + (ord(char) > BMP_END))]
    return [*points, len(text)]
