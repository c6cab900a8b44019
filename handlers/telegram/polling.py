"""Polls for updates itself: the offset moves only once an update is safe in the inbox.

python-telegram-bot's own updater confirms updates while they are only in memory; a crash there
loses a client's word.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.application.ports.desk import Clock
from bot.application.ports.queues import InboundUpdate
from bot.application.ports.troubles import Trouble, TroubleKind, Troubles
from bot.domain.errors import DeskError, Refused
from handlers.log_setup import log
from handlers.telegram.client import Bot, seconds_to_wait

MAX_BACKOFF_SECONDS = 5.0
"""Whatever was wrong: words that wait at Telegram are fetched so soon after it is over."""
ALONE_AFTER = timedelta(minutes=2)
"""So long without a conflict another poller is gone: two that take turns are told of once."""
HERE = "telegram"
LARGEST_ID = 2**63 - 1

Accept = Callable[[Sequence[InboundUpdate]], Awaitable[int]]
"""Keeps updates; they are safe when it returns."""
Json = Mapping[str, Any]


def inbound_of(update: object, bot_id: int) -> InboundUpdate | None:
    """An update as the inbox keeps it: as it came; None: it is none.

    Updates of one chat are dealt with in order.
    """
    number = update.get("update_id") if isinstance(update, dict) else None
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= LARGEST_ID:
        return None
    return InboundUpdate(
        key=f"tg:{bot_id}:{number}",
        source="telegram",
        conversation=f"telegram:{_chat_of(update)}",  # pyright: ignore[reportArgumentType]  # it is a dict
        payload=json.dumps(update, separators=(",", ":")),
    )


def _chat_of(update: Json) -> int:
    """The id of the chat it came from, or of whoever sent it; 0: neither is said."""
    for kind, body in update.items():
        if kind == "update_id" or not isinstance(body, dict):
            continue
        within = body.get("message") if kind == "callback_query" else body
        for place in (within, body):
            for who in ("chat", "from", "user"):
                found = place.get(who) if isinstance(place, dict) else None
                if isinstance(found, dict) and isinstance(found.get("id"), int):
                    return found["id"]
    return 0


class Polling:
    """Asks for updates, keeps them, and only then asks for the next."""

    def __init__(self, bot: Bot, accept: Accept, troubles: Troubles, clock: Clock) -> None:
        self._bot = bot
        self._accept = accept
        self._troubles = troubles
        self._clock = clock
        self._disturbed_at: datetime | None = None
        self.offset: int | None = None
        """The first update that is not safe yet; None: nothing was asked for."""

    async def run(self) -> None:
        """Until cancelled.

        Raises:
            Refused: Telegram does not know the token.
        """
        wait = 0.0
        while True:
            try:
                await self.once()
                wait = 0.0
                self._undisturbed()
                self._troubles.ended(TroubleKind.HEARING, HERE)
            except Conflict as error:
                wait = min(MAX_BACKOFF_SECONDS, wait * 2 or 0.5)
                self._disturbed(error)
            except InvalidToken:
                raise Refused("telegram.token_unknown") from None
            except RetryAfter as error:
                wait = seconds_to_wait(error).total_seconds()
            except (TelegramError, DeskError) as error:
                wait = min(MAX_BACKOFF_SECONDS, wait * 2 or 0.5)
                self._not_heard(error)
                log(__name__, "poll_failed", logging.WARNING, error=type(error).__name__)
            if wait:
                await asyncio.sleep(wait)

    async def once(self) -> None:
        """One poll."""
        updates = await self._bot.poll(self.offset)
        if not updates:
            return
        readable = [
            (inbound, update["update_id"])
            for update in updates
            if (inbound := inbound_of(update, self._bot.id)) is not None
        ]
        if not readable:
            raise TelegramError("no_update_has_a_number")
        await self._accept([inbound for inbound, _ in readable])
        self.offset = max(number for _, number in readable) + 1

    def _not_heard(self, error: Exception) -> None:
        """A store that is away is a trouble of its own, and Telegram is well."""
        if isinstance(error, TelegramError):
            name = type(error).__name__
            self._troubles.began(Trouble(kind=TroubleKind.HEARING, about=HERE, error=name))

    def _disturbed(self, error: Conflict) -> None:
        """Somebody else polls this bot, or gave it a webhook (Bot API, getUpdates: 409)."""
        is_webhook = "webhook" in error.message.lower()
        kind = TroubleKind.WEBHOOK if is_webhook else TroubleKind.TWO_POLLERS
        self._disturbed_at = self._clock.now()
        self._troubles.began(Trouble(kind=kind, about=HERE, error=error.message))

    def _undisturbed(self) -> None:
        if self._disturbed_at is None or self._clock.now() - self._disturbed_at < ALONE_AFTER:
            return
        self._disturbed_at = None
        for kind in (TroubleKind.TWO_POLLERS, TroubleKind.WEBHOOK):
            self._troubles.ended(kind, HERE)
