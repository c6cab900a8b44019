"""A reply as Telegram wants it: UTF-16 entities, pieces of at most 4096 units, inline buttons."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.application.outbound.to_client import Choice, Press, Reply
from bot.domain.tickets.message import Span

LONGEST = 4096
"""UTF-16 units in a message (Bot API, sendMessage)."""
MOST_ENTITIES = 100
LONGEST_LABEL = 64
KINDS = frozenset(
    {"bold", "italic", "underline", "strikethrough", "code", "pre", "blockquote", "text_link"}
)
VERSION = "v1"
_OURS = re.compile(r"v1:([a-z._]{1,24}):([A-Za-z0-9:._-]{0,60})")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text that fits into one message."""

    text: str
    entities: tuple[MessageEntity, ...]


def units(text: str) -> int:
    """Length in UTF-16 units, in which Telegram counts."""
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)  # noqa: PLR2004  # the BMP's end


def pieces(text: str, spans: Sequence[Span] = (), *, longest: int = LONGEST) -> list[Piece]:
    """Cut a text at paragraph, line, sentence or word ends; markup goes on in the next piece."""
    trimmed = (_trimmed(text, start, end) for start, end in _cuts(text, longest))
    found = [
        Piece(text[start:end], entities(text, spans, start, end))
        for start, end in trimmed
        if start < end
    ]
    return found or [Piece("…", ())]


def signed(heading: str, body: str, spans: Sequence[Span] = ()) -> list[Piece]:
    """A reply below the line that says whose it is; files without words have that line alone."""
    if not heading:
        return pieces(body, spans)
    moved = len(heading) + 1
    below = (replace(one, offset=one.offset + moved) for one in spans)
    return pieces(f"{heading}\n{body}", (Span("bold", 0, len(heading)), *below))


def headed(head: str, piece: Piece) -> Piece:
    """The piece with words in front of it."""
    moved = units(head)
    marked = tuple(
        MessageEntity(one.type, offset=one.offset + moved, length=one.length, url=one.url)
        for one in piece.entities
    )
    return Piece(head + piece.text, marked)


def entities(text: str, spans: Sequence[Span], start: int, end: int) -> tuple[MessageEntity, ...]:
    """The markup of text[start:end], offsets counted from `start` in UTF-16 units."""
    found: list[MessageEntity] = []
    for span in spans:
        first, last = max(start, span.offset), min(end, span.offset + span.length)
        if span.kind not in KINDS or first >= last or (span.kind == "text_link" and not span.url):
            continue
        found.append(
            MessageEntity(
                span.kind,
                offset=units(text[start:first]),
                length=units(text[first:last]),
                url=span.url or None,
            )
        )
    return tuple(found[:MOST_ENTITIES])


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the white space at both ends, which Telegram would cut off itself."""
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())


def _cuts(text: str, longest: int) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = _fitting(text, start, longest)
        if end < len(text):
            end = _good_end(text, start, end)
        yield start, end
        start = end


def _fitting(text: str, start: int, longest: int) -> int:
    """The furthest end such that text[start:end] fits."""
    end = min(len(text), start + longest)
    while units(text[start:end]) > longest:
        end -= max(1, (units(text[start:end]) - longest) // 2)
    return end


def _good_end(text: str, start: int, end: int) -> int:
    least = start + (end - start) // 2
    for mark in ("\n\n", "\n", "। ", ". ", "? ", "! ", " "):
        at = text.rfind(mark, least, end)
        if at >= 0:
            return at + len(mark)
    while end > start + 1 and (0x300 <= ord(text[end]) <= 0x36F or text[end] in "\u200d\ufe0f"):  # noqa: PLR2004  # combining marks
        end -= 1
    return end


def callback_data(press: Press) -> str:
    """What a button carries back: at most 64 bytes (Bot API, InlineKeyboardButton)."""
    return f"{VERSION}:{press.verb}:{press.ref}"


def press_of(data: str) -> Press:
    """What a button meant; anything we did not make is an unknown verb, which gives the menu."""
    found = _OURS.fullmatch(data)
    return Press("unknown") if found is None else Press(found[1], found[2])


def keyboard(
    reply: Reply,
) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None:
    """The buttons of a reply."""
    if reply.contact_label:
        button = KeyboardButton(reply.contact_label, request_contact=True)
        return ReplyKeyboardMarkup([[button]], resize_keyboard=True, one_time_keyboard=True)
    if reply.rows:
        return InlineKeyboardMarkup([[_button(choice) for choice in row] for row in reply.rows])
    return ReplyKeyboardRemove() if reply.keyboard_gone else None


def _button(choice: Choice) -> InlineKeyboardButton:
    label = choice.label[:LONGEST_LABEL]
    return InlineKeyboardButton(label, callback_data=callback_data(choice.press))
