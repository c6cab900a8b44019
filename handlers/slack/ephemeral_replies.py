"""Small answers to one person; each may fail without anything being lost."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from handlers.log_setup import log
from handlers.slack.blocks.mrkdwn import (
    FALLBACK,
    Block,
    cut,
    escaped,
    plain,
    section,
    slices,
    with_mentions,
)
from handlers.slack.client import SlackCalls, Trouble
from handlers.slack.payloads.parsing import Where

AGAIN_SECONDS = (1.0, 5.0, 15.0, 60.0)
"""After so long an answer that could not be said at all is said again, then given up."""


class EphemeralReplies:
    """Says things on the side; nobody waits for them."""

    def __init__(
        self,
        calls: SlackCalls,
        session: Callable[[], aiohttp.ClientSession],
        again: Sequence[float] = AGAIN_SECONDS,
    ) -> None:
        self._calls = calls
        self._session = session
        self._again = again
        self._tasks: set[asyncio.Task[Any]] = set()

    def aside(self, work: Coroutine[Any, Any, object]) -> None:
        """Do something that nobody waits for."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def whisper(self, user: str, channel: str, thread_ts: str, text: str) -> None:
        """A word that only this person sees, where they are; elsewhere as a direct message."""
        self.tell(Where(user=user, channel=channel, thread_ts=thread_ts), text)

    def tell(self, where: Where, text: str) -> None:
        """The same, by whichever way works; ids of colleagues in it become mentions."""
        self.aside(self._tell(where, with_mentions(cut(text, FALLBACK - 100)), []))

    def hand_back(self, user: str, text: str, words: str) -> None:
        """What somebody typed and the desk did not take, whole, and for their eyes only."""
        blocks = [section(plain(part)) for part in slices(words)]
        shown = with_mentions(cut(text, FALLBACK - 100))
        first = section({"type": "mrkdwn", "text": shown, "verbatim": True})
        self.aside(self._tell(Where(user=user), shown, [first, *blocks]))

    def publish(self, user: str, view: Block) -> None:
        self.aside(self._calls.quietly("views.publish", user_id=user, view=view))

    def open(self, trigger: str, view: Block) -> None:
        self.aside(self._calls.quietly("views.open", trigger_id=trigger, view=view))

    def respond(self, url: str, text: str, blocks: list[Block] | None = None) -> None:
        """Answer a press or a command where it happened, for that person only."""
        self.aside(self._respond(url, escaped(text, FALLBACK), blocks))

    async def settled(self) -> None:
        """Nothing is being said any more; for scripts and tests."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _tell(self, where: Where, text: str, blocks: list[Block]) -> None:
        for wait in (*self._again, None):
            if await self._said(where, text, blocks):
                return
            if wait is not None:
                await asyncio.sleep(wait)
        log(__name__, "answer_given_up")

    async def _said(self, where: Where, text: str, blocks: list[Block]) -> bool:
        words: dict[str, Any] = {"text": text, "parse": "none"} | (
            {"blocks": blocks} if blocks else {}
        )
        if where.response_url and await self._respond(where.response_url, text, blocks):
            return True
        quietly, more = self._calls.quietly, {"unfurl_links": False, "unfurl_media": False}
        place = {"channel": where.channel, "user": where.user}
        place |= {"thread_ts": where.thread_ts} if where.thread_ts else {}
        if where.channel and await quietly("chat.postEphemeral", **place, **words):
            return True
        return await quietly("chat.postMessage", channel=where.user, **words, **more)

    async def _respond(self, url: str, text: str, blocks: list[Block] | None) -> bool:
        answer: dict[str, Any] = {
            "response_type": "ephemeral",
            "replace_original": False,
            "text": text,
        }
        if blocks:
            answer["blocks"] = blocks
        if not self._is_slacks(url):
            return False
        try:
            async with self._session().post(url, json=answer) as response:
                if not response.ok:
                    log(__name__, "answer_refused", status=response.status)
                return response.ok
        except Trouble as error:
            log(__name__, "answer_failed", error=type(error).__name__)
            return False

    def _is_slacks(self, address: str) -> bool:
        """Answers go to Slack only, or to where the API is."""
        url, own = urlsplit(address), urlsplit(self._calls.client.base_url)
        is_slack = url.scheme == "https" and (url.hostname or "").endswith(".slack.com")
        return is_slack or (url.scheme, url.netloc) == (own.scheme, own.netloc)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log(__name__, "aside_failed", error=type(error).__name__)
