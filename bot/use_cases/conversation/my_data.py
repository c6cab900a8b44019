"""My data: for now staff take the request in a ticket and check by hand who asks.

This is the seam for the verified requests: whatever replaces it keeps `show` and `press`.
"""

from bot.ports import TicketFilter
from bot.tickets.states import LIVE, Kind
from bot.tickets.ticket import Ticket
from bot.use_cases.client_tickets import DATA_REQUESTS, Opening, open_ticket, own_message
from bot.use_cases.conversation.cards import ticket_choices
from bot.use_cases.conversation.chat import Chat
from bot.use_cases.conversation.opened import promised

VERBS = ("data.get", "data.erase", "data.requests")


async def show(chat: Chat, message: str = "") -> None:
    """The choices; `message` is what the client wrote that led here, if anything did."""
    rows = tuple(
        (chat.choice(f"client_data.{verb.removeprefix('data.')}", verb, message),)
        for verb in VERBS[:2]
    )
    requests = (chat.choice("client_data.requests", "data.requests"),)
    other = ((chat.choice("client_data.something_else", "send", message),),) if message else ()
    await chat.say("client_data.menu", rows=(*rows, requests, *other))


async def press(chat: Chat, verb: str, ref: str) -> None:
    """Get, erase, or see the requests so far.

    Raises:
        Refused: the message in `ref` is not this client's.
    """
    match verb:
        case "data.get":
            await _request(chat, Kind.ACCESS, ref)
        case "data.erase":
            await _request(chat, Kind.ERASURE, ref)
        case _:
            await _show_requests(chat)


async def _request(chat: Chat, kind: Kind, ref: str) -> None:
    """Open one request of a kind at a time; asking again leads to the one that is open."""
    live = await chat.work.tickets.find(
        TicketFilter(account=chat.account.id, kinds=(kind,), states=LIVE), limit=1
    )
    if live:
        await _already(chat, live[0])
        return
    said = [await own_message(chat.work, account=chat.account, message=ref)] if ref else []
    opening = Opening(
        kind=kind,
        category="data_request",
        subject=chat.text(f"client_data.subject_{kind}"),
        messages=tuple(message for message in said if message.ticket is None),
    )
    ticket = await open_ticket(chat.work, account=chat.account, opening=opening)
    show_it = chat.choice("conversation.show_ticket", "ticket.show", ticket.number)
    await chat.say(
        f"client_data.taken_{kind}",
        number=ticket.number,
        when=promised(chat, ticket),
        rows=((show_it,),),
        about=ticket.id,
    )


async def _already(chat: Chat, ticket: Ticket) -> None:
    show_it = chat.choice("conversation.show_ticket", "ticket.show", ticket.number)
    await chat.say(
        "client_data.already_open", number=ticket.number, rows=((show_it,),), about=ticket.id
    )


async def _show_requests(chat: Chat) -> None:
    found = await chat.work.tickets.find(
        TicketFilter(account=chat.account.id, kinds=DATA_REQUESTS), limit=10
    )
    key = "client_data.requests_head" if found else "client_data.no_requests"
    await chat.say(key, rows=ticket_choices(found, "ticket.show"))
