"""The platform's side of a webhook: posts each update until it is taken, in order within a chat."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp

from handlers.sandbox.telegram.state.updates import Update, Updates

Json = dict[str, Any]

KEY_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
CONNECTIONS: Final = 40
RETRY_SECONDS: Final = (0.5, 1.0, 2.0, 4.0, 8.0)
_ANSWER_SECONDS: Final = 60.0
_OK: Final = range(200, 300)


@dataclass(slots=True)
class Webhook:
    """A set webhook; `offer()` takes an update, `stop()` ends all deliveries."""

    url: str
    secret: str
    updates: Updates
    clock: Callable[[], float]
    max_connections: int = CONNECTIONS
    retry_seconds: tuple[float, ...] = RETRY_SECONDS
    last_error: str = ""
    last_error_at: int = 0
    _lanes: dict[int, deque[Update]] = field(default_factory=dict[int, deque[Update]])
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set["asyncio.Task[None]"])
    _session: aiohttp.ClientSession | None = None
    _slots: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._slots = asyncio.Semaphore(self.max_connections)

    def offer(self, update: Update) -> None:
        lane = self._lanes.get(update.lane)
        if lane is not None:
            lane.append(update)
            return
        self._lanes[update.lane] = deque([update])
        task = asyncio.get_running_loop().create_task(self._empty(update.lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Ends all deliveries; what was not taken is still pending."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._lanes.clear()
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _empty(self, name: int) -> None:
        """Delivers one chat's updates, oldest first, until none is left."""
        lane = self._lanes[name]
        while lane:
            update = lane.popleft()
            for _ in range(1 + self.updates.duplicates):
                await self._deliver(update)
            self.updates.discard(update.update_id)
        del self._lanes[name]

    async def _deliver(self, update: Update) -> None:
        failures = 0
        while not await self._is_taken(update):
            seconds = self.retry_seconds[min(failures, len(self.retry_seconds) - 1)]
            failures += 1
            await asyncio.sleep(seconds)

    async def _is_taken(self, update: Update) -> bool:
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers[KEY_HEADER] = self.secret
        try:
            async with (
                self._slots,
                self._client().post(self.url, data=update.text, headers=headers) as answer,
            ):
                await answer.read()
                status, reason = answer.status, answer.reason or ""
        except (aiohttp.ClientError, TimeoutError, OSError) as trouble:
            self._note(f"Connection failed: {type(trouble).__name__}")
            return False
        if status not in _OK:
            self._note(f"Wrong response from the webhook: {status} {reason}".strip())
        return status in _OK

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=_ANSWER_SECONDS)
            self._session = aiohttp.ClientSession(timeout=timeout)
        return self._session

    def _note(self, error: str) -> None:
        self.last_error, self.last_error_at = error, int(self.clock())
