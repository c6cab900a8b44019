"""Staff write a request down for a client who asked by telephone, by letter or at the counter."""

from bot.addresses import Actor, RequestId, TicketId, new_id
from bot.clients import AccountStatus
from bot.data_requests.request import DataRequest, Wish, receive
from bot.data_requests.states import RequestType
from bot.errors import Refused
from bot.ports import UnitOfWork
from bot.tickets.states import Kind
from bot.tickets.ticket import Ticket
from bot.use_cases.desk.finding import the_ticket
from bot.use_cases.permission import may_work_tickets
from bot.use_cases.requests.attempts import attempt_of, by_desk, clock_for
from bot.use_cases.requests.opening import TICKET_KINDS, subject_of
from bot.wording import say


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
    talk = Ticket(
        id=TicketId(new_id()),
        number=await work.tickets.next_number(),
        account=account.id,
        holder=account.holder,
        kind=TICKET_KINDS.get(kind, Kind.PRIVACY_QUESTION),
        category="data_request",
        subject=say(f"client_data.subject_{kind}", account.language),
        language=account.language,
        opened_at=work.clock.now(),
    )
    await work.tickets.add(talk)
    talk.announce()
    subject = await subject_of(work, account)
    wish = Wish(
        kind=kind,
        subject=subject,
        account=account.id,
        created_by=work.actor,
        ticket=talk.id,
        received_at=work.clock.now(),
    )
    request = receive(
        wish,
        id=RequestId(new_id()),
        number=await work.requests.next_number(),
        clock=await clock_for(work, subject),
        rules=work.rules.requests,
    )
    await work.requests.add(request)
    request.ask_identity(await by_desk(work))
    if not work.rules.mail_works:
        request.open_staff_path(await attempt_of(work, Actor.account(account.id)))
    return request
