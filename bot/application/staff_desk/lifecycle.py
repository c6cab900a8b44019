"""Staff begin a ticket with a client."""

from dataclasses import dataclass

from bot.application.permission import may_work_tickets
from bot.application.ports import UnitOfWork
from bot.application.staff_desk.queries import the_ticket
from bot.application.staff_desk.replies import reply
from bot.application.staff_desk.words import Words, check
from bot.domain.addresses import AccountId, MessageId, TicketId, new_id
from bot.domain.clients.people import Account, AccountStatus
from bot.domain.errors import NotFound, Refused
from bot.domain.tickets.states import Kind
from bot.domain.tickets.ticket import Ticket

SUBJECT_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Opened:
    """A new ticket and the first word in it."""

    ticket: Ticket
    message: MessageId


async def open_for_client(
    work: UnitOfWork, *, client: str, words: Words, kind: Kind = Kind.SUPPORT, category: str = ""
) -> Opened:
    """Write to a client first. `client`: an account's id, or any ticket number of theirs.

    Raises:
        NotFound: no such client.
        Refused: there is nothing to say, or the client cannot be reached any more.
    """
    staff = await may_work_tickets(work)
    check(words.text, words.attachments)
    account = await _account(work, client)
    if account.status is AccountStatus.ERASED:
        raise Refused("desk.client_erased")
    ticket = Ticket(
        id=TicketId(new_id()),
        number=await work.tickets.next_number(),
        account=account.id,
        holder=account.holder,
        kind=kind,
        category=category or "other",
        subject=" ".join(words.text.split())[:SUBJECT_LENGTH],
        language=account.language,
        opened_at=work.clock.now(),
    )
    await work.tickets.add(ticket)
    ticket.announce()
    if staff is not None:
        ticket.claim(staff.id, work.clock.now())
    return Opened(ticket, await reply(work, ticket=ticket.id, words=words))


async def _account(work: UnitOfWork, client: str) -> Account:
    try:
        ticket = await the_ticket(work, client)
    except NotFound:
        return await work.accounts.get(AccountId(client))
    return await work.accounts.get(ticket.account)
