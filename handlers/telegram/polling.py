"""Polls for updates itself: the offset moves only once an update is safe in the inbox.

python-telegram-bot's own updater confirms updates while they are only in memory; a crash there
loses a client's word.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from telegram import Update
from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.errors import DeskError, Refused
from bot.ports import Arrival
from handlers.logs import log
from handlers.telegram.client import Bot

ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"]
POLL_SECONDS = 10
LONGEST_WAIT = 30.0

Accept = Callable[[Sequence[Arrival]], Awaitable[int]]
"""Keeps updates; they are safe when it returns."""


def arrival_of(update: Update, bot_id: int) -> Arrival:
    """An update as the inbox keeps it; updates of one chat are dealt with in order."""
    chat = update.effective_chat or update.effective_user
    return Arrival(
        key=f"tg:{bot_id}:{update.update_id}",
        source="telegram",
        conversation=f"telegram:{chat.id if chat else 0}",
        payload=update.to_json(),
    )


class Polling:
    """Asks for updates, keeps them, and only then asks for the next."""

    def __init__(self, bot: Bot, accept: Accept) -> None:
        self._bot = bot
        self._accept = accept
        self._offset: int | None = None

    async def run(self) -> None:
        """Until cancelled.

        Raises:
            Refused: Telegram does not know the token.
        """
        wait = 0.0
        while True:
            try:
                await self._once()
                wait = 0.0
            except InvalidToken:
                raise Refused("telegram.token_unknown") from None
            except RetryAfter as error:
                wait = float(error._retry_after.total_seconds())  # noqa: SLF001  # the public form warns
            except (TelegramError, DeskError) as error:
                wait = min(LONGEST_WAIT, wait * 2 or 0.5)
                log(__name__, "poll_failed", _level(error), error=type(error).__name__, wait=wait)
            if wait:
                await asyncio.sleep(wait)

    async def _once(self) -> None:
        updates = await self._bot.get_updates(
            offset=self._offset, timeout=POLL_SECONDS, allowed_updates=ALLOWED
        )
        if not updates:
            return
        await self._accept([arrival_of(update, self._bot.id) for update in updates])
        self._offset = updates[-1].update_id + 1


def _level(error: Exception) -> int:
    return logging.INFO if isinstance(error, NetworkError) else logging.WARNING
