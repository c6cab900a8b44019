"""Reads what `decision.decide` depends on; changes nothing."""

from bot.application.conversation import dialog_state, my_tickets, not_me, throttling
from bot.application.conversation.context import ConversationContext
from bot.application.conversation.inbound_message import Incoming
from bot.application.conversation.message_intake import album_of, linked
from bot.application.conversation.routes import Notices
from bot.application.conversation.routing.conversation_state import OpenQuestion, RoutingState
from bot.application.conversation.routing.denials import is_not_me
from bot.application.conversation.routing.open_questions import (
    open_question,
    running_requests,
    talks_of,
)
from bot.application.conversation.ticket_assignment import takes_words
from bot.application.conversation.verification.dialog import waiting_request
from bot.application.conversation.verification.proof_parsing import address_in, contact_of
from bot.application.ports.tickets import Flow, TicketFilter
from bot.application.requests.verification.codes import is_secret_time
from bot.application.tickets.client_tickets import live_tickets
from bot.domain.tickets.states import TicketState
from bot.domain.tickets.ticket import Ticket


async def read_state(chat: ConversationContext, incoming: Incoming) -> RoutingState:
    """How things stand for this client and this message, as `incoming.cleaned()` has it."""
    flow = await dialog_state.current(chat)
    live = await live_tickets(chat.work, account=chat.account)
    running = await running_requests(chat.work, live)
    asked = open_question(live, running, chat.now)
    is_overtaken = flow is not None and _is_overtaken(flow, asked)
    flow = None if is_overtaken else flow
    is_proof = contact_of(incoming) is not None or bool(address_in(incoming))
    return RoutingState(
        may_speak=await throttling.may_speak(chat),
        is_secret_time=await is_secret_time(chat.work, chat.account.id),
        waiting=await waiting_request(chat) if is_proof else None,
        known=await linked(chat, incoming.remote_id),
        album=await album_of(chat, incoming),
        replied=await _replied_ticket(chat, incoming),
        flow=flow,
        is_overtaken=is_overtaken,
        flow_ticket=None if flow is None else await _flow_ticket(chat, flow),
        live=tuple(live),
        talks=talks_of(live, running),
        asked=asked,
        resolved=() if live else await _resolved(chat),
        denied=await _denied(chat, incoming),
    )


def _is_overtaken(flow: Flow, asked: OpenQuestion | None) -> bool:
    """Somebody asked for words after this dialog did: the next words are for the later one."""
    is_waiting = flow.name in (dialog_state.ASK, dialog_state.ADD, dialog_state.COMMENT)
    return asked is not None and is_waiting and dialog_state.began_at(flow) < asked.asked_at


async def _replied_ticket(chat: ConversationContext, incoming: Incoming) -> Ticket | None:
    """The ticket whose message this replies to: the client's own, or one of the desk."""
    if not incoming.reply_to_remote:
        return None
    replied = await linked(chat, incoming.reply_to_remote)
    ticket = replied.ticket if replied is not None else None
    if ticket is None:
        address = chat.account.address
        ticket = await chat.work.messages.linked_ticket(
            address.surface, address.user, incoming.reply_to_remote
        )
    return None if ticket is None else await my_tickets.still_mine(chat, ticket)


async def _flow_ticket(chat: ConversationContext, flow: Flow) -> Ticket | None:
    if flow.name != dialog_state.ADD:
        return None
    ticket = await my_tickets.still_mine(chat, flow.data["ticket"])
    return ticket if ticket is not None and takes_words(ticket) else None


async def _denied(chat: ConversationContext, incoming: Incoming) -> Notices | None:
    """Words of the client's own only; what runs is looked up where they say "this was not me"."""
    is_own = not (incoming.attachments or incoming.is_forwarded or incoming.is_edit)
    return await not_me.notices(chat) if is_own and is_not_me(incoming.text) else None


async def _resolved(chat: ConversationContext) -> tuple[Ticket, ...]:
    which = TicketFilter(account=chat.account.id, states=(TicketState.RESOLVED,))
    return tuple(await chat.work.tickets.find(which, limit=2))
