"""The list of a client's tickets, page by page, and tickets as choices."""

from collections.abc import Sequence

from bot.application.conversation.context import ConversationContext, RichTextBuilder, Rows
from bot.application.outbound.to_client import Choice, Press
from bot.application.tickets.client_tickets import PAGE, list_tickets
from bot.domain.text import shorten
from bot.domain.tickets.ticket import Ticket

SUBJECT_LENGTH = 200
LABEL_LENGTH = 48


async def show_list(chat: ConversationContext, page_ref: str = "") -> None:
    """A page of the client's tickets, newest first; a page that is no more gives the last."""
    wanted = int(page_ref) if page_ref.isascii() and page_ref.isdigit() else 0
    page = min(wanted, 10_000)
    tickets, total = await list_tickets(chat.work, account=chat.account, page=page)
    if not tickets:
        new = chat.choice("conversation.menu_new", "new")
        await chat.say("client_tickets.none", rows=((new,), *older_rows(chat)))
        return
    page = min(page, (total - 1) // PAGE)
    written = _page(chat, tickets, page=page, total=total)
    rows = _rows(chat, tickets, page=page, total=total)
    await chat.tell(chat.reply(written, rows=rows))


def ticket_label(ticket: Ticket) -> str:
    """A ticket as a button says it."""
    return shorten(f"{ticket.number} · {ticket.subject}", LABEL_LENGTH)


def ticket_choices(tickets: Sequence[Ticket], verb: str, before: str = "") -> Rows:
    """One button a ticket; `before` goes in front of its number in the press."""
    return tuple(
        (Choice(ticket_label(one), Press(verb, f"{before}{one.number}")),) for one in tickets
    )


def older_rows(chat: ConversationContext) -> Rows:
    """An account that is tied to nobody may show whose it is."""
    if chat.account.person is not None:
        return ()
    return ((chat.choice("client_tickets.older_tickets", "link"),),)


def _page(
    chat: ConversationContext, tickets: Sequence[Ticket], *, page: int, total: int
) -> RichTextBuilder:
    """One page of the list: number, state and subject of each."""
    pages = max(1, -(-total // PAGE))
    written = RichTextBuilder(
        chat.text("client_tickets.list_head", page=page + 1, pages=pages, count=total)
    )
    for ticket in tickets:
        written.paragraph(ticket.number, "bold").add(f" · {chat.state_of(ticket)}")
        written.line(shorten(ticket.subject, SUBJECT_LENGTH))
    return written


def _rows(chat: ConversationContext, tickets: Sequence[Ticket], *, page: int, total: int) -> Rows:
    newer = [chat.choice("client_tickets.newer", "tickets", str(page - 1))] if page > 0 else []
    has_older = (page + 1) * PAGE < total
    older = [chat.choice("client_tickets.older", "tickets", str(page + 1))] if has_older else []
    rows = ticket_choices(tickets, "ticket.show")
    pager = ((*newer, *older),) if newer or older else ()
    new = chat.choice("conversation.menu_new", "new")
    return (*rows, *pager, (new,), *older_rows(chat))
