"""Everything the sandbox's Telegram knows, and the few ways in which it changes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from handlers.sandbox.telegram.refusals import (
    BLOCKED,
    CHAT_NOT_FOUND,
    NO_CHANNEL_RIGHTS,
    NOT_A_MEMBER,
    bad_request,
    forbidden,
    too_many,
)
from handlers.sandbox.telegram.state.changes import Change, Changes, Seen
from handlers.sandbox.telegram.state.chats import SMALLEST_GROUP, Chat, Kind, Standing, Stored
from handlers.sandbox.telegram.state.files import Files
from handlers.sandbox.telegram.state.profile import Profile
from handlers.sandbox.telegram.state.rates import Rates
from handlers.sandbox.telegram.state.record import Record
from handlers.sandbox.telegram.state.updates import Updates

Json = dict[str, Any]
Clock = Callable[[], float]

TYPING_SECONDS: Final = 5.0


@dataclass(slots=True)
class Query:
    """One press of an inline button, until the bot answers it."""

    query_id: str
    user_id: int
    chat_id: int
    asked_at: float
    answer: "asyncio.Future[Json]"
    # The bot may never have seen our answer: then answering again is no mistake.
    was_lost: bool = False


@dataclass(slots=True)
class World:
    """`clock` gives seconds since the epoch; every date and limit follows it."""

    bot: Json
    clock: Clock
    rates: Rates
    record: Record = field(default_factory=Record)
    changes: Changes = field(default_factory=Changes)
    chats: dict[int, Chat] = field(default_factory=dict[int, Chat])
    users: dict[int, Json] = field(default_factory=dict[int, Json])
    queries: dict[str, Query] = field(default_factory=dict[str, Query])
    profile: Profile = field(default_factory=Profile)
    files: Files = field(init=False)
    updates: Updates = field(init=False)
    last_message_id: int = 0
    _last_album: int = 13_000_000_000_000_000

    def __post_init__(self) -> None:
        self.files = Files(self.clock)
        self.updates = Updates(self.clock)

    @property
    def now(self) -> int:
        return int(self.clock())

    def known_user(self, user_id: int) -> Json | None:
        return self.bot if user_id == self.bot["id"] else self.users.get(user_id)

    def found_chat(self, chat_id: int | str) -> Chat:
        """The chat of an id or @username that the bot has met."""
        chat = self.chats.get(_as_id(chat_id)) or self._by_username(str(chat_id))
        if chat is None or chat.standing is Standing.UNKNOWN:
            raise bad_request(CHAT_NOT_FOUND)
        return chat

    def writable_chat(self, chat_id: int | str) -> Chat:
        """The chat, when the bot may write there.

        Raises:
            Refusal: not met, blocked, left, or without the right.
        """
        chat = self.found_chat(chat_id)
        if chat.standing is Standing.BLOCKED:
            raise forbidden(BLOCKED)
        if chat.standing is Standing.GONE:
            raise forbidden(NOT_A_MEMBER.format(kind=chat.kind))
        if chat.kind is Kind.CHANNEL and not chat.is_bot_admin:
            raise bad_request(NO_CHANNEL_RIGHTS)
        return chat

    def _by_username(self, name: str) -> Chat | None:
        if not name.startswith("@"):
            return None
        wanted = name[1:].lower()
        return next(
            (
                one
                for one in self.chats.values()
                if not one.is_private and one.face.get("username", "").lower() == wanted
            ),
            None,
        )

    def spend(self, chat: Chat, cost: int = 1) -> None:
        """Counts messages against the platform's rates; raises 429 when they are used up."""
        seconds = self.rates.refused_for(chat.id, is_private=chat.is_private, cost=cost)
        if seconds:
            raise too_many(seconds)

    def post(self, chat: Chat, content: Json, *, author: Json | None) -> Stored:
        """Puts a message into a chat; `author` is None for a channel speaking as itself."""
        head: Json = {"message_id": self._next_message_id(chat)}
        if author is None:
            head["sender_chat"] = chat.face
        else:
            head["from"] = author
        json = {**head, "chat": chat.face, "date": self.now, **content}
        by_bot = author is self.bot
        stored = Stored(json, by_bot, chat.touch())
        chat.messages[stored.message_id] = stored
        self.changes.tell(Change(Seen.SENT, chat.id, stored.message_id, json))
        return stored

    def revise(self, chat: Chat, stored: Stored, json: Json) -> None:
        stored.json = json
        stored.is_edited = stored.is_edited or "edit_date" in json
        stored.changed_at = chat.touch()
        self.changes.tell(Change(Seen.EDITED, chat.id, stored.message_id, json))

    def remove(self, chat: Chat, stored: Stored) -> None:
        stored.is_deleted = True
        stored.changed_at = chat.touch()
        self.changes.tell(Change(Seen.DELETED, chat.id, stored.message_id))

    def tell(self, kind: Seen, chat: Chat, message_id: int | None, detail: Json) -> None:
        """A visible change that is not of a message's content."""
        chat.touch()
        self.changes.tell(Change(kind, chat.id, message_id, detail))

    def next_album(self) -> str:
        self._last_album += 1
        return str(self._last_album)

    def _next_message_id(self, chat: Chat) -> int:
        """Private chats and small groups share one count, as with a real bot."""
        if chat.id <= SMALLEST_GROUP:
            chat.last_message_id += 1
            return chat.last_message_id
        self.last_message_id += 1
        return self.last_message_id


def _as_id(chat_id: int | str) -> int:
    try:
        return int(chat_id)
    except ValueError:
        return 0
