"""Files: the three steps of an upload, and downloads that want the token."""

import secrets
from typing import Any

from aiohttp import web

from handlers.sandbox.slack.changes import Changes
from handlers.sandbox.slack.record import Record
from handlers.sandbox.slack.refusals import ApiRefusal
from handlers.sandbox.slack.workspace import File, Workspace

Json = dict[str, Any]
LOGIN_PAGE = (
    "<!DOCTYPE html><html><head><title>Sign in to Slack</title></head><body>Sign in</body></html>"
)
TYPES = {
    "txt": "text/plain",
    "log": "text/plain",
    "csv": "text/csv",
    "html": "text/html",
    "json": "application/json",
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "mp4": "video/mp4",
    "ogg": "audio/ogg",
    "zip": "application/zip",
}


class Files:
    """Holds bytes and serves the two addresses they travel through."""

    def __init__(self, world: Workspace, record: Record, changes: Changes, token: str) -> None:
        self._world = world
        self._record = record
        self._changes = changes
        self._token = token
        self._uploads: dict[str, File] = {}
        self.root = ""

    def reserve(self, name: str, length: int, title: str = "") -> tuple[str, File]:
        """Begin an upload: gives the address to post the bytes to."""
        file = self.new(self._world.bot.id, name, None, length)
        file.title = title
        secret = secrets.token_urlsafe(24)
        self._uploads[secret] = file
        return f"{self.root}/upload/v1/{secret}", file

    def new(self, user: str, name: str, content: bytes | None, size: int) -> File:
        file = File(self._world.new_id("F"), name, user, size, self._world.seconds())
        file.mimetype = TYPES.get(name.rsplit(".", 1)[-1].lower(), file.mimetype)
        file.content = content
        file.complete = content is not None
        self._world.files[file.id] = file
        return file

    def known(self, file_id: str) -> File:
        file = self._world.files.get(file_id)
        if file is None:
            raise ApiRefusal("file_not_found")
        if file.deleted:
            raise ApiRefusal("file_deleted")
        return file

    def delete(self, file: File) -> None:
        file.deleted = True
        file.content = None
        self._changes.tell("file", file=file.id)

    async def upload(self, request: web.Request) -> web.Response:
        """Take the bytes, raw or as a form; their number must be what was announced."""
        file = self._uploads.pop(request.match_info["secret"], None)
        if file is None:
            return web.Response(status=404, text="not found")
        content = await _content(request)
        if len(content) != file.size:
            detail = f"announced {file.size}, got {len(content)}"
            self._record.violation("upload_length", "upload", detail)
            return web.Response(status=400, text="length mismatch")
        file.content = content
        return web.Response(text=f"OK - {len(content)}")

    async def download(self, request: web.Request) -> web.Response:
        """Give the bytes to the bearer of the token; anyone else gets a login page, with a 200."""
        if request.headers.get("Authorization") != f"Bearer {self._token}":
            self._record.violation("download_without_token", request.path)
            return web.Response(text=LOGIN_PAGE, content_type="text/html")
        file = self._world.files.get(request.match_info["place"].partition("-")[2])
        if file is None or file.deleted or file.content is None:
            return web.Response(status=404, text="file not found")
        return web.Response(body=file.content, content_type=file.mimetype)


async def _content(request: web.Request) -> bytes:
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    form = await request.post()
    for value in form.values():
        if isinstance(value, web.FileField):
            return value.file.read()
    return b""
