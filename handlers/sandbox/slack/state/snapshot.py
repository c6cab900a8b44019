"""The whole workspace as plain JSON, for the page that shows it."""

from typing import Any

from handlers.sandbox.slack.shapes import group_shape, user_shape
from handlers.sandbox.slack.state.views import View
from handlers.sandbox.slack.state.workspace_state import WorkspaceState
from handlers.sandbox.slack.workspace import Channel, Message

Json = dict[str, Any]
NEWEST = 100


def snapshot(state: WorkspaceState, newest: int = NEWEST) -> Json:
    """Give users, groups, channels with their newest messages, and every open view."""
    return {
        "users": [user_shape(user) for user in state.world.users.values()],
        "groups": [group_shape(group, users=True) for group in state.world.groups.values()],
        "channels": [channel_state(state, c, newest) for c in state.world.channels.values()],
        "homes": {user: view_state(home) for user, home in state.views.homes.items()},
        "modals": {
            user: [view_state(view) for view in stack]
            for user, stack in state.views.stacks.items()
            if stack
        },
        "ephemerals": {
            user: [message_state(state, message) for message in messages]
            for user, messages in state.posts.ephemerals.items()
        },
    }


def channel_state(state: WorkspaceState, channel: Channel, newest: int = NEWEST) -> Json:
    """Give a channel: its newest messages, oldest first, each with its thread."""
    top = [m for m in channel.messages.values() if not m.is_reply]
    threads = [
        message_state(state, message)
        | {"replies": [message_state(state, reply) for reply in channel.thread(message.ts)]}
        for message in top[-newest:]
    ]
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "members": list(channel.members),
        "messages": threads,
    }


def message_state(state: WorkspaceState, message: Message) -> Json:
    shown = state.shapes.message(message)
    return shown | {"channel": message.channel, "state": message.state, "seen_by": message.seen_by}


def view_state(view: View) -> Json:
    return view.shape() | {"errors": view.errors, "user": view.user}
