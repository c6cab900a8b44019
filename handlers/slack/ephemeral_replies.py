"""Small answers to one person; each may fail without anything being lost."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from handlers.log_setup import log
from handlers.slack.blocks.mrkdwn import FALLBACK, Block, escaped
from handlers.slack.client import SlackCalls, Trouble


class EphemeralReplies:
    """Says things on the side; nobody waits for them."""

    def __init__(self, calls: SlackCalls, session: Callable[[], aiohttp.ClientSession]) -> None:
        self._calls = calls
        self._session = session
        self._tasks: set[asyncio.Task[Any]] = set()

    def aside(self, work: Coroutine[Any, Any, object]) -> None:
        """Do something that nobody waits for."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def whisper(self, user: str, channel: str, thread_ts: str, text: str) -> None:
        """A word that only this person sees, where they are; elsewhere as a direct message."""
        self.aside(self._whisper(user, channel, thread_ts, escaped(text, FALLBACK)))

    def publish(self, user: str, view: Block) -> None:
        self.aside(self._calls.quietly("views.publish", user_id=user, view=view))

    def open(self, trigger: str, view: Block) -> None:
        self.aside(self._calls.quietly("views.open", trigger_id=trigger, view=view))

    def respond(self, url: str, text: str, blocks: list[Block] | None = None) -> None:
        """Answer a press or a command where it happened, for that person only."""
        if self._is_slacks(url):
            self.aside(self._respond(url, escaped(text, FALLBACK), blocks))

    async def settled(self) -> None:
        """Nothing is being said any more; for scripts and tests."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _whisper(self, user: str, channel: str, thread_ts: str, text: str) -> None:
        more = {"thread_ts": thread_ts} if thread_ts else {}
        quietly = self._calls.quietly
        is_told = channel and await quietly(
            "chat.postEphemeral", channel=channel, user=user, text=text, parse="none", **more
        )
        if not is_told:
            await quietly(
                "chat.postMessage",
                channel=user,
                text=text,
                parse="none",
                unfurl_links=False,
                unfurl_media=False,
            )

    async def _respond(self, url: str, text: str, blocks: list[Block] | None) -> None:
        answer: dict[str, Any] = {
            "response_type": "ephemeral",
            "replace_original": False,
            "text": text,
        }
        if blocks:
            answer["blocks"] = blocks
        try:
            async with self._session().post(url, json=answer) as response:
                if not response.ok:
                    log(__name__, "answer_refused", status=response.status)
        except Trouble as error:
            log(__name__, "answer_failed", error=type(error).__name__)

    def _is_slacks(self, address: str) -> bool:
        """Answers go to Slack only, or to where the API is."""
        url, own = urlsplit(address), urlsplit(self._calls.client.base_url)
        is_slack = url.scheme == "https" and (url.hostname or "").endswith(".slack.com")
        return is_slack or (url.scheme, url.netloc) == (own.scheme, own.netloc)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log(__name__, "aside_failed", error=type(error).__name__)
