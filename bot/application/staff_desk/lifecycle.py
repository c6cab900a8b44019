"""A ticket's life in the hands of staff: begun, merged, resolved, closed, and back."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.application.permission import may_work_tickets
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.request_talk import refuse_to_end_talk
from bot.application.staff_desk.queries import the_ticket
from bot.application.staff_desk.replies import answer, reply
from bot.application.staff_desk.second_comers import telling_who
from bot.application.staff_desk.words import Words, check
from bot.domain.addresses import AccountId, MessageId, TicketId, new_id
from bot.domain.clients.people import Account, AccountStatus
from bot.domain.errors import NotFound, Refused
from bot.domain.tickets.message import Direction
from bot.domain.tickets.states import (
    LIVE,
    SUBJECT_LENGTH,
    TicketAction,
    TicketKind,
    TicketState,
    next_state,
)
from bot.domain.tickets.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Opened:
    """A new ticket and the first word in it."""

    ticket: Ticket
    message: MessageId


async def open_for_client(
    work: UnitOfWork,
    *,
    client: str,
    words: Words,
    kind: TicketKind = TicketKind.SUPPORT,
    category: str = "",
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
    return Opened(ticket, await answer(work, ticket, words, opens_ticket=True))


async def _account(work: UnitOfWork, client: str) -> Account:
    try:
        ticket = await the_ticket(work, client)
    except NotFound:
        return await work.accounts.get(AccountId(client))
    return await work.accounts.get(ticket.account)


@telling_who
async def may_be_merged(work: UnitOfWork, *, ticket: str) -> Ticket:
    """Whether it could go on in another ticket. Raises Refused: not in its state."""
    await may_work_tickets(work)
    found = await the_ticket(work, ticket)
    await refuse_to_end_talk(work, found)
    next_state(found.state, TicketAction.MERGE)
    return found


@telling_who
async def merge(work: UnitOfWork, *, ticket: str, into: str) -> Ticket:
    """Let a ticket go on in another of the same client; the client is told.

    What was said stays where it was said, so that a merge can be taken back within a day; whatever
    the client says from now on joins the other ticket. Where the client waits for an answer, the
    other ticket is staff's turn from now on.

    Raises:
        Refused: another client's, the same ticket, one of the two is over, or a data request runs
            in the one that would end.
    """
    await may_work_tickets(work)
    gone, other = await the_ticket(work, ticket), await the_ticket(work, into)
    await refuse_to_end_talk(work, gone)
    if other.state not in (*LIVE, TicketState.RESOLVED):
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


@telling_who
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
        Refused: no resolution, no tag, nothing left to resolve, or a data request runs in it.
    """
    await may_work_tickets(work)
    found = await the_ticket(work, ticket)
    await refuse_to_end_talk(work, found)
    if last_words is not None:
        await reply(work, ticket=found.id, words=last_words)
    found.resolve(resolution, tags, work.clock.now())
    return found


@telling_who
async def close(work: UnitOfWork, *, ticket: str) -> Ticket:
    """Close without waiting for the client's last word; the client is told.

    Raises:
        Refused: it is over already, or a data request runs in it.
    """
    await may_work_tickets(work)
    found = await the_ticket(work, ticket)
    await refuse_to_end_talk(work, found)
    found.close("staff", work.clock.now())
    return found


@telling_who
async def reopen(work: UnitOfWork, *, ticket: str) -> Ticket:
    """Go on with a ticket that was done. Raises Refused after fourteen days."""
    await may_work_tickets(work)
    found = await the_ticket(work, ticket)
    found.reopen(work.clock.now())
    return found
