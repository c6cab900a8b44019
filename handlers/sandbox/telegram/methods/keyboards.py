"""Keyboards: which buttons the platform takes, and how it names what it does not."""

import json
from typing import Any, Final

from handlers.sandbox.telegram.markup import links
from handlers.sandbox.telegram.markup.text_cleanup import stripped
from handlers.sandbox.telegram.refusals import (
    BUTTON_COPY_TEXT_INVALID,
    BUTTON_DATA_INVALID,
    BUTTON_STYLE_INVALID,
    BUTTON_TEXT_EMPTY,
    BUTTON_URL_INVALID,
    CONTACT_IN_PRIVATE_ONLY,
    INLINE_EXPECTED,
    LOCATION_IN_PRIVATE_ONLY,
    MARKUP_TOO_LONG,
    TEXT_BUTTON,
    mistake,
)
from handlers.sandbox.telegram.state.chats import Chat, Kind

Json = dict[str, Any]

DATA_BYTES: Final = 64
COPY_TEXT_LENGTH: Final = 256
INLINE_BUTTONS: Final = 100
REPLY_BUTTONS: Final = 300
MARKUP_BYTES: Final = 10_000
STYLES: Final = ("danger", "success", "primary")
_LOOKS: Final = ("text", "style", "icon_custom_emoji_id")


def inline(markup: Json | None) -> Json | None:
    """The inline keyboard as the platform keeps it: without empty rows, or None without buttons.

    Raises:
        Refusal: a button that the platform does not take, or too many of them.
    """
    if markup is None:
        return None
    if "inline_keyboard" not in markup:
        raise mistake(INLINE_EXPECTED)
    rows = [[_inline_button(one) for one in row] for row in markup["inline_keyboard"] if row]
    _check_size(rows, INLINE_BUTTONS)
    return {"inline_keyboard": rows} if rows else None


def other(markup: Json | None, chat: Chat) -> Json | None:
    """A reply keyboard, its removal or a forced reply; None for an inline keyboard."""
    if markup is None or "inline_keyboard" in markup:
        return None
    if chat.kind is Kind.CHANNEL:
        raise mistake(INLINE_EXPECTED)
    if "keyboard" in markup:
        rows = [[_reply_button(one, chat) for one in row] for row in markup["keyboard"] if row]
        _check_size(rows, REPLY_BUTTONS)
        return {**markup, "keyboard": rows}
    return markup


def _check_size(rows: list[list[Json]], most: int) -> None:
    if sum(map(len, rows)) > most or len(json.dumps(rows)) > MARKUP_BYTES:
        raise mistake(MARKUP_TOO_LONG)


def _labelled(button: Json) -> Json:
    text = stripped(button.get("text", ""))
    if not text:
        raise mistake(BUTTON_TEXT_EMPTY)
    if button.get("style", STYLES[0]) not in STYLES:
        raise mistake(BUTTON_STYLE_INVALID)
    return {**button, "text": text}


def _inline_button(given: Json) -> Json:
    button = _labelled(given)
    if len(set(button) - set(_LOOKS)) != 1:
        raise mistake(TEXT_BUTTON)
    _check_data(button.get("callback_data"))
    _check_copy_text(button.get("copy_text"))
    return _with_url(button)


def _check_data(data: str | None) -> None:
    if data is not None and not 1 <= len(data.encode()) <= DATA_BYTES:
        raise mistake(BUTTON_DATA_INVALID)


def _check_copy_text(copied: Json | None) -> None:
    if copied is not None and not 1 <= len(copied["text"]) <= COPY_TEXT_LENGTH:
        raise mistake(BUTTON_COPY_TEXT_INVALID)


def _with_url(button: Json) -> Json:
    if "url" not in button:
        return button
    url = links.checked(button["url"])
    if url is None:
        raise mistake(BUTTON_URL_INVALID.format(url=button["url"]))
    return {**button, "url": url}


def _reply_button(given: Json, chat: Chat) -> Json:
    button = _labelled(given)
    if button.get("request_contact") and not chat.is_private:
        raise mistake(CONTACT_IN_PRIVATE_ONLY)
    if button.get("request_location") and not chat.is_private:
        raise mistake(LOCATION_IN_PRIVATE_ONLY)
    return button
