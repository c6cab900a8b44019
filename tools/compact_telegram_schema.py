"""Makes `schema.json` from the machine-readable Bot API: only what the sandbox answers.

Run it when the Bot API moves on, with the specification and the file to write:
`python -m tools.compact_telegram_schema <api.json> <schema.json>`.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

NOTICE = (
    "Derived from the machine-readable Telegram Bot API specification, "
    "Copyright (c) 2020 Paul Larsen, MIT License; see NOTICE beside this file."
)

METHODS = (
    "getMe",
    "logOut",
    "close",
    "getUpdates",
    "setWebhook",
    "deleteWebhook",
    "getWebhookInfo",
    "sendMessage",
    "forwardMessage",
    "forwardMessages",
    "copyMessage",
    "copyMessages",
    "sendPhoto",
    "sendAudio",
    "sendDocument",
    "sendVideo",
    "sendAnimation",
    "sendVoice",
    "sendVideoNote",
    "sendSticker",
    "sendMediaGroup",
    "sendLocation",
    "sendVenue",
    "sendContact",
    "sendChatAction",
    "setMessageReaction",
    "getFile",
    "getChat",
    "leaveChat",
    "getChatMember",
    "getChatMemberCount",
    "getChatAdministrators",
    "answerCallbackQuery",
    "setMyCommands",
    "deleteMyCommands",
    "getMyCommands",
    "setMyName",
    "getMyName",
    "setMyDescription",
    "getMyDescription",
    "setMyShortDescription",
    "getMyShortDescription",
    "setChatMenuButton",
    "getChatMenuButton",
    "editMessageText",
    "editMessageCaption",
    "editMessageMedia",
    "editMessageReplyMarkup",
    "deleteMessage",
    "deleteMessages",
    "pinChatMessage",
    "unpinChatMessage",
)


def compact(api: dict[str, Any]) -> dict[str, Any]:
    """The fields of the wanted methods and of every type they can carry."""
    methods = {name: _fields(api["methods"][name]) for name in METHODS}
    types: dict[str, Any] = {}
    _follow(api["types"], [kind for fields in methods.values() for kind in _kinds(fields)], types)
    return {
        "notice": NOTICE,
        "version": api["version"],
        "methods": methods,
        "types": types,
        "other_methods": sorted(set(api["methods"]) - set(METHODS)),
    }


def _fields(thing: dict[str, Any]) -> dict[str, Any]:
    return {
        field["name"]: [*field["types"], "!"] if field["required"] else field["types"]
        for field in thing.get("fields", [])
    }


def _kinds(fields: dict[str, Any]) -> list[str]:
    return [
        re.sub(r"^(Array of )+", "", kind)
        for kinds in fields.values()
        for kind in kinds
        if kind != "!"
    ]


def _follow(every: dict[str, Any], wanted: list[str], found: dict[str, Any]) -> None:
    while wanted:
        name = wanted.pop()
        if name in found or name not in every:
            continue
        one = every[name]
        found[name] = one["subtypes"] if "subtypes" in one else _fields(one)
        wanted += one.get("subtypes", []) + ([] if "subtypes" in one else _kinds(found[name]))


def _lines(schema: dict[str, Any]) -> str:
    """One method or type a line, so that a change of the Bot API can be read as a diff."""
    parts = []
    for key, value in schema.items():
        if isinstance(value, dict):
            rows = ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in value.items())
            parts.append(f" {json.dumps(key)}: {{\n{rows}\n }}")
        else:
            parts.append(f" {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    source, target = (Path(argument) for argument in sys.argv[1:3])
    target.write_text(_lines(compact(json.loads(source.read_text("utf-8")))), "utf-8")
