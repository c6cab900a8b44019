"""Entities: their kinds, their order, and when their offsets hold."""

from typing import Any, Final

from handlers.sandbox.telegram.markup import links
from handlers.sandbox.telegram.markup.utf16 import edges, part

Span = dict[str, Any]

# In the order in which nested entities of the same place are listed, outermost first.
MARKED: Final = (
    "blockquote",
    "expandable_blockquote",
    "text_link",
    "text_mention",
    "pre",
    "code",
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "custom_emoji",
    "date_time",
)
FOUND: Final = (
    "mention",
    "hashtag",
    "cashtag",
    "bot_command",
    "url",
    "email",
    "phone_number",
)
SPLITTABLE: Final = (
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "custom_emoji",
    "date_time",
)
_BAD_OFFSET: Final = "receive an entity with incorrect offset {}"
_BAD_LENGTH: Final = "receive an entity with incorrect length {}"
_OUTSIDE: Final = "entity {} after the end of the text at UTF-16 offset {}"
_IN_A_PAIR: Final = "entity {} in a middle of a UTF-16 symbol at offset {}"
_BAD_URL: Final = "entity URL '{}' is invalid: Wrong HTTP URL"
_RANK: Final = {kind: rank for rank, kind in enumerate((*MARKED, *FOUND))}


class BrokenMarkup(Exception):
    """Markup that the platform's parser refuses; `why` in its words."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class BrokenSpan(Exception):
    """An entity that does not lie in the text; `why` in the platform's words."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def in_order(spans: list[Span]) -> list[Span]:
    return sorted(spans, key=lambda one: (one["offset"], -one["length"], _RANK[one["type"]]))


def checked_spans(text: str, spans: list[Span]) -> list[Span]:
    """The spans that are worth keeping.

    Raises:
        BrokenSpan: one begins or ends outside the text or inside a surrogate pair.
    """
    if not spans:
        return []
    known = edges(text)
    for span in spans:
        _check(span, known)
    return [_with_link(one) for one in spans if one["length"] > 0]


def _check(span: Span, known: dict[int, int]) -> None:
    begin, end, last = span["offset"], span["offset"] + span["length"], max(known)
    if begin < 0:
        raise BrokenSpan(_BAD_OFFSET.format(begin))
    if span["length"] < 0:
        raise BrokenSpan(_BAD_LENGTH.format(span["length"]))
    for name, at in (("begins", begin), ("ends", end)):
        if at > last:
            raise BrokenSpan(_OUTSIDE.format(name, at))
        if at not in known:
            raise BrokenSpan(_IN_A_PAIR.format(name, at))


def _with_link(span: Span) -> Span:
    if span["type"] != "text_link":
        return span
    url = links.checked(span.get("url") or "")
    if url is None:
        raise BrokenSpan(_BAD_URL.format(span.get("url", "")))
    return {**span, "url": url}


def overlapping(spans: list[Span], offset: int, length: int, kinds: tuple[str, ...]) -> list[Span]:
    """The parts of the spans of these kinds that lie in a stretch, with offsets inside it."""
    cut: list[Span] = []
    for one in spans:
        begin = max(one["offset"], offset)
        end = min(one["offset"] + one["length"], offset + length)
        if one["type"] in kinds and begin < end:
            cut.append({**one, "offset": begin - offset, "length": end - begin})
    return in_order(cut)


def shown(text: str, span: Span) -> str:
    """The stretch of text that an entity covers."""
    return part(text, span["offset"], span["length"])
