"""The Telegram edge: each update becomes one intent; nothing is decided here."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable

from telegram import CallbackQuery, ChatMember, ChatMemberUpdated, Message, Update
from telegram.constants import ChatAction, ChatType
from telegram.error import InvalidToken, TelegramError

from bot.addresses import SYSTEM
from bot.bus import FinishingBus
from bot.errors import Refused, Unavailable
from bot.policy.answering import Answer
from bot.ports import Arrival
from bot.tickets.talk import Attachment
from bot.use_cases.conversation import entrance
from bot.use_cases.conversation.incoming import Incoming
from bot.use_cases.conversation.routing import question_in
from bot.use_cases.once import first_time
from bot.wording import say
from handlers.desk import Desk
from handlers.logs import log
from handlers.telegram.client import Bot
from handlers.telegram.reading import address_of, incoming_of, profile_of
from handlers.telegram.rendering import press_of
from handlers.telegram.setup import introduce


class TelegramEdge:
    """Reads updates from the inbox and hands them to the conversation."""

    def __init__(self, desk: Desk, bot: Bot) -> None:
        self._desk = desk
        self.bot = bot
        self._asides: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Check the token and say who we are.

        Raises:
            Refused: Telegram does not know the token.
            Unavailable: Telegram cannot be reached.
        """
        try:
            await self.bot.initialize()
            await introduce(self.bot, self._desk.rules.company)
        except InvalidToken:
            raise Refused("telegram.token_unknown") from None
        except TelegramError as error:
            raise Unavailable("telegram.unreachable") from error

    async def stop(self) -> None:
        for task in self._asides:
            task.cancel()
        await asyncio.gather(*self._asides, return_exceptions=True)
        await self.bot.shutdown()

    async def handle(self, arrival: Arrival, bus: FinishingBus) -> None:
        """Deal with one update."""
        update = Update.de_json(json.loads(arrival.payload), self.bot)
        if update.callback_query is not None:
            await self._press(update.callback_query, bus)
        elif update.my_chat_member is not None:
            await self._member(update.my_chat_member, bus)
        elif (message := update.message or update.edited_message) is not None:
            await self._message(message, bus, is_edit=update.edited_message is not None)

    async def fetch(self, attachment: Attachment) -> bytes:
        """The bytes of a client's file.

        Raises:
            Unavailable: Telegram does not give it now.
        """
        try:
            file = await self.bot.get_file(attachment.file_ref)
            return bytes(await file.download_as_bytearray())
        except TelegramError as error:
            raise Unavailable("telegram.file_unavailable") from error

    async def _press(self, query: CallbackQuery, bus: FinishingBus) -> None:
        self._aside(query.answer())
        shown = query.message
        if shown is None or shown.chat.type != ChatType.PRIVATE:
            return
        await bus.handle(
            SYSTEM,
            entrance.press,
            address=address_of(query.from_user),
            press=press_of(query.data or ""),
            shown_in=str(shown.message_id),
            profile=profile_of(query.from_user),
        )

    async def _message(self, message: Message, bus: FinishingBus, *, is_edit: bool) -> None:
        user = message.from_user
        if message.chat.type != ChatType.PRIVATE or user is None or user.is_bot:
            await self._decline(message, bus)
            return
        incoming, address = incoming_of(message), address_of(user)
        answer = await self._answer(message, incoming)
        use_case = entrance.edited if is_edit else entrance.receive
        await bus.handle(
            SYSTEM,
            use_case,
            address=address,
            incoming=incoming,
            answer=answer,
            profile=profile_of(user),
        )

    async def _answer(self, message: Message, incoming: Incoming) -> Answer | None:
        """What the policy says, asked before the transaction that will use it."""
        user = message.from_user
        if user is None:
            return None
        wants = await self._desk.bus.look(
            entrance.wants_answer, address=address_of(user), incoming=incoming
        )
        if not wants:
            return None
        self._aside(self.bot.send_chat_action(message.chat.id, ChatAction.TYPING))
        return await self._desk.ask(question_in(incoming))

    async def _member(self, change: ChatMemberUpdated, bus: FinishingBus) -> None:
        if change.chat.type != ChatType.PRIVATE:
            return
        gone = change.new_chat_member.status in (ChatMember.BANNED, ChatMember.LEFT)
        use_case = entrance.blocked if gone else entrance.unblocked
        await bus.handle(SYSTEM, use_case, address=address_of(change.from_user))

    async def _decline(self, message: Message, bus: FinishingBus) -> None:
        """Groups and channels are told once that the desk talks in private only."""
        chat = hashlib.sha256(f"{self.bot.id}:{message.chat.id}".encode()).hexdigest()[:32]
        if await bus.handle(SYSTEM, first_time, name=f"telegram.declined:{chat}"):
            self._aside(self.bot.send_message(message.chat.id, say("telegram.groups")))

    def _aside(self, call: Awaitable[object]) -> None:
        """A courtesy that may fail: an answered button, a typing sign."""
        task = asyncio.create_task(_quietly(call))
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)


async def _quietly(call: Awaitable[object]) -> None:
    try:
        await call
    except TelegramError as error:
        log(__name__, "courtesy_failed", error=type(error).__name__)
