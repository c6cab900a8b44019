"""Messages: posting, editing, deleting, reacting; each change becomes the event Slack sends."""

from collections.abc import Iterable
from typing import Any

from handlers.sandbox.slack.block_kit.block_state import initial_state
from handlers.sandbox.slack.changes import Changes
from handlers.sandbox.slack.shapes import Shapes
from handlers.sandbox.slack.transport.events import Events
from handlers.sandbox.slack.workspace import TEAM, Channel, Fact, Message, Workspace

Json = dict[str, Any]


class Posts:
    """The one place where a message comes to be, changes or goes."""

    def __init__(self, world: Workspace, shapes: Shapes, events: Events, changes: Changes) -> None:
        self._world = world
        self._shapes = shapes
        self._events = events
        self._changes = changes
        self.ephemerals: dict[str, list[Message]] = {}

    def new(self, channel: Channel, user: str, text: str, **more: Fact) -> Message:
        return Message(channel.id, self._world.new_ts(), user, text, **more)

    def post(self, channel: Channel, message: Message) -> None:
        """Put a message into its channel and thread."""
        message.state = initial_state(message.blocks)
        channel.messages[message.ts] = message
        if message.is_reply:
            channel.threads.setdefault(message.thread_ts, []).append(message.ts)
            parent = channel.messages.get(message.thread_ts)
            if parent is not None:
                parent.thread_ts = parent.ts
        self._share_files(channel, message)
        self._changes.tell("message", channel=channel.id, ts=message.ts, thread=message.thread_ts)
        self._events.emit(self._posted(channel, message), channel)
        self._mentioned(channel, message)

    def post_ephemeral(self, message: Message, user: str) -> None:
        """Show a message to one person only; it has no event and no history."""
        message.seen_by = user
        message.state = initial_state(message.blocks)
        self.ephemerals.setdefault(user, []).append(message)
        self._changes.tell("ephemeral", channel=message.channel, ts=message.ts, user=user)

    def edit(self, channel: Channel, message: Message, by: str, **changed: Fact) -> None:
        """Change a message in place; the app is sent how it was and how it is."""
        before = self._shapes.message(message)
        for name, value in changed.items():
            setattr(message, name, value)
        if "blocks" in changed:
            message.state = initial_state(message.blocks, message.state)
        ts = self._world.new_ts()
        if by:
            message.edited = {"user": by, "ts": ts.split(".")[0] + ".000000"}
        self._changes.tell("message", channel=channel.id, ts=message.ts, thread=message.thread_ts)
        self._emit_hidden(
            channel,
            ts,
            subtype="message_changed",
            message=self._shapes.message(message),
            previous_message=before,
        )

    def delete(self, channel: Channel, message: Message) -> None:
        """Take a message away; one with replies leaves a tombstone, as in Slack."""
        if channel.threads.get(message.ts):
            self._bury(channel, message)
            return
        before = self._shapes.message(message)
        del channel.messages[message.ts]
        channel.gone.add(message.ts)
        if message.is_reply:
            channel.threads[message.thread_ts].remove(message.ts)
        self._changes.tell("deleted", channel=channel.id, ts=message.ts, thread=message.thread_ts)
        self._emit_hidden(
            channel,
            self._world.new_ts(),
            subtype="message_deleted",
            previous_message=before,
            deleted_ts=message.ts,
        )

    def react(self, channel: Channel, message: Message, user: str, name: str) -> None:
        message.reactions.setdefault(name, []).append(user)
        self._reacted("reaction_added", channel, message, (user, name))

    def unreact(self, channel: Channel, message: Message, user: str, name: str) -> None:
        message.reactions[name].remove(user)
        if not message.reactions[name]:
            del message.reactions[name]
        self._reacted("reaction_removed", channel, message, (user, name))

    def all_of(self, channel: Channel, user: str) -> Iterable[Message]:
        """Give what this person sees in a channel, newest first, ephemeral messages before."""
        private = [m for m in self.ephemerals.get(user, []) if m.channel == channel.id]
        yield from reversed(private)
        yield from channel.newest_first()

    def _bury(self, channel: Channel, message: Message) -> None:
        gone = {"subtype": "tombstone", "user": "USLACKBOT", "text": "This message was deleted."}
        self.edit(channel, message, "", blocks=[], files=[], bot_id="", metadata=None, **gone)

    def _posted(self, channel: Channel, message: Message) -> Json:
        event = self._shapes.message(message, metadata=True)
        event |= {
            "channel": channel.id,
            "event_ts": message.ts,
            "channel_type": channel.event_kind,
        }
        author = self._world.users.get(message.user)
        if author is not None and author.is_stranger:
            event |= {
                "user_team": author.team_id,
                "source_team": author.team_id,
                "team": author.team_id,
            }
        parent = channel.messages.get(message.thread_ts)
        if message.subtype == "thread_broadcast" and parent is not None:
            event["root"] = self._shapes.message(parent)
        return event

    def _mentioned(self, channel: Channel, message: Message) -> None:
        if f"<@{self._world.bot.id}>" not in message.text or channel.is_im or message.bot_id:
            return
        event = self._posted(channel, message) | {"type": "app_mention"}
        for absent in ("channel_type", "subtype"):
            event.pop(absent, None)
        self._events.emit(event, channel)

    def _emit_hidden(self, channel: Channel, ts: str, **what: object) -> None:
        event: Json = {"type": "message", **what}
        event |= {"channel": channel.id, "hidden": True, "ts": ts, "event_ts": ts}
        self._events.emit(event | {"channel_type": channel.event_kind}, channel)

    def _share_files(self, channel: Channel, message: Message) -> None:
        for file_id in message.files:
            self._world.files[file_id].shares.append((channel.id, message.ts, message.thread_ts))
            event: Json = {
                "type": "file_shared",
                "file_id": file_id,
                "user_id": message.user,
                "file": {"id": file_id},
                "channel_id": channel.id,
            }
            self._events.emit(event, channel)

    def _reacted(self, kind: str, channel: Channel, message: Message, by: tuple[str, str]) -> None:
        self._changes.tell("message", channel=channel.id, ts=message.ts, thread=message.thread_ts)
        event: Json = {
            "type": kind,
            "user": by[0],
            "reaction": by[1],
            "item": {"type": "message", "channel": channel.id, "ts": message.ts},
            "item_user": message.user,
        }
        self._events.emit(event, channel)

    def joined(self, channel: Channel, user: str) -> None:
        """Let someone enter a channel."""
        channel.members[user] = None
        self._changes.tell("channel", channel=channel.id)
        event: Json = {
            "type": "member_joined_channel",
            "user": user,
            "channel": channel.id,
            "channel_type": "G" if channel.is_private else "C",
            "team": TEAM,
            "inviter": "U0OWNER",
        }
        self._events.emit(event, channel)
