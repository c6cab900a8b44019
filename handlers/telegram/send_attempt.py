"""One delivery's way: its parts in order, and what is known when something goes wrong on it."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any

from telegram import Message as Sent
from telegram.error import RetryAfter, TelegramError

from bot.application.ports.queues import Blocked, LaneTrouble, NotSent, Outcome, Unknown
from handlers.telegram.client import ending, seconds_to_wait
from handlers.telegram.rate_limits import Pace

PATIENCE_SECONDS = 40.0
"""So long a delivery of which a part has left waits on Telegram's wish; less than its lease."""


class SendAttempt:
    """Where a delivery is. Once a part has left, "not sent" is no longer true of the whole."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._patience = PATIENCE_SECONDS
        self._is_in_call = False
        self.sent: list[Sent] = []

    async def part(self, chat: int, send: Callable[[], Awaitable[Sent]]) -> None:
        """Send one part."""
        await self._go(chat, send, is_paced=True)

    async def change(
        self, chat: int, change: Callable[[], Awaitable[None]], *, is_paced: bool = True
    ) -> None:
        """Change what is there already; doing it twice is the same as once."""
        await self._go(chat, change, is_paced=is_paced)

    async def ended(self, carrying: Coroutine[Any, Any, Outcome]) -> Outcome:
        """How it went, also where it was cut short."""
        try:
            return await carrying
        except TelegramError as error:
            return self._partly(ending(error))
        except asyncio.CancelledError:
            if self._is_in_call or self.sent:
                return Unknown("desk_stopped")
            return NotSent("desk_stopped", retry_after=seconds_to_wait(RetryAfter(1)))

    async def _go(
        self, chat: int, call: Callable[[], Awaitable[Sent | None]], *, is_paced: bool
    ) -> None:
        while True:
            if is_paced:
                await self._pace.wait(str(chat))
            try:
                sent = await self._called(call)
            except RetryAfter as error:
                await self._waited(error)
            else:
                self.sent += [] if sent is None else [sent]
                return

    async def _called(self, call: Callable[[], Awaitable[Sent | None]]) -> Sent | None:
        self._is_in_call = True
        answer = await call()
        self._is_in_call = False
        return answer

    async def _waited(self, error: RetryAfter) -> None:
        """A delivery of which nothing has left goes back and waits in the outbox."""
        self._is_in_call = False
        seconds = seconds_to_wait(error).total_seconds()
        if not self.sent or seconds > self._patience:
            raise error
        self._patience -= seconds
        await asyncio.sleep(seconds)

    def _partly(self, outcome: Outcome) -> Outcome:
        if self.sent and isinstance(outcome, LaneTrouble):
            return replace(outcome, may_have_arrived=True)
        is_whole = not self.sent or isinstance(outcome, (Unknown, Blocked))
        return outcome if is_whole else Unknown("partly_sent")
