"""What a client says is stored before anything is answered."""

from datetime import datetime, timedelta

from bot.application.conversation.context import ConversationContext
from bot.application.conversation.inbound_message import Incoming
from bot.application.ports.desk import Timer
from bot.application.tickets.client_tickets import keep_client_change
from bot.domain.addresses import Actor, MessageId, new_id
from bot.domain.text import LONGEST, marked_pieces
from bot.domain.tickets.message import Attachment, Direction, Message, Span
from bot.domain.tickets.routes import RouteCode, RouteReason

TOO_FAST_TIMER, UNPLACED_TIMER = "too_fast", "unplaced"
"""When to come back to what was kept in silence, and to what was asked about without an answer."""
WAITS_FOR_CHOICE = timedelta(minutes=3)
"""After that, words that the client was asked about go to staff by themselves."""
QUIET = timedelta(minutes=1, seconds=1)
"""After a flood: its minute is over."""
BURST = timedelta(minutes=10)
"""What was kept in silence within so long of each other is asked about as one."""
ALBUM = "album"
"""The surface under which the parts of an album find the message they belong to."""
ALBUM_WAIT = timedelta(seconds=1.2)
"""The parts of an album come as messages of their own, within about a second."""


async def keep(
    chat: ConversationContext, incoming: Incoming, route: RouteCode, reason: RouteReason
) -> list[Message]:
    """Store what came in, belonging to no ticket yet; very long text as several messages.

    Where it goes from here, and why, stays with each of them.
    """
    first, *rest = [
        _message(chat, incoming, body, spans)
        for body, spans in marked_pieces(incoming.text, incoming.spans)
    ]
    first.attachments = incoming.parts() if incoming.media_group else incoming.attachments
    first.media_group = incoming.media_group
    replied = await linked(chat, incoming.reply_to_remote)
    first.reply_to = replied.id if replied is not None else None
    for message in rest:
        message.reply_to = first.id
    kept = [first, *rest]
    for message in kept:
        message.route, message.route_reason = route, reason
        await chat.work.messages.add(message)
    await _link(chat, first.id, incoming)
    return kept


async def linked(chat: ConversationContext, remote: str) -> Message | None:
    """The message that the platform knows by that id in this client's chat."""
    if not remote:
        return None
    address = chat.account.address
    found = await chat.work.messages.linked(address.surface, address.user, remote)
    return None if found is None else await chat.work.messages.get(found)


async def album_of(chat: ConversationContext, incoming: Incoming) -> Message | None:
    """The message that the album of this one began with; None: it is the first, or no album."""
    if not incoming.media_group:
        return None
    place = str(chat.account.address)
    found = await chat.work.messages.linked(ALBUM, place, incoming.media_group)
    return None if found is None else await chat.work.messages.get(found)


async def join_album(chat: ConversationContext, message: Message, incoming: Incoming) -> None:
    """Put a later part of an album, with its caption, into the message of its first."""
    if message.take_part(incoming.parts()):
        await keep_client_change(chat.work, message=message)
    await _link(chat, message.id, incoming, part=len(message.attachments))


def album_key(message: Message, parts: int) -> str:
    """Under which the card of a draft waits for the rest of an album."""
    return f"draft:{message.id}:{parts}"


async def whole_of(chat: ConversationContext, message: Message) -> list[Message]:
    """The message and, where it was too long for one, the rest that was kept beside it.

    Of what was kept in silence, because it came too fast, the whole flood.
    """
    if message.route_reason is RouteReason.TOO_FAST:
        said = await chat.work.messages.loose(chat.account.id)
        return [one for one in said if _is_of_burst(one, message)] or [message]
    if len(message.body) < LONGEST:
        return [message]
    said = await chat.work.messages.loose(chat.account.id)
    return [message, *(one for one in said if one.reply_to == message.id and one.at == message.at)]


async def take_edit(chat: ConversationContext, message: Message, incoming: Incoming) -> bool:
    """Put what was edited into what is stored; False: nothing changed.

    Old words stay as versions. A change that cannot be read, or has no words where there were
    some, wipes nothing: the words stay, and staff see that they are no longer the newest.
    """
    change = _change_of_part if message.media_group else _change
    if not change(message, incoming, chat.now):
        return False
    await keep_client_change(chat.work, message=message)
    return True


async def come_back_to(chat: ConversationContext, message: Message) -> None:
    """The client was asked where it belongs: without an answer, staff get it all the same."""
    await chat.work.timers.put(
        Timer(
            key=f"{UNPLACED_TIMER}:{message.id}",
            kind=UNPLACED_TIMER,
            ref=message.id,
            due_at=chat.now + WAITS_FOR_CHOICE,
        )
    )


async def come_back_after_flood(chat: ConversationContext) -> None:
    """What found no place is looked at again once the client may be answered."""
    key, ref = f"{TOO_FAST_TIMER}:{chat.account.id}", chat.account.id
    if await chat.work.timers.get(key) is None:
        due = chat.now + QUIET
        await chat.work.timers.put(Timer(key=key, kind=TOO_FAST_TIMER, ref=ref, due_at=due))


def _is_of_burst(one: Message, first: Message) -> bool:
    is_alike = one.route_reason is first.route_reason and one.route is first.route
    return is_alike and abs(one.at - first.at) <= BURST


def _change(message: Message, incoming: Incoming, at: datetime) -> bool:
    has_words = bool(incoming.text.strip())
    is_edited = has_words and message.edit(incoming.text, incoming.spans, at)
    is_moved = message.change_parts(_merged(message.attachments, incoming.attachments), at)
    is_unread = incoming.is_empty or (bool(message.body.strip()) and not has_words)
    if is_unread:
        message.note_unread_change(at)
    return is_edited or is_moved or is_unread


def _change_of_part(message: Message, incoming: Incoming, at: datetime) -> bool:
    parts = incoming.parts()
    ids = {one.part for one in parts}
    is_wiped = not incoming.text.strip() and any(
        one.caption for one in message.attachments if one.part in ids
    )
    if incoming.is_empty or is_wiped:
        message.note_unread_change(at)
        return True
    return message.take_part(parts, at)


def _merged(old: tuple[Attachment, ...], new: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    """What was there and what came: a file once, a place or a card as it is now."""
    kept, missing = list(old), list[Attachment]()
    free = list(range(len(old)))
    for one in new:
        place = next((at for at in free if old[at].is_same_as(one)), None)
        if place is None:
            missing.append(one)
            continue
        free.remove(place)
        if not one.file_ref:
            kept[place] = one
    return (*kept, *missing)


def _message(
    chat: ConversationContext, incoming: Incoming, body: str, spans: tuple[Span, ...]
) -> Message:
    return Message(
        id=MessageId(new_id()),
        account=chat.account.id,
        ticket=None,
        direction=Direction.IN,
        author=Actor.account(chat.account.id),
        body=body,
        at=incoming.sent_at or chat.now,
        spans=spans,
        origin=incoming.origin,
        topic=incoming.topic,
    )


async def _link(
    chat: ConversationContext, message: MessageId, incoming: Incoming, *, part: int = 0
) -> None:
    address, messages = chat.account.address, chat.work.messages
    if incoming.remote_id:
        await messages.link(message, address.surface, address.user, incoming.remote_id, part)
    if incoming.media_group:
        await messages.link(message, ALBUM, str(address), incoming.media_group)
