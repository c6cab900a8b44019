"""After a ticket is resolved: still broken? one to five stars, and why."""

from bot.application.conversation import dialog_state, my_tickets
from bot.application.conversation.context import ConversationContext
from bot.application.conversation.menu import menu_rows
from bot.application.outbound.to_client import Reply
from bot.application.ports.tickets import Flow
from bot.application.tickets.client_tickets import comment_on_rating, own_ticket, rate_ticket
from bot.domain.addresses import TicketId
from bot.domain.tickets.message import Message
from bot.domain.tickets.states import TicketState


async def rate(chat: ConversationContext, ref: str) -> None:
    """`T-000123:5`; then the next words are the comment, unless the client wants to give none.

    Raises:
        Refused: not one to five stars, the matter is not done, or the ticket is not theirs.
    """
    number, _, stars = ref.partition(":")
    given = int(stars) if stars.isascii() and stars.isdigit() else 0
    ticket = await rate_ticket(chat.work, account=chat.account, number=number, stars=given)
    await dialog_state.begin(chat, dialog_state.COMMENT, "words", ticket=ticket.id)
    skip = chat.choice("client_tickets.no_comment", "ticket.skip_comment")
    text = chat.text("client_tickets.rated", number=ticket.number, stars=given)
    await chat.tell(Reply(text=text, rows=((skip,),), about=ticket.id))


async def skip_comment(chat: ConversationContext) -> None:
    if await dialog_state.current(chat, dialog_state.COMMENT) is not None:
        await dialog_state.end(chat)
    await chat.say("client_tickets.comment_skipped", rows=menu_rows(chat))


async def take_comment(chat: ConversationContext, flow: Flow, messages: list[Message]) -> None:
    """Keep the comment with the ticket; it reopens nothing."""
    ticket = await chat.work.tickets.get(TicketId(flow.data["ticket"]))
    for message in messages:
        await comment_on_rating(
            chat.work, account=chat.account, number=ticket.number, message=message
        )
    await dialog_state.end(chat)
    broken = chat.choice("client_tickets.still_broken", "ticket.broken", ticket.number)
    await chat.say("client_tickets.comment_kept", rows=((broken,),), number=ticket.number)


async def still_broken(chat: ConversationContext, number: str) -> None:
    """Reopen what was called done; a ticket that is open already takes the next words.

    Raises:
        NotFound: the ticket is not this client's.
    """
    ticket = await own_ticket(chat.work, account=chat.account, number=number)
    if ticket.state in (TicketState.RESOLVED, TicketState.CLOSED):
        await my_tickets.reopen(chat, number)
    else:
        await my_tickets.invite_words(chat, number)
