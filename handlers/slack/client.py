"""The Web API client, and what its errors mean for a delivery."""

import asyncio
import re
from datetime import timedelta
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.application.ports import NotSent, Outcome, Unknown
from handlers.settings import LOOPBACK

TIMEOUT_SECONDS = 15
TOO_MANY = 429
SERVER_ERRORS = 500
UNREACHABLE_WAIT = timedelta(seconds=5)
"""While Slack cannot be reached at all, a delivery waits and does not use up its tries."""
DOUBTFUL = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
)
"""`ok: false`, yet nobody knows whether it was done."""
HOPELESS = frozenset(
    {
        "block_mismatch",
        "cannot_dm_bot",
        "invalid_arguments",
        "invalid_blocks",
        "invalid_blocks_format",
        "metadata_too_large",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "user_disabled",
        "user_not_found",
        "users_not_found",
        "view_too_large",
    }
)
"""Trying again would be refused again."""
LATER = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
Trouble = (SlackApiError, aiohttp.ClientError, asyncio.TimeoutError, OSError)
"""All that a call can raise."""


def api_root(base_url: str) -> str:
    """`SLACK_API_BASE_URL` with or without `/api/`, as the client wants it."""
    root = base_url.rstrip("/")
    return f"{root if root.endswith('/api') else root + '/api'}/"


def is_local(base_url: str) -> bool:
    return urlsplit(base_url).hostname in LOOPBACK


def new_session(base_url: str) -> aiohttp.ClientSession:
    """One pool of connections; no proxy ever sees what goes to loopback."""
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS), trust_env=not is_local(base_url)
    )


def build_client(
    base_url: str, token: str | None, session: aiohttp.ClientSession | None
) -> AsyncWebClient:
    """A client that never repeats a call by itself: a repeat could post twice."""
    client = AsyncWebClient(
        token=token, base_url=api_root(base_url), session=session, retry_handlers=[]
    )
    if is_local(base_url):
        client.proxy = None
    return client


def code_of(error: BaseException) -> str:
    """A short code of what went wrong; never the platform's words about a person."""
    if isinstance(error, SlackApiError):
        code = str(_field(error, "error") or f"http_{status_of(error)}")
        return code if re.fullmatch(r"[a-z0-9_]{1,60}", code) else "refused"
    return type(error).__name__


def status_of(error: SlackApiError) -> int:
    return int(getattr(error.response, "status_code", 0) or 0)


def retry_after(error: SlackApiError) -> timedelta:
    headers = getattr(error.response, "headers", None) or {}
    wanted = str(headers.get("Retry-After", ""))
    return timedelta(seconds=min(int(wanted), 3600) if wanted.isdigit() else 30)


def is_rate_limit(error: BaseException) -> bool:
    return isinstance(error, SlackApiError) and (
        status_of(error) == TOO_MANY or code_of(error) in LATER
    )


def ending(error: BaseException) -> Outcome:
    """What an error of a call says about whether it arrived."""
    if isinstance(error, SlackApiError):
        return _answered(error)
    if isinstance(error, (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)):
        return NotSent("unreachable", retry_after=UNREACHABLE_WAIT)
    return Unknown(code_of(error))


def _answered(error: SlackApiError) -> Outcome:
    code = code_of(error)
    if is_rate_limit(error):
        return NotSent("rate_limited", retry_after=retry_after(error))
    if status_of(error) >= SERVER_ERRORS or code in DOUBTFUL or code.startswith("http_"):
        return Unknown(code)
    return NotSent(code, is_final=code in HOPELESS)


def _field(error: SlackApiError, name: str) -> object:
    data = getattr(error.response, "data", error.response)
    return data.get(name) if isinstance(data, dict) else None
