"""Serves the page on 127.0.0.1: its files, its WebSocket, and the files people send."""

import mimetypes
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from aiohttp import web

from handlers.sandbox.not_possible import NotPossible
from handlers.sandbox.page import phone, staff_side
from handlers.sandbox.page.guard import Guard
from handlers.sandbox.page.open_page import opening
from handlers.sandbox.page.page_context import PageContext

Json = dict[str, Any]

LOOPBACK: Final = "127.0.0.1"
# Telegram takes 50 MB from a person's bot and more from a person: enough to try 20 MB and above.
MAX_FILE_BYTES: Final = 64 * 1024 * 1024
_STATIC: Final = Path(__file__).parent / "static"
_STOP_SECONDS: Final = 0.2
_PICTURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


class PageServer:
    """Start it and open `url`, which holds the key."""

    def __init__(self, page_context: PageContext) -> None:
        self._page_context = page_context
        self._guard = Guard()
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> None:
        """Listens on loopback; port 0 takes a free one."""
        app = web.Application(client_max_size=MAX_FILE_BYTES, middlewares=[self._guard.check])
        app.router.add_get("/", self._page)
        app.router.add_get("/static/{name:[a-z0-9/_-]+\\.(?:js|css|svg)}", _static)
        app.router.add_get("/live", opening(self._page_context))
        app.router.add_get("/files/telegram/{id}", self._telegram_file)
        app.router.add_get("/files/slack/{id}", self._slack_file)
        app.router.add_get("/files/mail/{number:\\d{1,9}}/{place:\\d{1,3}}", self._mail_file)
        app.router.add_post("/files/telegram", self._to_telegram)
        app.router.add_post("/files/slack", self._to_slack)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_STOP_SECONDS)
        await self._runner.setup()
        await web.TCPSite(self._runner, LOOPBACK, port).start()
        self._guard.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def url(self) -> str:
        """The address to open, with its key."""
        return f"http://{LOOPBACK}:{self._guard.port}/?token={self._guard.token}"

    async def _page(self, _request: web.Request) -> web.Response:
        text = (_STATIC / "index.html").read_text("utf-8")
        answer = web.Response(text=text, content_type="text/html")
        self._guard.admit(answer)
        return answer

    async def _telegram_file(self, request: web.Request) -> web.Response:
        found = self._page_context.telegram.file(request.match_info["id"])
        if found is None:
            raise web.HTTPNotFound
        return served(found.content, found.name)

    async def _slack_file(self, request: web.Request) -> web.Response:
        found = self._page_context.slack.state.world.files.get(request.match_info["id"])
        if found is None or found.deleted or found.content is None:
            raise web.HTTPNotFound
        return served(found.content, found.name)

    async def _mail_file(self, request: web.Request) -> web.Response:
        number, place = (int(request.match_info[name]) for name in ("number", "place"))
        mails = (one for one in self._page_context.mailbox.mails if one.number == number)
        mail = next(mails, None)
        found = None if mail is None else mail.attachment(place)
        if found is None:
            raise web.HTTPNotFound
        name, content = found
        return served(content, name)

    async def _to_telegram(self, request: web.Request) -> web.Response:
        how: Json = dict(request.query)
        person = self._page_context.clients.get(int(how.get("client", 0)))
        if person is None or how.get("kind") not in ("photo", "document"):
            raise web.HTTPBadRequest
        try:
            await phone.attach(person, how, await request.read())
        except NotPossible as refused:
            raise web.HTTPConflict from refused
        return web.Response(status=204)

    async def _to_slack(self, request: web.Request) -> web.Response:
        how: Json = dict(request.query)
        person = self._page_context.slack.people.get(how.get("viewer", ""))
        if person is None or "channel" not in how:
            raise web.HTTPBadRequest
        await staff_side.attach(person, how, await request.read())
        return web.Response(status=204)


async def _static(request: web.Request) -> web.Response:
    path = _STATIC / request.match_info["name"]
    if not path.is_file():
        raise web.HTTPNotFound
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    kind = "text/javascript" if path.suffix == ".js" else kind
    return web.Response(text=path.read_text("utf-8"), content_type=kind)


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
