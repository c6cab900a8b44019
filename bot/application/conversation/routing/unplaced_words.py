"""Words that have found no place yet: a flood that was kept in silence, or a choice nobody made.

What a client said reaches staff, whether they go on talking to the desk or not. So each has a timer
that comes back to it, re-reads how things stand, and does what is right by then.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.application.conversation import dialog_state, new_ticket, throttling
from bot.application.conversation.context import ConversationContext
from bot.application.conversation.menu import taking_out
from bot.application.conversation.message_intake import (
    TOO_FAST_TIMER,
    UNPLACED_TIMER,
    come_back_after_flood,
    whole_of,
)
from bot.application.conversation.routing.open_questions import (
    open_question,
    running_requests,
    talks_of,
)
from bot.application.conversation.ticket_assignment import (
    ask_request_or_new,
    ask_which,
    join,
    join_silently,
    offer_support,
)
from bot.application.conversation.ticket_views import opened
from bot.application.outbound.to_client import Reply
from bot.application.ports.tickets import TicketFilter
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.tickets.client_tickets import live_tickets
from bot.application.tickets.openings import Opening, open_for_request
from bot.domain.addresses import AccountId, MessageId
from bot.domain.clients.people import AccountStatus
from bot.domain.errors import NotFound
from bot.domain.tickets.message import Message
from bot.domain.tickets.routes import RouteCode, RouteReason
from bot.domain.tickets.states import TicketKind, TicketState
from bot.domain.tickets.ticket import Ticket

__all__ = ["TOO_FAST_TIMER", "UNPLACED_TIMER", "ask_after_flood", "open_at_once", "place"]


async def open_at_once(
    chat: ConversationContext, words: Sequence[Message], *, is_unplaced: bool = False
) -> None:
    """A ticket without a draft: staff are to read these words, whatever the client does next.

    `is_unplaced`: the client was asked where they belong and did not say. No quota loses words.
    """
    category = "other" if is_unplaced else "privacy"
    opening = Opening(
        kind=TicketKind.SUPPORT if is_unplaced else TicketKind.PRIVACY_QUESTION,
        category=category,
        subject=new_ticket.subject_of(chat, words, category),
        messages=tuple(words),
    )
    ticket = await open_for_request(chat.work, account=chat.account, opening=opening)
    await dialog_state.end(chat, dialog_state.TELL)
    if is_unplaced:
        ticket.note_unplaced(words[0].id)
    await chat.tell(opened(chat, ticket))


async def ask_after_flood(work: UnitOfWork, ref: str) -> None:
    """The minute of a flood is over: what was kept in silence goes where it belongs, or is asked.

    `ref`: the account.
    """
    chat = await _chat_of(work, AccountId(ref))
    if chat is None:
        return
    if not await throttling.may_speak(chat):
        await come_back_after_flood(chat)
        return
    draft = await dialog_state.current(chat, dialog_state.NEW)
    words = [
        one
        for one in await work.messages.loose(chat.account.id)
        if one.route_reason is RouteReason.TOO_FAST and one.route is RouteCode.KEPT
    ]
    if draft is not None:
        drafted = set(draft.data["words"].split())
        await new_ticket.take_silently(chat, draft, [one for one in words if one.id not in drafted])
        await new_ticket.show_again(chat)
    elif words:
        await _find_a_place(chat, words)


async def place(work: UnitOfWork, ref: str) -> None:
    """The client was asked where a message belongs and did not say: staff get it all the same.

    `ref`: the message. One that found its place meanwhile, or stands in a draft, is left alone.
    """
    try:
        message = await work.messages.get(MessageId(ref))
    except NotFound:
        return
    chat = await _chat_of(work, message.account)
    if chat is None or message.ticket is not None or await _is_drafted(chat, message):
        return
    words = await whole_of(chat, message)
    live = await live_tickets(work, account=chat.account)
    carrying = {one.ticket.id for one in talks_of(live, await running_requests(work, live))}
    fitting = [one for one in live if one.id not in carrying]
    for one in words:
        one.route = RouteCode.TICKET if fitting else RouteCode.NEW_TICKET
        one.route_reason = RouteReason.NOT_SAID_WHICH
        await work.messages.save(one)
    if not fitting:
        await open_at_once(chat, words, is_unplaced=True)
        return
    ticket = max(fitting, key=_last_active)
    await join_silently(chat, ticket, words)
    ticket.note_unplaced(words[0].id)
    text = chat.text("conversation.put_unasked", number=ticket.number)
    reply = Reply(text=text, rows=taking_out(chat, words[0].id), about=ticket.id)
    await chat.tell(reply, key=f"{UNPLACED_TIMER}:{ticket.id}:{chat.now:%Y%m%d%H%M}")


async def _find_a_place(chat: ConversationContext, words: Sequence[Message]) -> None:
    live = await live_tickets(chat.work, account=chat.account)
    running = await running_requests(chat.work, live)
    talks, asked = talks_of(live, running), open_question(live, running, chat.now)
    sure = asked.ticket if asked is not None else None
    only = live[0] if len(live) == 1 and not talks else None
    if sure is not None or only is not None:
        await join(chat, sure or only or live[0], words)
        return
    code = RouteCode.OFFER
    if live:
        code = RouteCode.WHICH_TICKET if len(live) > 1 else RouteCode.REQUEST_OR_NEW
    for one in words:
        one.route = code
        await chat.work.messages.save(one)
    if code is RouteCode.WHICH_TICKET:
        await ask_which(chat, live, words[0])
    elif code is RouteCode.REQUEST_OR_NEW:
        await ask_request_or_new(chat, talks[0].ticket, talks[0].number, words[0])
    else:
        which = TicketFilter(account=chat.account.id, states=(TicketState.RESOLVED,))
        await offer_support(chat, words[0], await chat.work.tickets.find(which, limit=2))


async def _chat_of(work: UnitOfWork, account: AccountId) -> ConversationContext | None:
    """None: nobody is there any more to whom it matters."""
    try:
        found = await work.accounts.get(account)
    except NotFound:
        return None
    return None if found.status is AccountStatus.ERASED else ConversationContext(work, found)


async def _is_drafted(chat: ConversationContext, message: Message) -> bool:
    draft = await dialog_state.current(chat, dialog_state.NEW)
    return draft is not None and message.id in draft.data["words"].split()


def _last_active(ticket: Ticket) -> datetime:
    times = (ticket.opened_at, ticket.last_client_at, ticket.state_since)
    return max(at for at in times if at is not None)
