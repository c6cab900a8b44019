"""The page's right side: the workspace as one member sees it, and what that member does."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from handlers.sandbox.not_possible import NotPossible
from handlers.sandbox.slack import Person, SlackServer
from handlers.sandbox.slack.shapes import group_shape, user_shape
from handlers.sandbox.slack.staff import form_filling
from handlers.sandbox.slack.staff.interactions import Interactions
from handlers.sandbox.slack.state.snapshot import message_state, view_state
from handlers.sandbox.slack.state.views import View
from handlers.sandbox.slack.workspace import Channel, Message

Json = dict[str, Any]

SHOWN_MESSAGES: Final = 60
SHOWN_REPLIES: Final = 200


def sees(server: SlackServer, person: Person, channel_id: str, thread_ts: str) -> Json:
    """What is on this member's screen, with one channel and one thread open."""
    state = server.state
    own = [one for one in state.world.channels.values() if person.id in one.members]
    opened = next((one for one in own if one.id == channel_id), None)
    return {
        "me": person.id,
        "users": [user_shape(user) for user in state.world.users.values()],
        "groups": [group_shape(group) for group in state.world.groups.values()],
        "bot": state.world.bot.id,
        "is_connected": bool(state.sockets.sockets) or server.mode == "http",
        "channels": [_listed(one) for one in own],
        "messages": [] if opened is None else _messages(server, person, opened),
        "thread": None if opened is None else _thread(server, person, opened, thread_ts),
        "modals": [view_state(view) for view in state.views.stacks.get(person.id, [])],
        "home": None if person.home is None else view_state(person.home),
        "notices": list(person.notices),
    }


async def act(server: SlackServer, person: Person, what: Json) -> object:
    """Does what the page says its member did; gives what the page asked for, if anything.

    Raises:
        NotPossible: what was used is no longer there.
        KeyError: the page sent something that no page sends.
    """
    return await _ACTS[what["do"]](server, person, what)


async def attach(person: Person, how: Json, content: bytes) -> None:
    """Shares a file that was picked on the page, with a comment."""
    files = ((how["name"], content),)
    text, thread = how.get("caption", ""), how.get("thread", "")
    await person.say(how["channel"], text, thread_ts=thread, files=files)


def _listed(channel: Channel) -> Json:
    newest = next(iter(channel.newest_first()), None)
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "members": len(channel.members),
        "topic": channel.topic,
        "newest": "" if newest is None else newest.ts,
    }


def _messages(server: SlackServer, person: Person, channel: Channel) -> list[Json]:
    shown = [one for one in channel.messages.values() if not one.is_reply or _is_broadcast(one)]
    private = [one for one in _private(person, channel) if not one.thread_ts]
    listed = sorted([*shown[-SHOWN_MESSAGES:], *private], key=lambda one: one.ts)
    return [message_state(server.state, one) for one in listed]


def _thread(server: SlackServer, person: Person, channel: Channel, ts: str) -> Json | None:
    """The open thread; one whose first message is gone still shows its replies."""
    root = channel.messages.get(ts)
    replies = channel.thread(ts)[-SHOWN_REPLIES:]
    if not ts or (root is None and not replies):
        return None
    private = [one for one in _private(person, channel) if one.thread_ts == ts]
    listed = sorted([*replies, *private], key=lambda one: one.ts)
    return {
        "ts": ts,
        "root": None if root is None else message_state(server.state, root),
        "replies": [message_state(server.state, one) for one in listed],
    }


def _private(person: Person, channel: Channel) -> list[Message]:
    return [one for one in person.ephemerals if one.channel == channel.id]


def _is_broadcast(message: Message) -> bool:
    return message.subtype == "thread_broadcast"


async def _say(_server: SlackServer, person: Person, what: Json) -> None:
    """As Slack's composer: `> ` makes a rich-text quote, `>> ` stays as it was typed."""
    text, thread = what["text"], what.get("thread", "")
    is_quote = text.startswith("> ")
    said = text.removeprefix("> ") if is_quote else text
    await person.say(what["channel"], said, thread_ts=thread, quote=is_quote)


async def _command(_server: SlackServer, person: Person, what: Json) -> None:
    await person.command(what["text"], what["channel"])


async def _edit(_server: SlackServer, person: Person, what: Json) -> None:
    await person.edit(what["ts"], what["text"], what["channel"])


async def _delete(_server: SlackServer, person: Person, what: Json) -> None:
    await person.delete(what["ts"], what["channel"])


async def _react(_server: SlackServer, person: Person, what: Json) -> None:
    await person.react(what["ts"], what["name"], what["channel"])


async def _dismiss(server: SlackServer, person: Person, what: Json) -> None:
    """Takes away a message that only this member sees, as Slack's own link does."""
    person.ephemerals[:] = [one for one in person.ephemerals if one.ts != what["ts"]]
    server.state.changes.tell("ephemeral", channel=what["channel"], ts=what["ts"], user=person.id)


async def _open_home(_server: SlackServer, person: Person, what: Json) -> None:
    await person.open_home(what.get("tab", "home"))


async def _shortcut(_server: SlackServer, person: Person, what: Json) -> None:
    await person.message_shortcut(what["callback"], what["channel"], what["ts"])


async def _press(server: SlackServer, person: Person, what: Json) -> None:
    place = what["place"]
    if "view" in place:
        _fill(server.state.views.find(place["view"]), what.get("values", {}))
    await person.press(what["block"], what["action"], what.get("choice"), **place)


async def _submit(server: SlackServer, person: Person, what: Json) -> Json:
    _fill(server.state.views.find(what["view"]), what["values"])
    return await person.submit()


async def _close(_server: SlackServer, person: Person, what: Json) -> None:
    await person.close_modal(everything=what.get("everything", False))


async def _search(server: SlackServer, person: Person, what: Json) -> list[Json]:
    """What an external menu offers for the typed words."""
    place = what["place"]
    where = _place(server, person, place)
    ids = (what["block"], what["action"])
    return await Interactions(server.state).suggest(person.user, where, ids, what["query"])


def _place(server: SlackServer, person: Person, place: Json) -> View | Message:
    if "view" in place:
        return server.state.views.find(place["view"])
    channel = server.channel(place["channel"])
    found = {one.ts: one for one in (*person.ephemerals, *channel.messages.values())}
    if place["ts"] not in found:
        raise NotPossible(place["ts"])
    return found[place["ts"]]


def _fill(view: View, values: Json) -> None:
    """Puts what was typed where the view keeps it, without telling the app of each field.

    `values` is {block: {action: {"value": ..., "offered": [options of an external menu]}}}.
    """
    for block_id, actions in values.items():
        for action_id, typed in actions.items():
            spot = form_filling.find_spot(view.blocks, block_id, action_id)
            kept = form_filling.entry(spot.element, typed["value"], typed.get("offered"))
            view.state.setdefault(block_id, {})[action_id] = kept


Act = Callable[[SlackServer, Person, Json], Awaitable[object]]
_ACTS: Final[dict[str, Act]] = {
    "say": _say,
    "command": _command,
    "edit": _edit,
    "delete": _delete,
    "react": _react,
    "dismiss": _dismiss,
    "open_home": _open_home,
    "shortcut": _shortcut,
    "press": _press,
    "submit": _submit,
    "close": _close,
    "search": _search,
}
