"""What a client is told when a ticket is open: its number, what happens next, and when."""

from bot.application.conversation.context import Chat
from bot.application.outbound.messages import Reply
from bot.domain.tickets.ticket import Ticket


async def tell_opened(chat: Chat, ticket: Ticket) -> None:
    """The number, who reads it, and until when the first answer is promised."""
    show = chat.choice("conversation.show_ticket", "ticket.show", ticket.number)
    text = chat.text("conversation.opened", number=ticket.number, when=promised(chat, ticket))
    await chat.tell(Reply(text=text, rows=((show,),), about=ticket.id))


def promised(chat: Chat, ticket: Ticket) -> str:
    """Until when staff mean to answer first, counted in working hours, as the clocks count it."""
    rules = chat.work.rules
    due = rules.hours.add(ticket.opened_at, rules.targets[ticket.priority].first)
    return chat.text("conversation.answer_by", at=chat.moment(due))
