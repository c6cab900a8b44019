"""Slack's payloads, narrowed once: who did what, where, and under which key it is kept."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from typing import Any

from bot.domain.text import clean
from bot.domain.tickets.message import Attachment
from handlers.slack.payloads.intents import FILE_FACTS, Edited, Removed, Said
from handlers.slack.payloads.rich_text import begins_with_quote, words_of
from handlers.slack.payloads.shared_messages import shared_in

Json = dict[str, Any]
BY_PEOPLE = (None, "", "file_share", "thread_broadcast")
"""Subtypes of messages that a person wrote; the rest is Slack's or an app's."""
MAX_UPLOAD_BYTES = 50_000_000
"""Bytes that a bot may send a client (Bot API, sendDocument)."""
ELSEWHERE = ("tombstone", "external", "hidden_by_limit")
UNTOLD = "check_file_info"
"""`file_access` of a file whose facts come from files.info only, as in shared channels."""
CLOSED = ("access_denied", "file_not_found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Who is answered, and where they are; a direct message is what remains."""

    user: str
    channel: str = ""
    thread_ts: str = ""
    response_url: str = ""


def text_of(value: object) -> str:
    """A field as text; anything else is empty."""
    return clean(value) if isinstance(value, str) else ""


def inner(body: Json, name: str) -> Json:
    """A part of a payload that should be an object."""
    part = body.get(name)
    return part if isinstance(part, dict) else {}


def user_of(body: Json) -> str:
    """Who did it: in interactions, commands and events."""
    event = inner(body, "event")
    named = body.get("user") if not event else event.get("user")
    if isinstance(named, dict):
        named = named.get("id")
    return text_of(named or body.get("user_id") or inner(event, "message").get("user"))


def event_key(team: str, body: Json) -> str:
    return f"slack:{team}:{text_of(body.get('event_id'))}"


def trigger_key(team: str, body: Json) -> str:
    """A press or a command: Slack repeats its trigger with it."""
    actions = body.get("actions")
    first = actions[0] if isinstance(actions, list) and actions else {}
    stamp = body.get("trigger_id") or first.get("action_ts") or body.get("action_ts")
    return f"slack:{team}:do:{text_of(stamp)}"


def view_key(view: Json) -> str:
    return f"view:{text_of(view.get('id'))}:{text_of(view.get('hash'))}"


def is_own(event: Json, bot_id: str, bot_user: str) -> bool:
    """Something that the desk itself did: it hears all of its own posts and edits."""
    message = inner(event, "message") or event
    ours = bot_id and message.get("bot_id") == bot_id
    return bool(ours) or event.get("user") == bot_user


def is_echo(body: Json, bot_id: str, bot_user: str) -> bool:
    """An event of the desk's own post or edit, of which nothing follows."""
    event = inner(body, "event")
    return (
        event.get("type") == "message"
        and is_own(event, bot_id, bot_user)
        and removed_of(event, bot_id) is None
    )


def thread_of(event: Json) -> str:
    """In which thread a message was said, changed or removed; empty: in none."""
    thread = text_of((inner(event, "message") or event).get("thread_ts"))
    return thread or text_of(inner(event, "previous_message").get("thread_ts"))


def said_of(event: Json) -> Said | None:
    """A person's message in a thread; None: something else."""
    if event.get("subtype") not in BY_PEOPLE or event.get("bot_id") or not event.get("user"):
        return None
    thread_ts = text_of(event.get("thread_ts"))
    if not thread_ts or thread_ts == event.get("ts"):
        return None
    text = text_of(event.get("text"))
    plain, spans = words_of(text, event.get("blocks"))
    files, lost = _files(event.get("files"))
    return Said(
        user=text_of(event.get("user")),
        channel=text_of(event.get("channel")),
        ts=text_of(event.get("ts")),
        thread_ts=thread_ts,
        text=text,
        plain=plain,
        spans=[[*astuple(span)] for span in spans],
        files=[[*astuple(file)][:FILE_FACTS] for file in files],
        lost_files=lost,
        begins_with_quote=begins_with_quote(event.get("blocks")),
        is_broadcast=event.get("subtype") == "thread_broadcast",
        is_edited=bool(event.get("edited")),
        shared=shared_in(event.get("attachments")),
    )


def edited_of(event: Json) -> Edited | None:
    """New words in an old message; None: only a preview or a reaction count changed."""
    message, before = inner(event, "message"), inner(event, "previous_message")
    if message.get("subtype") not in BY_PEOPLE or message.get("bot_id"):
        return None
    text = text_of(message.get("text"))
    plain, spans = words_of(text, message.get("blocks"))
    was = words_of(text_of(before.get("text")), before.get("blocks"))
    if not message.get("edited") or was == (plain, spans):
        return None
    return Edited(
        user=text_of(message.get("user")),
        channel=text_of(event.get("channel")),
        ts=text_of(message.get("ts")),
        text=text,
        plain=plain,
        spans=[[*astuple(span)] for span in spans],
    )


def removed_of(event: Json, bot_id: str) -> Removed | None:
    """A message that was deleted, or of which only a gravestone is left; None: neither."""
    before, after = inner(event, "previous_message"), inner(event, "message")
    is_buried = after.get("subtype") == "tombstone"
    if event.get("subtype") != "message_deleted" and not is_buried:
        return None
    return Removed(
        user=text_of(before.get("user")),
        channel=text_of(event.get("channel")),
        ts=text_of(event.get("deleted_ts") or before.get("ts") or after.get("ts")),
        is_ours=bool(bot_id) and before.get("bot_id") == bot_id,
    )


def verb_of(action: Json) -> tuple[str, str]:
    """(what it does, the id it carries): `verb~suffix`, or an option `verb:id` of a menu."""
    chosen = inner(action, "selected_option")
    if chosen and action.get("type") == "overflow":
        verb, _, ref = text_of(chosen.get("value")).partition(":")
        return verb, ref
    return text_of(action.get("action_id")).partition("~")[0], text_of(action.get("value"))


def chosen_of(action: Json) -> str:
    """What was picked in a menu or typed in a field."""
    option = action.get("selected_option")
    return text_of(option.get("value") if isinstance(option, dict) else action.get("value"))


def data_of(view: Json) -> Json:
    """A dialog's own data: ids."""
    try:
        data = json.loads(text_of(view.get("private_metadata")) or "{}")
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def values_of(view: Json) -> dict[str, str]:
    """The fields of a dialog by block id (without its suffix), each as text."""
    found: dict[str, str] = {}
    for block_id, fields in inner(inner(view, "state"), "values").items():
        for state in fields.values() if isinstance(fields, dict) else ():
            found[str(block_id).partition("~")[0]] = _value(state)
    return found


def errors_of(view: Json, field: str, text: str) -> Json:
    """The answer that leaves a dialog open, `text` at a field: at the first, if it has no such.

    A dialog without fields has no place for it; ask `has_fields` first.
    """
    inputs = _inputs(view)
    known = {text_of(each.get("block_id")).partition("~")[0]: each["block_id"] for each in inputs}
    block_id = known.get(field) or next(iter(known.values()), field)
    return {"response_action": "errors", "errors": {block_id: text}}


def has_fields(view: Json) -> bool:
    """Whether something can be filled in, and so be marked as wrong."""
    return bool(_inputs(view))


def _inputs(view: Json) -> list[Json]:
    return [each for each in _dicts(view.get("blocks")) if each.get("type") == "input"]


def typed_words_of(view: Json) -> str:
    """All that was typed in a dialog; what was chosen is chosen again as fast."""
    values, typed = values_of(view), list[str]()
    for block in _dicts(view.get("blocks")):
        name = text_of(block.get("block_id")).partition("~")[0]
        if inner(block, "element").get("type") == "plain_text_input" and values.get(name):
            typed.append(values[name])
    return "\n\n".join(typed)


def where_of(body: Json) -> Where:
    """Where somebody is who pressed something, or ran a command."""
    container = inner(body, "container")
    channel = container.get("channel_id") or inner(body, "channel").get("id")
    return Where(
        user=user_of(body),
        channel=text_of(channel or body.get("channel_id")),
        thread_ts=text_of(container.get("thread_ts")),
        response_url=text_of(body.get("response_url")),
    )


def _value(state: Json) -> str:
    option = state.get("selected_option")
    if isinstance(option, dict):
        return text_of(option.get("value"))
    for name in ("value", "selected_user", "selected_date_time", "selected_date"):
        if state.get(name) is not None:
            return text_of(str(state[name]))
    return ""


def _files(files: object) -> tuple[list[Attachment], list[str]]:
    found, lost = list[Attachment](), list[str]()
    for file in _dicts(files):
        read = file_of(file)
        if isinstance(read, str):
            lost.append(read)
        else:
            found.append(read)
    return found, lost


def file_of(file: Json) -> Attachment | str:
    """A file; without a kind: Slack told its id only. Text: its name, and it cannot be fetched."""
    name = text_of(file.get("name")) or text_of(file.get("title"))
    identity, size = text_of(file.get("id")), file.get("size")
    is_elsewhere = file.get("mode") in ELSEWHERE or file.get("is_external")
    is_large = isinstance(size, int) and size > MAX_UPLOAD_BYTES
    if is_elsewhere or not identity or is_large or file.get("file_access") in CLOSED:
        return name or "file"
    if not name or file.get("file_access") == UNTOLD:
        return Attachment("", identity)
    mime = text_of(file.get("mimetype"))
    return Attachment(_kind(mime), identity, name, mime, size if isinstance(size, int) else 0)


def _dicts(value: object) -> Iterator[Json]:
    items: Iterable[object] = value if isinstance(value, list) else ()
    return (each for each in items if isinstance(each, dict))


def _kind(mime: str) -> str:
    kinds = {"image": "photo", "video": "video", "audio": "audio"}
    return kinds.get(mime.partition("/")[0], "document")
