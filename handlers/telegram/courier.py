"""Carries deliveries to clients on Telegram, and tells honestly how that went."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from telegram import InputFile, Message as Sent, ReplyParameters
from telegram.error import BadRequest, TelegramError

from bot.addresses import MessageId, Surface
from bot.bus import Bus
from bot.clients import Account
from bot.messages import Delivery, Relay, RelayDelete, RelayEdit, Reply, Say
from bot.ports import Arrived, NotSent, Outcome, Parcel
from bot.tickets.talk import Attachment, Message
from bot.use_cases.relaying import account_of, spoken
from bot.wording import say
from handlers.telegram.client import Bot, ending
from handlers.telegram.pacing import ChatPace
from handlers.telegram.rendering import Piece, keyboard, pieces

Fetch = Callable[[Attachment], Awaitable[bytes]]
"""The bytes of a file that staff sent, from wherever staff are."""
UNCHANGED = "message is not modified"
GONE = ("message to delete not found", "message can't be deleted", "message to edit not found")


@dataclass
class _Trip:
    """How far a parcel of several parts has come; lives only as long as the process."""

    sent: list[int] = field(default_factory=list)


class TelegramCourier:
    """One courier for every kind of word to a client."""

    def __init__(self, bot: Bot, bus: Bus, fetch: Fetch) -> None:
        self._bot = bot
        self._bus = bus
        self._fetch = fetch
        self._pace = ChatPace()
        self._trips: dict[int, _Trip] = {}

    def carries(self, delivery: Delivery) -> bool:
        return isinstance(delivery, (Say, Relay, RelayEdit, RelayDelete))

    async def deliver(self, parcel: Parcel) -> Outcome:
        delivery = parcel.delivery
        try:
            match delivery:
                case Say():
                    outcome = await self._say(parcel, delivery)
                case Relay():
                    outcome = await self._relay(parcel, delivery)
                case RelayEdit():
                    outcome = await self._edit(delivery.message)
                case RelayDelete():
                    outcome = await self._delete(delivery.message)
                case _:
                    outcome = NotSent("not_for_telegram", is_final=True)
        except TelegramError as error:
            return ending(error)
        self._trips.pop(parcel.id, None)
        return outcome

    async def _say(self, parcel: Parcel, delivery: Say) -> Outcome:
        account = await self._bus.look(account_of, account=delivery.account)
        reply = delivery.reply
        mark = say("telegram.repeat", account.language) + "\n" if parcel.is_repeat else ""
        trip = self._trips.setdefault(parcel.id, _Trip())
        if reply.document is not None:
            return await self._say_document(account, reply, trip)
        parts = pieces(mark + reply.text, [] if mark else reply.spans)
        for number, part in enumerate(parts[len(trip.sent) :], start=len(trip.sent) + 1):
            await self._pace.wait(account.address.user)
            sent = await self._bot.send_message(
                chat_id=int(account.address.user),
                text=part.text,
                entities=part.entities or None,
                reply_markup=keyboard(reply) if number == len(parts) else None,
                disable_web_page_preview=True,
            )
            trip.sent.append(sent.message_id)
        return _arrived(account, trip.sent)

    async def _say_document(self, account: Account, reply: Reply, trip: _Trip) -> Outcome:
        document = reply.document
        if document is None:
            return NotSent("no_document", is_final=True)
        await self._pace.wait(account.address.user)
        sent = await self._bot.send_document(
            chat_id=int(account.address.user),
            document=InputFile(document.content.encode(), filename=document.name),
            caption=reply.text[:1000] or None,
            reply_markup=keyboard(reply),
        )
        trip.sent.append(sent.message_id)
        return _arrived(account, trip.sent)

    async def _relay(self, parcel: Parcel, delivery: Relay) -> Outcome:
        words = await self._bus.look(spoken, message=delivery.message)
        trip = self._trips.setdefault(parcel.id, _Trip())
        chat = int(words.account.address.user)
        steps = [*_texts(words.message), *words.message.attachments]
        quoted = _quoted(words.replied_to)
        for step in steps[len(trip.sent) :]:
            await self._pace.wait(words.account.address.user)
            if isinstance(step, Piece):
                sent = await self._bot.send_message(
                    chat_id=chat,
                    text=step.text,
                    entities=step.entities or None,
                    reply_parameters=quoted if not trip.sent else None,
                    disable_web_page_preview=True,
                )
            else:
                sent = await self._send_file(chat, step)
            trip.sent.append(sent.message_id)
        return _arrived(words.account, trip.sent)

    async def _send_file(self, chat: int, attachment: Attachment) -> Sent:
        content = InputFile(await self._fetch(attachment), filename=attachment.name or "file")
        if attachment.mime in ("image/jpeg", "image/png"):
            try:
                return await self._bot.send_photo(chat_id=chat, photo=content)
            except BadRequest:
                content = InputFile(await self._fetch(attachment), filename=attachment.name)
        return await self._bot.send_document(chat_id=chat, document=content)

    async def _edit(self, message: MessageId) -> Outcome:
        words = await self._bus.look(spoken, message=message)
        chat, links = int(words.account.address.user), list(words.links)
        text_links = links[: len(links) - len(words.message.attachments)]
        parts = _texts(words.message)
        for remote, part in zip(text_links, parts, strict=False):
            await self._change(chat, int(remote), part)
        for remote in text_links[len(parts) :]:
            await self._remove(chat, int(remote))
        added: list[int] = []
        for part in parts[len(text_links) :]:
            await self._pace.wait(words.account.address.user)
            sent = await self._bot.send_message(
                chat_id=chat, text=part.text, entities=part.entities or None
            )
            added.append(sent.message_id)
        return _arrived(words.account, added)

    async def _change(self, chat: int, message: int, part: Piece) -> None:
        try:
            await self._bot.edit_message_text(
                chat_id=chat, message_id=message, text=part.text, entities=part.entities or None
            )
        except BadRequest as error:
            if UNCHANGED not in str(error.message).lower():
                raise

    async def _delete(self, message: MessageId) -> Outcome:
        words = await self._bus.look(spoken, message=message)
        for remote in words.links:
            await self._remove(int(words.account.address.user), int(remote))
        return Arrived(Surface.TELEGRAM)

    async def _remove(self, chat: int, message: int) -> None:
        try:
            await self._bot.delete_message(chat_id=chat, message_id=message)
        except BadRequest as error:
            if not any(words in str(error.message).lower() for words in GONE):
                raise


def _texts(message: Message) -> list[Piece]:
    return pieces(message.body, message.spans) if message.body.strip() else []


def _quoted(remote: str) -> ReplyParameters | None:
    if not remote:
        return None
    return ReplyParameters(message_id=int(remote), allow_sending_without_reply=True)


def _arrived(account: Account, sent: Sequence[int]) -> Arrived:
    place = account.address.user
    return Arrived(Surface.TELEGRAM, tuple((place, str(one)) for one in sent))
