"""The words in blocks that are no rich text, known or not: tables, Markdown, cards, whatever comes.

Only words count here, not looks: what a block says under the names that Slack gives to text. They
come as raw text, escaped and with people and places as marks, so that those get their names.
"""

import re
from collections.abc import Iterator
from typing import Any

from handlers.slack.payloads.marked_text import escaped_with_marks
from handlers.slack.payloads.rich_parts import as_raw

Json = dict[str, Any]
SAYING = (
    "text",
    "title",
    "subtitle",
    "description",
    "body",
    "label",
    "value",
    "fallback",
    "alt_text",
    "name",
    "title_url",
    "image_url",
    "video_url",
    "url",
)
HOLDING = ("elements", "fields", "rows", "cells", "columns", "items", "accessory", "element")
SEPARATOR = " | "
DEEPEST = 12
_WORD = re.compile(r"\w+")
_MARKUP = re.compile("[*_~`]")


def block_words(block: object, depth: int = 0) -> list[str]:
    """The lines of a block, in the order in which they stand, as raw text."""
    if isinstance(block, (str, int, float)) and not isinstance(block, bool):
        return [escaped_with_marks(str(block))] if str(block).strip() else []
    if isinstance(block, list):
        return [line for each in block for line in block_words(each, depth + 1)]
    if not isinstance(block, dict) or depth > DEEPEST:
        return []
    if isinstance(block.get("rows"), list):
        return [SEPARATOR.join(_cells(row, depth)) for row in block["rows"]]
    return [line for line in _said(block, depth) if line.strip()]


def says_all(said: str, raw: str) -> bool:
    """Whether each word of the raw text stands in what was read."""
    return _words(raw) <= _words(said)


def says_more(line: str, raw: str) -> bool:
    """Whether a line of what was read has words that the raw text has not."""
    return not _words(line) <= _words(raw)


def _said(block: Json, depth: int) -> Iterator[str]:
    if raw := as_raw(block):
        yield raw
        return
    is_markup = block.get("type") == "mrkdwn"
    said = list[str]()
    for name in SAYING:
        value = block.get(name)
        if is_markup and isinstance(value, str):
            said.append(value)
        elif isinstance(value, (str, int, float, dict)):
            said += block_words(value, depth + 1)
    yield from dict.fromkeys(said)
    for name in HOLDING:
        parts = block_words(block.get(name), depth + 1)
        yield from [" ".join(parts)] if name == "elements" and _is_line(block) else parts


def _is_line(block: Json) -> bool:
    return block.get("type") not in ("rich_text", "rich_text_list")


def _cells(row: object, depth: int) -> list[str]:
    cells = row if isinstance(row, list) else [row]
    return [" ".join(block_words(cell, depth + 1)) for cell in cells]


def _words(text: str) -> set[str]:
    return set(_WORD.findall(_MARKUP.sub("", text.casefold())))
