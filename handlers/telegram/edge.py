"""The Telegram edge: who we are to Telegram, and how its updates come in."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from telegram import BotCommand
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.application.bus import FinishingBus
from bot.application.conversation.commands import REGISTERED
from bot.application.key_values import put_changed
from bot.application.ports.queues import InboundUpdate
from bot.application.requests.objection_links import USERNAME
from bot.domain.addresses import SYSTEM, Language
from bot.domain.errors import PlatformAway, Refused, Tampered, Unavailable
from bot.domain.tickets.message import Attachment
from bot.wording import say
from handlers.log_setup import log
from handlers.open_desk import Desk
from handlers.telegram.client import ALLOWED, Bot, seconds_to_wait
from handlers.telegram.platform_words import is_final, refusal_of, words_of
from handlers.telegram.updates import Updates

TRIES = 80
"""With the waits between them, ten minutes in which Telegram may be away at the start."""
MAX_BACKOFF_SECONDS = 8.0


class TelegramEdge:
    """Starts and stops the client, deals with updates, and fetches clients' files."""

    def __init__(self, desk: Desk, bot: Bot) -> None:
        self._desk = desk
        self.bot = bot
        self._updates = Updates(desk, bot)
        self._introducing: asyncio.Task[None] | None = None
        self.trouble = ""
        """What the last call of the start met, in Telegram's own words; empty: nothing."""

    async def start(self) -> None:
        """Check the token; who we are is said meanwhile.

        Raises:
            Refused: Telegram does not know the token, or refuses for good.
            Unavailable: Telegram cannot be reached.
        """
        await self._insist(self.bot.initialize)
        await self._desk.own_bus.handle(
            SYSTEM, put_changed, name=USERNAME, value=self.bot.username or ""
        )
        self._introducing = asyncio.create_task(self._introduce(), name="telegram introduction")

    async def set_webhook(self, url: str, secret: str) -> None:
        """Have updates sent to `url`. Raises as `start`."""
        await self._insist(
            lambda: self.bot.set_webhook(url, secret_token=secret, allowed_updates=ALLOWED),
            refused="telegram.webhook_refused",
        )

    async def delete_webhook(self) -> None:
        """Updates are polled; what waits for a webhook is not dropped. Raises as `start`."""
        await self._insist(self.bot.delete_webhook)

    async def stop(self) -> None:
        if self._introducing is not None:
            self._introducing.cancel()
            await asyncio.gather(self._introducing, return_exceptions=True)
        await self._updates.stop()
        await self.bot.shutdown()

    async def handle(self, inbound: InboundUpdate, bus: FinishingBus) -> None:
        """Deal with one update: for the inbox worker, under the source `telegram`."""
        await self._updates.handle(inbound, bus)

    async def settled(self) -> None:
        """Nothing is on its way besides deliveries; for scripts and tests."""
        if self._introducing is not None:
            await self._introducing
        await self._updates.settled()

    async def fetch(self, attachment: Attachment) -> bytes:
        """The bytes of a client's file.

        Raises:
            Refused: Telegram does not give it at all.
            PlatformAway: Telegram itself does not answer.
            Unavailable: Telegram answers, and does not give this file now.
        """
        try:
            file = await self.bot.get_file(attachment.file_ref)
            return bytes(await file.download_as_bytearray())
        except BadRequest:
            raise Refused("slack.file_not_fetched") from None
        except TelegramError as error:
            if isinstance(error, RetryAfter) or await self.bot.probe() is not None:
                name = type(error).__name__
                raise PlatformAway("telegram.unreachable", error=name) from error
            raise Unavailable("telegram.file_unavailable") from error

    async def _introduce(self) -> None:
        """A desk that cannot say who it is works all the same."""
        try:
            await self._insist(lambda: introduce(self.bot, self._desk.rules.company))
        except (Refused, Tampered, Unavailable) as error:
            log(__name__, "not_introduced", logging.WARNING, error=error.key)

    async def _insist(
        self, call: Callable[[], Awaitable[object]], *, refused: str = "telegram.refused"
    ) -> None:
        """Until it is done; what Telegram refuses it would refuse again."""
        for tried in range(TRIES):
            try:
                await call()
            except RetryAfter as error:
                self.trouble = words_of(error)
                await asyncio.sleep(seconds_to_wait(error).total_seconds())
            except TelegramError as error:
                self.trouble = words_of(error)
                if is_final(error):
                    raise refusal_of(error, refused) from None
                log(__name__, "telegram_away", logging.WARNING, error=self.trouble)
                await asyncio.sleep(min(MAX_BACKOFF_SECONDS, 0.5 * 2**tried))
            else:
                self.trouble = ""
                return
        raise Unavailable("telegram.unreachable", error=self.trouble)


async def introduce(bot: Bot, company: str) -> None:
    """Register commands and descriptions for both languages; English is also the default."""
    for language in (None, *Language):
        spoken, code = language or Language.EN, None if language is None else str(language)
        commands = [
            BotCommand(name, say(f"conversation.command_{name}", spoken)) for name in REGISTERED
        ]
        await bot.set_my_commands(commands, language_code=code)
        await bot.set_my_short_description(
            say("conversation.short_description", spoken), language_code=code
        )
        await bot.set_my_description(
            say("telegram.description", spoken, company=company), language_code=code
        )
