"""Replies and quotes: what is answered must exist, what is quoted must be there word for word."""

from typing import Any, Final

from handlers.sandbox.telegram.markup.entities import SPLITTABLE, overlapping
from handlers.sandbox.telegram.markup.formatted_text import Formatted, formatted
from handlers.sandbox.telegram.markup.utf16 import units
from handlers.sandbox.telegram.methods.method_call import Ask
from handlers.sandbox.telegram.refusals import QUOTE_INVALID, REPLY_NOT_FOUND, bad_request, mistake
from handlers.sandbox.telegram.state.chats import Chat, Stored

Json = dict[str, Any]

QUOTE_UNITS: Final = 1024


def reply_fields(ask: Ask, chat: Chat) -> Json:
    """The message fields of a reply, empty when the message answers nothing.

    Raises:
        Refusal: the answered message is gone, or the quote is not part of it.
    """
    wanted = ask.given.get("reply_parameters")
    if wanted is None:
        return {}
    elsewhere = wanted.get("chat_id", chat.id) != chat.id
    answered = None if elsewhere else chat.message(wanted["message_id"])
    if answered is None:
        if wanted.get("allow_sending_without_reply") and not elsewhere:
            return {}
        raise bad_request(REPLY_NOT_FOUND)
    return {"reply_to_message": flat(answered.json), **_quote(ask, wanted, answered)}


def flat(json: Json) -> Json:
    """A message inside another does not carry the one that it answers itself."""
    return {key: value for key, value in json.items() if key not in ("reply_to_message", "quote")}


def _quote(ask: Ask, wanted: Json, answered: Stored) -> Json:
    if not wanted.get("quote"):
        return {}
    quote = formatted(
        wanted["quote"],
        wanted.get("quote_parse_mode"),
        wanted.get("quote_entities"),
        ask.world.known_user,
    )
    if quote.length > QUOTE_UNITS:
        raise mistake(QUOTE_INVALID)
    position = place_of(quote, answered, wanted.get("quote_position", 0))
    if position is None:
        raise bad_request(QUOTE_INVALID)
    kept = [one for one in quote.entities if one["type"] in SPLITTABLE]
    body: Json = {"text": quote.text, "position": position, "is_manual": True}
    return {"quote": {**body, "entities": kept} if kept else body}


def place_of(quote: Formatted, answered: Stored, near: int) -> int | None:
    """Where the quote stands in the message, in UTF-16 units, formatting included."""
    text, at, places = answered.text, -1, list[int]()
    while (at := text.find(quote.text, at + 1)) >= 0:
        places.append(units(text[:at]))
    fitting = [place for place in places if _same_looks(quote, answered, place)]
    return min(fitting, key=lambda place: abs(place - near), default=None)


def _same_looks(quote: Formatted, answered: Stored, place: int) -> bool:
    there = overlapping(answered.entities, place, quote.length, SPLITTABLE)
    return there == overlapping(quote.entities, 0, quote.length, SPLITTABLE)
