"""The names in what the desk showed on a platform, held against the table of names."""

import json
from collections.abc import Iterator
from typing import Any

from bot import wire_names
from handlers.sandbox.slack import SlackServer
from handlers.sandbox.telegram import TelegramServer

VERSION = "v1"


def unknown_buttons(telegram: TelegramServer) -> set[str]:
    """`callback_data` in any chat whose verb, or version, the table does not know."""
    shown = {
        str(data)
        for chat in telegram.world.chats.values()
        for one in chat.messages.values()
        for data in _values(one.json, "callback_data")
        if one.by_bot
    }
    return {data for data in shown if not _is_known_button(data)}


def unknown_actions(slack: SlackServer) -> set[str]:
    """Actions, dialogs and metadata in any call of the desk that the table does not know."""
    sent = [_parsed(call.args) for call in slack.calls]
    actions = {str(one).partition("~")[0] for one in _values(sent, "action_id")}
    dialogs = {str(one) for one in _values(sent, "callback_id")}
    events = {str(one) for one in _values(sent, "event_type")}
    return (
        (actions - wire_names.SLACK_ACTIONS - wire_names.SLACK_FIELDS)
        | (dialogs - wire_names.SLACK_DIALOGS)
        | (events - wire_names.SLACK_METADATA)
    )


def _parsed(args: dict[str, Any]) -> dict[str, Any]:
    """Slack's client writes what is nested as JSON."""
    nested = ("blocks", "view", "metadata")
    return {
        name: json.loads(value) if name in nested and isinstance(value, str) else value
        for name, value in args.items()
    }


def _is_known_button(data: str) -> bool:
    version, verb, _ = [*data.split(":", 2), "", ""][:3]
    return version == VERSION and verb in wire_names.CLIENT_BUTTONS


def _values(found: Any, key: str) -> Iterator[Any]:
    """Every value of that key, however deep."""
    if isinstance(found, dict):
        for name, value in found.items():
            if name == key:
                yield value
            yield from _values(value, key)
    elif isinstance(found, list):
        for each in found:
            yield from _values(each, key)
