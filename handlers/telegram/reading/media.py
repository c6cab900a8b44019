"""Files and places of a message: by reference, and as words."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.domain.tickets.message import Attachment
from handlers.telegram.reading.narrowing import (
    Json,
    moment_of,
    number_of,
    object_of,
    objects_of,
    text_of,
)

ONE_FILE = ("animation", "document", "voice", "video", "video_note", "audio", "sticker")
"""An animation also comes as a document, for old clients: the first that is there is it."""
KNOWN_AS = {
    "voice": (".ogg", "audio/ogg"),
    "video": (".mp4", "video/mp4"),
    "video_note": (".mp4", "video/mp4"),
    "audio": (".mp3", "audio/mpeg"),
    "animation": (".mp4", "video/mp4"),
    "live_photo": (".mp4", "video/mp4"),
}
"""Ending and type of a file that comes without a name or a type."""
FOR_EVER = 0x7FFFFFFF
"""Seconds of a place that moves on until the client stops it (Bot API, sendLocation)."""


def files_in(message: Json, number: str) -> tuple[Attachment, ...]:
    """The file of a message; of a photo the largest size, of a live one also the film."""
    photo = tuple(_photo(message, number))
    if message.get("live_photo"):
        return (*photo, *_one("live_photo", object_of(message, "live_photo"), number))
    if photo:
        return photo
    known = next((kind for kind in ONE_FILE if object_of(message, kind)), "")
    if known:
        return tuple(_one(known, object_of(message, known), number))
    return tuple(
        file for kind, held in message.items() if isinstance(held, dict)
        for file in _one(kind, held, number)
    )  # fmt: skip


def paid_files(info: Json, number: str) -> tuple[Attachment, ...]:
    """What was paid for; a preview has no file."""
    held = objects_of(info, "paid_media")
    found = [file for at, one in enumerate(held) for file in files_in(one, f"{number}-{at + 1}")]
    return tuple(found)


def place_in(
    message: Json, *, is_edit: bool = False, at: datetime | None = None
) -> tuple[Attachment, ...]:
    """A place, with the name of a venue; a live one says until when it moves."""
    venue = object_of(message, "venue")
    place = object_of(venue, "location") or object_of(message, "location")
    latitude, longitude = place.get("latitude"), place.get("longitude")
    if not isinstance(latitude, (int, float)) or not isinstance(longitude, (int, float)):
        return ()
    said = (text_of(venue, "title"), text_of(venue, "address"))
    live = number_of(place, "live_period")
    ended = moment_of(message, "edit_date") if is_edit and not live and not venue else None
    return (
        Attachment(
            "location",
            name=", ".join(filter(None, said)),
            text=f"{latitude:.5f}, {longitude:.5f}",
            live_until=_live_until(live, at),
            ended_at=ended,
        ),
    )


def _live_until(seconds: int | None, at: datetime | None) -> datetime | None:
    if not seconds or at is None or seconds < 0:
        return None
    return at + timedelta(seconds=min(seconds, FOR_EVER))


def _photo(message: Json, number: str) -> Iterator[Attachment]:
    sizes = objects_of(message, "photo")
    if sizes and text_of(sizes[-1], "file_id"):
        yield Attachment(
            "photo",
            text_of(sizes[-1], "file_id"),
            f"photo-{number}.jpg",
            "image/jpeg",
            number_of(sizes[-1], "file_size") or 0,
            unique=text_of(sizes[-1], "file_unique_id"),
        )


def _one(kind: str, file: Json, number: str) -> Iterator[Attachment]:
    if not text_of(file, "file_id"):
        return
    ending, mime = _sticker_as(file) if kind == "sticker" else KNOWN_AS.get(kind, ("", ""))
    shown = "video" if kind in ("video_note", "live_photo") else kind
    yield Attachment(
        kind=shown,
        file_ref=text_of(file, "file_id"),
        name=text_of(file, "file_name") or f"{shown}-{number}{ending}",
        mime=text_of(file, "mime_type") or mime,
        size=number_of(file, "file_size") or 0,
        text=text_of(file, "emoji") or _track(file),
        unique=text_of(file, "file_unique_id"),
    )


def _track(audio: Json) -> str:
    """Who plays what, of a piece of music or a recorded call."""
    return " – ".join(filter(None, (text_of(audio, "performer"), text_of(audio, "title"))))


def _sticker_as(sticker: Json) -> tuple[str, str]:
    if sticker.get("is_animated"):
        return ".tgs", "application/x-tgsticker"
    return (".webm", "video/webm") if sticker.get("is_video") else (".webp", "image/webp")
