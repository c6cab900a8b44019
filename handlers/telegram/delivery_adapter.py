"""Carries deliveries to clients on Telegram, and tells honestly how that went."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence

from telegram import Message as Sent, ReplyParameters

from bot.application.bus import Bus
from bot.application.fulfilment.last_words import LastWordContent, LastWordOf, Way
from bot.application.outbound.after_erasure import LastWord
from bot.application.outbound.delivery import Delivery
from bot.application.outbound.to_client import (
    DeleteReply,
    EditReply,
    RemoveWord,
    Reply,
    Say,
    SendReply,
)
from bot.application.ports.queues import (
    Arrived,
    ClaimedDelivery,
    Lane,
    LaneTrouble,
    NotSent,
    Outcome,
)
from bot.application.queues.outbox import Spoken, account_of, spoken
from bot.domain.addresses import AccountId, Surface
from bot.domain.clients.people import Account
from bot.domain.errors import PlatformAway
from bot.domain.tickets.message import Attachment
from bot.wording import say
from handlers.telegram.client import Bot
from handlers.telegram.rate_limits import Pace
from handlers.telegram.rendering import LONGEST, Piece, headed, keyboard, pieces, signed, units
from handlers.telegram.send_attempt import SendAttempt
from handlers.telegram.topics import ChatTopic, TopicSends

Fetch = Callable[[Attachment], Awaitable[bytes]]
"""The bytes of a file that staff sent, from wherever staff are."""
LANE = Lane(
    name="telegram",
    kinds=(Say, SendReply, EditReply, DeleteReply, RemoveWord, LastWord),
    at_once=64,
)
ROOM_FOR_MARK = 200
"""UTF-16 units that every piece of the desk's own words leaves for the mark of a repeat."""
LONGEST_CAPTION = 1024
REMEMBERED = 1_000
"""Accounts that are not looked up again for every word."""
NOWHERE = NotSent("not_on_telegram", is_final=True)
NOTHING_LEFT_TO_SAY = NotSent("no_last_word", is_final=True)
NO_SIGNER = NotSent("no_signer")
"""It waits for a process that can make the certificate."""


class TelegramAdapter:
    """One adapter for every kind of word to a client."""

    lane = LANE

    def __init__(
        self,
        bot: Bot,
        bus: Bus,
        fetch: Fetch,
        pace: Pace | None = None,
        last_word_of: LastWordOf | None = None,
    ) -> None:
        self._bot = bot
        self._chat = TopicSends(bot)
        self._bus = bus
        self._fetch = fetch
        self._pace = pace or Pace()
        self._last_word_of = last_word_of
        self._known: OrderedDict[AccountId, Account] = OrderedDict()

    async def deliver(self, claimed: ClaimedDelivery) -> Outcome:
        """Carry it; cancelled, it still says whether anything of it may have left."""
        attempt = SendAttempt(self._pace)
        return await attempt.ended(
            self._carry(claimed.delivery, attempt, is_repeat=claimed.is_repeat)
        )

    async def probe(self) -> LaneTrouble | None:
        return await self._bot.probe()

    async def _carry(self, delivery: Delivery, attempt: SendAttempt, *, is_repeat: bool) -> Outcome:
        match delivery:
            case Say():
                return await self._say(delivery, attempt, is_repeat=is_repeat)
            case SendReply():
                return await self._reply(delivery, attempt)
            case EditReply():
                return await self._edit(delivery, attempt)
            case DeleteReply() | RemoveWord():
                return await self._take_back(delivery, attempt)
            case LastWord():
                return await self._last_word(delivery, attempt, is_repeat=is_repeat)
            case _:
                return NOWHERE

    async def _say(self, delivery: Say, attempt: SendAttempt, *, is_repeat: bool) -> Outcome:
        account = await self._account(delivery.account)
        if (chat := _chat_of(account)) is None:
            return NOWHERE
        reply = delivery.reply
        place = ChatTopic(chat, reply.topic)
        parts = pieces(reply.text, reply.spans, longest=LONGEST - ROOM_FOR_MARK)
        if is_repeat:
            parts[0] = headed(say("telegram.repeat", account.language) + "\n", parts[0])
        if reply.document is not None:
            await self._say_document(place, reply, parts, attempt)
            return _arrived(account, attempt.sent)
        for number, part in enumerate(parts, start=1):
            buttons = keyboard(reply) if number == len(parts) else None
            await attempt.part(
                chat, lambda part=part, buttons=buttons: self._chat.text(place, part, buttons)
            )
        return _arrived(account, attempt.sent)

    async def _account(self, account: AccountId) -> Account:
        """Whose words they are; where they go does not change while a process lives."""
        known = self._known.pop(account, None)
        found = known or await self._bus.look(account_of, account=account)
        self._known[account] = found
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return found

    async def _say_document(
        self, place: ChatTopic, reply: Reply, parts: Sequence[Piece], attempt: SendAttempt
    ) -> None:
        """The file with its words below it; words that are too long for that go before it."""
        document, caption = reply.document, parts[-1]
        if document is None:
            return
        is_long = len(parts) > 1 or units(caption.text) > LONGEST_CAPTION
        has_caption = bool(reply.text.strip()) and not is_long
        for part in parts if is_long else ():
            await attempt.part(place.chat, lambda part=part: self._chat.text(place, part, None))
        words = caption if has_caption else None
        content, buttons = document.content.encode(), keyboard(reply)
        await attempt.part(
            place.chat,
            lambda: self._chat.document(place, document.name, content, words, buttons),
        )

    async def _reply(self, delivery: SendReply, attempt: SendAttempt) -> Outcome:
        words = await self._bus.look(spoken, message=delivery.message)
        if (chat := _chat_of(words.account)) is None:
            return NOWHERE
        said = words.message
        place = ChatTopic(chat, said.topic)
        try:
            files = [(one, await self._fetch(one)) for one in said.attachments]
        except PlatformAway as error:
            return LaneTrouble(error=error.key, scope=f"file:{said.id}")
        for part in _texts(words):
            quoted = _quoted(words) if not attempt.sent else None
            await attempt.part(
                chat, lambda part=part, quoted=quoted: self._chat.text(place, part, None, quoted)
            )
        for one, content in files:
            is_first = bool(words.heading) and not attempt.sent
            caption = signed(words.heading, "")[0] if is_first else None
            await attempt.part(
                chat,
                lambda one=one, content=content, caption=caption: self._chat.file(
                    place, one, content, caption
                ),
            )
        return _arrived(words.account, attempt.sent)

    async def _edit(self, delivery: EditReply, attempt: SendAttempt) -> Outcome:
        """Changes the texts where they stand; nothing sent under the message's id: nothing to do.

        A text that needs fewer parts than before leaves a stub, so that a later edit finds all.
        """
        words = await self._bus.look(spoken, message=delivery.message)
        links, parts = _text_links(words), _texts(words)
        if (chat := _chat_of(words.account)) is None or not words.links or not parts:
            return Arrived(Surface.TELEGRAM)
        stub = Piece(say("telegram.part_gone", words.account.language), ())
        for number, remote in enumerate(links):
            part = parts[number] if number < len(parts) else stub
            await attempt.change(
                chat, lambda at=remote, part=part: self._chat.change(chat, at, part)
            )
        place = ChatTopic(chat, words.message.topic)
        for part in parts[len(links) :]:
            await attempt.part(chat, lambda part=part: self._chat.text(place, part, None))
        return _arrived(words.account, attempt.sent, first=len(words.links))

    async def _take_back(self, delivery: DeleteReply | RemoveWord, attempt: SendAttempt) -> Outcome:
        if isinstance(delivery, DeleteReply):
            return await self._delete(delivery, attempt)
        return await self._remove_word(delivery, attempt)

    async def _delete(self, delivery: DeleteReply, attempt: SendAttempt) -> Outcome:
        words = await self._bus.look(spoken, message=delivery.message)
        if (chat := _chat_of(words.account)) is not None:
            for remote in words.links:
                await attempt.change(
                    chat, lambda at=remote: self._chat.remove(chat, at), is_paced=False
                )
        return Arrived(Surface.TELEGRAM)

    async def _remove_word(self, delivery: RemoveWord, attempt: SendAttempt) -> Outcome:
        account = await self._account(delivery.account)
        if (chat := _chat_of(account)) is not None:
            await attempt.change(
                chat, lambda: self._chat.remove(chat, delivery.remote), is_paced=False
            )
        return Arrived(Surface.TELEGRAM)

    async def _last_word(self, word: LastWord, attempt: SendAttempt, *, is_repeat: bool) -> Outcome:
        """To the chat's address, for there is no account any more; the files follow the words."""
        if self._last_word_of is None:
            return NO_SIGNER
        content = await self._bus.look(self._last_word_of, request=word.request, way=Way.CHAT)
        if content is None:
            return NOTHING_LEFT_TO_SAY
        if (chat := _chat_at(content)) is None:
            return NOWHERE
        place = ChatTopic(chat, "")
        texts = list(content.texts)
        if is_repeat and texts:
            texts[0] = say("telegram.repeat", content.language) + "\n" + texts[0]
        for text in texts:
            for part in pieces(text, (), longest=LONGEST):
                await attempt.part(chat, lambda part=part: self._chat.text(place, part, None))
        for name, body in content.files:
            await attempt.part(
                chat,
                lambda name=name, body=body: self._chat.document(place, name, body, None, None),
            )
        return Arrived(Surface.TELEGRAM)


def _chat_at(content: LastWordContent) -> int | None:
    """None: it is the address of another platform."""
    address = content.address
    if isinstance(address, str) or address.surface != Surface.TELEGRAM:
        return None
    return int(address.user) if address.user.isdecimal() else None


def _chat_of(account: Account) -> int | None:
    """None: the account is on another platform, or was erased."""
    address = account.address
    is_here = address.surface == Surface.TELEGRAM and address.user.isdecimal()
    return int(address.user) if is_here else None


def _texts(words: Spoken) -> list[Piece]:
    said = words.message
    return signed(words.heading, said.body, said.spans) if said.body.strip() else []


def _text_links(words: Spoken) -> list[str]:
    """Where the texts stand: those of the first version, then the files, then what edits added."""
    said = words.message
    first = said.versions[0].body if said.versions else said.body
    count = len(signed(words.heading, first)) if first.strip() else 0
    return [*words.links[:count], *words.links[count + len(said.attachments) :]]


def _quoted(words: Spoken) -> ReplyParameters | None:
    if not words.replied_to:
        return None
    return ReplyParameters(message_id=int(words.replied_to), allow_sending_without_reply=True)


def _arrived(account: Account, sent: Sequence[Sent], first: int = 0) -> Arrived:
    place = account.address.user
    links = tuple((place, str(one.message_id)) for one in sent)
    return Arrived(Surface.TELEGRAM, links, first)
