"""The Bot API client, and what its errors mean for a delivery."""

from datetime import timedelta

from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from bot.ports import Blocked, NotSent, Outcome, Unknown
from handlers.settings import LOOPBACK, Settings

OVERALL_PER_SECOND = 25
"""Below Telegram's guidance of 30 messages a second overall."""
NEVER_REACHED = ("ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError")
"""httpx errors that come before a request has left."""

Bot = ExtBot[int]


def build_bot(settings: Settings) -> Bot:
    """A client of the API at `TELEGRAM_API_BASE_URL`; no proxy ever sees what goes to loopback."""
    root = settings.telegram_api_base_url.rstrip("/")
    is_local = any(f"//{host}" in root for host in LOOPBACK)
    options = {"trust_env": not is_local}
    return ExtBot(
        settings.telegram_bot_token.get_secret_value(),
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=HTTPXRequest(
            connection_pool_size=64, read_timeout=20, write_timeout=60, httpx_kwargs=options
        ),
        get_updates_request=HTTPXRequest(
            connection_pool_size=2, read_timeout=20, httpx_kwargs=options
        ),
        rate_limiter=AIORateLimiter(overall_max_rate=OVERALL_PER_SECOND, max_retries=0),
    )


def ending(error: TelegramError) -> Outcome:
    """What an error of a call says about whether it arrived."""
    match error:
        case RetryAfter():
            wait = error.retry_after
            wait = wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
            return NotSent("rate_limited", retry_after=wait)
        case Forbidden():
            return Blocked()
        case BadRequest():
            return NotSent(_code(error), is_final=True)
        case TimedOut() | NetworkError():
            cause = type(error.__cause__).__name__
            return NotSent(cause) if cause in NEVER_REACHED else Unknown(type(error).__name__)
        case _:
            return NotSent(type(error).__name__)


def _code(error: BadRequest) -> str:
    """A short code: Telegram's own words may quote what was said."""
    said = str(error.message).lower()
    known = ("chat not found", "can't parse entities", "message is too long", "message to edit")
    return next((words.replace(" ", "_") for words in known if words in said), "bad_request")
