"""Whose words a message passes on, and what of another talk it answers."""

from collections.abc import Iterable

from bot.domain.tickets.message import Attachment, Origin
from handlers.telegram.reading.narrowing import (
    Json,
    name_of,
    object_of,
    objects_of,
    text_of,
    words_in,
)


def origin_of(message: Json, elsewhere: tuple[str, Iterable[Attachment]]) -> Origin | None:
    """None: the client's own words. `elsewhere`: what the external reply holds, as it was read."""
    forwarded = object_of(message, "forward_origin")
    found = Origin(
        kind=text_of(forwarded, "type") or ("unknown" if forwarded else ""),
        name=author_in(forwarded),
        via=_bot(object_of(message, "via_bot")),
        quote=_quote(message),
        answers=_answered(message, *elsewhere),
    )
    return None if found == Origin() else found


def author_in(origin: Json) -> str:
    """As far as Telegram says (Bot API, MessageOrigin)."""
    signature = text_of(origin, "author_signature")
    match text_of(origin, "type"):
        case "user":
            return _person(object_of(origin, "sender_user"))
        case "hidden_user":
            return text_of(origin, "sender_user_name")
        case "chat":
            return _signed(name_of(object_of(origin, "sender_chat")), signature)
        case "channel":
            return _signed(name_of(object_of(origin, "chat")), signature)
        case _:
            return " ".join(words_in(origin))


def _quote(message: Json) -> str:
    """The words they picked; of a poll or a checklist, the option or the task they answer."""
    picked = text_of(object_of(message, "quote"), "text")
    answered = object_of(message, "reply_to_message")
    option = text_of(message, "reply_to_poll_option_id")
    task = message.get("reply_to_checklist_task_id")
    if picked or not (option or task):
        return picked
    options = objects_of(object_of(answered, "poll"), "options")
    tasks = objects_of(object_of(answered, "checklist"), "tasks")
    found = [one for one in options if option and one.get("persistent_id") == option]
    found += [one for one in tasks if task and one.get("id") == task]
    return text_of(found[0], "text") if found else ""


def _answered(message: Json, text: str, held: Iterable[Attachment]) -> str:
    elsewhere, story = object_of(message, "external_reply"), object_of(message, "reply_to_story")
    if story:
        who, what = name_of(object_of(story, "chat")), ["[story]"]
    elif elsewhere:
        who = author_in(object_of(elsewhere, "origin")) or name_of(object_of(elsewhere, "chat"))
        what = [*([text] if text else []), *map(_named, held)]
    else:
        return ""
    return ": ".join(filter(None, (who, " ".join(what)))) or "?"


def _named(held: Attachment) -> str:
    """Its kind and what it says; a name that the desk made up for a file says nothing."""
    is_made_up = bool(held.file_ref) and held.name.startswith(f"{held.kind}-")
    said = ("" if is_made_up else held.name, held.text, held.caption)
    details = ", ".join(filter(None, said))
    return f"[{held.kind}: {details}]" if details else f"[{held.kind}]"


def _person(user: Json) -> str:
    name, username = name_of(user), text_of(user, "username")
    at = f"@{username}" if username else ""
    return name if not at or name == at else f"{name} ({at})"


def _bot(bot: Json) -> str:
    username = text_of(bot, "username")
    return f"@{username}" if username else name_of(bot)


def _signed(title: str, signature: str) -> str:
    return f"{title} ({signature})" if title and signature else title or signature
