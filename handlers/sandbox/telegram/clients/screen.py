"""What a person sees of a chat: bubbles, buttons, the keyboard, who is typing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from handlers.sandbox.telegram.state import media
from handlers.sandbox.telegram.state.chats import Chat, Stored

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Button:
    """One inline button: exactly one of data, url and copies says what it does."""

    label: str
    data: str | None = None
    url: str | None = None
    copies: str | None = None
    style: str | None = None


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message as it is shown at the moment of looking; it does not change afterwards."""

    message_id: int
    text: str
    entities: tuple[Json, ...]
    buttons: tuple[tuple[Button, ...], ...]
    is_from_bot: bool
    is_edited: bool
    is_deleted: bool
    json: Json

    @property
    def labels(self) -> list[str]:
        return [one.label for one in self.all_buttons()]

    @property
    def reply_to(self) -> int | None:
        answered = self.json.get("reply_to_message")
        return answered["message_id"] if answered else None

    @property
    def quote(self) -> str | None:
        quote = self.json.get("quote")
        return quote["text"] if quote else None

    @property
    def file_kind(self) -> str | None:
        return media.kind_of(self.json)

    @property
    def file_name(self) -> str | None:
        body = self.json.get(self.file_kind or "")
        return body.get("file_name") if isinstance(body, dict) else None

    @property
    def file_id(self) -> str | None:
        return next(reversed(media.file_ids(self.json)), None)

    def all_buttons(self) -> Iterator[Button]:
        for row in self.buttons:
            yield from row


def bubble(stored: Stored) -> Bubble:
    rows = stored.json.get("reply_markup", {}).get("inline_keyboard", [])
    return Bubble(
        message_id=stored.message_id,
        text=stored.text,
        entities=tuple(stored.entities),
        buttons=tuple(tuple(_button(one) for one in row) for row in rows),
        is_from_bot=stored.by_bot,
        is_edited=stored.is_edited,
        is_deleted=stored.is_deleted,
        json=stored.json,
    )


def _button(json: Json) -> Button:
    copied = json.get("copy_text")
    return Button(
        label=json["text"],
        data=json.get("callback_data"),
        url=json.get("url"),
        copies=copied["text"] if copied else None,
        style=json.get("style"),
    )


def snapshot(chat: Chat, now: float) -> Json:
    """The chat as plain JSON, for a page to draw; deleted messages are marked, not left out."""
    return {
        "chat": chat.face,
        "standing": str(chat.standing),
        "is_typing": now < chat.typing_until,
        "keyboard": _keys(chat),
        "messages": [drawn(stored) for stored in chat.messages.values()],
    }


def _keys(chat: Chat) -> list[list[Json]]:
    return chat.keyboard["keyboard"] if chat.keyboard else []


def drawn(stored: Stored) -> Json:
    """One message as plain JSON for a page."""
    shown = bubble(stored)
    return {
        "message_id": shown.message_id,
        "text": shown.text,
        "entities": list(shown.entities),
        "buttons": [[_as_json(one) for one in row] for row in shown.buttons],
        "is_from_bot": shown.is_from_bot,
        "author": stored.json.get("from", stored.json["chat"]).get("first_name", ""),
        "date": stored.json["date"],
        "is_edited": shown.is_edited,
        "is_deleted": shown.is_deleted,
        "reply_to": shown.reply_to,
        "quote": shown.quote,
        "file": _file(stored.json),
        "album": stored.json.get("media_group_id"),
        "contact": stored.json.get("contact"),
        "location": stored.json.get("location"),
        "is_forwarded": "forward_origin" in stored.json,
        "reactions": stored.reactions,
    }


def _as_json(button: Button) -> Json:
    return {
        "label": button.label,
        "data": button.data,
        "url": button.url,
        "copies": button.copies,
        "style": button.style,
    }


def _file(json: Json) -> Json | None:
    kind = media.kind_of(json)
    if kind is None:
        return None
    body = json[kind][-1] if kind == "photo" else json[kind]
    return {
        "kind": kind,
        "file_id": body["file_id"],
        "name": body.get("file_name"),
        "size": body.get("file_size"),
        "mime": body.get("mime_type"),
    }
