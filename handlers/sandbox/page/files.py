"""Files on the page: shown when they are pictures for certain, offered for saving otherwise."""

from typing import Final
from urllib.parse import quote

from aiohttp import web

_PICTURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


def picture_type(content: bytes) -> str:
    """The media type of a picture by its first bytes, whatever it claims to be; else empty."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in _PICTURES if content.startswith(start)), "")


def served(content: bytes, name: str) -> web.Response:
    """A file that a person or the desk sent, so that no browser runs what is in it."""
    kind = picture_type(content)
    place = "inline" if kind else "attachment"
    headers = {
        "Content-Disposition": f"{place}; filename*=UTF-8''{quote(name or 'file', safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return web.Response(
        body=content, content_type=kind or "application/octet-stream", headers=headers
    )
