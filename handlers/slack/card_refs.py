"""Where tickets and data requests stand in Slack: the card of each, and the thread below it."""

from bot.application.outbound.to_staff import ShowRequestCard
from bot.application.ports.card_refs import CardKind, CardRef
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.request_talk import request_of_talk
from bot.domain.addresses import RequestId, TicketId
from bot.domain.errors import NotFound

CARDS = "slack_card"
"""The link surface of cards; `slack` holds the posts in their threads."""


async def card_ref(work: UnitOfWork, *, ticket: TicketId) -> CardRef | None:
    """Where the card stands; None: nowhere yet, or it was lost."""
    return await work.cards.standing(CardKind.TICKET, ticket)


async def lost_card(work: UnitOfWork, *, ticket: TicketId) -> CardRef | None:
    """Where a card stood that is gone; None: it stands, or there was none yet."""
    return await work.cards.lost(CardKind.TICKET, ticket)


async def keep_card(work: UnitOfWork, *, ticket: TicketId, card: CardRef) -> None:
    """From now on this is the ticket's card; a thread of an earlier one stays the ticket's too.

    Nothing is kept of a ticket that was erased while its card was on its way.
    """
    try:
        await work.tickets.get(ticket)
    except NotFound:
        return
    await work.cards.put(CardKind.TICKET, ticket, card)
    await work.messages.link_ticket(ticket, CARDS, card.channel, card.ts)


async def forget_card(work: UnitOfWork, *, ticket: TicketId, card: CardRef) -> bool:
    """The card is gone; False: another one took its place meanwhile."""
    return await work.cards.lose(CardKind.TICKET, ticket, card)


async def ticket_at(work: UnitOfWork, *, channel: str, ts: str) -> TicketId | None:
    """The ticket whose card, or thread, has this name; below a request's card, that of its talk."""
    found = await work.messages.linked_ticket(CARDS, channel, ts)
    if found is not None:
        return found
    request = await work.cards.request_at(CardRef(channel, ts))
    return None if request is None else (await work.requests.get(request)).ticket


async def request_card_ref(work: UnitOfWork, *, request: RequestId) -> CardRef | None:
    """Where the request's card stands; None: nowhere yet, or it was lost."""
    return await work.cards.standing(CardKind.REQUEST, request)


async def keep_request_card(work: UnitOfWork, *, request: RequestId, card: CardRef) -> None:
    """It is the card of the request's talk too: there is one for both."""
    await work.cards.put(CardKind.REQUEST, request, card)
    await keep_card(work, ticket=(await work.requests.get(request)).ticket, card=card)


async def talk_of(work: UnitOfWork, *, ticket: TicketId) -> RequestId | None:
    """The request whose talk a ticket is; None: it is a ticket of its own."""
    request = await request_of_talk(work, ticket)
    return None if request is None else request.id


async def forget_request_card(work: UnitOfWork, *, card: CardRef) -> RequestId | None:
    """The request whose card stood there and is gone; None: no card, or another by now."""
    request = await work.cards.request_at(card)
    if request is not None:
        await work.cards.lose(CardKind.REQUEST, request, card)
        await forget_card(work, ticket=(await work.requests.get(request)).ticket, card=card)
    return request


async def drop_card(work: UnitOfWork, *, ticket: TicketId, card: CardRef) -> None:
    """The card is not there any more; that of a data request is posted anew by itself."""
    await forget_card(work, ticket=ticket, card=card)
    if (request := await forget_request_card(work, card=card)) is not None:
        await work.outbox.put(ShowRequestCard(request, is_new=True))


async def refuse_words(work: UnitOfWork, *, channel: str, ts: str) -> None:
    """What somebody wrote there was refused: it stays so, whatever changes later."""
    await work.staff_threads.refuse(channel, ts)


async def were_refused(work: UnitOfWork, *, channel: str, ts: str) -> bool:
    return await work.staff_threads.was_refused(channel, ts)
