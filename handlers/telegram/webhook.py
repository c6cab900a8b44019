"""Receives webhooks itself: secret first, at most 1 MiB, kept before it is answered with 200.

python-telegram-bot's own receiver reads the whole body before it looks at the secret, and answers
before the update is dealt with.
"""

import hmac
import json
from http import HTTPStatus

from aiohttp import web
from telegram import Update

from bot.errors import DeskError
from handlers.telegram.client import Bot
from handlers.telegram.polling import Accept, arrival_of

LARGEST = 1_048_576
"""Bytes; an update has a few kilobytes."""
HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Webhook:
    """The receiver, as a route of the desk's web server."""

    def __init__(self, bot: Bot, accept: Accept, secret: str) -> None:
        self._bot = bot
        self._accept = accept
        self._secret = secret.encode()

    async def receive(self, request: web.Request) -> web.Response:
        """403 without the secret, 413 too large, 400 not an update, 503 not kept, else 200."""
        given = request.headers.get(HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._secret):
            return web.Response(status=HTTPStatus.FORBIDDEN)
        if (request.content_length or 0) > LARGEST:
            return web.Response(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        update = self._update(await _body(request))
        if update is None:
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        try:
            await self._accept([arrival_of(update, self._bot.id)])
        except DeskError:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        return web.Response()

    def _update(self, body: bytes) -> Update | None:
        try:
            data = json.loads(body)
            return Update.de_json(data, self._bot) if isinstance(data, dict) else None
        except (ValueError, TypeError, KeyError, RecursionError):
            return None


async def _body(request: web.Request) -> bytes:
    """At most one byte more than is allowed; what is longer is no JSON then."""
    body = b""
    async for chunk in request.content.iter_chunked(65_536):
        body += chunk
        if len(body) > LARGEST:
            return b""
    return body
