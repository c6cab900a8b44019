"""The Bot API client, and what its errors mean for a delivery."""

import json
import os
import sys
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import telegram
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from bot.application.ports.queues import Blocked, LaneTrouble, NotSent, Outcome
from bot.application.ports.troubles import TroubleKind
from handlers.settings import LOOPBACK, Settings

ALLOWED = [
    "message",
    "edited_message",
    "channel_post",
    "callback_query",
    "my_chat_member",
    "message_reaction",
]
"""The kinds of updates that the desk asks for
(docs/telegram.md, "What it asks for, and what it reads")."""
POLL_SECONDS = 10
NEVER_REACHED = ("ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError")
"""httpx errors that come before a request has left."""
UNEXPLAINED_WAIT = 5
"""Seconds to wait after a 429 that does not say how long."""
TOLD_APART = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
)
"""Refusals that python-telegram-bot has an error for; it takes every other for a lost network."""


class Bot(telegram.Bot):
    """The client. Neither its name nor its updates end up where they do not belong."""

    def __repr__(self) -> str:
        """The library's own would show the token."""
        return "Bot"

    async def probe(self) -> LaneTrouble | None:
        """Whether Telegram answers and knows the token; None: it is well."""
        try:
            await self.get_me()
        except TelegramError as error:
            outcome = ending(error)
            return outcome if isinstance(outcome, LaneTrouble) else None
        return None

    async def poll(self, offset: int | None) -> list[dict[str, Any]]:
        """New updates as Telegram wrote them.

        One that this library cannot read is kept like any other; the library's own `get_updates`
        would log it whole and ask for it again for ever.

        Raises:
            TelegramError: none could be had.
        """
        asked = {"offset": offset, "timeout": POLL_SECONDS, "allowed_updates": ALLOWED}
        found = await self._post("getUpdates", asked, read_timeout=POLL_SECONDS + 10)
        return found if isinstance(found, list) else []


class QuietRequest(HTTPXRequest):
    """Tells every refusal apart from a lost network, and never logs what it could not read."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """As the library's, which would log the words of a client."""
        try:
            return json.loads(payload.decode("utf-8", "replace"))
        except ValueError:
            raise TelegramError("unreadable_answer") from None

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:  # noqa: ANN401  # as the library's
        """One request.

        Raises:
            TelegramError: the answer says that nothing was done, or none came.
        """
        code, payload = await super().do_request(*args, **kwargs)
        if code == HTTPStatus.TOO_MANY_REQUESTS:
            raise RetryAfter(self._seconds_to_wait(payload))
        if HTTPStatus.BAD_REQUEST <= code < HTTPStatus.INTERNAL_SERVER_ERROR and (
            code not in TOLD_APART
        ):
            raise BadRequest(f"http_{code}")
        return code, payload

    def _seconds_to_wait(self, payload: bytes) -> int:
        try:
            return int(self.parse_json_payload(payload)["parameters"]["retry_after"])
        except (TelegramError, KeyError, TypeError, ValueError):
            return UNEXPLAINED_WAIT


def build_bot(settings: Settings) -> Bot:
    """A client of the API at `TELEGRAM_API_BASE_URL`; no proxy ever sees what goes to loopback."""
    # The library warns of its next version at every 429 unless it is told that we know.
    os.environ.setdefault("PTB_TIMEDELTA", "1")
    # httpcore looks for it on the whole path some thirty times a request; it is not a dependency.
    sys.modules.setdefault("sniffio", None)  # pyright: ignore[reportArgumentType]  # "not there"
    root = settings.telegram_api_base_url.rstrip("/")
    is_local = any(f"//{host}" in root for host in LOOPBACK)
    options = {"trust_env": not is_local}
    return Bot(
        settings.telegram_bot_token.get_secret_value(),
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=QuietRequest(
            connection_pool_size=64,
            read_timeout=20,
            write_timeout=20,
            media_write_timeout=60,
            httpx_kwargs=options,
        ),
        get_updates_request=QuietRequest(
            connection_pool_size=2, read_timeout=20, httpx_kwargs=options
        ),
    )


def ending(error: TelegramError) -> Outcome:
    """What an error of a call says about whether it arrived."""
    match error:
        case RetryAfter():
            return NotSent("rate_limited", retry_after=seconds_to_wait(error))
        case Forbidden():
            return Blocked()
        case BadRequest():
            return NotSent(_code(error), is_final=True)
        case InvalidToken() | Conflict():
            return LaneTrouble(error=type(error).__name__, kind=TroubleKind.TOKEN)
        case _:
            cause = type(error.__cause__).__name__
            if cause in NEVER_REACHED:
                return LaneTrouble(error=cause)
            return LaneTrouble(error=type(error).__name__, may_have_arrived=True)


def seconds_to_wait(error: RetryAfter) -> timedelta:
    """How long Telegram wants to be left alone."""
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)


def _code(error: BadRequest) -> str:
    """A short code: Telegram's own words may quote what was said."""
    said = str(error.message).lower()
    known = (
        "chat not found",
        "can't parse entities",
        "message is too long",
        "message to edit",
        "http_413",
    )
    return next((words.replace(" ", "_") for words in known if words in said), "bad_request")
