"""The Bot API's form of each kind of content that is not plain text."""

from typing import Any, Final

from handlers.sandbox.telegram.state.files import StoredFile
from handlers.sandbox.telegram.state.pictures import dimensions

Json = dict[str, Any]

_PREVIEW_SIDE: Final = 320
_DEFAULT_SIDES: Final = (1280, 960)
_EXTRAS: Final = {
    "voice": {"duration": 3},
    "audio": {"duration": 60},
    "video": {"width": 640, "height": 360, "duration": 5},
    "animation": {"width": 320, "height": 320, "duration": 2},
    "video_note": {"length": 240, "duration": 5},
    "sticker": {
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
    },
}
_NAMED: Final = ("document", "audio", "video", "animation")
_WITHOUT_MIME: Final = ("video_note", "sticker")
_TAKEN: Final = ("duration", "width", "height", "length", "performer", "title", "emoji")


def of(kind: str, stored: StoredFile, said: Json | None = None) -> Json:
    """The content fields of one file; `said` are a sender's own words on it (duration, title)."""
    if kind == "photo":
        return {"photo": _sizes(stored)}
    said = said or {}
    body = {**_head(stored), **_EXTRAS.get(kind, {})}
    body |= {name: said[name] for name in _TAKEN if name in said}
    if kind in _NAMED and stored.name:
        body["file_name"] = stored.name
    if kind not in _WITHOUT_MIME:
        body["mime_type"] = stored.mime
    # An animation also comes as a document, for clients that know only documents.
    also = {"document": _document(stored)} if kind == "animation" else {}
    return {kind: body, **also}


def file_ids(json: Json) -> list[str]:
    """The file ids in a message's content, the largest photo last."""
    for kind in ("photo", "animation", "document", "voice", "video", "audio", "sticker"):
        found = json.get(kind)
        if isinstance(found, list):
            return [one["file_id"] for one in found]
        if found is not None:
            return [found["file_id"]]
    return []


def kind_of(json: Json) -> str | None:
    """Which kind of file a message carries."""
    kinds = ("photo", "animation", "document", "voice", "video", "audio", "sticker", "video_note")
    return next((kind for kind in kinds if kind in json), None)


def _head(stored: StoredFile) -> Json:
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": stored.size,
    }


def _document(stored: StoredFile) -> Json:
    return {**_head(stored), "file_name": stored.name or "file", "mime_type": stored.mime}


def _sizes(stored: StoredFile) -> list[Json]:
    """A photo comes in several sizes, the largest last."""
    width, height = dimensions(stored.content) or _DEFAULT_SIDES
    scale = min(1.0, _PREVIEW_SIDE / max(width, height, 1))
    largest = {**_head(stored), "width": width, "height": height}
    preview = {
        **_head(stored),
        "file_unique_id": stored.unique_id + "s",
        "width": max(1, round(width * scale)),
        "height": max(1, round(height * scale)),
    }
    return [preview, largest]
