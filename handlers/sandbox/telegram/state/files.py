"""Files of both sides: kept in memory, named by file_id, lent by a link that ends after an hour."""

import mimetypes
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

DOWNLOAD_LIMIT: Final = 20 * 1024 * 1024
LINK_SECONDS: Final = 3600

_PREFIXES: Final = {
    "photo": "AgACAgIAAxk",
    "document": "BQACAgIAAxk",
    "voice": "AwACAgIAAxk",
    "video": "BAACAgIAAxk",
    "audio": "CQACAgIAAxk",
    "sticker": "CAACAgIAAxk",
    "animation": "CgACAgIAAxk",
    "video_note": "DQACAgIAAxk",
}
_FOLDERS: Final = {
    "photo": ("photos", ".jpg"),
    "document": ("documents", ""),
    "voice": ("voice", ".oga"),
    "video": ("videos", ".mp4"),
    "audio": ("music", ".mp3"),
    "sticker": ("stickers", ".webp"),
    "animation": ("animations", ".mp4"),
    "video_note": ("video_notes", ".mp4"),
}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """`size` may be more than is kept: a test need not hold a file that is too large to fetch."""

    file_id: str
    unique_id: str
    kind: str
    content: bytes
    size: int
    name: str
    mime: str
    path: str


class Files:
    """Every file of the sandbox, and the links that were lent."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._files: dict[str, StoredFile] = {}
        self._links: dict[str, tuple[StoredFile, float]] = {}

    def add(
        self, kind: str, content: bytes, name: str = "", *, mime: str = "", size: int | None = None
    ) -> StoredFile:
        number = len(self._files) + 1
        folder, suffix = _FOLDERS[kind]
        suffix = PurePath(name).suffix if kind == "document" else suffix
        stored = StoredFile(
            file_id=f"{_PREFIXES[kind]}B{number:020d}AAE",
            unique_id=f"AQAD{number:010d}",
            kind=kind,
            content=content,
            size=len(content) if size is None else size,
            name=name,
            mime=mime or mimetypes.guess_type(name)[0] or "application/octet-stream",
            path=f"{folder}/file_{number}{suffix}",
        )
        self._files[stored.file_id] = stored
        return stored

    def get(self, file_id: str) -> StoredFile | None:
        return self._files.get(file_id)

    def lend(self, stored: StoredFile) -> str:
        """Makes the file's path good for an hour and returns it."""
        self._links[stored.path] = (stored, self._clock() + LINK_SECONDS)
        return stored.path

    def borrowed(self, path: str) -> bytes | None:
        """The content behind a link that is still good."""
        stored, until = self._links.get(path, (None, 0.0))
        return stored.content if stored is not None and self._clock() < until else None
