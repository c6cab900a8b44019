"""The whole workspace as plain JSON, for the page that shows it."""

from typing import Any

from handlers.sandbox.slack.shapes import group_shape, user_shape
from handlers.sandbox.slack.state.views import View
from handlers.sandbox.slack.state.workspace_state import Room
from handlers.sandbox.slack.workspace import Channel, Message

Json = dict[str, Any]
NEWEST = 100


def snapshot(room: Room, newest: int = NEWEST) -> Json:
    """Give users, groups, channels with their newest messages, and every open view."""
    return {
        "users": [user_shape(user) for user in room.world.users.values()],
        "groups": [group_shape(group, users=True) for group in room.world.groups.values()],
        "channels": [channel_state(room, c, newest) for c in room.world.channels.values()],
        "homes": {user: view_state(home) for user, home in room.views.homes.items()},
        "modals": {
            user: [view_state(view) for view in stack]
            for user, stack in room.views.stacks.items()
            if stack
        },
        "ephemerals": {
            user: [message_state(room, message) for message in messages]
            for user, messages in room.posts.ephemerals.items()
        },
    }


def channel_state(room: Room, channel: Channel, newest: int = NEWEST) -> Json:
    """Give a channel: its newest messages, oldest first, each with its thread."""
    top = [m for m in channel.messages.values() if not m.is_reply]
    threads = [
        message_state(room, message)
        | {"replies": [message_state(room, reply) for reply in channel.thread(message.ts)]}
        for message in top[-newest:]
    ]
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "members": list(channel.members),
        "messages": threads,
    }


def message_state(room: Room, message: Message) -> Json:
    shown = room.shapes.message(message)
    return shown | {"channel": message.channel, "state": message.state, "seen_by": message.seen_by}


def view_state(view: View) -> Json:
    return view.shape() | {"errors": view.errors, "user": view.user}
