"""Signed HTTP: events, interactions and commands posted to the app's request URL."""

import asyncio
import hashlib
import hmac
import json
import secrets
from typing import Any
from urllib.parse import urlencode

import aiohttp

from handlers.sandbox.slack import limits
from handlers.sandbox.slack.clock import Clock, done_within
from handlers.sandbox.slack.transport.deliveries import Ack, Envelope, NotAcked

Json = dict[str, Any]
JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"
OK = 200


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Sign a body the v0 way: HMAC-SHA256 over `v0:timestamp:body`."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class SignedHttp:
    """The transport of SLACK_MODE=http."""

    def __init__(self, signing_secret: str, clock: Clock) -> None:
        self.request_url = ""
        self._secret = signing_secret
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None

    async def carry(self, envelope: Envelope) -> Ack:
        if not self.request_url:
            raise NotAcked("no_request_url", reached=False)
        post = asyncio.ensure_future(self._post(envelope))
        try:
            if await done_within(self._clock, post, limits.ACK):
                return post.result()
            raise NotAcked("http_timeout", reached=True)
        except aiohttp.ClientError as failed:
            raise NotAcked("connection_failed", reached=False) from failed
        finally:
            post.cancel()

    async def verify_url(self) -> bool:
        """Ask the app to echo a challenge, as Slack does when the URL is saved."""
        challenge = secrets.token_urlsafe(24)
        body = {"token": "sandbox", "challenge": challenge, "type": "url_verification"}
        status, text = await self._send(json.dumps(body).encode(), JSON_TYPE, {})
        return status == OK and challenge in text

    async def send_raw(self, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        """Post anything at all, signed by the caller or not: for what strangers may send."""
        async with self._client().post(self.request_url, data=body, headers=headers) as response:
            return response.status, await response.text()

    def signed_headers(self, body: bytes, kind: str = JSON_TYPE) -> dict[str, str]:
        timestamp = str(int(self._clock.now()))
        return {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret, timestamp, body),
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session

    async def _post(self, envelope: Envelope) -> Ack:
        body, kind = _encoded(envelope)
        status, text = await self._send(body, kind, _retry_headers(envelope))
        if status != OK:
            raise NotAcked("http_error", reached=True)
        return Ack(_answer(text))

    async def _send(self, body: bytes, kind: str, more: dict[str, str]) -> tuple[int, str]:
        headers = self.signed_headers(body, kind) | more
        async with self._client().post(self.request_url, data=body, headers=headers) as response:
            return response.status, await response.text()


def _encoded(envelope: Envelope) -> tuple[bytes, str]:
    if envelope.kind == "events_api":
        return json.dumps(envelope.payload).encode(), JSON_TYPE
    if envelope.kind == "interactive":
        return urlencode({"payload": json.dumps(envelope.payload)}).encode(), FORM_TYPE
    return urlencode(envelope.payload).encode(), FORM_TYPE


def _retry_headers(envelope: Envelope) -> dict[str, str]:
    if not envelope.attempt:
        return {}
    reason = "http_timeout" if envelope.reason == "timeout" else envelope.reason
    return {"X-Slack-Retry-Num": str(envelope.attempt), "X-Slack-Retry-Reason": reason}


def _answer(text: str) -> Json | None:
    if not text.strip():
        return None
    try:
        body = json.loads(text)
    except ValueError:
        return {"text": text}
    return body if isinstance(body, dict) else {"text": text}
