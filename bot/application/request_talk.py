"""The talk of a data request: a ticket that ends with the request, and never before it."""

from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import TicketId
from bot.domain.errors import Refused
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import UNANSWERED
from bot.domain.tickets.states import TicketKind
from bot.domain.tickets.ticket import Ticket

CATEGORY = "data_request"
"""Of the tickets that carry the talk of a request."""
PRIVACY_KINDS = (TicketKind.ACCESS, TicketKind.ERASURE)


def is_private(ticket: Ticket) -> bool:
    """Worked in the private channel: the talk of a data request, of whatever type."""
    return ticket.kind in PRIVACY_KINDS or ticket.category == CATEGORY


async def request_of_talk(work: UnitOfWork, ticket: TicketId) -> DataRequest | None:
    """The request whose talk this is, open or over; its card is the talk's card."""
    found = await work.tickets.get(ticket)
    if not is_private(found):
        return None
    mine = await work.requests.of_account(found.account)
    return next((one for one in mine if one.ticket == ticket), None)


async def refuse_to_end_talk(
    work: UnitOfWork, ticket: Ticket, *, key: str = "tickets.request_runs"
) -> None:
    """Resolve, close, merge or spam would tell the client that it is over, while it is not.

    `key`: the words of the refusal, for staff or for the client.

    Raises:
        Refused: a request runs in this ticket; its number is named.
    """
    request = await request_in(work, ticket)
    if request is not None:
        raise Refused(key, number=request.number)


async def take_up_talk(work: UnitOfWork, request: DataRequest) -> bool:
    """Open it again where staff closed it meanwhile; False: that was too long ago for it."""
    ticket = await work.tickets.get(request.ticket)
    if not ticket.is_live:
        try:
            ticket.reopen(work.clock.now())
        except Refused:
            return False
    return True


async def request_in(work: UnitOfWork, ticket: Ticket) -> DataRequest | None:
    """The request that this ticket is the talk of, while it is not answered."""
    for request in await work.requests.of_account(ticket.account):
        if request.ticket == ticket.id and request.state in UNANSWERED:
            return request
    return None
