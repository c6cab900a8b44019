"""Text with its entities: how markup, given entities and found ones become what is shown."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from handlers.sandbox.telegram.markup import markup_html, markup_v2, text_cleanup
from handlers.sandbox.telegram.markup.entities import (
    MARKED,
    BrokenMarkup,
    BrokenSpan,
    Span,
    checked_spans,
    in_order,
)
from handlers.sandbox.telegram.markup.entity_detection import found_in
from handlers.sandbox.telegram.markup.utf16 import units
from handlers.sandbox.telegram.refusals import (
    CANNOT_PARSE_ENTITIES,
    UNKNOWN_PARSE_MODE,
    mistake,
)

ENTITIES_SHOWN: Final = 100

Users = Callable[[int], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Formatted:
    """Clean text and its entities in the Bot API's own form, offsets in UTF-16 units."""

    text: str = ""
    entities: list[Span] = field(default_factory=list[Span])

    @property
    def length(self) -> int:
        return units(self.text)


def formatted(text: str, mode: str | None, entities: list[Span] | None, users: Users) -> Formatted:
    """What the platform keeps of a text that a bot sends.

    Raises:
        Refusal: the markup or the entities are broken.
    """
    raw, spans = _parsed(text, mode, entities or [])
    clean, spans = text_cleanup.cleaned(raw, _real_spans(raw, spans, users))
    spans = [*spans, *found_in(clean, spans)]
    return Formatted(clean, in_order(spans)[:ENTITIES_SHOWN])


def as_typed(text: str) -> Formatted:
    """What the platform keeps of a text that a person types: only found entities."""
    clean, _ = text_cleanup.cleaned(text, [])
    return Formatted(clean, in_order(found_in(clean, [])))


def _parsed(text: str, mode: str | None, entities: list[Span]) -> tuple[str, list[Span]]:
    try:
        match (mode or "").lower():
            case "html":
                return markup_html.parse(text)
            case "markdownv2":
                return markup_v2.parse(text)
            case "" | "none":
                return text, entities
            case _:
                raise mistake(UNKNOWN_PARSE_MODE)
    except BrokenMarkup as broken:
        raise mistake(CANNOT_PARSE_ENTITIES.format(why=broken.why)) from broken


def _real_spans(text: str, spans: list[Span], users: Users) -> list[Span]:
    """Entities that hold: a type a bot may set, inside the text, a user that is known."""
    try:
        whole = checked_spans(text, [one for one in spans if one.get("type") in MARKED])
    except BrokenSpan as broken:
        raise mistake(broken.why) from broken
    return [one for span in whole if (one := _with_user(span, users)) is not None]


def _with_user(span: Span, users: Users) -> Span | None:
    if span["type"] != "text_mention":
        return span
    user = users(span["user"]["id"])
    return None if user is None else {**span, "user": user}
