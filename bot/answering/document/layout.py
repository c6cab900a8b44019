"""Lines of a text or Markdown file joined into blocks: headings, paragraphs and list items."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a block of lines is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Block:
    """A span of the text; `label` is a heading's words without its marks."""

    kind: Kind
    start: int
    end: int
    line: int
    label: str = ""
    level: int = 2


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    start: int
    number: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


_ATX = re.compile(r"\s{0,3}(#{1,6})\s+(?P<label>.+?)\s*#*\s*$")
_BOLD = re.compile(r"\s*(\*\*|__)(?P<label>[^*_]{2,90})\1:?\s*$")
_MARKER = re.compile(r"\s*(?:[-*+•‣◦–·]|\(?(?:\d{1,2}|[০-৯]{1,2}|[a-zivx]{1,3})[.)])\s+(?=\S)")
_NUMBERED = re.compile(r"\s*(?:(?:\d{1,2}|[০-৯]{1,2})(?:\.\d{1,2})*[.)।]?|[IVX]{1,4}[.)])\s+(?=\S)")
_UNDERLINE = re.compile(r"\s*(={3,}|-{3,})\s*$")
_RULE = re.compile(r"\s*([-*_=])(?:\s*\1){2,}\s*$")
_STOPS = (".", "!", ",", "।", "॥")
_MAX_HEADING_WORDS = 10
_WRAPPED_WIDTH = 50


def blocks_of(text: str) -> Iterator[Block]:
    """Blocks in order; every character of a block's span is the file's own."""
    lines = list(_lines(text))
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.text.strip() or _RULE.match(line.text):
            at += 1
            continue
        heading = _heading(lines, at)
        if heading is not None:
            yield heading
            at += 2 if _is_underlined(lines, at) else 1
            continue
        last = _last_of_paragraph(lines, at)
        yield _body(text, line, lines[last])
        at = last + 1


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    for number, raw in enumerate(re.split(r"(?<=\n)|(?<=\r)(?!\n)", text), start=1):
        yield _Line(raw.rstrip("\r\n"), start, number)
        start += len(raw)


def _heading(lines: list[_Line], at: int) -> Block | None:
    line = lines[at]
    for pattern in (_ATX, _BOLD):
        if found := pattern.match(line.text):
            level = len(found[1]) if pattern is _ATX else 3
            return _heading_block(line, found["label"].strip("*_ "), level)
    if _is_underlined(lines, at):
        return _heading_block(line, line.text.strip(), 1)
    if _is_plain_heading(lines, at):
        return _heading_block(line, line.text.strip(), 2)
    return None


def _heading_block(line: _Line, label: str, level: int) -> Block:
    return Block(Kind.HEADING, line.start, line.end, line.number, label, level)


def _is_underlined(lines: list[_Line], at: int) -> bool:
    if at + 1 >= len(lines) or not _UNDERLINE.match(lines[at + 1].text):
        return False
    return len(lines[at].text.split()) <= _MAX_HEADING_WORDS + 2


def _is_plain_heading(lines: list[_Line], at: int) -> bool:
    """Short, no full stop, no gerund first ("Improving our products;" is a list item)."""
    label = lines[at].text.strip()
    numbered = _NUMBERED.match(label)
    words = (label[numbered.end() :] if numbered else label).split()
    if not words or len(words) > _MAX_HEADING_WORDS or label.endswith(_STOPS):
        return False
    if not numbered and _MARKER.match(lines[at].text):
        return False
    if words[0].lower().endswith("ing") and label.endswith((";", ":")):
        return False
    if numbered and label.endswith(";"):
        return False
    return _opens_a_part(lines, at, label)


def _opens_a_part(lines: list[_Line], at: int, label: str) -> bool:
    """A heading stands alone or above text; a short line among short lines is a list's."""
    starts = label[:1].isupper() or label[:1].isdigit() or not label[:1].isascii()
    before = lines[at - 1].text.strip() if at else ""
    if not starts or before:
        return False
    after = lines[at + 1].text.strip() if at + 1 < len(lines) else ""
    if label.endswith(":"):
        return not after and not _leads_a_list(lines, at)
    return _has_body(lines, at) and (not after or len(after.split()) > _MAX_HEADING_WORDS)


def _leads_a_list(lines: list[_Line], at: int) -> bool:
    following = next((one.text for one in lines[at + 1 : at + 4] if one.text.strip()), "")
    return _MARKER.match(following) is not None


def _has_body(lines: list[_Line], at: int) -> bool:
    return any(line.text.strip() for line in lines[at + 1 : at + 40])


def _last_of_paragraph(lines: list[_Line], at: int) -> int:
    """Hard-wrapped lines belong together; a line that ends like a sentence closes its block."""
    last = at
    while last + 1 < len(lines) and _goes_on(lines[last].text, lines[last + 1].text):
        last += 1
    return last


def _goes_on(line: str, following: str) -> bool:
    if not following.strip() or _MARKER.match(following) or _ATX.match(following):
        return False
    if _RULE.match(following) or _BOLD.match(following):
        return False
    ends = line.rstrip().endswith((*_STOPS[:2], "।", ";", ":", "?"))
    continues = following.lstrip()[:1].islower()
    return continues or (len(line) >= _WRAPPED_WIDTH and not ends)


def _body(text: str, first: _Line, last: _Line) -> Block:
    marker = _MARKER.match(first.text)
    start = first.start + (marker.end() if marker else len(first.text) - len(first.text.lstrip()))
    end = first.start + len(text[first.start : last.end].rstrip())
    return Block(Kind.ITEM if marker else Kind.PARAGRAPH, start, end, first.number)
