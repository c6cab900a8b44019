"""Rich messages (Bot API 10.1): blocks of blocks, as plain words with their markup.

What has no words is named in its place; a block or a part that the Bot API of today does not know
is named by its own name, with whatever text it holds.
"""

from collections.abc import Sequence

from bot.domain.tickets.message import Attachment
from handlers.telegram.reading.marked_text import STYLES, MarkedText, time_behind
from handlers.telegram.reading.media import ONE_FILE, files_in, place_in
from handlers.telegram.reading.narrowing import (
    Json,
    name_of,
    object_of,
    objects_of,
    text_of,
    words_in,
)

DEEPEST = 40
"""Levels of blocks and parts that are read as such; below, only their texts."""
PLAIN = frozenset(
    {"spoiler", "subscript", "superscript", "marked", "anchor_link", "reference", "reference_link"}
)
"""Parts of which only the words are kept."""
BEHIND = {
    "url": "url",
    "email_address": "email_address",
    "phone_number": "phone_number",
    "bank_card_number": "bank_card_number",
    "mention": "username",
    "hashtag": "hashtag",
    "cashtag": "cashtag",
    "bot_command": "bot_command",
}
"""Where a part holds what it leads to; the words may say something else."""
LINES = frozenset({"paragraph", "heading", "footer", "thinking", "pullquote"})
MEDIA = {
    "animation": "animation",
    "audio": "audio",
    "photo": "photo",
    "video": "video",
    "voice_note": "voice",
}
"""Blocks that hold a file, and what kind of file the desk calls it."""
FRAMES = ("collage", "slideshow")
TEXT_PARTS = frozenset(
    {*STYLES, *PLAIN, *BEHIND, "text_mention", "date_time", "custom_emoji", "anchor"}
    | {"mathematical_expression"}
)
BLOCKS = frozenset(
    {*LINES, *MEDIA, *FRAMES, "pre", "divider", "mathematical_expression", "anchor", "list"}
    | {"blockquote", "table", "details", "map"}
)


class RichReader:
    """Reads the blocks of one message into one text, and the files and places in them."""

    def __init__(self, number: str) -> None:
        self.out = MarkedText()
        self.found: list[Attachment] = []
        self._number = number

    def blocks(self, blocks: Sequence[object], depth: int = 0) -> None:
        for block in blocks:
            self.out.begin_line()
            self._block(block, depth)

    def _block(self, block: object, depth: int) -> None:
        if not isinstance(block, dict) or depth > DEEPEST:
            self._unknown("", block)
            return
        kind = text_of(block, "type")
        if kind not in BLOCKS:
            self._unknown(kind or "block", block)
        elif kind in LINES:
            self._rich(block.get("text"), depth)
        elif kind in MEDIA:
            self._media(kind, block, depth)
        else:
            getattr(self, f"_{kind}" if kind not in FRAMES else "_frame")(block, depth)
        self._caption(block, depth)

    def _pre(self, block: Json, depth: int) -> None:
        with self.out.marking("pre"):
            self._rich(block.get("text"), depth)

    def _divider(self, _block: Json, _depth: int) -> None:
        self.out.add("———")

    def _anchor(self, _block: Json, _depth: int) -> None:
        """A place to jump to: nothing is seen of it."""

    def _mathematical_expression(self, block: Json, _depth: int) -> None:
        self.out.add(text_of(block, "expression"), "code")

    def _list(self, block: Json, depth: int) -> None:
        for item in objects_of(block, "items"):
            self.out.begin_line()
            self.out.add(f"{_label(item)} ")
            first, *rest = [*_listed(item, "blocks")] or [None]
            if first is not None:
                self._block(first, depth + 1)
            self.blocks(rest, depth + 1)

    def _blockquote(self, block: Json, depth: int) -> None:
        with self.out.marking("blockquote"):
            self.blocks(_listed(block, "blocks"), depth + 1)

    def _frame(self, block: Json, depth: int) -> None:
        self.blocks(_listed(block, "blocks"), depth + 1)

    def _details(self, block: Json, depth: int) -> None:
        self._rich(block.get("summary"), depth)
        self.blocks(_listed(block, "blocks"), depth + 1)

    def _table(self, block: Json, depth: int) -> None:
        self.out.add("[table]")
        for row in _listed(block, "cells"):
            self.out.begin_line()
            for number, cell in enumerate(row if isinstance(row, list) else []):
                self.out.add(" | " if number else "")
                self._rich(cell.get("text") if isinstance(cell, dict) else cell, depth)

    def _map(self, block: Json, _depth: int) -> None:
        self.out.add("[map]")
        self.found += place_in(block)

    def _media(self, kind: str, block: Json, _depth: int) -> None:
        called = MEDIA[kind]
        self.out.add(f"[{called}]")
        held = {called: block.get(kind)} if called in ONE_FILE else {kind: block.get(kind)}
        self.found += files_in(held, f"{self._number}-{len(self.found) + 1}")

    def _caption(self, block: Json, depth: int) -> None:
        """Below a block that has one, and whom it names as its source."""
        caption = block.get("caption")
        if isinstance(caption, dict) and "type" not in caption:
            self._below(caption.get("text"), depth)
            self._below(caption.get("credit"), depth)
        elif caption is not None:
            self._below(caption, depth)
        self._below(block.get("credit"), depth)

    def _below(self, rich: object, depth: int) -> None:
        if rich:
            self.out.begin_line()
            self._rich(rich, depth)

    def _rich(self, rich: object, depth: int) -> None:
        """A text, several, or a part with its own markup."""
        if isinstance(rich, str):
            self.out.add(rich)
        elif isinstance(rich, list) and depth <= DEEPEST:
            for one in rich:
                self._rich(one, depth + 1)
        elif isinstance(rich, dict) and depth <= DEEPEST:
            self._part(rich, depth)
        elif rich is not None:
            self.out.add(" ".join(words_in(rich)))

    def _part(self, part: Json, depth: int) -> None:
        kind = text_of(part, "type")
        if kind == "custom_emoji":
            self.out.add(text_of(part, "alternative_text"))
        elif kind == "mathematical_expression":
            self.out.add(text_of(part, "expression"), "code")
        elif kind == "anchor":
            return
        elif kind and kind not in TEXT_PARTS:
            self._unknown(kind, part)
        else:
            mark, behind = _meaning(kind, part)
            with self.out.marking(mark, behind):
                self._rich(part.get("text"), depth + 1)

    def _unknown(self, kind: str, found: object) -> None:
        named = [f"[{kind}]"] if kind else []
        self.out.add(" ".join([*named, *words_in(found)]))
        if isinstance(found, dict):
            self.found += files_in({kind or "file": found}, f"{self._number}-{len(self.found) + 1}")


def _meaning(kind: str, part: Json) -> tuple[str, str]:
    if kind == "text_mention":
        return "text_mention", name_of(object_of(part, "user"))
    if kind == "date_time":
        return "date_time", time_behind(part)
    if kind in BEHIND:
        return "text_link", text_of(part, BEHIND[kind])
    return STYLES.get(kind, ""), ""


def _label(item: Json) -> str:
    if item.get("has_checkbox"):
        return "☑" if item.get("is_checked") else "☐"
    return text_of(item, "label") or "•"


def _listed(holder: Json, name: str) -> list[object]:
    found = holder.get(name)
    return found if isinstance(found, list) else []
