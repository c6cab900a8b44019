"""The bot's words in a subject's chats: those of the last two days are taken back.

Telegram lets a bot take words back for 48 hours and shows it no chat's history. So what is older
stays in the subject's own chat, which the subject can clear, and is stated; and there is nothing
here to look through.
"""

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime, timedelta
from typing import Any

from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot.application.bus import Bus
from bot.application.fulfilment.chat_words import Words, bots_words
from bot.application.ports.desk import Clock
from bot.application.ports.sources import Data, Erased, Left, Looked, Order, Patterns
from bot.domain.errors import Unavailable
from bot.domain.fulfilment.identifiers import Identifiers
from bot.domain.fulfilment.plan import PlanAction, PlanItem, SourceKind, SourcePlan
from handlers.telegram.client import Bot, seconds_to_wait
from handlers.telegram.rate_limits import Pace

WORDS, OLDER = "telegram.words", "telegram.older_words"
"""The places of the plan."""
KEPT_FOR = timedelta(hours=48)
LATE = timedelta(hours=24)
"""A word may have waited so long before it was carried: it is younger in the chat than here."""
AT_ONCE = 100
"""Bot API, deleteMessages: 1-100 ids."""
OLDER_STAYS, UNREACHABLE = "erasure.telegram_older_stays", "erasure.telegram_unreachable"
GONE = ("message to delete not found", "message_id_invalid")
TOO_OLD = "message can't be deleted"


class TelegramSource:
    """The `Source` of what the bot said on Telegram."""

    name = "telegram"
    kind = SourceKind.TELEGRAM

    def __init__(self, bot: Bot, bus: Bus, clock: Clock, pace: Pace | None = None) -> None:
        self._bot = bot
        self._bus = bus
        self._clock = clock
        self._given_pace = pace

    async def plan(self, who: Identifiers, now: datetime) -> SourcePlan:
        words = await self._words(who, now - KEPT_FOR)
        items = (
            PlanItem(place=WORDS, action=PlanAction.DELETE, rows=sum(map(len, words.values()))),
            PlanItem(place=OLDER, action=PlanAction.STATED),
        )
        return SourcePlan(source=self.name, kind=self.kind, subjects=1, items=items)

    async def erase(self, order: Order) -> Erased:
        """Batch by batch; a chat that the bot cannot reach is stated, and holds up no other.

        Telegram passes over what is gone already and says not how many: all that were asked for
        are counted.

        Raises:
            Unavailable: Telegram cannot be reached, or asks for patience.
        """
        stated, count = {OLDER_STAYS}, 0
        for chat, words in (await self._words(order.who, order.now - KEPT_FOR - LATE)).items():
            try:
                count += await self._take_back(chat, words)
            except Forbidden:
                stated.add(UNREACHABLE)
            except BadRequest as error:
                if "chat not found" not in _said(error):
                    raise Unavailable("erasure.telegram_refused") from error
                stated.add(UNREACHABLE)
        return Erased(rows={f"{WORDS}.{PlanAction.DELETE}": count}, stated=tuple(sorted(stated)))

    async def verify(self, order: Order) -> tuple[Left, ...]:
        """Ask for each word once more, alone: what can be taken back then was still there."""
        left = 0
        for chat, words in (await self._words(order.who, order.now - KEPT_FOR)).items():
            for word in words:
                if await self._is_left(chat, word):
                    left += 1
        return (Left(WORDS, left),) if left else ()

    async def look(self, order: Order, patterns: Patterns, *, masks: bool) -> Looked:
        """A bot sees no history: nothing can be searched."""
        del order, patterns, masks
        return Looked(stated=(OLDER_STAYS,))

    async def export(self, who: Identifiers) -> AsyncGenerator[tuple[str, Data]]:
        """Where the bot's words of the last two days stand; the words are in the desk's store."""
        for chat, words in (await self._words(who, self._clock.now() - KEPT_FOR)).items():
            for word in words:
                yield WORDS, {"chat": chat, "message": word}

    async def _take_back(self, chat: int, words: Sequence[int]) -> int:
        for at in range(0, len(words), AT_ONCE):
            some = words[at : at + AT_ONCE]
            await self._called(chat, "delete_messages", chat_id=chat, message_ids=some)
        return len(words)

    async def _is_left(self, chat: int, word: int) -> bool:
        try:
            await self._called(chat, "delete_message", chat_id=chat, message_id=word)
        except Forbidden:
            return False
        except BadRequest as error:
            said = _said(error)
            if any(words in said for words in (*GONE, TOO_OLD, "chat not found")):
                return False
            raise Unavailable("erasure.telegram_refused") from error
        return True

    async def _called(self, chat: int, method: str, **args: Any) -> None:  # noqa: ANN401  # arguments of the Bot API
        """At the bot's pace. Raises Forbidden, BadRequest, or Unavailable."""
        await self._pace.wait(str(chat))
        try:
            await getattr(self._bot, method)(**args)
        except (Forbidden, BadRequest):
            raise
        except RetryAfter as error:
            seconds = int(seconds_to_wait(error).total_seconds())
            raise Unavailable("erasure.telegram_busy", seconds=seconds) from error
        except TelegramError as error:
            name = type(error).__name__
            raise Unavailable("telegram.unreachable", error=name) from error

    @property
    def _pace(self) -> Pace:
        if self._given_pace is None:
            self._given_pace = Pace()
        return self._given_pace

    async def _words(self, who: Identifiers, since: datetime) -> Words:
        return await self._bus.look(bots_words, who=who, since=since)


def _said(error: BadRequest) -> str:
    return str(error.message).lower()
