"""Bring a ticket to its end, or back from it."""

from collections.abc import Sequence

from bot.application.permission import may_work_tickets
from bot.application.ports import UnitOfWork
from bot.application.staff_desk.queries import the_ticket
from bot.application.staff_desk.replies import reply
from bot.application.staff_desk.words import Words
from bot.domain.tickets.ticket import Ticket


async def resolve(
    work: UnitOfWork,
    *,
    ticket: str,
    resolution: str,
    tags: Sequence[str],
    last_words: Words | None = None,
) -> Ticket:
    """Done: the client is told and asked how it went.

    `resolution` stays between staff; `last_words` go to the client first, as a reply does.

    Raises:
        Refused: no resolution, no tag, or nothing left to resolve.
    """
    await may_work_tickets(work)
    found = await the_ticket(work, ticket)
    if last_words is not None:
        await reply(work, ticket=found.id, words=last_words)
    found.resolve(resolution, tags, work.clock.now())
    return found


async def close(work: UnitOfWork, *, ticket: str) -> Ticket:
    """Close without waiting for the client's last word; the client is told."""
    await may_work_tickets(work)
    found = await the_ticket(work, ticket)
    found.close("staff", work.clock.now())
    return found


async def reopen(work: UnitOfWork, *, ticket: str) -> Ticket:
    """Go on with a ticket that was done. Raises Refused after fourteen days."""
    await may_work_tickets(work)
    found = await the_ticket(work, ticket)
    found.reopen(work.clock.now())
    return found
