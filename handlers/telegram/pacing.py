"""About one message a second in a chat, with a small burst: below what Telegram refuses."""

import asyncio
from collections import OrderedDict

INTERVAL = 1.05
"""Seconds between messages to one chat; Telegram's guidance is one a second."""
BURST = 2
REMEMBERED = 10_000


class ChatPace:
    """Lets a chat's calls through at its own rate; other chats do not wait."""

    def __init__(self) -> None:
        self._free_at: OrderedDict[str, float] = OrderedDict()

    async def wait(self, chat: str) -> None:
        """Until the chat may be written to."""
        now = asyncio.get_running_loop().time()
        earliest = max(self._free_at.pop(chat, 0.0), now - BURST * INTERVAL)
        self._free_at[chat] = earliest + INTERVAL
        if len(self._free_at) > REMEMBERED:
            self._free_at.popitem(last=False)
        if (pause := earliest - now) > 0:
            await asyncio.sleep(pause)
