"""Files that a virtual client sends, with small real ones where only the kind matters."""

import base64
from dataclasses import dataclass
from typing import Any, Final

from handlers.sandbox.telegram.clients import inbound
from handlers.sandbox.telegram.state import media
from handlers.sandbox.telegram.state.world import World

Json = dict[str, Any]

# One pixel: the smallest PNG that every viewer opens.
PIXEL: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SOUND: Final = b"OggS" + bytes(60)
FILM: Final = bytes([0, 0, 0, 24]) + b"ftypmp42" + bytes(48)
_CONTENTS: Final = {"photo": PIXEL, "voice": SOUND, "audio": SOUND}
_MIMES: Final = {
    "voice": "audio/ogg",
    "audio": "audio/mpeg",
    "video": "video/mp4",
    "animation": "video/mp4",
    "sticker": "image/webp",
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """`size` claims more bytes than are kept: how a file above 20 MB is made cheaply."""

    kind: str = "photo"
    content: bytes | None = None
    name: str = ""
    caption: str = ""
    mime: str = ""
    size: int | None = None
    said: Json | None = None


def content(world: World, one: Attachment) -> Json:
    """The message fields of an attachment, its file kept for the bot to fetch."""
    body = _CONTENTS.get(one.kind, FILM) if one.content is None else one.content
    mime = one.mime or _MIMES.get(one.kind, "")
    stored = world.files.add(one.kind, body, one.name, mime=mime, size=one.size)
    return {**media.of(one.kind, stored, one.said), **inbound.captioned(one.caption)}
