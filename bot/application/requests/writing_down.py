"""Staff write a request down for a client who asked by telephone, by letter or at the counter."""

from bot.application.permission import may_work_tickets
from bot.application.ports import UnitOfWork
from bot.application.requests.intake import take
from bot.application.staff_desk.queries import the_ticket
from bot.domain.clients.people import AccountStatus
from bot.domain.errors import Refused
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestType


async def write_down(work: UnitOfWork, *, ticket: str, kind: RequestType) -> DataRequest:
    """A request of the client who stands behind `ticket`; its clock runs from now.

    Whoever writes it down can neither vouch nor approve. The client proves themselves in their own
    chat, as if they had asked there.

    Raises:
        NotFound: there is no such ticket.
        Refused: the client's data was erased.
    """
    await may_work_tickets(work)
    source = await the_ticket(work, ticket)
    account = await work.accounts.get(source.account)
    if account.status is AccountStatus.ERASED:
        raise Refused("desk.client_erased")
    return await take(work, account=account, kind=kind)
