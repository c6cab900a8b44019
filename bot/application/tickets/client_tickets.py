"""What a client may do with their own tickets: open, add, close, reopen, rate, read."""

from datetime import timedelta

from bot.application.people import own_accounts
from bot.application.ports.tickets import TicketFilter
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.request_talk import refuse_to_end_talk
from bot.application.tickets.openings import Opening, open_for_request
from bot.domain.addresses import SYSTEM, MessageId, new_id
from bot.domain.clients.people import Account
from bot.domain.errors import NotFound, Refused
from bot.domain.tickets.message import Direction, Message
from bot.domain.tickets.states import LIVE, TicketState
from bot.domain.tickets.ticket import Ticket

PAGE = 5
"""Tickets on one page of a client's list."""
_LISTED = tuple(state for state in TicketState if state is not TicketState.SPAM)


async def open_ticket(work: UnitOfWork, *, account: Account, opening: Opening) -> Ticket:
    """Open a ticket with the client's words in it.

    Raises:
        Refused: the chat opened as many in the last 24 hours as the desk allows.
    """
    await _keep_the_limit(work, account)
    return await open_for_request(work, account=account, opening=opening)


async def own_ticket(work: UnitOfWork, *, account: Account, number: str) -> Ticket:
    """The client's own ticket of that number; a merged one leads to where its talk goes on.

    Raises:
        NotFound: there is none, it is somebody else's, or it was set aside as spam.
    """
    return await living_on(work, account=account, ticket=await work.tickets.numbered(number))


async def living_on(work: UnitOfWork, *, account: Account, ticket: Ticket) -> Ticket:
    """The ticket in which this one's talk goes on: itself, unless it was merged.

    Raises:
        NotFound: it is somebody else's, or was set aside as spam.
    """
    while ticket.merged_into is not None:
        ticket = await work.tickets.get(ticket.merged_into)
    if ticket.account != account.id or ticket.state is TicketState.SPAM:
        raise NotFound("tickets.no_such_number")
    return ticket


async def readable_ticket(work: UnitOfWork, *, account: Account, number: str) -> Ticket:
    """One of this account, or of another that is proved to be the same person's: to read only.

    Raises:
        NotFound: there is none, it is somebody else's, or it was set aside as spam.
    """
    found = await work.tickets.numbered(number)
    while found.merged_into is not None:
        found = await work.tickets.get(found.merged_into)
    if found.state is TicketState.SPAM or found.account not in await own_accounts(work, account):
        raise NotFound("tickets.no_such_number")
    return found


async def own_message(work: UnitOfWork, *, account: Account, message: str) -> Message:
    """What the client said under that id.

    Raises:
        NotFound: there is no such message, or somebody else said it.
    """
    found = await work.messages.get(MessageId(message))
    if found.account != account.id or found.direction is not Direction.IN:
        raise NotFound("tickets.no_such_message")
    return found


async def live_tickets(work: UnitOfWork, *, account: Account, limit: int = 8) -> list[Ticket]:
    """The client's tickets for which somebody still has to do something, newest first."""
    return await work.tickets.find(TicketFilter(account=account.id, states=LIVE), limit=limit)


async def list_tickets(
    work: UnitOfWork, *, account: Account, page: int = 0
) -> tuple[list[Ticket], int]:
    """One page of the client's tickets, newest first, and how many there are in all.

    Those of the person's other accounts stand among them once a proof has tied the accounts.
    """
    mine = [TicketFilter(account=one, states=_LISTED) for one in await own_accounts(work, account)]
    total = sum([await work.tickets.count(which) for which in mine])
    first = min(max(page, 0), max(0, (total - 1) // PAGE)) * PAGE
    found = [
        ticket for which in mine for ticket in await work.tickets.find(which, limit=first + PAGE)
    ]
    newest = sorted(found, key=lambda one: one.opened_at, reverse=True)
    return newest[first : first + PAGE], total


async def count_live(work: UnitOfWork, *, account: Account) -> int:
    """For how many of those that `list_tickets` shows somebody still has to do something."""
    mine = [TicketFilter(account=one, states=LIVE) for one in await own_accounts(work, account)]
    return sum([await work.tickets.count(which) for which in mine])


async def thank_in_ticket(work: UnitOfWork, *, ticket: Ticket, message: Message) -> None:
    """Only thanks for a resolved matter: staff read it, and nothing is opened again."""
    message.ticket = ticket.id
    await work.messages.save(message)
    ticket.take_thanks(message.id)


async def take_out_of_ticket(work: UnitOfWork, *, message: Message) -> Ticket | None:
    """The client said it was not for that ticket; None: it was in none."""
    if message.ticket is None:
        return None
    ticket = await work.tickets.get(message.ticket)
    message.ticket = None
    await work.messages.save(message)
    ticket.let_go_of(message.id)
    return ticket


async def close_ticket(work: UnitOfWork, *, account: Account, number: str) -> Ticket:
    """The client needs nothing more.

    Raises:
        Refused: it is closed already, or not theirs, or a data request runs in it.
    """
    ticket = await own_ticket(work, account=account, number=number)
    await refuse_to_end_talk(work, ticket, key="client_tickets.request_runs")
    ticket.close("client", work.clock.now())
    return ticket


async def reopen_ticket(work: UnitOfWork, *, account: Account, number: str) -> Ticket:
    """The matter is not done after all.

    Raises:
        Refused: it was closed more than fourteen days ago, is open already, or is not theirs.
    """
    ticket = await own_ticket(work, account=account, number=number)
    ticket.reopen(work.clock.now())
    return ticket


async def rate_ticket(work: UnitOfWork, *, account: Account, number: str, stars: int) -> Ticket:
    """One to five stars; rating again replaces the stars.

    Raises:
        Refused: not one to five, the matter is not done, or the ticket is not theirs.
    """
    ticket = await own_ticket(work, account=account, number=number)
    ticket.rate(stars)
    return ticket


async def comment_on_rating(
    work: UnitOfWork, *, account: Account, number: str, message: Message
) -> Ticket:
    """Say why; it is kept with the ticket, staff read it, and it reopens nothing."""
    ticket = await own_ticket(work, account=account, number=number)
    message.ticket = ticket.id
    await work.messages.save(message)
    ticket.note_rating_comment(message.id)
    return ticket


async def keep_client_change(work: UnitOfWork, *, message: Message) -> None:
    """Store what the client changed of a message; staff see it where they read the message."""
    await work.messages.save(message)
    if message.ticket is not None:
        ticket = await work.tickets.get(message.ticket)
        ticket.note_client_edit(message.id, message.version)


async def keep_reaction(work: UnitOfWork, *, message: MessageId, reaction: str) -> None:
    """What the client put under a reply of staff; its post in the thread shows it."""
    said = await work.messages.get(message)
    if said.direction is not Direction.OUT or not said.react(reaction):
        return
    await work.messages.save(said)
    if said.ticket is not None:
        ticket = await work.tickets.get(said.ticket)
        ticket.note_reaction(said.id)


async def keep_shown(work: UnitOfWork, *, ticket: Ticket, text: str) -> None:
    """Keep with the ticket what the desk had shown, so that staff know what was read already."""
    message = Message(
        id=MessageId(new_id()),
        account=ticket.account,
        ticket=ticket.id,
        direction=Direction.SYSTEM,
        author=SYSTEM,
        body=text,
        at=work.clock.now(),
    )
    await work.messages.add(message)
    ticket.note_shown(message.id)


async def _keep_the_limit(work: UnitOfWork, account: Account) -> None:
    since = work.clock.now() - timedelta(days=1)
    most = work.rules.tickets_per_day
    if await work.tickets.opened_since(account.id, since) >= most:
        raise Refused("conversation.too_many_tickets", most=most)
