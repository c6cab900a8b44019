"""The Web API: one client, and each call in its lane."""

import asyncio
import re
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.log_setup import log
from handlers.settings import LOOPBACK
from handlers.slack.blocks.ticket_card import Sheet, number_on
from handlers.slack.rate_limits import Paces, TooBusy
from handlers.slack.scopes import MISSING, GrantedScopes, is_for_all, needed_of

TIMEOUT_SECONDS = 15
Json = dict[str, Any]
EVENT = "privacydesk"
"""The event type of the metadata that our posts carry."""
PAGE, PAGES = 200, 10
NORMAL = 5
TOO_MANY = 429
LATER = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
Trouble = (SlackApiError, aiohttp.ClientError, asyncio.TimeoutError, OSError)
"""All that a call can raise."""


class CallRefused(SlackApiError):
    """Slack said no to a call about `channel`; empty: about none."""

    def __init__(self, error: SlackApiError, channel: str, method: str) -> None:
        super().__init__(str(error), error.response)
        self.channel = channel
        self.method = method


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


def _field(error: SlackApiError, name: str) -> object:
    data = getattr(error.response, "data", error.response)
    return data.get(name) if isinstance(data, dict) else None


class SlackCalls:
    """Calls methods by their Web API name."""

    def __init__(
        self, client: AsyncWebClient, paces: Paces | None = None, *, is_patient: bool = False
    ) -> None:
        self.client = client
        self._paces = paces or Paces()
        self.scopes = GrantedScopes()
        self.is_patient = is_patient
        """Wait out every limit: for commands that nobody waits for a reply of."""

    async def call(self, method: str, *, rank: int = NORMAL, **args: object) -> Json:
        """One call, when it is its turn.

        Raises:
            TooBusy: there is a long line; nothing was sent.
            SlackApiError: Slack refused, or did not answer as it should.
        """
        while True:
            try:
                return await self._call(method, rank, args)
            except TooBusy as busy:
                if not self.is_patient:
                    raise
                wait = busy.retry_after
            except SlackApiError as error:
                if not (self.is_patient and is_rate_limit(error)):
                    raise
                wait = retry_after(error)
            await asyncio.sleep(wait.total_seconds())

    async def _call(self, method: str, rank: int, args: Json) -> Json:
        self.scopes.check(method)
        channel = str(args.get("channel") or args.get("channel_id") or "")
        lane = self._paces.lane(method, channel)
        async with lane.turn(rank):
            try:
                answer = await getattr(self.client, method.replace(".", "_"))(**args)
            except SlackApiError as error:
                if is_rate_limit(error):
                    lane.slow_down(retry_after(error).total_seconds())
                if code_of(error) == MISSING and not is_for_all(method):
                    self.scopes.refused(method, needed_of(error))
                raise CallRefused(error, channel, method) from error
        self.scopes.heard(answer.headers)
        return answer.data if isinstance(answer.data, dict) else {}

    async def post(
        self, channel: str, sheet: Sheet, key: str, *, thread_ts: str = "", rank: int = NORMAL
    ) -> tuple[str, str]:
        """Post once; gives (channel, ts). It carries its key, so that it can be found again."""
        more = {"thread_ts": thread_ts} if thread_ts else {}
        answer = await self.call(
            "chat.postMessage",
            rank=rank,
            channel=channel,
            **_content(sheet, key),
            unfurl_links=False,
            unfurl_media=False,
            **more,
        )
        return str(answer.get("channel") or channel), str(answer["ts"])

    async def update(
        self, channel: str, ts: str, sheet: Sheet, key: str, *, rank: int = NORMAL
    ) -> None:
        await self.call("chat.update", rank=rank, channel=channel, ts=ts, **_content(sheet, key))

    async def find(
        self, channel: str, key: str, *, thread_ts: str = "", number: str = ""
    ) -> tuple[str, str] | None:
        """Where our post with this key stands; None: it is not there.

        `number`: of a card, by which it is known where history gives no metadata.
        """
        async for message in self.messages(channel, thread_ts=thread_ts):
            is_it = key_of(message) == key or (number and number == bare_number(message))
            if is_it:
                return channel, str(message.get("ts"))
        return None

    async def messages(
        self,
        channel: str,
        *,
        thread_ts: str = "",
        oldest: str = "",
        pages: int = PAGES,
        rank: int = NORMAL,
    ) -> AsyncGenerator[Json]:
        """A channel's messages, newest first; or a thread's, oldest first; from `oldest` on."""
        method = "conversations.replies" if thread_ts else "conversations.history"
        args: Json = {"channel": channel, "limit": PAGE, "include_all_metadata": True}
        args |= {"ts": thread_ts} if thread_ts else {}
        args |= {"oldest": oldest} if oldest else {}
        for _ in range(pages):
            answer = await self.call(method, rank=rank, **args)
            for message in answer.get("messages") or ():
                yield message
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
            args["cursor"] = cursor

    async def quietly(self, method: str, **args: object) -> bool:
        """A courtesy that may fail; whether it went."""
        try:
            await self.call(method, rank=0, **args)
        except (*Trouble, TooBusy) as error:
            log(__name__, "courtesy_failed", method=method, error=code_of(error))
            return False
        return True


def key_of(message: Json) -> str:
    return str(payload_of(message).get("key", ""))


def payload_of(message: Json) -> Json:
    """What our metadata says; empty where it is not ours."""
    metadata: Json = message.get("metadata") or {}
    payload = metadata.get("event_payload")
    if metadata.get("event_type") == EVENT and isinstance(payload, dict):
        return payload
    return {}


def bare_number(message: Json) -> str:
    """The number on a bot's card that came without its metadata; empty: it is none."""
    is_bare = message.get("bot_id") and not message.get("metadata")
    return number_on(message.get("blocks") or ()) if is_bare else ""


def _content(sheet: Sheet, key: str) -> Json:
    payload = {"key": key, "digest": sheet.digest}
    return {
        "text": sheet.text,
        "blocks": sheet.blocks,
        "metadata": {"event_type": EVENT, "event_payload": payload},
        "parse": "none",
        "link_names": False,
    }
