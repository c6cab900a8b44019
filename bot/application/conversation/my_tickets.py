"""My tickets: card with its timeline, add, close, reopen, transcript."""

import re

from bot.application.conversation import dialog_state, menu, ticket_list
from bot.application.conversation.context import ConversationContext
from bot.application.conversation.ticket_list import ticket_choices
from bot.application.conversation.ticket_views import (
    card,
    card_rows,
    transcript as transcript_of,
)
from bot.application.outbound.to_client import Reply
from bot.application.tickets.client_notices import star_row
from bot.application.tickets.client_tickets import (
    close_ticket,
    live_tickets,
    living_on,
    own_ticket,
    readable_ticket,
    reopen_ticket,
)
from bot.domain.addresses import TicketId
from bot.domain.errors import NotFound, Refused
from bot.domain.tickets.states import TicketState
from bot.domain.tickets.ticket import REOPEN_WINDOW, Ticket
from bot.wording.times import day

_NUMBER = re.compile(r"T-\d{1,18}")


async def show_status(chat: ConversationContext, number: str = "") -> None:
    """/status: the ticket of that number, else the only open one, else the list.

    Raises:
        NotFound: the number is not one of this client's.
    """
    if number:
        await show_ticket(chat, number)
        return
    mine = await live_tickets(chat.work, account=chat.account)
    await (show_card(chat, mine[0]) if len(mine) == 1 else ticket_list.show_list(chat))


async def show_ticket(chat: ConversationContext, number: str) -> None:
    """The card of one ticket. Raises NotFound when it is not this client's."""
    await show_card(chat, await readable_ticket(chat.work, account=chat.account, number=number))


async def show_card(chat: ConversationContext, ticket: Ticket) -> None:
    talk = await chat.work.messages.of(ticket.id)
    log = await chat.work.log.of(ticket.stream)
    written = card(chat, ticket, talk, log)
    await chat.tell(chat.reply(written, rows=card_rows(chat, ticket), about=ticket.id))


async def invite_words(chat: ConversationContext, number: str) -> None:
    """The next words or files join this ticket; a closed one is shown with what can be done.

    Raises:
        NotFound: the ticket is not this client's.
    """
    ticket = await own_ticket(chat.work, account=chat.account, number=number)
    if not (ticket.is_live or ticket.state is TicketState.RESOLVED):
        await show_card(chat, ticket)
        return
    await dialog_state.begin(chat, dialog_state.ADD, "words", ticket=ticket.id)
    await ask_for_words(chat, ticket)


async def ask_for_words(chat: ConversationContext, ticket: Ticket) -> None:
    cancel = chat.choice("conversation.cancel", "cancel")
    text = chat.text("client_tickets.write_now", number=ticket.number)
    await chat.tell(Reply(text=text, rows=((cancel,),), about=ticket.id))


async def close(chat: ConversationContext, number: str) -> None:
    """Close, and ask how it went; pressed again, the card shows that it is closed.

    Raises:
        Refused: the ticket is not this client's.
    """
    ticket = await close_ticket(chat.work, account=chat.account, number=number)
    rules = chat.work.rules
    until = day(chat.now + REOPEN_WINDOW, rules.zone, chat.account.language)
    reopen = chat.choice("client_tickets.reopen", "ticket.reopen", ticket.number)
    text = chat.text("client_tickets.closed", number=ticket.number, day=until)
    rows = (star_row(ticket.number), (reopen,))
    await chat.tell(Reply(text=text, rows=rows, about=ticket.id))


async def reopen(chat: ConversationContext, number: str) -> None:
    """Back to work; when it is too late, a new ticket that names the old one is offered.

    Raises:
        Refused: the ticket is open already, or is not this client's.
    """
    ticket = await own_ticket(chat.work, account=chat.account, number=number)
    if ticket.state is TicketState.CLOSED and not ticket.may_be_reopened(chat.now):
        new = chat.choice("conversation.menu_new", "new", ticket.number)
        text = chat.text("client_tickets.too_late", number=ticket.number, days=REOPEN_WINDOW.days)
        await chat.tell(Reply(text=text, rows=((new,),)))
        return
    await reopen_ticket(chat.work, account=chat.account, number=number)
    await dialog_state.begin(chat, dialog_state.ADD, "words", ticket=ticket.id)
    cancel = chat.choice("client_tickets.nothing_to_add", "cancel")
    text = chat.text("client_tickets.reopened", number=ticket.number)
    await chat.tell(Reply(text=text, rows=((cancel,),), about=ticket.id))


async def send_transcript(chat: ConversationContext, number: str) -> None:
    """The talk as a file. Raises NotFound when the ticket is not this client's."""
    ticket = await readable_ticket(chat.work, account=chat.account, number=number)
    document = transcript_of(chat, ticket, await chat.work.messages.of(ticket.id))
    text = chat.text("client_tickets.transcript_sent", number=ticket.number)
    await chat.tell(Reply(text=text, document=document, about=ticket.id))


async def show_how_it_stands(chat: ConversationContext, refusal: Refused, ref: str = "") -> None:
    """Why not: too many tickets, not theirs, or the ticket has moved on."""
    if refusal.key == "conversation.too_many_tickets":
        await _too_many(chat, refusal)
        return
    number = _NUMBER.search(ref)
    if number is None or isinstance(refusal, NotFound):
        await _nothing_there(chat, refusal)
        return
    await show_ticket(chat, number[0])


async def still_mine(chat: ConversationContext, ticket_id: str) -> Ticket | None:
    """The ticket a flow or a reply is about, where its talk goes on; None: it is no more."""
    try:
        ticket = await chat.work.tickets.get(TicketId(ticket_id))
        return await living_on(chat.work, account=chat.account, ticket=ticket)
    except Refused:
        return None


async def _nothing_there(chat: ConversationContext, refusal: Refused) -> None:
    key = "conversation.not_found" if isinstance(refusal, NotFound) else "conversation.stale_button"
    await chat.say(key, rows=menu.menu_rows(chat))


async def _too_many(chat: ConversationContext, refusal: Refused) -> None:
    """What was written is kept; an open ticket can take it."""
    mine = await live_tickets(chat.work, account=chat.account)
    text = chat.text(refusal.key, **refusal.params)
    await chat.tell(Reply(text=text, rows=ticket_choices(mine, "ticket.show")))
