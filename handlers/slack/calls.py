"""Web API calls, each in its lane, with answers narrowed to a dictionary."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.log_setup import log
from handlers.slack.blocks.ticket_card import Sheet
from handlers.slack.client import Trouble, code_of, is_rate_limit, retry_after
from handlers.slack.rate_limits import Paces, TooBusy

Json = dict[str, Any]
EVENT = "privacydesk"
"""The event type of the metadata that our posts carry."""
PAGE, PAGES = 200, 10
NORMAL = 5


class SlackCalls:
    """Calls methods by their Web API name."""

    def __init__(self, client: AsyncWebClient, paces: Paces | None = None) -> None:
        self.client = client
        self._paces = paces or Paces()
        self.is_patient = False
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
        lane = self._paces.lane(method, str(args.get("channel", "")))
        async with lane.turn(rank):
            try:
                answer = await getattr(self.client, method.replace(".", "_"))(**args)
            except SlackApiError as error:
                if is_rate_limit(error):
                    lane.slow_down(retry_after(error).total_seconds())
                raise
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

    async def find(self, channel: str, key: str, *, thread_ts: str = "") -> tuple[str, str] | None:
        """Where our post with this key stands; None: it is not there."""
        async for message in self.messages(channel, thread_ts=thread_ts):
            if key_of(message) == key:
                return channel, str(message.get("ts"))
        return None

    async def messages(
        self, channel: str, *, thread_ts: str = "", oldest: str = "", pages: int = PAGES
    ) -> AsyncGenerator[Json]:
        """A channel's messages, newest first; or a thread's, oldest first; from `oldest` on."""
        method = "conversations.replies" if thread_ts else "conversations.history"
        args: Json = {"channel": channel, "limit": PAGE, "include_all_metadata": True}
        args |= {"ts": thread_ts} if thread_ts else {}
        args |= {"oldest": oldest} if oldest else {}
        for _ in range(pages):
            answer = await self.call(method, **args)
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


def _content(sheet: Sheet, key: str) -> Json:
    payload = {"key": key, "digest": sheet.digest}
    return {
        "text": sheet.text,
        "blocks": sheet.blocks,
        "metadata": {"event_type": EVENT, "event_payload": payload},
        "parse": "none",
        "link_names": False,
    }
