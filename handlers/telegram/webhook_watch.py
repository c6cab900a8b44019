"""The webhook as Telegram sees it: looked at when the desk starts, and every five minutes.

Nothing that comes in by a webhook says that nothing comes: only Telegram knows that it cannot
reach the desk, or that somebody had updates sent elsewhere.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from telegram import WebhookInfo
from telegram.error import TelegramError

from bot.application.ports.troubles import Trouble, TroubleKind, Troubles
from bot.domain.errors import DeskError
from handlers.log_setup import log, redact
from handlers.telegram.client import Bot
from handlers.telegram.platform_words import LONGEST, words_of
from handlers.telegram.polling import HERE

EVERY_SECONDS = 300.0
SOON_SECONDS = 30.0
"""After a first look that shows words waiting: a desk that was away has them in a moment."""
MANY = 20
SetAgain = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Seen:
    """What Telegram said, as far as it matters."""

    url: str = ""
    waiting: int = 0
    error: str = ""
    failed_at: datetime | None = None
    taken: int = 0
    """How many updates the desk had taken by then."""
    is_failing: bool = False
    """Since the look before, Telegram met an error."""


class WebhookWatch:
    """Tells the board; a webhook that is gone is set again once, another's is never overwritten.

    Two desks that each set their own would take it from each other for ever, and clients' words
    would go now here, now there. The start of a desk sets its own: that is somebody's will.
    """

    def __init__(
        self,
        bot: Bot,
        troubles: Troubles,
        url: str,
        *,
        set_again: SetAgain,
        taken: Callable[[], int] = lambda: 0,
    ) -> None:
        self._bot = bot
        self._troubles = troubles
        self._url = url
        self._set_again: SetAgain | None = set_again
        self._taken = taken
        self._before: Seen | None = None

    async def run(self) -> None:
        """Until cancelled."""
        await self.look()
        is_waiting = self._before is not None and self._before.waiting > 0
        await asyncio.sleep(SOON_SECONDS if is_waiting else EVERY_SECONDS)
        while True:
            await self.look()
            await asyncio.sleep(EVERY_SECONDS)

    async def look(self) -> None:
        """Ask Telegram, and tell the board what is wrong or well again."""
        try:
            seen = self._seen(await self._bot.get_webhook_info())
        except TelegramError as error:
            log(__name__, "webhook_not_looked_at", logging.WARNING, error=words_of(error))
            return
        if not seen.url and self._set_again is not None:
            log(__name__, "webhook_was_gone", logging.WARNING)
            if await self._is_set(self._set_again):
                self._set_again = None
                return
        problem = self._problem(seen)
        if problem:
            self._troubles.began(Trouble(kind=TroubleKind.WEBHOOK, about=HERE, error=problem))
        else:
            self._troubles.ended(TroubleKind.WEBHOOK, HERE)
        self._before = seen

    async def _is_set(self, set_again: SetAgain) -> bool:
        """A refusal, or a Telegram that is away, is a trouble to tell of and not the desk's end."""
        try:
            await set_again()
        except DeskError as error:
            log(__name__, "webhook_not_set_again", logging.WARNING, error=error.key)
            return False
        return True

    def _seen(self, info: WebhookInfo) -> Seen:
        """Telegram keeps an error for ever: it counts when it came since the last look."""
        before, failed_at = self._before, info.last_error_date
        return Seen(
            url=info.url,
            waiting=info.pending_update_count,
            error=redact(info.last_error_message or "")[:LONGEST],
            failed_at=failed_at,
            taken=self._taken(),
            is_failing=before is not None and failed_at not in (None, before.failed_at),
        )

    def _problem(self, seen: Seen) -> str:
        """In Telegram's own words; empty: none. A failure stands until two looks found no other."""
        if seen.url != self._url:
            return elsewhere(seen.url)
        before = self._before
        if before is None:
            return ""
        is_stuck = min(before.waiting, seen.waiting) > 0 and before.taken == seen.taken
        is_falling_behind = MANY < before.waiting < seen.waiting
        if seen.is_failing or before.is_failing or is_stuck or is_falling_behind:
            return seen.error or f"{seen.waiting} updates are waiting"
        return ""


def elsewhere(url: str) -> str:
    """That updates go to somebody else, or nowhere."""
    return f"updates are sent to {host_of(url)}" if url else "no webhook is set"


def host_of(url: str) -> str:
    """Of somebody's address the host alone: the path may be a secret."""
    return urlsplit(url).hostname or "?"
