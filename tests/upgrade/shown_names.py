"""The names in what the desk showed on a platform, held against the table of names."""

import json
from collections.abc import Iterator
from typing import Any

from bot.application import wire_names
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
    """Names in any call of the desk to Slack that the table does not know."""
    sent = [_parsed(call.args) for call in slack.calls]
    fields = {kind_of(str(one), "~") for one in _values(sent, "action_id")}
    blocks = {kind_of(str(one), "~") for one in _input_blocks(sent)}
    metadata = [one for one in _values(sent, "metadata") if isinstance(one, dict)]
    keys = {kind_of(str(one)) for one in _values(metadata, "key")}
    return (
        (fields - wire_names.SLACK_ACTIONS - wire_names.SLACK_FIELDS)
        | (blocks - wire_names.SLACK_FIELDS)
        | (_verbs_of_menus(sent) - wire_names.SLACK_ACTIONS)
        | ({str(one) for one in _values(sent, "callback_id")} - wire_names.SLACK_DIALOGS)
        | (_keys_of_dialogs(sent) - wire_names.SLACK_DIALOG_DATA)
        | (_keys_of_metadata(metadata) - wire_names.SLACK_METADATA)
        | (keys - wire_names.POST_KEYS)
    )


def kind_of(name: str, mark: str = ":") -> str:
    """The name without what it is about; a colon that follows it is part of it."""
    head, found, _ = name.partition(mark)
    return head + (found if mark == ":" else "")


def _input_blocks(sent: Any) -> Iterator[Any]:
    """The block ids of fields."""
    for block in _dicts(sent):
        if block.get("type") == "input":
            yield block["block_id"]


def _verbs_of_menus(sent: Any) -> set[str]:
    """What the options of a menu on a card do."""
    menus = (one for one in _dicts(sent) if one.get("type") == "overflow")
    return {str(option["value"]).partition(":")[0] for one in menus for option in one["options"]}


def _keys_of_dialogs(sent: Any) -> set[str]:
    kept = (json.loads(str(one) or "{}") for one in _values(sent, "private_metadata"))
    return {key for data in kept for key in data}


def _keys_of_metadata(metadata: list[dict[str, Any]]) -> set[str]:
    return {
        name for one in metadata for name in (str(one["event_type"]), *one.get("event_payload", {}))
    }


def _dicts(found: Any) -> Iterator[dict[str, Any]]:
    if isinstance(found, dict):
        yield found
    parts = found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
    for part in parts:
        yield from _dicts(part)


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
    for one in _dicts(found):
        if key in one:
            yield one[key]
