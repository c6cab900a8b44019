"""Reads the parameters out of a request: query, form, multipart or JSON, as Telegram does."""

import json
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl

from aiohttp import hdrs, web

from handlers.sandbox.telegram.refusals import NOT_UTF8, mistake, too_large

UPLOAD_LIMIT: Final = 50 * 1024 * 1024
# Room for the other fields and the multipart frame around the largest allowed file.
BODY_LIMIT: Final = UPLOAD_LIMIT + 64 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a multipart request."""

    content: bytes
    name: str
    mime: str


@dataclass(slots=True)
class Asked:
    """Parameters by name and uploads by the name of their part."""

    parameters: dict[str, Any] = field(default_factory=dict[str, Any])
    uploads: dict[str, Upload] = field(default_factory=dict[str, Upload])


async def read(request: web.Request) -> Asked:
    """Reads the whole request.

    Raises:
        Refusal: the body is larger than 50 MB, or is not what its type says.
    """
    asked = Asked(dict(request.query))
    try:
        await _read_body(request, asked)
    except web.HTTPRequestEntityTooLarge as large:
        raise too_large() from large
    return asked


async def _read_body(request: web.Request, asked: Asked) -> None:
    if request.method == hdrs.METH_GET or not request.can_read_body:
        return
    match request.content_type:
        case "multipart/form-data":
            await _read_multipart(request, asked)
        case "application/json":
            asked.parameters |= _json_object(await request.read())
        case _:
            asked.parameters |= _form(await request.read())


def _form(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise mistake(NOT_UTF8) from None
    return dict(pairs)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        words = "can't parse JSON object"
        raise mistake(words)
    return found


async def _read_multipart(request: web.Request, asked: Asked) -> None:
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            content = value.file.read()
            asked.uploads[name] = Upload(content, value.filename, value.content_type)
        elif isinstance(value, str):
            asked.parameters[name] = value
