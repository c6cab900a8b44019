"""Receives webhooks itself: secret first, at most 1 MiB, kept before it is answered with 200.

python-telegram-bot's own receiver reads the whole body before it looks at the secret, and answers
before the update is dealt with.
"""

import asyncio
import hmac
import json
from http import HTTPStatus
from urllib.parse import urlsplit

from aiohttp import web

from bot.application.ports.queues import InboundUpdate
from bot.domain.errors import DeskError
from handlers.telegram.client import Bot
from handlers.telegram.polling import Accept, inbound_of

MAX_BODY_BYTES = 1_048_576
"""Bytes; an update has a few kilobytes."""
SLOWEST_SECONDS = 10
"""Whoever takes longer to send a body is cut off."""
HEADER = "X-Telegram-Bot-Api-Secret-Token"


class TooLarge(Exception):
    """The body is longer than any update."""


def path_of(url: str) -> str:
    """Where the desk's own server takes what is sent to the public address."""
    return urlsplit(url).path or "/"


class Webhook:
    """The receiver, as a route of the desk's web server."""

    def __init__(self, bot: Bot, accept: Accept, secret: str) -> None:
        self._bot = bot
        self._accept = accept
        self._secret = secret.encode()
        self.taken = 0
        """How many updates were kept."""

    async def receive(self, request: web.Request) -> web.Response:
        """200 once kept; 403 not Telegram's, 408 too slow, 413 too large, 503 could not be kept."""
        if not self._is_telegram(request):
            return _closing(HTTPStatus.FORBIDDEN)
        try:
            async with asyncio.timeout(SLOWEST_SECONDS):
                inbound = self._inbound(await _body(request))
        except TooLarge:
            return _closing(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        except TimeoutError:
            return _closing(HTTPStatus.REQUEST_TIMEOUT)
        return _closing(HTTPStatus.FORBIDDEN) if inbound is None else await self._keep(inbound)

    def _is_telegram(self, request: web.Request) -> bool:
        given = request.headers.get(HEADER, "").encode("utf-8", "surrogateescape")
        is_known = hmac.compare_digest(given, self._secret)
        return is_known and request.content_type == "application/json"

    async def _keep(self, inbound: InboundUpdate) -> web.Response:
        try:
            await self._accept([inbound])
        except DeskError:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        self.taken += 1
        return web.Response()

    def _inbound(self, body: bytes) -> InboundUpdate | None:
        try:
            return inbound_of(json.loads(body), self._bot.id)
        except (ValueError, RecursionError):
            return None


async def _body(request: web.Request) -> bytes:
    """Raises TooLarge, as soon as it is known."""
    if (request.content_length or 0) > MAX_BODY_BYTES:
        raise TooLarge
    body = bytearray()
    async for chunk in request.content.iter_chunked(65_536):
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise TooLarge
    return bytes(body)


def _closing(status: HTTPStatus) -> web.Response:
    """A refusal that also hangs up, so that the rest of a body is never read."""
    response = web.Response(status=status)
    response.force_close()
    return response
