"""Words between staff; no client ever sees them."""

from bot.application.permission import may_work_tickets
from bot.application.ports import UnitOfWork
from bot.application.staff_desk.queries import the_ticket
from bot.application.staff_desk.words import Words, keep, known
from bot.domain.addresses import MessageId
from bot.domain.tickets.message import Delivery, Direction


async def write_note(work: UnitOfWork, *, ticket: str, words: Words) -> MessageId:
    """Keep a note in a ticket, whatever its state.

    Raises:
        Refused: there is nothing in it.
    """
    await may_work_tickets(work)
    if again := await known(work, words):
        return again
    found = await the_ticket(work, ticket)
    message = await keep(work, found, words, Direction.NOTE, Delivery.NONE)
    found.write_note(message.id)
    return message.id
