"""A message as the core understands it: who wrote, every word, and a name for what has none."""

from collections.abc import Iterable

from bot.application.conversation.inbound_message import Incoming, Profile
from bot.domain.addresses import ClientAddress, Surface
from bot.domain.tickets.message import Attachment
from handlers.telegram.reading.contents import READERS
from handlers.telegram.reading.kinds import KNOWN, NOT_ITS_OWN, OWN_TEXTS, SILENT
from handlers.telegram.reading.marked_text import MarkedText, marked, text_in
from handlers.telegram.reading.media import files_in, place_in
from handlers.telegram.reading.narrowing import (
    Json,
    id_of,
    moment_of,
    object_of,
    objects_of,
    text_of,
    words_in,
)
from handlers.telegram.reading.origins import origin_of
from handlers.telegram.reading.rich_blocks import RichReader

PAID_REACTION = "⭐"
MAX_DOWNLOAD_BYTES = 20_000_000
"""Bytes; getFile hands bots no more (Bot API, getFile)."""


def incoming_of(message: Json, *, is_edit: bool = False) -> Incoming | None:
    """The words, files, and what they answer; None: a service message, in which nothing is said."""
    out, found = _read(message, is_edit=is_edit)
    if not out.text.strip() and not found and SILENT & message.keys():
        return None
    other = object_of(message, "external_reply")
    elsewhere, held = _read({name: value for name, value in other.items() if name != "origin"})
    origin = origin_of(message, (elsewhere.text, held))
    return Incoming(
        text=out.text,
        spans=tuple(out.spans),
        attachments=found,
        remote_id=id_of(message, "message_id"),
        reply_to_remote=id_of(object_of(message, "reply_to_message"), "message_id"),
        media_group=text_of(message, "media_group_id"),
        is_forwarded=origin is not None and bool(origin.kind or origin.via),
        is_edit=is_edit,
        is_too_big=any(file.size > MAX_DOWNLOAD_BYTES for file in found),
        contact_user=id_of(object_of(message, "contact"), "user_id"),
        origin=origin,
        topic=topic_of(message),
        sent_at=moment_of(message, "date"),
    )


def topic_of(message: Json) -> str:
    """The topic of a private chat in which something was said; empty: outside of any."""
    return id_of(message, "message_thread_id")


def address_of(user: Json) -> ClientAddress:
    return ClientAddress(Surface.TELEGRAM, id_of(user, "id"))


def profile_of(user: Json, topic: str | None = None) -> Profile:
    """`topic`: where they write now; None: it does not show."""
    names = (text_of(user, "first_name"), text_of(user, "last_name"))
    return Profile(
        display_name=" ".join(filter(None, names)),
        locale=text_of(user, "language_code"),
        topic=topic,
    )


def reaction_in(reactions: Iterable[Json]) -> str:
    """All that somebody has put under a message; one that has no character by its kind."""
    return " ".join(_reaction(one) for one in reactions)


def _read(message: Json, *, is_edit: bool = False) -> tuple[MarkedText, tuple[Attachment, ...]]:
    number = id_of(message, "message_id") or "1"
    at = moment_of(message, "date")
    out, in_rich = _texts(message, number)
    found = [*files_in(message, number), *in_rich]
    found += place_in(message, is_edit=is_edit, at=at)
    for name, read in READERS.items():
        if held := object_of(message, name):
            out.begin_line()
            found += read(held, out)
    for name in SILENT & message.keys():
        _own_text(name, object_of(message, name), out)
    found += _unknown(message, out, [one.kind for one in found])
    return out, tuple(found)


def _texts(message: Json, number: str) -> tuple[MarkedText, list[Attachment]]:
    """The text or the caption, and the rich form, where it is not the same words again."""
    reader = RichReader(number)
    rich = object_of(message, "rich_message")
    blocks = rich.get("blocks")
    reader.blocks(blocks if isinstance(blocks, list) else [])
    if rich and not isinstance(blocks, list):
        reader.out.add(" ".join(words_in(rich)))
    out = MarkedText()
    for name, entities in (("text", "entities"), ("caption", "caption_entities")):
        text, spans = text_in(message, name, entities)
        if text and not (reader.out.text.strip() and _holds(reader.out.text, text)):
            out.begin_line()
            out.add_marked(text, spans)
    if reader.out.text and not (out.text.strip() and _holds(out.text, reader.out.text)):
        out.begin_line()
        out.add_marked(reader.out.text, reader.out.spans)
    return out, reader.found


def _holds(long: str, short: str) -> bool:
    return " ".join(short.split()) in " ".join(long.split())


def _own_text(name: str, held: Json, out: MarkedText) -> None:
    for key in OWN_TEXTS if name not in NOT_ITS_OWN else ():
        if text := text_of(held, key):
            out.begin_line()
            out.add(f"[{name.replace('_', ' ')}] ")
            out.add_marked(text, marked(text, objects_of(held, "entities")))


def _unknown(message: Json, out: MarkedText, files: list[str]) -> list[Attachment]:
    """A field that is younger than this reading: its name, and whatever text it holds."""
    nameless: list[Attachment] = []
    for name in sorted(message.keys() - KNOWN):
        if message[name] in (None, False, [], {}):
            continue
        words = " ".join(words_in(message[name]))
        if words:
            out.begin_line()
            out.add(f"[{name}] {words}")
        elif name not in files:
            nameless.append(Attachment(name))
    return nameless


def _reaction(one: Json) -> str:
    kind = text_of(one, "type")
    if kind == "paid":
        return PAID_REACTION
    return text_of(one, "emoji") or f"[{kind or 'reaction'}]"
