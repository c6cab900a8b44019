"""What a person typed, as plain words with their markup: from rich text, or from raw text.

Rich text tells more, as long as every part of it is known. What this release does not know is
taken from the raw text of the same message: for the part alone where its neighbours are found
there, else for the message as a whole. No part is ever read as nothing.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.domain.tickets.message import Span
from handlers.slack.payloads.block_words import block_words, lines_beyond, says_all
from handlers.slack.payloads.marked_text import Marked, Page, raw_words, read_raw
from handlers.slack.payloads.rich_parts import is_known, reads_as_in_raw, write_part, written

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
    if reader.is_whole or says_all(said[0], raw):
        return said
    whole, spans = raw_words(text)
    return "\n".join([whole, *lines_beyond(raw, said[0])]), spans


class _Reader:
    """Reads the blocks of a message, beside its raw text."""

    def __init__(self, raw: str) -> None:
        self.page = Page()
        self.is_whole = True
        """Every part was known, so that the raw text need not be asked."""
        self._raw = raw
        self._read_raw = read_raw(raw)
        self._reached = 0
        """How far the raw text was looked through for unknown parts."""

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
        since, at = len(self.page.text), 0
        while at < len(parts):
            if is_known(parts[at]):
                write_part(self.page, parts[at], self._raw)
                since = since if reads_as_in_raw(parts[at]) else len(self.page.text)
                at += 1
                continue
            end = next((n for n in range(at, len(parts)) if is_known(parts[n])), len(parts))
            after = written(parts[end], self._raw) if end < len(parts) else ""
            self.is_whole = False
            found = self._in_raw(self.page.text[since:], after)
            self.page.write(found or _own_words(parts[at:end], is_nowhere=found is not None))
            since, at = len(self.page.text), end

    def _in_raw(self, before: str, after: str) -> str | None:
        """What the raw text has between two texts; None: they are not found there."""
        start = self._read_raw.find(before, self._reached)
        if start < 0 or (self.page.text and not before):
            return None
        start += len(before)
        line = self._read_raw.find("\n", start)
        end = self._read_raw.find(after, start) if after else line
        end = len(self._read_raw) if end < 0 and not after else end
        if end < 0:
            return None
        self._reached = end
        found = self._read_raw[start:end].strip(MARKUP)
        return found if found.strip() else ""

    def _unknown_block(self, block: Json) -> None:
        self.is_whole = False
        self.page.new_line()
        self.page.write("\n".join(block_words(block)))


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
