"""What a person typed, as plain words with their markup: from rich text, or from raw text.

Rich text tells more, as long as every part of it is known. What this release does not know is
taken from the raw text of the same message: for the part alone where its neighbours are found
there, else for the message as a whole. No part is ever read as nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from bot.domain.tickets.message import Span
from handlers.slack.payloads.block_words import block_words, says_all, says_more
from handlers.slack.payloads.marked_text import Marked, Page, raw_words, read_raw
from handlers.slack.payloads.rich_parts import is_known, write_part, written

Json = dict[str, Any]
STEP = "  "
DEEPEST = 8
AROUND = {"rich_text_preformatted": "pre", "rich_text_quote": "blockquote"}
LINES = ("rich_text_section", *AROUND)
MARKUP = "*_~`"


def begins_with_quote(blocks: object) -> bool:
    """Whether Slack's editor turned what was typed into a quote."""
    rich = (block for block in _dicts(blocks) if block.get("type") == "rich_text")
    elements = (each for block in rich for each in _dicts(block.get("elements")))
    return next((each.get("type") == "rich_text_quote" for each in elements), False)


def words_of(text: str, blocks: object) -> Marked:
    """The words, their markup and references.

    `text` is raw; where rich text is there and tells the same beginning, it tells more.
    """
    reader = _Reader(text)
    for block in _dicts(blocks):
        reader.read(block)
    said = reader.page.marked()
    if not said[0] or not _agrees(said[0], text):
        return raw_words(text)
    raw = read_raw(text)
    addresses = (span.url for span in said[1] if span.kind == "text_link")
    if reader.is_whole or says_all(" ".join([said[0], *addresses]), raw):
        return said
    return _with_lines_beyond(raw_words(text), said)


def _with_lines_beyond(whole: Marked, said: Marked) -> Marked:
    """The raw text, and below it the lines of the blocks that say more."""
    text, spans, at = whole[0], [*whole[1]], 0
    for line in said[0].splitlines(keepends=True):
        if says_more(line, whole[0]):
            text += "\n"
            moved = len(text) - at
            ends = at + len(line)
            inside = (
                one for one in said[1] if at <= one.offset and one.offset + one.length <= ends
            )
            spans += [replace(span, offset=span.offset + moved) for span in inside]
            text += line.rstrip("\n")
        at += len(line)
    return text, tuple(spans)


class _Reader:
    """Reads the blocks of a message, beside its raw text."""

    def __init__(self, raw: str) -> None:
        self.page = Page()
        self.is_whole = True
        """Every part was known, so that the raw text need not be asked."""
        self._raw = raw
        self._read_raw, self._raw_spans = raw_words(raw)
        self._reached: int | None = 0
        """Up to where the raw text says what was read; None: that is not known."""
        self._since = 0
        """From where it is looked through further."""

    def read(self, block: Json) -> None:
        if block.get("type") == "rich_text":
            for element in _dicts(block.get("elements")):
                self._element(element)
        else:
            self._unknown_block(block)

    def _element(self, element: Json) -> None:
        self.page.new_line()
        start, kind = len(self.page.text), str(element.get("type"))
        self.page.is_code = kind == "rich_text_preformatted"
        if kind == "rich_text_list":
            self._list(element, 0)
        elif kind in LINES:
            self._parts([*_dicts(element.get("elements"))])
        else:
            self._unknown_block(element)
        around, length = AROUND.get(kind), len(self.page.text) - start
        if around and length:
            self.page.spans.append(Span(around, start, length))

    def _list(self, element: Json, depth: int) -> None:
        """Slack's own lists are flat and say how deep they stand; an app's may hold lists."""
        indent = STEP * min(_count(element.get("indent")) + depth, DEEPEST)
        number = _count(element.get("offset"))
        for item in _dicts(element.get("elements")):
            self.page.new_line()
            if item.get("type") == "rich_text_list":
                self._list(item, depth + 1)
                continue
            number += 1
            mark = f"{number}." if element.get("style") == "ordered" else "•"
            self.page.text += f"{indent}{mark} "
            if item.get("type") in LINES:
                self._parts([*_dicts(item.get("elements"))])
            else:
                self._unknown_block(item)

    def _parts(self, parts: Sequence[Json]) -> None:
        self._reached = None if self.page.text else 0
        at = 0
        while at < len(parts):
            if is_known(parts[at]):
                start = len(self.page.text)
                write_part(self.page, parts[at], self._raw)
                self._follow(self.page.text[start:], str(parts[at].get("url") or ""))
                at += 1
                continue
            end = next((n for n in range(at, len(parts)) if is_known(parts[n])), len(parts))
            self.is_whole = False
            after = written(parts[end], self._raw) if end < len(parts) else ""
            self._unknown(parts[at:end], after)
            at = end

    def _follow(self, text: str, url: str) -> None:
        """Find what was just read in the raw text, after all that was found before."""
        since = self._since
        found = self._read_raw.find(text, since)
        if found < 0:
            text = text.strip()
            found = self._read_raw.find(text, since)
        self._reached = found + len(text) if found >= 0 else None
        address = f" ({url})"
        if self._reached is not None and self._read_raw.startswith(address, self._reached):
            self._reached += len(address)
        self._since = max(self._since, self._reached or 0)

    def _unknown(self, parts: Sequence[Json], after: str) -> None:
        """What the raw text has in place of parts, else what they say themselves."""
        place = self._in_raw(after)
        if place and self._read_raw[slice(*place)].strip():
            self._copy(*place)
        else:
            self.page.write_raw(_own_words(parts, is_nowhere=place is not None))

    def _in_raw(self, after: str) -> tuple[int, int] | None:
        """Where the raw text goes on, up to what comes after; None: that is not known."""
        if self._reached is None:
            return None
        start = self._reached
        line = self._read_raw.find("\n", start)
        end = self._read_raw.find(after, start) if after else line
        end = len(self._read_raw) if end < 0 and not after else end
        if end < 0:
            return None
        self._reached = self._since = end
        words = self._read_raw[start:end]
        start += len(words) - len(words.lstrip(MARKUP))
        return start, max(start, end - len(words) + len(words.rstrip(MARKUP)))

    def _copy(self, start: int, end: int) -> None:
        """A stretch of the raw text, with whom and what it names."""
        moved = len(self.page.text) - start
        self.page.write(self._read_raw[start:end])
        for span in self._raw_spans:
            if start <= span.offset and span.offset + span.length <= end:
                self.page.spans.append(replace(span, offset=span.offset + moved))

    def _unknown_block(self, block: Json) -> None:
        self.is_whole = False
        self.page.new_line()
        self.page.write_raw("\n".join(block_words(block)))


def _agrees(said: str, raw: str) -> bool:
    """Only the mark decides what leaves the desk: it must be in both, or in neither."""
    return said.startswith(">> ") == raw.startswith("&gt;&gt; ")


def _own_words(parts: Sequence[Json], *, is_nowhere: bool) -> str:
    """What parts say themselves; where the raw text has no word of them, what they are called."""
    called = "[{}]" if is_nowhere else ""
    said = (" ".join(block_words(part)) or called.format(part.get("type")) for part in parts)
    return " ".join(said)


def _count(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _dicts(value: object) -> Iterator[Json]:
    for each in value if isinstance(value, list) else ():
        if isinstance(each, dict):
            yield each
