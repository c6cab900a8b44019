"""Updates: each becomes one intent, in one transaction; nothing is decided here."""

import asyncio
import hashlib
import json
import logging
from collections import OrderedDict
from collections.abc import Awaitable

from telegram import ChatMember
from telegram.constants import ChatAction, ChatType
from telegram.error import TelegramError

from bot.answering.engine import Answer
from bot.application.bus import FinishingBus, UpdateEnd
from bot.application.conversation import api
from bot.application.conversation.inbound_message import Incoming
from bot.application.conversation.routes import Handled
from bot.application.key_values import first_time
from bot.application.ports.queues import InboundUpdate
from bot.domain.addresses import SYSTEM, Language
from bot.domain.errors import Refused, Tampered
from bot.domain.tickets.routes import RouteCode, RouteReason
from bot.wording import say
from handlers.log_setup import log
from handlers.open_desk import Desk
from handlers.telegram.client import Bot
from handlers.telegram.reading.messages import (
    address_of,
    incoming_of,
    profile_of,
    reaction_in,
    topic_of,
)
from handlers.telegram.reading.narrowing import (
    NOTHING,
    Json,
    id_of,
    number_of,
    object_of,
    objects_of,
    text_of,
)
from handlers.telegram.rendering import press_of

ANSWERS_REMEMBERED = 1_000
ERASED, KEPT = "conversation.account_erased", "conversation.kept_for_staff"
NOT_PRIVATE = Handled(RouteCode.IGNORED, RouteReason.NOT_PRIVATE)
BY_BOT = Handled(RouteCode.IGNORED, RouteReason.BY_BOT)
SERVICE = Handled(RouteCode.IGNORED, RouteReason.SERVICE_MESSAGE)
OTHER_KIND = Handled(RouteCode.IGNORED, RouteReason.OTHER_KIND)


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
        Tampered: their records are not as the desk wrote them; they hear that it is kept.
        """
        update: Json = json.loads(inbound.payload)
        try:
            handled = await self._take(update, bus)
        except Refused as refusal:
            if refusal.key == ERASED:
                self._tell(update, ERASED, is_once_a_day=True)
            raise
        except Tampered:
            self._tell(update, KEPT)
            raise
        bus.end = UpdateEnd(
            route=handled.code,
            reason=handled.reason,
            message=handled.message,
            refusal=handled.refusal,
        )

    async def _take(self, update: Json, bus: FinishingBus) -> Handled:
        """Of the kinds in `client.ALLOWED`; each is there once."""
        if query := object_of(update, "callback_query"):
            return await self._press(query, bus)
        if change := object_of(update, "my_chat_member"):
            return await self._member(change, bus)
        if message := object_of(update, "message") or object_of(update, "channel_post"):
            return await self._message(message, bus, is_edit=False)
        if message := object_of(update, "edited_message"):
            return await self._message(message, bus, is_edit=True)
        if reaction := object_of(update, "message_reaction"):
            return await self._reacted(reaction, bus)
        return OTHER_KIND

    async def _press(self, query: Json, bus: FinishingBus) -> Handled:
        """The button stops spinning at once; what it did is said in the chat."""
        self._answer_button(text_of(query, "id"))
        shown, user = object_of(query, "message"), object_of(query, "from")
        if not _is_private(shown) or not user:
            return NOT_PRIVATE
        return await bus.handle(
            SYSTEM,
            api.press,
            address=address_of(user),
            press=press_of(text_of(query, "data")),
            profile=profile_of(user, topic_of(shown)),
        )

    def _answer_button(self, query: str) -> None:
        """Once, also where the update itself is tried again."""
        if query in self._answered:
            return
        self._answered[query] = None
        if len(self._answered) > ANSWERS_REMEMBERED:
            self._answered.popitem(last=False)
        self._aside(self._bot.answer_callback_query(query))

    async def _message(self, message: Json, bus: FinishingBus, *, is_edit: bool) -> Handled:
        user = object_of(message, "from")
        if _is_private(message) and not user:
            # Nobody sent it: it is put aside as it came, and staff are told.
            raise ValueError(message.get("message_id"))
        if not _is_private(message) or not user:
            if not is_edit:
                await self._decline(object_of(message, "chat"), bus)
            return NOT_PRIVATE
        if user.get("is_bot"):
            return BY_BOT
        incoming = incoming_of(message, is_edit=is_edit)
        return SERVICE if incoming is None else await self._said(message, incoming, bus)

    async def _said(self, message: Json, incoming: Incoming, bus: FinishingBus) -> Handled:
        user = object_of(message, "from")
        answer = await self._answer(user, incoming)
        return await bus.handle(
            SYSTEM,
            api.receive,
            address=address_of(user),
            incoming=incoming,
            answer=answer,
            profile=profile_of(user, incoming.topic),
        )

    async def _answer(self, user: Json, incoming: Incoming) -> Answer | None:
        """What the policy says, asked before the transaction that will use it; None: nothing.

        An engine that fails costs the answer and never the client's words.
        """
        address = address_of(user)
        asked = await self._desk.bus.look(api.engine_question, address=address, incoming=incoming)
        if not asked:
            return None
        thread = int(incoming.topic) if incoming.topic else None
        typing = self._bot.send_chat_action(
            number_of(user, "id") or 0, ChatAction.TYPING, message_thread_id=thread
        )
        self._aside(typing)
        try:
            return await self._desk.ask(asked)
        except Exception:  # the one boundary of the engine
            logging.getLogger(__name__).exception("engine_failed")
            return None

    async def _reacted(self, change: Json, bus: FinishingBus) -> Handled:
        user = object_of(change, "user")
        if not _is_private(change) or not user:
            return NOT_PRIVATE
        return await bus.handle(
            SYSTEM,
            api.react,
            address=address_of(user),
            remote=id_of(change, "message_id"),
            reaction=reaction_in(objects_of(change, "new_reaction")),
        )

    async def _member(self, change: Json, bus: FinishingBus) -> Handled:
        now, chat = object_of(change, "new_chat_member"), object_of(change, "chat")
        if not _is_private(change):
            if _may_write(now, chat):
                await self._decline(chat, bus)
            return NOT_PRIVATE
        gone = text_of(now, "status") in (ChatMember.BANNED, ChatMember.LEFT)
        use_case = api.blocked if gone else api.unblocked
        return await bus.handle(SYSTEM, use_case, address=address_of(object_of(change, "from")))

    async def _decline(self, chat: Json, bus: FinishingBus) -> None:
        """Groups and channels are told once that the desk talks in private only."""
        number = number_of(chat, "id") or 0
        name = hashlib.sha256(f"{self._bot.id}:{number}".encode()).hexdigest()[:32]
        if await bus.handle(SYSTEM, first_time, name=f"telegram.declined:{name}"):
            self._aside(self._bot.send_message(number, say("telegram.groups")))

    def _tell(self, update: Json, key: str, *, is_once_a_day: bool = False) -> None:
        """Past the outbox: its letters need the account's key, and records that can be trusted."""
        holder = next((one for one in update.values() if isinstance(one, dict)), NOTHING)
        user = object_of(holder, "from")
        chat = number_of(user, "id")
        if chat is None or not _is_private(object_of(holder, "message") or holder):
            return
        day = f"{self._desk.clock.now():%Y%m%d}:{chat}"
        if is_once_a_day and day in self._answered:
            return
        self._answered[day] = None
        text = say(key, Language.of_locale(profile_of(user).locale))
        self._aside(self._bot.send_message(chat, text))

    def _aside(self, call: Awaitable[object]) -> None:
        """A courtesy that may fail: an answered button, a typing sign."""
        task = asyncio.create_task(_quietly(call), name="telegram courtesy")
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)


def _is_private(holder: Json) -> bool:
    return text_of(object_of(holder, "chat"), "type") == ChatType.PRIVATE


def _may_write(member: Json, chat: Json) -> bool:
    """Whether the bot was let in, and may say something there."""
    status = text_of(member, "status")
    if text_of(chat, "type") == ChatType.CHANNEL:
        return status == ChatMember.ADMINISTRATOR and member.get("can_post_messages") is True
    return status in (ChatMember.MEMBER, ChatMember.ADMINISTRATOR)


async def _quietly(call: Awaitable[object]) -> None:
    try:
        await call
    except TelegramError as error:
        log(__name__, "courtesy_failed", error=type(error).__name__)
