"""HTTP mode: shape, signature and size first, then Bolt.

Bolt 1.30 answers 500 to a timestamp that is no number or a signature that is not ASCII, and parses
a body before it knows who sent it (docs/design/security.md, "Bodies from strangers").
"""

import asyncio
import json
import re
from collections.abc import Callable, Sequence
from http import HTTPStatus

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from handlers.slack.inbound.app_events import RATE_LIMITED
from handlers.slack.payloads.parsing import Json

MAX_BODY_BYTES = 1_048_576
"""Bytes; Slack's own bodies stay far below."""
TIMESTAMP = re.compile(r"[0-9]{10}")
SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
PATIENCE_SECONDS = 10.0
OF_ITS_OWN = ("url_verification", RATE_LIMITED)
FIRST_CHARACTERS = 2_000
IsTaken = Callable[[Json], bool]
"""Whether a body was about events, and is dealt with."""
ODD = (ValueError, TypeError, AttributeError, KeyError, RecursionError)
"""What Bolt stumbles over in a body that is not shaped as Slack's are."""


class HttpMode:
    """The entry of HTTP mode: 401 unsigned, 413 too large, 403 not for this app, else Bolt's.

    Until the desk is up Slack can have the address verified, and brings all else again: 503.
    """

    def __init__(self, app: AsyncApp, signing_secret: str, is_taken: IsTaken) -> None:
        self._app = app
        self._is_taken = is_taken
        self._verifier = SignatureVerifier(signing_secret)
        self.is_ready = False

    async def receive(self, request: web.Request) -> web.StreamResponse:
        stamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not (TIMESTAMP.fullmatch(stamp) and SIGNATURE.fullmatch(signature)):
            return web.Response(status=HTTPStatus.UNAUTHORIZED)
        if (request.content_length or 0) > MAX_BODY_BYTES:
            return web.Response(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                body = await _body(request)
        except TimeoutError:
            return web.Response(status=HTTPStatus.UNAUTHORIZED)
        if body is None:
            return web.Response(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return await self._dispatch(request, body, (stamp, signature))

    async def _dispatch(
        self, request: web.Request, body: bytes, proof: tuple[str, str]
    ) -> web.StreamResponse:
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            return web.Response(status=HTTPStatus.UNAUTHORIZED)
        if not self._verifier.is_valid(text, *proof):
            return web.Response(status=HTTPStatus.UNAUTHORIZED)
        body_of_its_own = _envelope(text)
        if self._is_taken(body_of_its_own):
            return web.Response()
        if not (self.is_ready or body_of_its_own.get("type") == "url_verification"):
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        try:
            asked = AsyncBoltRequest(
                body=text, query=request.query_string, headers=_headers(request)
            )
            answer = await self._app.async_dispatch(asked)
        except ODD:
            return web.Response(status=HTTPStatus.FORBIDDEN)
        return await to_aiohttp_response(answer)


def _envelope(text: str) -> Json:
    """What is no event but about them: a check of the address, a word that some are dropped."""
    if not any(kind in text[:FIRST_CHARACTERS] for kind in OF_ITS_OWN):
        return {}
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


async def _body(request: web.Request) -> bytes | None:
    """None: more than is allowed."""
    body = bytearray()
    async for chunk in request.content.iter_chunked(65_536):
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            return None
    return bytes(body)


def _headers(request: web.Request) -> dict[str, str | Sequence[str]]:
    return {name: value for name, value in request.headers.items() if value.isascii()}
