"""Keep what staff say, to the client and between themselves, and where it stands."""

from dataclasses import dataclass

from bot.application.permission import may_work_tickets
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.staff_desk.queries import the_ticket
from bot.domain.addresses import MessageId, new_id
from bot.domain.errors import Refused
from bot.domain.tickets.message import (
    Attachment,
    DeliveryStatus,
    Direction,
    Message,
    Signature,
    Span,
)
from bot.domain.tickets.ticket import Ticket

STAFF_WORDS = "slack_words"
"""The link surface of messages that staff wrote themselves; `slack` holds the bot's own posts."""
LONGEST = 12_000
"""Characters; three Telegram messages. More belongs into a file."""


@dataclass(frozen=True, slots=True)
class MessageRef:
    """Where a person of staff wrote something: a channel and the platform's id in it."""

    channel: str
    remote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is said: text with its markup, and files."""

    text: str
    spans: tuple[Span, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    written_at: MessageRef | None = None
    """The message in the ticket's thread, where it was said there."""


async def known(work: UnitOfWork, words: Words) -> MessageId | None:
    """The message that these words are already kept as: Slack sends some events twice."""
    if words.written_at is None:
        return None
    place = words.written_at
    return await work.messages.linked(STAFF_WORDS, place.channel, place.remote)


async def keep_note(work: UnitOfWork, ticket: Ticket, words: Words) -> Message:
    """Store the words as a note of the ticket. Raises as `keep_reply`."""
    return await _keep(work, _message(work, ticket, words, Direction.NOTE), words)


async def keep_reply(
    work: UnitOfWork, ticket: Ticket, words: Words, signature: Signature
) -> Message:
    """Store the words as a reply in the ticket, still held where the company has replies held.

    Raises:
        Refused: there is nothing in them, or more than can be sent.
    """
    message = _message(work, ticket, words, Direction.OUT)
    message.delivery = DeliveryStatus.HELD if work.rules.reply_undo else DeliveryStatus.QUEUED
    message.signature = signature
    return await _keep(work, message, words)


def _message(work: UnitOfWork, ticket: Ticket, words: Words, direction: Direction) -> Message:
    return Message(
        id=MessageId(new_id()),
        account=ticket.account,
        ticket=ticket.id,
        direction=direction,
        author=work.actor,
        body=words.text,
        at=work.clock.now(),
        spans=words.spans,
        attachments=words.attachments,
        topic=ticket.topic,
    )


async def _keep(work: UnitOfWork, message: Message, words: Words) -> Message:
    check(words.text, words.attachments)
    await work.messages.add(message)
    if words.written_at is not None:
        place = words.written_at
        await work.messages.link(message.id, STAFF_WORDS, place.channel, place.remote)
    return message


def check(text: str, attachments: tuple[Attachment, ...]) -> None:
    """Raises Refused when there is nothing to say, or too much."""
    if not text.strip() and not attachments:
        raise Refused("desk.nothing_to_say", field="text")
    if len(text) > LONGEST:
        raise Refused("desk.too_long", field="text", most=LONGEST)


async def write_note(work: UnitOfWork, *, ticket: str, words: Words) -> MessageId:
    """Keep a note in a ticket, whatever its state.

    Raises:
        Refused: there is nothing in it.
    """
    await may_work_tickets(work)
    if again := await known(work, words):
        return again
    found = await the_ticket(work, ticket)
    message = await keep_note(work, found, words)
    found.write_note(message.id)
    return message.id
