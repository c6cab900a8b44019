"""What a client says is stored before anything is answered."""

from datetime import timedelta

from bot.application.conversation.context import ConversationContext
from bot.application.conversation.inbound_message import Incoming
from bot.application.ports.desk import Timer
from bot.application.tickets.client_tickets import edit_client_message
from bot.domain.addresses import Actor, MessageId, new_id
from bot.domain.text import LONGEST, pieces
from bot.domain.tickets.message import Direction, Message
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
    bodies = pieces(incoming.text)
    first = _message(chat, incoming, bodies[0])
    first.spans, first.attachments = incoming.spans, incoming.attachments
    first.media_group = incoming.media_group
    replied = await linked(chat, incoming.reply_to_remote)
    first.reply_to = replied.id if replied is not None else None
    rest = [_message(chat, incoming, body) for body in bodies[1:]]
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
    """Put a later part of an album into the message of its first."""
    await _add_files(chat, message, incoming)
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
    """Put edited words, or a replaced file, into what is stored; the old words stay a version."""
    keeps_caption = bool(message.media_group) and not incoming.text.strip()
    changed = not keeps_caption and await edit_client_message(
        chat.work, message=message, text=incoming.text, spans=incoming.spans
    )
    return await _add_files(chat, message, incoming) or changed


async def _add_files(chat: ConversationContext, message: Message, incoming: Incoming) -> bool:
    """Staff are shown the message again when it has files it had not, or a first caption."""
    known = {attachment.file_ref for attachment in message.attachments}
    added = [one for one in incoming.attachments if one.file_ref not in known or not one.file_ref]
    caption = incoming.text if not message.body else ""
    if not added and not caption:
        return False
    message.attachments = (*message.attachments, *added)
    if caption:
        message.body, message.spans = caption, incoming.spans
    await chat.work.messages.save(message)
    if message.ticket is not None:
        ticket = await chat.work.tickets.get(message.ticket)
        ticket.note_client_edit(message.id, message.version)
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


def _message(chat: ConversationContext, incoming: Incoming, body: str) -> Message:
    return Message(
        id=MessageId(new_id()),
        account=chat.account.id,
        ticket=None,
        direction=Direction.IN,
        author=Actor.account(chat.account.id),
        body=body,
        at=incoming.sent_at or chat.now,
    )


async def _link(
    chat: ConversationContext, message: MessageId, incoming: Incoming, *, part: int = 0
) -> None:
    address, messages = chat.account.address, chat.work.messages
    if incoming.remote_id:
        await messages.link(message, address.surface, address.user, incoming.remote_id, part)
    if incoming.media_group:
        await messages.link(message, ALBUM, str(address), incoming.media_group)
