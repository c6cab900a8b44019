"""How fast the desk writes: below what Telegram refuses.

Guidance, not a contract (Bots FAQ): about one message a second in a chat, 30 a second overall.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

REMEMBERED = 10_000
"""Chats whose last writing is remembered."""
Sleep = Callable[[float], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Rate:
    """One in `interval` seconds, and `burst` more at once after a rest."""

    interval: float
    burst: int

    def next_free(self, free_at: float, now: float) -> float:
        return max(free_at, now - self.burst * self.interval)


CHAT = Rate(1.05, 1)
OVERALL = Rate(1 / 27, 5)


class Pace:
    """Lets each chat's calls through at its own rate, and all together at the bot's."""

    def __init__(
        self,
        chat: Rate = CHAT,
        overall: Rate = OVERALL,
        *,
        time: Callable[[], float] | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._chat, self._overall = chat, overall
        self._time = time or asyncio.get_running_loop().time
        self._sleep = sleep
        self._chats: OrderedDict[str, float] = OrderedDict()
        self._all_free_at = 0.0

    async def wait(self, chat: str) -> None:
        """Until the chat may be written to; the order of the calls is kept."""
        now = self._time()
        at = self._chat.next_free(self._chats.pop(chat, 0.0), now)
        self._chats[chat] = at + self._chat.interval
        if len(self._chats) > REMEMBERED:
            self._chats.popitem(last=False)
        await self._until(at, now)
        now = self._time()
        at = self._overall.next_free(self._all_free_at, now)
        self._all_free_at = at + self._overall.interval
        await self._until(at, now)

    async def _until(self, at: float, now: float) -> None:
        if at > now:
            await self._sleep(at - now)
