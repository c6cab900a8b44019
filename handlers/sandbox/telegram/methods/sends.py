"""The methods that put something new into a chat, files apart."""

from typing import Any, Final

from handlers.sandbox.telegram.methods import keyboards
from handlers.sandbox.telegram.methods.method_call import Ask, Method
from handlers.sandbox.telegram.methods.replies import reply_fields
from handlers.sandbox.telegram.refusals import (
    ACTION_WRONG,
    LOCATION_WRONG,
    REACT_NOT_FOUND,
    REACTION_INVALID,
    TEXT_BLANK,
    TEXT_TOO_LONG,
    TOO_MANY_REACTIONS,
    bad_request,
    mistake,
)
from handlers.sandbox.telegram.state.changes import Seen
from handlers.sandbox.telegram.state.chats import Chat, Kind, Stored
from handlers.sandbox.telegram.state.world import TYPING_SECONDS

Json = dict[str, Any]

TEXT_UNITS: Final = 4096
ACTIONS: Final = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)
_LATITUDES: Final = 90
_LONGITUDES: Final = 180
_NO_THREAD: Final = "message thread not found"
_NO_BUSINESS: Final = "business connection not found"


def send_message(ask: Ask) -> Json:
    text = text_content(ask)
    preview = ask.given.get("link_preview_options")
    return send(ask, {**text, **({"link_preview_options": preview} if preview else {})}).json


def text_content(ask: Ask) -> Json:
    """The text and entities of sendMessage and editMessageText, within 4096 UTF-16 units."""
    text = ask.text_of("text")
    if not text.text:
        raise mistake(TEXT_BLANK)
    if text.length > TEXT_UNITS:
        raise mistake(TEXT_TOO_LONG)
    return {"text": text.text, **({"entities": text.entities} if text.entities else {})}


def send(ask: Ask, content: Json) -> Stored:
    """Puts content into the asked chat with its reply and keyboard, if everything allows it."""
    chat = ask.world.writable_chat(ask.given["chat_id"])
    place = _place(ask, chat)
    markup = ask.given.get("reply_markup")
    is_inline = markup is not None and "inline_keyboard" in markup
    inline = keyboards.inline(markup) if is_inline else None
    other = keyboards.other(markup, chat)
    reply = reply_fields(ask, chat)
    ask.world.spend(chat)
    stored = put(
        ask, chat, {**place, **reply, **content, **({"reply_markup": inline} if inline else {})}
    )
    if other is not None:
        stored.other_markup = other
        _show_keyboard(ask, chat, stored, other)
    return stored


def put(ask: Ask, chat: Chat, content: Json) -> Stored:
    """The bot speaks: as itself, or as the channel it posts to."""
    author = None if chat.kind is Kind.CHANNEL else ask.world.bot
    protected = {"has_protected_content": True} if ask.given.get("protect_content") else {}
    stored = ask.world.post(chat, {**content, **protected}, author=author)
    stored.by_bot = True
    chat.typing_until = 0.0
    return stored


def _place(ask: Ask, chat: Chat) -> Json:
    """The message fields of a topic, which the person must have begun in this chat."""
    if "business_connection_id" in ask.given:
        raise bad_request(_NO_BUSINESS)
    topic = ask.given.get("message_thread_id")
    if not topic:
        return {}
    if topic not in chat.topics:
        raise bad_request(_NO_THREAD)
    return {"message_thread_id": topic, "is_topic_message": True}


def _show_keyboard(ask: Ask, chat: Chat, stored: Stored, markup: Json) -> None:
    """A reply keyboard stays until another replaces it or its removal is sent."""
    if "force_reply" in markup:
        return
    has_keys = "keyboard" in markup
    chat.keyboard = markup if has_keys else None
    chat.keyboard_from = stored.message_id if has_keys else None
    ask.world.tell(Seen.KEYBOARD, chat, stored.message_id, {"keyboard": chat.keyboard})


def send_location(ask: Ask) -> Json:
    return send(ask, {"location": _location(ask)}).json


def send_venue(ask: Ask) -> Json:
    location = _location(ask)
    venue = {"location": location, "title": ask.given["title"], "address": ask.given["address"]}
    return send(ask, {"venue": venue, "location": location}).json


def _location(ask: Ask) -> Json:
    latitude, longitude = ask.given["latitude"], ask.given["longitude"]
    if abs(latitude) > _LATITUDES or abs(longitude) > _LONGITUDES:
        raise mistake(LOCATION_WRONG)
    return {"latitude": latitude, "longitude": longitude}


def send_contact(ask: Ask) -> Json:
    names = ("phone_number", "first_name", "last_name", "vcard")
    contact = {name: ask.given[name] for name in names if name in ask.given}
    return send(ask, {"contact": contact}).json


def send_chat_action(ask: Ask) -> bool:
    """Shows "typing" for at most five seconds or until the next message."""
    if ask.given["action"].lower() not in ACTIONS:
        raise mistake(ACTION_WRONG)
    chat = ask.world.writable_chat(ask.given["chat_id"])
    _place(ask, chat)
    chat.typing_until = ask.world.clock() + TYPING_SECONDS
    ask.world.tell(Seen.TYPING, chat, None, {"action": ask.given["action"]})
    return True


def set_message_reaction(ask: Ask) -> bool:
    """A bot sets at most one reaction, and no paid one."""
    chat = ask.world.writable_chat(ask.given["chat_id"])
    stored = chat.message(ask.given["message_id"])
    if stored is None:
        raise bad_request(REACT_NOT_FOUND)
    wanted = ask.given.get("reaction", [])
    if len(wanted) > 1:
        raise mistake(TOO_MANY_REACTIONS)
    if any(one["type"] == "paid" for one in wanted):
        raise mistake(REACTION_INVALID)
    stored.reactions = wanted
    ask.world.tell(Seen.REACTION, chat, stored.message_id, {"reaction": wanted})
    return True


METHODS: Final[dict[str, Method]] = {
    "sendMessage": send_message,
    "sendLocation": send_location,
    "sendVenue": send_venue,
    "sendContact": send_contact,
    "sendChatAction": send_chat_action,
    "setMessageReaction": set_message_reaction,
}
