"""Updates: each becomes one intent, in one transaction; nothing is decided here."""

import asyncio
import hashlib
import json
import logging
from collections import OrderedDict
from collections.abc import Awaitable
from dataclasses import replace

from telegram import (
    CallbackQuery,
    Chat,
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberUpdated,
    Message,
    Update,
    User,
)
from telegram.constants import ChatAction, ChatType
from telegram.error import TelegramError

from bot.answering.engine import Answer
from bot.application.bus import FinishingBus
from bot.application.conversation import api
from bot.application.conversation.inbound_message import Incoming
from bot.application.conversation.routes import Handled
from bot.application.key_values import first_time
from bot.application.ports.queues import InboundUpdate
from bot.domain.addresses import SYSTEM, Language
from bot.domain.errors import Refused, Stale
from bot.domain.tickets.routes import RouteCode, RouteReason
from bot.wording import say
from handlers.log_setup import log
from handlers.open_desk import Desk
from handlers.telegram.client import Bot
from handlers.telegram.parsing import address_of, incoming_of, profile_of
from handlers.telegram.rendering import press_of

ANSWERS_REMEMBERED = 1_000
ERASED = "conversation.account_erased"
NOT_PRIVATE = Handled(RouteCode.IGNORED, RouteReason.NOT_PRIVATE)


class Updates:
    """Hands what clients do to the conversation."""

    def __init__(self, desk: Desk, bot: Bot) -> None:
        self._desk = desk
        self._bot = bot
        self._asides: set[asyncio.Task[None]] = set()
        self._answered: OrderedDict[str, None] = OrderedDict()

    async def settled(self) -> None:
        """Courtesies that are on their way have ended."""
        await asyncio.gather(*self._asides)

    async def stop(self) -> None:
        for task in self._asides:
            task.cancel()
        await asyncio.gather(*self._asides, return_exceptions=True)

    async def handle(self, inbound: InboundUpdate, bus: FinishingBus) -> None:
        """Deal with one update.

        Raises:
            Refused: the account was erased; it hears so, and nothing of it is kept.
        """
        update = Update.de_json(json.loads(inbound.payload), self._bot)
        try:
            handled = await self._take(update, bus)
        except Refused as refusal:
            if refusal.key == ERASED:
                self._tell_erased(update)
            if not isinstance(refusal, Stale):  # that one is tried again, and logged then
                _log_handled(Handled(RouteCode.IGNORED, RouteReason.REFUSED, refusal.key))
            raise
        _log_handled(handled)

    async def _take(self, update: Update, bus: FinishingBus) -> Handled:
        if update.callback_query is not None:
            return await self._press(update.callback_query, bus)
        if update.my_chat_member is not None:
            return await self._member(update.my_chat_member, bus)
        if (message := update.message or update.channel_post) is not None:
            return await self._message(message, bus, is_edit=False)
        if update.edited_message is not None:
            return await self._message(update.edited_message, bus, is_edit=True)
        return Handled(RouteCode.IGNORED, RouteReason.OTHER_KIND)

    async def _press(self, query: CallbackQuery, bus: FinishingBus) -> Handled:
        """The button stops spinning at once; what it did is said in the chat."""
        self._answer_button(query)
        shown = query.message
        if shown is None or shown.chat.type != ChatType.PRIVATE:
            return NOT_PRIVATE
        return await bus.handle(
            SYSTEM,
            api.press,
            address=address_of(query.from_user),
            press=press_of(query.data or ""),
            profile=profile_of(query.from_user),
        )

    def _answer_button(self, query: CallbackQuery) -> None:
        """Once, also where the update itself is tried again."""
        if query.id in self._answered:
            return
        self._answered[query.id] = None
        if len(self._answered) > ANSWERS_REMEMBERED:
            self._answered.popitem(last=False)
        self._aside(query.answer())

    async def _message(self, message: Message, bus: FinishingBus, *, is_edit: bool) -> Handled:
        user = message.from_user
        if message.chat.type != ChatType.PRIVATE or user is None:
            if not is_edit:
                await self._decline(message.chat, bus)
            return NOT_PRIVATE
        if user.is_bot:
            return Handled(RouteCode.IGNORED, RouteReason.BY_BOT)
        return await self._said(message, user, bus, is_edit=is_edit)

    async def _said(
        self, message: Message, user: User, bus: FinishingBus, *, is_edit: bool
    ) -> Handled:
        incoming = replace(incoming_of(message), is_edit=is_edit)
        answer = await self._answer(message.chat, user, incoming)
        return await bus.handle(
            SYSTEM,
            api.receive,
            address=address_of(user),
            incoming=incoming,
            answer=answer,
            profile=profile_of(user),
        )

    async def _answer(self, chat: Chat, user: User, incoming: Incoming) -> Answer | None:
        """What the policy says, asked before the transaction that will use it; None: nothing.

        An engine that fails costs the answer and never the client's words.
        """
        address = address_of(user)
        asked = await self._desk.bus.look(api.engine_question, address=address, incoming=incoming)
        if not asked:
            return None
        self._aside(self._bot.send_chat_action(chat.id, ChatAction.TYPING))
        try:
            return await self._desk.ask(asked)
        except Exception:  # the one boundary of the engine
            logging.getLogger(__name__).exception("engine_failed")
            return None

    async def _member(self, change: ChatMemberUpdated, bus: FinishingBus) -> Handled:
        now = change.new_chat_member
        if change.chat.type != ChatType.PRIVATE:
            if _may_write(now, change.chat):
                await self._decline(change.chat, bus)
            return NOT_PRIVATE
        gone = now.status in (ChatMember.BANNED, ChatMember.LEFT)
        use_case = api.blocked if gone else api.unblocked
        return await bus.handle(SYSTEM, use_case, address=address_of(change.from_user))

    async def _decline(self, chat: Chat, bus: FinishingBus) -> None:
        """Groups and channels are told once that the desk talks in private only."""
        name = hashlib.sha256(f"{self._bot.id}:{chat.id}".encode()).hexdigest()[:32]
        if await bus.handle(SYSTEM, first_time, name=f"telegram.declined:{name}"):
            self._aside(self._bot.send_message(chat.id, say("telegram.groups")))

    def _tell_erased(self, update: Update) -> None:
        """Not by the outbox, whose letters need the account's key, which is gone. Once a day."""
        user, chat = update.effective_user, update.effective_chat
        if user is None or chat is None or chat.type != ChatType.PRIVATE:
            return
        day = f"{self._desk.clock.now():%Y%m%d}:{user.id}"
        if day in self._answered:
            return
        self._answered[day] = None
        text = say(ERASED, Language.of_locale(profile_of(user).locale))
        self._aside(self._bot.send_message(chat.id, text))

    def _aside(self, call: Awaitable[object]) -> None:
        """A courtesy that may fail: an answered button, a typing sign."""
        task = asyncio.create_task(_quietly(call), name="telegram courtesy")
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)


def _log_handled(handled: Handled) -> None:
    """One event an update: where it went and why, in codes, and the id to ask `why` about."""
    log(
        __name__,
        "update_handled",
        route=handled.code,
        reason=handled.reason,
        message=handled.message or None,
        refusal=handled.refusal or None,
    )


def _may_write(member: ChatMember, chat: Chat) -> bool:
    """Whether the bot was let in, and may say something there."""
    if chat.type == ChatType.CHANNEL:
        return isinstance(member, ChatMemberAdministrator) and bool(member.can_post_messages)
    return member.status in (ChatMember.MEMBER, ChatMember.ADMINISTRATOR)


async def _quietly(call: Awaitable[object]) -> None:
    try:
        await call
    except TelegramError as error:
        log(__name__, "courtesy_failed", error=type(error).__name__)
