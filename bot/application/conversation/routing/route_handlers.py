"""Carries a route out: what is stored, what is said, and what becomes of the ticket."""

from dataclasses import replace
from typing import assert_never

from bot.answering.engine import Answer
from bot.application.conversation import (
    commands,
    dialog_state,
    menu,
    my_tickets,
    new_ticket,
    not_me,
    policy_questions,
    rating,
    routes,
    throttling,
    ticket_assignment,
)
from bot.application.conversation.context import ConversationContext
from bot.application.conversation.inbound_message import Incoming
from bot.application.conversation.message_intake import (
    come_back_after_flood,
    join_album,
    keep,
    take_edit,
)
from bot.application.conversation.own_data import data_menu
from bot.application.conversation.routes import Handled
from bot.application.conversation.routing.conversation_state import RoutingState
from bot.application.conversation.routing.decision import ends_dialog
from bot.application.conversation.routing.said_words import (
    command_offered,
    payload_in,
    storable,
    words_in,
)
from bot.application.conversation.routing.unplaced_words import open_at_once
from bot.application.conversation.verification import dialog
from bot.application.conversation.verification.proof_parsing import mask_codes
from bot.domain.errors import Refused
from bot.domain.tickets.message import Message
from bot.domain.tickets.routes import RouteCode, RouteReason
from bot.domain.tickets.states import TicketState


async def carry_out(
    chat: ConversationContext, state: RoutingState, incoming: Incoming, route: routes.Settled
) -> Handled:
    """Do what was decided; what is refused on the way is told, and what was said stays stored.

    A code, an address or a number that proves who asks is stored nowhere.
    """
    heard = storable(state, incoming)
    messages: list[Message] = []
    if isinstance(route, routes.Kept):
        messages = await keep(chat, words_in(heard), route.code, route.reason)
        if ends_dialog(state, heard, route):
            await dialog_state.end(chat)
    if isinstance(route, routes.RunCommand):
        await _keep_payload(chat, state, heard)
    handled = Handled(route.code, route.reason, message=messages[0].id if messages else "")
    try:
        return await _act(chat, incoming, heard, route, messages) or handled
    except Refused as refusal:
        await my_tickets.show_how_it_stands(chat, refusal)
        return Handled(route.code, route.reason, refusal.key, handled.message)


async def _act(
    chat: ConversationContext,
    incoming: Incoming,
    heard: Incoming,
    route: routes.Settled,
    messages: list[Message],
) -> Handled | None:
    """How it ended, where that is not what was decided: too many commands a minute."""
    match route:
        case routes.TakeCode() | routes.TakeAddress() | routes.TakeContact():
            await dialog.take(chat, route, incoming)
        case routes.RunCommand():
            return await _run(chat, route)
        case routes.SayUnreadable() | routes.Ignore() | routes.JoinAlbum() | routes.TakeEdit():
            await _without_words(chat, route, heard)
        case _:
            await _with_words(chat, route, messages)
            await _offer_command(chat, command_offered(heard), messages[0])
            if heard.is_too_big:
                await chat.say("conversation.file_too_big")
    return None


async def _run(chat: ConversationContext, route: routes.RunCommand) -> Handled | None:
    if not await throttling.may_act(chat):
        return Handled(RouteCode.LEFT_UNDONE, RouteReason.TOO_FAST)
    await commands.run(chat, route.name, route.args)
    return None


async def _keep_payload(chat: ConversationContext, state: RoutingState, heard: Incoming) -> None:
    """What a link to the bot said is kept as written, and staff of the only open ticket see it."""
    if not payload_in(heard):
        return
    said = replace(heard, text=mask_codes(heard.text)) if state.is_secret_time else heard
    messages = await keep(chat, said, RouteCode.COMMAND, RouteReason.COMMAND_TYPED)
    if len(state.live) == 1 and not state.talks:
        await ticket_assignment.join_silently(chat, state.live[0], messages)


async def _without_words(
    chat: ConversationContext,
    route: routes.SayUnreadable | routes.Ignore | routes.JoinAlbum | routes.TakeEdit,
    heard: Incoming,
) -> None:
    match route:
        case routes.SayUnreadable():
            await chat.say("conversation.cannot_read", rows=menu.menu_rows(chat))
        case routes.Ignore():
            return
        case routes.JoinAlbum(message):
            await join_album(chat, message, heard)
            await new_ticket.take_album_part(chat, message)
        case routes.TakeEdit(message):
            if await take_edit(chat, message, heard):
                await new_ticket.show_edited(chat, message)
        case _:
            assert_never(route)


async def _with_words(
    chat: ConversationContext, route: routes.Kept, messages: list[Message]
) -> None:
    match route:
        case routes.AnswerBeside(kept, answer):
            await _answer_beside(chat, kept, answer, messages)
        case routes.MenuBeside(kept):
            await _with_words(chat, kept, messages)
            await data_menu.show(chat)
        case routes.AskIfNotMe(denied, kept):
            if kept is not None:
                await _with_words(chat, kept, messages)
            await not_me.ask(chat, denied, None if kept else messages[0])
        case routes.AskWhich() | routes.AskRequest() | routes.AskToReopen():
            await _ask(chat, route, messages[0])
        case (
            routes.KeepSilently()
            | routes.StartTicket()
            | routes.AddToDraft()
            | routes.CommentOnRating()
            | routes.JoinTicket()
            | routes.OpenTicket()
        ):
            await _into_ticket(chat, route, messages)
        case _:
            await _reply(chat, route, messages[0])


async def _into_ticket(
    chat: ConversationContext,
    route: routes.KeepSilently
    | routes.StartTicket
    | routes.AddToDraft
    | routes.CommentOnRating
    | routes.JoinTicket
    | routes.OpenTicket,
    messages: list[Message],
) -> None:
    match route:
        case routes.KeepSilently():
            await _keep_silently(chat, route, messages)
        case routes.StartTicket():
            await new_ticket.start(chat, words=messages)
        case routes.AddToDraft(draft):
            await new_ticket.take(chat, draft, messages)
        case routes.CommentOnRating(flow):
            await rating.take_comment(chat, flow, messages)
        case routes.JoinTicket(ticket):
            await ticket_assignment.join(chat, ticket, messages)
        case routes.OpenTicket():
            await open_at_once(chat, messages)
        case _:
            assert_never(route)


async def _ask(
    chat: ConversationContext,
    route: routes.AskWhich | routes.AskRequest | routes.AskToReopen,
    message: Message,
) -> None:
    match route:
        case routes.AskWhich(tickets):
            await ticket_assignment.ask_which(chat, tickets, message)
        case routes.AskRequest(ticket, request):
            await ticket_assignment.ask_request_or_new(chat, ticket, request, message)
        case routes.AskToReopen(ticket):
            await ticket_assignment.reply_to_closed(chat, ticket, message)
        case _:
            assert_never(route)


async def _answer_beside(
    chat: ConversationContext, kept: routes.Placed, answer: Answer, messages: list[Message]
) -> None:
    if isinstance(kept, routes.JoinTicket):
        was_resolved = kept.ticket.state is TicketState.RESOLVED
        await ticket_assignment.join_silently(chat, kept.ticket, messages)
        await policy_questions.answer_in_ticket(
            chat, messages[0], answer, kept.ticket, was_resolved=was_resolved
        )
        return
    await policy_questions.answer_meanwhile(chat, messages[0], answer)
    await _with_words(chat, kept, messages)


async def _offer_command(chat: ConversationContext, name: str, message: Message) -> None:
    """Words stood behind a command that takes none, or behind one like it: they are kept."""
    if name and message.route is not RouteCode.KEPT:
        await commands.offer(chat, name)


async def _reply(chat: ConversationContext, route: routes.OwnReply, message: Message) -> None:
    match route:
        case routes.OfferSupport(resolved):
            await ticket_assignment.offer_support(chat, message, resolved)
        case routes.ShowAnswer(answer, tickets):
            await policy_questions.answer_question(chat, message, answer, tickets)
        case routes.SayEngineAway():
            await policy_questions.engine_is_away(chat, message)
        case routes.ShowDataMenu():
            await data_menu.show(chat, message.id)
        case routes.Greet():
            await menu.greet(chat)
        case routes.AnswerThanks():
            await menu.answer_thanks(chat)
        case _:
            assert_never(route)


async def _keep_silently(
    chat: ConversationContext, route: routes.KeepSilently, messages: list[Message]
) -> None:
    if route.draft is not None:
        await new_ticket.take_silently(chat, route.draft, messages)
    elif route.ticket is not None:
        await ticket_assignment.join_silently(chat, route.ticket, messages)
    if route.ticket is None:
        await come_back_after_flood(chat)
    await throttling.tell(chat)
