"""What people do in a chat, turned into messages and the updates that tell the bot."""

import asyncio
from collections.abc import Sequence
from typing import Any

from handlers.sandbox.telegram.markup.formatted_text import as_typed
from handlers.sandbox.telegram.markup.utf16 import units
from handlers.sandbox.telegram.methods.replies import flat
from handlers.sandbox.telegram.state.changes import Seen
from handlers.sandbox.telegram.state.chats import Chat, Kind, Stored
from handlers.sandbox.telegram.state.world import Query, World

Json = dict[str, Any]

_STAYS = frozenset(
    {"message_id", "from", "chat", "date", "message_thread_id", "is_topic_message"}
    | {"reply_to_message", "media_group_id", "forward_origin"}
)
"""Fields of a message that no edit changes."""


def typed(text: str) -> Json:
    """The message fields of a text that a person typed."""
    clean = as_typed(text)
    return {"text": clean.text, **({"entities": clean.entities} if clean.entities else {})}


def captioned(text: str) -> Json:
    clean = as_typed(text)
    entities = {"caption_entities": clean.entities} if clean.entities else {}
    return {"caption": clean.text, **entities} if clean.text else {}


def answering(answered: Stored, quote: str | None) -> Json:
    """The fields of a person's reply; a quote must be part of what is answered."""
    fields: Json = {"reply_to_message": flat(answered.json)}
    if quote is None:
        return fields
    # A person's quote takes the formatting along, so only the words have to be found.
    before, found, _ = answered.text.partition(quote)
    if not found:
        raise ValueError(quote)
    return {**fields, "quote": {"text": quote, "position": units(before), "is_manual": True}}


def arrives(world: World, chat: Chat, author: Json | None, content: Json) -> Stored:
    """A new message of a person, or of a channel when there is no author."""
    stored = world.post(chat, content, author=author)
    kind = "channel_post" if chat.kind is Kind.CHANNEL else "message"
    if _reaches_bot(world, chat, stored):
        world.updates.put(kind, stored.json, chat.id)
    return stored


def changes(world: World, chat: Chat, stored: Stored, content: Json) -> None:
    """A person edited a message: the bot gets the whole message again."""
    dropped = ("text", "entities", "caption", "caption_entities", "edit_date")
    kept = {key: value for key, value in stored.json.items() if key not in dropped}
    world.revise(chat, stored, {**kept, **content, "edit_date": world.now})
    kind = "edited_channel_post" if chat.kind is Kind.CHANNEL else "edited_message"
    if _reaches_bot(world, chat, stored):
        world.updates.put(kind, stored.json, chat.id)


def replaces(world: World, chat: Chat, stored: Stored, content: Json) -> None:
    """A person edited a message into something of other fields; its place and answer stay."""
    kept = {key: value for key, value in stored.json.items() if key in _STAYS}
    world.revise(chat, stored, {**kept, **content, "edit_date": world.now})
    world.updates.put("edited_message", stored.json, chat.id)


def reacted(world: World, chat: Chat, user: Json, stored: Stored, emoji: Sequence[str]) -> None:
    """The bot hears of it only where it asked for reactions by name."""
    old, new = stored.reactions, [{"type": "emoji", "emoji": one} for one in emoji]
    stored.reactions = new
    payload = {
        "chat": chat.face,
        "message_id": stored.message_id,
        "user": user,
        "date": world.now,
        "old_reaction": old,
        "new_reaction": new,
    }
    world.tell(Seen.REACTION, chat, stored.message_id, {"reaction": new})
    world.updates.put("message_reaction", payload, chat.id)


def _reaches_bot(world: World, chat: Chat, stored: Stored) -> bool:
    """In a group a bot sees commands, mentions of it and replies to it, unless it administers."""
    if chat.kind not in (Kind.GROUP, Kind.SUPERGROUP) or chat.is_bot_admin:
        return True
    answered = stored.json.get("reply_to_message", {}).get("from", {})
    mentioned = f"@{world.bot['username']}".lower() in stored.text.lower()
    is_service = not stored.text and "from" in stored.json
    to_bot = answered.get("id") == world.bot["id"]
    return stored.text.startswith("/") or mentioned or to_bot or is_service


def pressed(world: World, chat: Chat, user: Json, stored: Stored, data: str) -> Query:
    """A press of an inline button; a message that is gone comes as an inaccessible one."""
    loop = asyncio.get_running_loop()
    query_id = str(4_000_000_000_000_000_000 + len(world.queries))
    query = Query(query_id, user["id"], chat.id, world.clock(), loop.create_future())
    world.queries[query_id] = query
    gone = {"chat": chat.face, "message_id": stored.message_id, "date": 0}
    payload = {
        "id": query_id,
        "from": user,
        "message": gone if stored.is_deleted else stored.json,
        "chat_instance": str(-7_000_000_000_000_000_000 - chat.id),
        "data": data,
    }
    world.updates.put("callback_query", payload, chat.id)
    return query
