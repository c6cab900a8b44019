"""The workspace: its people, channels, groups, messages and files, as plain objects."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from handlers.sandbox.slack.clock import Clock

Json = dict[str, Any]
Fact = Any  # one field of a user or a message
TEAM = "T0DESK"
APP = "A0DESK"
BOT_USER = "U0DESKBOT"
BOT = "B0DESK"
DOMAIN = "sandbox"
MICROSECONDS = 1_000_000


@dataclass
class User:
    """A member, a guest, someone of another team, or a bot."""

    id: str
    name: str
    real_name: str = ""
    display_name: str = ""
    """What they like to be called; empty: by `name`."""
    email: str = ""
    team_id: str = TEAM
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_bot: bool = False
    is_admin: bool = False
    deleted: bool = False
    bot_id: str = ""

    @property
    def is_stranger(self) -> bool:
        return self.team_id != TEAM


@dataclass
class Message:
    """A message as it stands now; `user` is empty for a classic bot."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    bot_id: str = ""
    app_id: str = ""
    thread_ts: str = ""
    subtype: str = ""
    files: list[str] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    edited: Json | None = None
    username: str = ""
    client_msg_id: str = ""
    reactions: dict[str, list[str]] = field(default_factory=dict)
    state: Json = field(default_factory=dict)
    seen_by: str = ""  # the one person who sees it, when it is ephemeral

    @property
    def is_reply(self) -> bool:
        return bool(self.thread_ts) and self.thread_ts != self.ts


@dataclass
class Channel:
    """A channel, private channel or direct message, with its messages by ts."""

    id: str
    name: str
    kind: str  # public_channel, private_channel, im or mpim
    members: dict[str, None] = field(default_factory=dict)
    is_archived: bool = False
    is_ext_shared: bool = False
    topic: str = ""
    created: int = 0
    messages: dict[str, Message] = field(default_factory=dict)
    threads: dict[str, list[str]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    @property
    def is_im(self) -> bool:
        return self.kind == "im"

    @property
    def is_private(self) -> bool:
        return self.kind != "public_channel"

    @property
    def event_kind(self) -> str:
        """The channel_type of message events."""
        return {"public_channel": "channel", "private_channel": "group"}.get(self.kind, self.kind)

    def thread(self, ts: str) -> list[Message]:
        """Give the replies under a message, oldest first."""
        return [self.messages[reply] for reply in self.threads.get(ts, ())]

    def newest_first(self) -> Iterator[Message]:
        return reversed(self.messages.values())


@dataclass
class Group:
    """A user group, called @handle."""

    id: str
    handle: str
    users: list[str] = field(default_factory=list)
    deleted: bool = False
    updated: int = 0


@dataclass
class File:
    """A file, its bytes, and where it was shared: channel to ts."""

    id: str
    name: str
    user: str
    size: int
    created: int
    title: str = ""
    mimetype: str = "application/octet-stream"
    content: bytes | None = None
    complete: bool = False
    deleted: bool = False
    is_untold: bool = False  # events name it by its id only, as in a shared channel
    shares: list[tuple[str, str, str]] = field(default_factory=list)


class Workspace:
    """Everything that exists, and the numbers that name it."""

    def __init__(self, clock: Clock, bot_name: str) -> None:
        self.clock = clock
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.groups: dict[str, Group] = {}
        self.files: dict[str, File] = {}
        self.granted: set[str] | None = None  # scopes of the app; None: whatever it asks for
        self.refuses_with = ""  # the code that the app's tokens meet, once it was thrown out
        self._count = itertools.count(1)
        self._last_ts = 0
        self.bot = self.add_user(
            User(BOT_USER, bot_name, real_name="Privacy Desk", is_bot=True, bot_id=BOT)
        )

    def new_id(self, letter: str) -> str:
        return f"{letter}0{next(self._count):08X}"

    def new_ts(self) -> str:
        """Give a message's time, which is its name too: never the same twice."""
        now = int(self.clock.now() * MICROSECONDS)
        self._last_ts = max(now, self._last_ts + 1)
        return f"{self._last_ts // MICROSECONDS}.{self._last_ts % MICROSECONDS:06d}"

    def seconds(self) -> int:
        return int(self.clock.now())

    def add_user(self, user: User) -> User:
        self.users[user.id] = user
        return user

    def add_channel(self, name: str, kind: str = "public_channel", channel_id: str = "") -> Channel:
        letter = {"im": "D", "public_channel": "C"}.get(kind, "G")
        new = Channel(channel_id or self.new_id(letter), name.lstrip("#"), kind)
        new.created = self.seconds()
        self.channels[new.id] = new
        return new

    def find_channel(self, name: str) -> Channel | None:
        """Find by id, or by name with or without its #."""
        found = self.channels.get(name)
        if found is not None:
            return found
        bare = name.removeprefix("#")
        named = (c for c in self.channels.values() if c.name == bare and not c.is_im)
        return next(named, None)

    def direct(self, user: str) -> Channel:
        """Give the direct message channel between the app and a person, opened when needed."""
        for channel in self.channels.values():
            if channel.is_im and user in channel.members:
                return channel
        new = self.add_channel("", "im")
        new.members = {user: None, self.bot.id: None}
        return new
