"""Forwarding and copying: what is taken along, and what says where it came from."""

from typing import Any, Final

from handlers.sandbox.telegram.methods.method_call import Ask, Method
from handlers.sandbox.telegram.methods.sends import put, send
from handlers.sandbox.telegram.refusals import (
    COPY_NOT_FOUND,
    FORWARD_NOT_FOUND,
    Refusal,
    bad_request,
    mistake,
)
from handlers.sandbox.telegram.state import media
from handlers.sandbox.telegram.state.chats import Chat, Stored

Json = dict[str, Any]

AT_ONCE: Final = 100
_HEAD: Final = (
    "message_id",
    "from",
    "sender_chat",
    "chat",
    "date",
    "edit_date",
    "reply_to_message",
    "quote",
    "reply_markup",
    "media_group_id",
    "forward_origin",
    "has_protected_content",
)
_WRONG_COUNT: Final = "message identifiers are not specified"


def content_of(json: Json) -> Json:
    """What a message says, without who said it when and to whom."""
    return {key: value for key, value in json.items() if key not in _HEAD}


def origin_of(json: Json) -> Json:
    """Where a forwarded message came from; a forward of a forward keeps the first."""
    if "forward_origin" in json:
        return json["forward_origin"]
    if "from" in json:
        return {"type": "user", "date": json["date"], "sender_user": json["from"]}
    chat = {"chat": json["chat"], "message_id": json["message_id"]}
    return {"type": "channel", "date": json["date"], **chat}


def copy_message(ask: Ask) -> Json:
    source = _source(ask, ask.given["message_id"], COPY_NOT_FOUND)
    content = content_of(source.json)
    if "caption" in ask.given and media.kind_of(content):
        content = {key: value for key, value in content.items() if not key.startswith("caption")}
        content |= ask.caption()
    return {"message_id": send(ask, content).message_id}


def copy_messages(ask: Ask) -> list[Json]:
    chat, sources = _sources(ask)
    return [{"message_id": put(ask, chat, content_of(one.json)).message_id} for one in sources]


def forward_message(ask: Ask) -> Json:
    source = _source(ask, ask.given["message_id"], FORWARD_NOT_FOUND)
    return send(ask, _forwarded(source)).json


def forward_messages(ask: Ask) -> list[Json]:
    chat, sources = _sources(ask)
    return [{"message_id": put(ask, chat, _forwarded(one)).message_id} for one in sources]


def _forwarded(source: Stored) -> Json:
    return {"forward_origin": origin_of(source.json), **content_of(source.json)}


def _source(ask: Ask, message_id: int, missing: str) -> Stored:
    source = ask.world.found_chat(ask.given["from_chat_id"]).message(message_id)
    if source is None:
        raise bad_request(missing)
    return source


def _sources(ask: Ask) -> tuple[Chat, list[Stored]]:
    """Several at once: those that are gone are passed over, but one must be left."""
    wanted: list[int] = ask.given["message_ids"]
    if not 1 <= len(wanted) <= AT_ONCE:
        raise mistake(_WRONG_COUNT)
    chat = ask.world.writable_chat(ask.given["chat_id"])
    there = ask.world.found_chat(ask.given["from_chat_id"])
    found = [one for message_id in wanted if (one := there.message(message_id)) is not None]
    if not found:
        raise _nothing_left(ask)
    ask.world.spend(chat, len(found))
    return chat, found


def _nothing_left(ask: Ask) -> Refusal:
    is_copy = ask.method == "copyMessages"
    return bad_request(COPY_NOT_FOUND if is_copy else FORWARD_NOT_FOUND)


METHODS: Final[dict[str, Method]] = {
    "copyMessage": copy_message,
    "copyMessages": copy_messages,
    "forwardMessage": forward_message,
    "forwardMessages": forward_messages,
}
