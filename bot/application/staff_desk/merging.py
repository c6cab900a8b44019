"""Two tickets about one matter become one."""

from bot.application.permission import may_work_tickets
from bot.application.ports import UnitOfWork
from bot.application.staff_desk.queries import the_ticket
from bot.domain.errors import Refused
from bot.domain.tickets.message import Direction
from bot.domain.tickets.states import LIVE, State
from bot.domain.tickets.ticket import Ticket


async def merge(work: UnitOfWork, *, ticket: str, into: str) -> Ticket:
    """Let a ticket go on in another of the same client; the client is told.

    What was said stays where it was said, so that a merge can be taken back within a day; whatever
    the client says from now on joins the other ticket. Where the client waits for an answer, the
    other ticket is staff's turn from now on.

    Raises:
        Refused: another client's, the same ticket, or one of the two is over.
    """
    await may_work_tickets(work)
    gone, other = await the_ticket(work, ticket), await the_ticket(work, into)
    if other.state not in (*LIVE, State.RESOLVED):
        raise Refused("tickets.wrong_state", state=other.state, action="merge")
    is_staffs_turn = gone.waiting_on == "staff"
    gone.merge_into(other, work.clock.now())
    if is_staffs_turn and other.waiting_on != "staff":
        await _hand_over_last_word(work, gone, other)
    return other


async def _hand_over_last_word(work: UnitOfWork, gone: Ticket, other: Ticket) -> None:
    said = [each for each in await work.messages.of(gone.id) if each.direction is Direction.IN]
    if said:
        other.take_client_word(said[-1].id, work.clock.now())
