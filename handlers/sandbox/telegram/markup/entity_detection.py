"""Entities that the platform finds by itself: commands, mentions, links, mail, phone numbers."""

import re
from collections.abc import Iterator
from typing import Final

from handlers.sandbox.telegram.markup.entities import Span
from handlers.sandbox.telegram.markup.utf16 import units

_TLD: Final = "com|org|net|edu|gov|io|dev|app|me|info|co|uk|bd|de|eu|example|test"
_PATTERNS: Final = (
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24}\b")),
    ("url", re.compile(r"(?<![\w@.])(?:https?|tg)://[^\s<>\"]+[^\s<>\".,;:!?')\]]")),
    (
        "url",
        re.compile(
            rf"(?<![\w@./:-])(?:[A-Za-z0-9-]+\.)+(?:{_TLD})\b(?:[/?#][^\s<>\"]*[^\s<>\".,;:!?')\]])?",
            re.IGNORECASE,
        ),
    ),
    (
        "bot_command",
        re.compile(r"(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])"),
    ),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z0-9_]{4,32}\b")),
    ("hashtag", re.compile(r"(?<!\w)#(?!\d+\b)\w{1,256}")),
    ("phone_number", re.compile(r"(?<![\w+])\+\d(?:[ -]?\d){7,14}(?!\w)")),
)
_MARKS: Final = re.compile(r"[/@#+.:]")
_CLOSED: Final = ("pre", "code", "text_link", "text_mention", "custom_emoji", "date_time")


def found_in(text: str, spans: list[Span]) -> list[Span]:
    """Entities found in the text, outside code and links that are marked already."""
    if not _MARKS.search(text):
        return []
    taken = [one for one in spans if one["type"] in _CLOSED]
    found: list[Span] = []
    for span in _candidates(text):
        if not any(_meet(span, other) for other in (*taken, *found)):
            found.append(span)
    return found


def _candidates(text: str) -> Iterator[Span]:
    for kind, pattern in _PATTERNS:
        for hit in pattern.finditer(text):
            yield {"type": kind, "offset": units(text[: hit.start()]), "length": units(hit[0])}


def _meet(one: Span, other: Span) -> bool:
    return (
        one["offset"] < other["offset"] + other["length"]
        and other["offset"] < one["offset"] + one["length"]
    )
