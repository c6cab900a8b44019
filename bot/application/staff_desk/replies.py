"""Answer a client, and change one's mind about it."""

from datetime import timedelta

from bot.application.permission import may_work_tickets
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.staff_desk.queries import the_message, the_ticket
from bot.application.staff_desk.second_comers import telling_who
from bot.application.staff_desk.signatures import signature_of
from bot.application.staff_desk.words import Words, check, keep_reply, known
from bot.domain.addresses import MessageId
from bot.domain.errors import Refused
from bot.domain.tickets.message import DeliveryStatus, Direction, Message, Span
from bot.domain.tickets.ticket import Ticket

CHANGE_WINDOW = timedelta(hours=48)
"""A bot may delete what it sent for 48 hours (Bot API, deleteMessage); edits keep to the same."""
NOT_LEFT = (DeliveryStatus.HELD, DeliveryStatus.QUEUED)
AGAIN = (DeliveryStatus.FAILED, DeliveryStatus.BLOCKED, DeliveryStatus.UNCERTAIN)
"""States in which sending again is safe, or a person's honest guess."""


def reply_key(message: MessageId) -> str:
    """The outbox key of a reply's first way out."""
    return f"relay:{message}"


@telling_who
async def reply(work: UnitOfWork, *, ticket: str, words: Words) -> MessageId:
    """Say something to the client. It is held for a moment, so that it can be undone.

    Raises:
        Refused: there is nothing to say, or nobody is answered in this state of the ticket.
    """
    await may_work_tickets(work)
    if again := await known(work, words):
        return again
    return await answer(work, await the_ticket(work, ticket), words)


async def answer(
    work: UnitOfWork, ticket: Ticket, words: Words, *, opens_ticket: bool = False
) -> MessageId:
    """As `reply`; `opens_ticket`: staff open the ticket with these words, and they say so."""
    staff = await may_work_tickets(work)
    signature = await signature_of(work, ticket, staff, opens_ticket=opens_ticket)
    message = await keep_reply(work, ticket, words, signature)
    now, hold = work.clock.now(), work.rules.reply_undo
    ticket.reply(message.id, now, held_until=now + hold if hold else None)
    return message.id


async def undo_reply(work: UnitOfWork, *, message: MessageId) -> None:
    """Take a reply back before it leaves.

    Raises:
        Refused: it has left.
    """
    await may_work_tickets(work)
    said, ticket = await the_message(work, message)
    if said.delivery is DeliveryStatus.UNDONE:
        return
    is_out = said.direction is Direction.OUT and said.delivery in NOT_LEFT
    if not is_out or not await work.outbox.withdraw(reply_key(message)):
        raise Refused("desk.too_late_to_undo")
    said.delivery = DeliveryStatus.UNDONE
    await work.messages.save(said)
    ticket.undo_reply(message, work.clock.now(), replied_at=said.at)


async def edit_words(
    work: UnitOfWork, *, message: MessageId, text: str, spans: tuple[Span, ...] = ()
) -> None:
    """Change what one said: a note stays a note, and the client sees the change of a reply.

    Raises:
        Refused: it was taken back, 48 hours are over, or nothing would be left of it.
    """
    await may_work_tickets(work)
    said, ticket = await the_message(work, message)
    _check_changeable(work, said)
    check(text, said.attachments)
    if not said.edit(text, spans, work.clock.now()):
        return
    await work.messages.save(said)
    if said.direction is Direction.OUT:
        ticket.note_reply_edit(message, said.version)
    else:
        ticket.note_edited(message, said.version)


async def delete_words(work: UnitOfWork, *, message: MessageId) -> None:
    """Take something back: a note, or a reply also from the client's chat.

    Raises:
        Refused: 48 hours are over.
    """
    await may_work_tickets(work)
    said, ticket = await the_message(work, message)
    if said.deleted_at or said.delivery is DeliveryStatus.UNDONE:
        return
    _check_changeable(work, said)
    said.delete(work.clock.now())
    if said.direction is Direction.NOTE:
        await work.messages.save(said)
        ticket.note_deleted(message)
    elif said.delivery in NOT_LEFT and await work.outbox.withdraw(reply_key(message)):
        said.delivery = DeliveryStatus.UNDONE
        await work.messages.save(said)
        ticket.undo_reply(message, work.clock.now(), replied_at=said.at)
    else:
        await work.messages.save(said)
        ticket.note_reply_deleted(message)


async def send_again(work: UnitOfWork, *, message: MessageId) -> None:
    """Try once more what surely or perhaps did not arrive.

    Raises:
        Refused: it is on its way or has arrived.
    """
    await may_work_tickets(work)
    said, ticket = await the_message(work, message)
    if said.delivery not in AGAIN or said.deleted_at:
        raise Refused("desk.cannot_send_again")
    said.delivery, said.delivery_error = DeliveryStatus.QUEUED, ""
    await work.messages.save(said)
    ticket.note_sent_again(message)


def _check_changeable(work: UnitOfWork, said: Message) -> None:
    if (
        said.direction not in (Direction.OUT, Direction.NOTE)
        or said.delivery is DeliveryStatus.UNDONE
    ):
        raise Refused("desk.cannot_change")
    if said.deleted_at is not None:
        raise Refused("desk.cannot_change")
    if said.direction is Direction.OUT and work.clock.now() - said.at > CHANGE_WINDOW:
        raise Refused("desk.too_late_to_change", hours=CHANGE_WINDOW // timedelta(hours=1))
