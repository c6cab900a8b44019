"""Which ticket something said belongs to: joining, moving, and asking where it is not clear."""

from collections.abc import Sequence

from bot.application.conversation.context import ConversationContext, Rows
from bot.application.conversation.menu import menu_rows, taking_out
from bot.application.conversation.message_intake import come_back_to, whole_of
from bot.application.conversation.phrases import is_thanks
from bot.application.conversation.ticket_list import ticket_choices
from bot.application.outbound.to_client import Choice, Press, Reply
from bot.application.tickets.client_tickets import (
    live_tickets,
    own_message,
    own_ticket,
    reopen_ticket,
    take_out_of_ticket,
    thank_in_ticket,
)
from bot.application.tickets.openings import add_to_ticket
from bot.domain.errors import NotFound
from bot.domain.tickets.message import Message
from bot.domain.tickets.states import TicketState
from bot.domain.tickets.ticket import Ticket

MOST_ASKED = 8
"""Tickets among which a client is asked to choose."""


def takes_words(ticket: Ticket) -> bool:
    """Whether a word of the client joins the ticket as it stands."""
    return ticket.is_live or ticket.state is TicketState.RESOLVED


async def join(
    chat: ConversationContext, ticket: Ticket, messages: Sequence[Message], *, key: str = ""
) -> None:
    """Put what was said into the ticket, say so, and let the client take it out again.

    `key`: of what is said, where it is not simply that it was added.
    """
    was_resolved = ticket.state is TicketState.RESOLVED
    if was_resolved and is_thanks(messages[0].body):
        await _thank(chat, ticket, messages)
        return
    await join_silently(chat, ticket, messages)
    added = "conversation.added_and_reopened" if was_resolved else "conversation.added"
    rows = taking_out(chat, messages[0].id)
    await chat.say(key or added, rows=rows, number=ticket.number, about=ticket.id)


async def join_silently(
    chat: ConversationContext, ticket: Ticket, messages: Sequence[Message]
) -> None:
    for message in messages:
        await add_to_ticket(chat.work, ticket=ticket, message=message)


async def reply_to_closed(chat: ConversationContext, ticket: Ticket, message: Message) -> None:
    """A reply to a ticket that is closed: reopen it with these words, or start anew.

    It is for staff, so they get it though nobody chooses.
    """
    await come_back_to(chat, message)
    new = chat.choice("conversation.menu_new", "send", message.id)
    if not ticket.may_be_reopened(chat.now):
        text = chat.text("conversation.closed_for_good", number=ticket.number)
        await chat.tell(Reply(text=text, rows=((new,),)))
        return
    again = chat.choice("client_tickets.reopen", "again", f"{message.id}:{ticket.number}")
    text = chat.text("conversation.closed_reply", number=ticket.number)
    await chat.tell(Reply(text=text, rows=((again, new),), about=ticket.id))


async def ask_which(chat: ConversationContext, tickets: Sequence[Ticket], message: Message) -> None:
    """Several are open: the client says which; if they do not, it goes to the last active one."""
    rows = ticket_choices(tickets[:MOST_ASKED], "put", f"{message.id}:")
    new = chat.choice("conversation.menu_new", "send", message.id)
    await chat.say("conversation.which_ticket", rows=(*rows, (new,)))
    await come_back_to(chat, message)


async def ask_request_or_new(
    chat: ConversationContext, ticket: Ticket, request: str, message: Message
) -> None:
    """Only a data request is open: about that, or something new? Unanswered, it is new."""
    ref = f"{message.id}:{ticket.number}"
    rows = (
        (chat.choice("conversation.about_request", "put", ref, number=request),),
        (chat.choice("conversation.something_new", "send", message.id),),
    )
    await chat.say("conversation.request_or_new", rows=rows, number=request)
    await come_back_to(chat, message)


async def offer_support(
    chat: ConversationContext, message: Message, resolved: Sequence[Ticket]
) -> None:
    """Nothing is open: send it to support? A resolved matter can be taken up again instead."""
    new = chat.choice("conversation.menu_new", "send", message.id)
    again = tuple(
        (
            chat.choice(
                "conversation.add_to", "again", f"{message.id}:{one.number}", number=one.number
            ),
        )
        for one in resolved
    )
    await chat.say("conversation.send_to_support", rows=((new,), *again))


async def put(chat: ConversationContext, ref: str) -> None:
    """`message:number`: into one of the client's own open tickets.

    Raises:
        NotFound: the message or the ticket is not theirs, or the ticket is not open any more.
    """
    message, number = await _said(chat, ref)
    if message.ticket is not None:
        await _already(chat, message)
        return
    mine = await live_tickets(chat.work, account=chat.account, limit=50)
    ticket = next((one for one in mine if one.number == number), None)
    if ticket is None:
        raise NotFound("tickets.no_such_number")
    await join(chat, ticket, await whole_of(chat, message))


async def put_again(chat: ConversationContext, ref: str) -> None:
    """`message:number`: into a resolved or closed ticket, which is open again by that.

    Raises:
        Refused: the message or the ticket is not theirs, or it was closed too long ago.
    """
    message, number = await _said(chat, ref)
    if message.ticket is not None:
        await _already(chat, message)
        return
    ticket = await own_ticket(chat.work, account=chat.account, number=number)
    if not takes_words(ticket):
        await reopen_ticket(chat.work, account=chat.account, number=number)
    await join(chat, ticket, await whole_of(chat, message))


async def take_out(chat: ConversationContext, ref: str) -> None:
    """From "Not for this ticket": out again, and where to instead?

    Raises:
        NotFound: the message is not this client's.
    """
    message = await own_message(chat.work, account=chat.account, message=ref)
    left = await take_out_of_ticket(chat.work, message=message)
    if left is None:
        await chat.say("conversation.in_no_ticket", rows=menu_rows(chat))
        return
    mine = await live_tickets(chat.work, account=chat.account)
    others = [one for one in mine if one.id != left.id]
    rows: Rows = (
        *ticket_choices(others, "put", f"{message.id}:"),
        (chat.choice("conversation.menu_new", "send", message.id),),
        (Choice(chat.text("conversation.leave_it"), Press("menu")),),
    )
    await chat.say("conversation.taken_out", number=left.number, rows=rows)


async def _thank(chat: ConversationContext, ticket: Ticket, messages: Sequence[Message]) -> None:
    for message in messages:
        await thank_in_ticket(chat.work, ticket=ticket, message=message)
    broken = chat.choice("client_tickets.still_broken", "ticket.broken", ticket.number)
    await chat.say(
        "conversation.thanks_for_resolved", number=ticket.number, rows=((broken,),), about=ticket.id
    )


async def _said(chat: ConversationContext, ref: str) -> tuple[Message, str]:
    identity, _, number = ref.partition(":")
    return await own_message(chat.work, account=chat.account, message=identity), number


async def _already(chat: ConversationContext, message: Message) -> None:
    """Pressed twice: say where it is."""
    if message.ticket is not None:
        ticket = await chat.work.tickets.get(message.ticket)
        await chat.say("conversation.already_in", number=ticket.number, about=ticket.id)
