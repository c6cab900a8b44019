"""Chats and what is in them: messages are kept in the very form the Bot API shows them."""

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

Json = dict[str, Any]

SMALLEST_GROUP: Final = -(10**12)


class Standing(StrEnum):
    """How the bot stands in a chat."""

    UNKNOWN = "unknown"  # they never met: the bot may not write first
    OPEN = "open"
    BLOCKED = "blocked"  # the person blocked the bot
    GONE = "gone"  # the bot left the group or channel, or was removed


class Kind(StrEnum):
    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


@dataclass(slots=True)
class Stored:
    """One message: `json` is never changed in place, so that a delivered update stays as it was."""

    json: Json
    by_bot: bool
    changed_at: int  # the chat's change count when it was last sent or edited
    is_edited: bool = False
    is_deleted: bool = False
    # A reply keyboard, its removal or a forced reply: such a message can not be edited.
    other_markup: Json | None = None
    reactions: list[Json] = field(default_factory=list[Json])

    @property
    def message_id(self) -> int:
        return self.json["message_id"]

    @property
    def text(self) -> str:
        return self.json.get("text") or self.json.get("caption") or ""

    @property
    def entities(self) -> list[Json]:
        return self.json.get("entities") or self.json.get("caption_entities") or []


@dataclass(slots=True)
class Chat:
    """One chat, the bot's standing in it, and what a screen that shows it needs."""

    face: Json
    standing: Standing = Standing.UNKNOWN
    messages: dict[int, Stored] = field(default_factory=dict[int, Stored])
    members: dict[int, Json] = field(default_factory=dict[int, Json])
    is_bot_admin: bool = False
    topics: set[int] = field(default_factory=set[int])
    keyboard: Json | None = None
    keyboard_from: int | None = None
    typing_until: float = 0.0
    changes: int = 0
    last_message_id: int = 0
    _waiters: list[asyncio.Future[None]] = field(default_factory=list[asyncio.Future[None]])

    @property
    def id(self) -> int:
        return self.face["id"]

    @property
    def kind(self) -> Kind:
        return Kind(self.face["type"])

    @property
    def is_private(self) -> bool:
        return self.kind is Kind.PRIVATE

    def message(self, message_id: int) -> Stored | None:
        """A message that is still there."""
        found = self.messages.get(message_id)
        return None if found is None or found.is_deleted else found

    def touch(self) -> int:
        """Counts one visible change and wakes whoever waits for it."""
        self.changes += 1
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)
        return self.changes

    async def next_change(self) -> None:
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        await waiter
