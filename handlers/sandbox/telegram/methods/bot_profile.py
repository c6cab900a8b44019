"""What the bot says of itself: commands, name, descriptions, the menu button."""

import re
from typing import Any, Final

from handlers.sandbox.telegram.methods.method_call import Ask, Method
from handlers.sandbox.telegram.refusals import (
    COMMAND_DESCRIPTION_EMPTY,
    COMMAND_DESCRIPTION_TOO_LONG,
    COMMAND_INVALID,
    COMMAND_TOO_LONG,
    COMMANDS_TOO_MUCH,
    DESCRIPTION_TOO_LONG,
    LANGUAGE_INVALID,
    mistake,
)
from handlers.sandbox.telegram.state.changes import Change, Seen
from handlers.sandbox.telegram.state.profile import scope_key

Json = dict[str, Any]

COMMANDS: Final = 100
COMMAND_LENGTH: Final = 32
COMMAND_DESCRIPTION: Final = 256
_COMMAND: Final = re.compile(r"[a-z0-9_]+")
_LANGUAGE: Final = re.compile(r"[a-z]{2}")
# The field of each setter, and the longest text it takes.
_SETTERS: Final = {
    "setMyName": ("name", 64),
    "setMyDescription": ("description", 512),
    "setMyShortDescription": ("short_description", 120),
}
_GETTERS: Final = {
    "getMyName": "name",
    "getMyDescription": "description",
    "getMyShortDescription": "short_description",
}


def set_my_commands(ask: Ask) -> bool:
    given: list[Json] = ask.given["commands"]
    if len(given) > COMMANDS:
        raise mistake(COMMANDS_TOO_MUCH)
    key = _key(ask)
    ask.world.profile.commands[key] = [_command(one) for one in given]
    ask.world.changes.tell(Change(Seen.COMMANDS, 0))
    return True


def _command(given: Json) -> Json:
    name = given["command"].removeprefix("/")
    description = given["description"].strip()
    if len(name) > COMMAND_LENGTH:
        raise mistake(COMMAND_TOO_LONG)
    if not _COMMAND.fullmatch(name):
        raise mistake(COMMAND_INVALID)
    if not description:
        raise mistake(COMMAND_DESCRIPTION_EMPTY)
    if len(description) > COMMAND_DESCRIPTION:
        raise mistake(COMMAND_DESCRIPTION_TOO_LONG)
    return {"command": name, "description": description}


def get_my_commands(ask: Ask) -> list[Json]:
    return ask.world.profile.commands.get(_key(ask), [])


def delete_my_commands(ask: Ask) -> bool:
    ask.world.profile.commands.pop(_key(ask), None)
    ask.world.changes.tell(Change(Seen.COMMANDS, 0))
    return True


def _key(ask: Ask) -> tuple[str, str]:
    scope = ask.given.get("scope")
    if scope and "chat_id" in scope:
        ask.world.found_chat(scope["chat_id"])
    return scope_key(scope), _language(ask)


def _language(ask: Ask) -> str:
    code = ask.given.get("language_code", "")
    if code and not _LANGUAGE.fullmatch(code):
        raise mistake(LANGUAGE_INVALID)
    return code


def set_text(ask: Ask) -> bool:
    name, limit = _SETTERS[ask.method]
    text = ask.given.get(name, "")
    if len(text) > limit:
        raise mistake(DESCRIPTION_TOO_LONG)
    ask.world.profile.texts[name, _language(ask)] = text
    return True


def get_text(ask: Ask) -> Json:
    name = _GETTERS[ask.method]
    fallback = ask.world.bot["first_name"] if name == "name" else ""
    return {name: ask.world.profile.text(name, _language(ask)) or fallback}


def set_menu_button(ask: Ask) -> bool:
    ask.world.profile.menu_button = ask.given.get("menu_button", {"type": "default"})
    return True


def get_menu_button(ask: Ask) -> Json:
    return ask.world.profile.menu_button


METHODS: Final[dict[str, Method]] = {
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    **dict.fromkeys(_SETTERS, set_text),
    **dict.fromkeys(_GETTERS, get_text),
    "setChatMenuButton": set_menu_button,
    "getChatMenuButton": get_menu_button,
}
