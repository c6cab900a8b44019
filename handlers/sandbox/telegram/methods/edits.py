"""The methods that change or remove what is in a chat already."""

from typing import Any, Final

from handlers.sandbox.telegram.methods import keyboards
from handlers.sandbox.telegram.methods.method_call import Ask, Method
from handlers.sandbox.telegram.methods.sends import text_content
from handlers.sandbox.telegram.methods.uploads import media_content
from handlers.sandbox.telegram.refusals import (
    CANNOT_DELETE,
    CANNOT_EDIT,
    CHAT_EMPTY,
    DELETE_NOT_FOUND,
    EDIT_NOT_FOUND,
    NO_CAPTION_TO_EDIT,
    NO_MEDIA_TO_EDIT,
    NO_MESSAGE_ID,
    NO_TEXT_TO_EDIT,
    NOT_MODIFIED,
    bad_request,
    mistake,
)
from handlers.sandbox.telegram.state import media
from handlers.sandbox.telegram.state.chats import Chat, Stored

Json = dict[str, Any]

DELETE_SECONDS: Final = 48 * 3600
DELETE_AT_ONCE: Final = 100
_TEXT: Final = ("text", "entities", "link_preview_options")
_CAPTION: Final = ("caption", "caption_entities", "show_caption_above_media")
_FILES: Final = (
    "photo",
    "audio",
    "document",
    "video",
    "animation",
    "voice",
    "video_note",
    "sticker",
)
_NO_INLINE_MESSAGE: Final = "invalid inline message identifier specified"
_WRONG_COUNT: Final = "message identifiers are not specified"


def edit_message_text(ask: Ask) -> Json:
    content = text_content(ask)
    chat, stored = _own(ask)
    if "text" not in stored.json:
        raise bad_request(NO_TEXT_TO_EDIT)
    preview = ask.given.get("link_preview_options")
    return _edit(ask, chat, stored, _TEXT, {**content, **_if("link_preview_options", preview)})


def edit_message_caption(ask: Ask) -> Json:
    caption = ask.caption()
    chat, stored = _own(ask)
    if media.kind_of(stored.json) in (None, "sticker", "video_note"):
        raise bad_request(NO_CAPTION_TO_EDIT)
    return _edit(ask, chat, stored, _CAPTION, caption)


def edit_message_media(ask: Ask) -> Json:
    content = media_content(ask, ask.given["media"])
    chat, stored = _own(ask)
    if media.kind_of(stored.json) is None:
        raise bad_request(NO_MEDIA_TO_EDIT)
    return _edit(ask, chat, stored, (*_FILES, *_CAPTION), content)


def edit_message_reply_markup(ask: Ask) -> Json:
    chat, stored = _own(ask)
    return _edit(ask, chat, stored, (), {})


def _own(ask: Ask) -> tuple[Chat, Stored]:
    """The message to edit: the bot's own, and without a reply keyboard."""
    if "inline_message_id" in ask.given:
        raise mistake(_NO_INLINE_MESSAGE)
    if "chat_id" not in ask.given:
        raise mistake(CHAT_EMPTY)
    if "message_id" not in ask.given:
        raise mistake(NO_MESSAGE_ID)
    chat = ask.world.writable_chat(ask.given["chat_id"])
    stored = chat.message(ask.given["message_id"])
    if stored is None:
        raise bad_request(EDIT_NOT_FOUND)
    if not stored.by_bot or stored.other_markup is not None:
        raise bad_request(CANNOT_EDIT)
    return chat, stored


def _edit(ask: Ask, chat: Chat, stored: Stored, replaced: tuple[str, ...], content: Json) -> Json:
    """Replaces these fields; the inline keyboard goes unless it is given again."""
    markup = keyboards.inline(ask.given.get("reply_markup"))
    dropped = (*replaced, "reply_markup", "edit_date")
    kept = {key: value for key, value in stored.json.items() if key not in dropped}
    edited = {**kept, **content, **_if("reply_markup", markup)}
    if edited == {key: value for key, value in stored.json.items() if key != "edit_date"}:
        raise bad_request(NOT_MODIFIED)
    ask.world.spend(chat)
    ask.world.revise(chat, stored, {**edited, "edit_date": ask.world.now})
    return stored.json


def _if(name: str, value: object) -> Json:
    return {} if value is None else {name: value}


def delete_message(ask: Ask) -> bool:
    chat = ask.world.writable_chat(ask.given["chat_id"])
    stored = chat.message(ask.given["message_id"])
    if stored is None:
        raise bad_request(DELETE_NOT_FOUND)
    if not _may_delete(ask, chat, stored):
        raise bad_request(CANNOT_DELETE)
    ask.world.remove(chat, stored)
    return True


def delete_messages(ask: Ask) -> bool:
    """Up to 100 at once; those that are gone or too old are passed over."""
    wanted: list[int] = ask.given["message_ids"]
    if not 1 <= len(wanted) <= DELETE_AT_ONCE:
        raise mistake(_WRONG_COUNT)
    chat = ask.world.writable_chat(ask.given["chat_id"])
    for message_id in wanted:
        stored = chat.message(message_id)
        if stored is not None and _may_delete(ask, chat, stored):
            ask.world.remove(chat, stored)
    return True


def _may_delete(ask: Ask, chat: Chat, stored: Stored) -> bool:
    """Anything of a private chat, elsewhere its own: all only for 48 hours."""
    is_young = ask.world.clock() - stored.json["date"] < DELETE_SECONDS
    return is_young and (stored.by_bot or chat.is_private or chat.is_bot_admin)


METHODS: Final[dict[str, Method]] = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
}
