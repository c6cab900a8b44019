"""The page's left side: one client's chat as JSON, and what the person at it does."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Final

from handlers.sandbox.not_possible import NotPossible
from handlers.sandbox.telegram import (
    Attachment,
    Bubble,
    Button,
    Press,
    TelegramServer,
    VirtualUser,
)

Json = dict[str, Any]
Act = Callable[[VirtualUser, Json], Awaitable[object]]

SHOWN_MESSAGES: Final = 300
VOICE_SECONDS: Final = 4


def chat(server: TelegramServer, person: VirtualUser) -> Json:
    """The chat as the page draws it; only its last messages, for a page that stays quick."""
    shown = server.snapshot(person.id, person.face.get("language_code", ""))
    shown["messages"] = [one for one in shown["messages"] if not one["is_deleted"]][
        -SHOWN_MESSAGES:
    ]
    shown["bot"] = server.world.bot["first_name"]
    return shown


async def act(person: VirtualUser, what: Json) -> None:
    """Does what the page says its person did.

    Raises:
        NotPossible: the chat does not allow that now.
        KeyError: the page sent something that no page sends.
    """
    await _ACTS[what["do"]](person, what)


async def attach(person: VirtualUser, how: Json, content: bytes) -> None:
    """Sends a file that was picked or recorded on the page."""
    one = Attachment(how["kind"], content, how["name"], how.get("caption", ""), how.get("mime", ""))
    await person.attach(one, _shown(person, how.get("answering")))


async def _say(person: VirtualUser, what: Json) -> object:
    answered = _shown(person, what.get("answering"))
    if answered is not None:
        return await person.reply_to(answered, what["text"], what.get("quote") or None)
    return await person.say(what["text"])


async def _start(person: VirtualUser, what: Json) -> object:
    return await person.start(what.get("payload", ""))


async def _edit(person: VirtualUser, what: Json) -> object:
    return await person.edit(_must_be_shown(person, what["message"]), what["text"])


async def _delete(person: VirtualUser, what: Json) -> object:
    return await person.delete(_must_be_shown(person, what["message"]))


async def _press(person: VirtualUser, what: Json) -> object:
    """Presses the very button that was on the screen, even when it has changed since."""
    holder = _must_be_shown(person, what["message"])
    pressed = replace(holder, buttons=((Button(what["label"], what["data"]),),))
    press = await person.tap(what["data"], stale=pressed)
    if isinstance(press, Press):
        # The page draws the toast from the observer; here only the spinner's end matters.
        await press.answered(timeout_seconds=15.0)
    return press


async def _key(person: VirtualUser, what: Json) -> object:
    return await person.tap(what["label"], on=None)


async def _contact(person: VirtualUser, _what: Json) -> object:
    return await person.share_contact()


async def _location(person: VirtualUser, _what: Json) -> object:
    return await person.send_location()


async def _voice(person: VirtualUser, _what: Json) -> object:
    return await person.send_voice(duration=VOICE_SECONDS)


async def _block(person: VirtualUser, _what: Json) -> object:
    return await person.block()


async def _unblock(person: VirtualUser, _what: Json) -> object:
    return await person.unblock()


_ACTS: Final[dict[str, Act]] = {
    "say": _say,
    "start": _start,
    "edit": _edit,
    "delete": _delete,
    "press": _press,
    "key": _key,
    "contact": _contact,
    "location": _location,
    "voice": _voice,
    "block": _block,
    "unblock": _unblock,
}


def _shown(person: VirtualUser, message_id: int | None) -> Bubble | None:
    return None if message_id is None else _must_be_shown(person, message_id)


def _must_be_shown(person: VirtualUser, message_id: int) -> Bubble:
    for one in person.messages:
        if one.message_id == message_id:
            return one
    raise NotPossible(message_id)
