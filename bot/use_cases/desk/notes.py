"""Words between staff; no client ever sees them."""

from bot.addresses import MessageId
from bot.ports import UnitOfWork
from bot.tickets.talk import Delivery, Direction
from bot.use_cases.desk.finding import the_ticket
from bot.use_cases.desk.words import Words, keep, known
from bot.use_cases.permission import may_work_tickets


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
