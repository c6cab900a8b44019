"""Buttons by verb. An old button gives the current card, never an error."""

from collections.abc import Awaitable, Callable, Mapping

from bot.application.conversation import (
    commands,
    menu,
    my_tickets,
    new_ticket,
    not_me,
    policy_questions,
    rating,
    throttling,
    ticket_assignment,
    ticket_list,
)
from bot.application.conversation.context import ConversationContext
from bot.application.conversation.erasures import confirmation, late_copy
from bot.application.conversation.own_data import data_menu, my_requests
from bot.application.conversation.routes import Handled
from bot.application.conversation.verification import account_link_dialog, dialog
from bot.application.outbound.to_client import Press
from bot.domain.errors import Refused
from bot.domain.tickets.routes import RouteCode, RouteReason

Button = Callable[[ConversationContext, str], Awaitable[object]]


async def run(chat: ConversationContext, press: Press) -> Handled:
    """Do what the button says; what cannot be done any more shows how things stand."""
    button = BUTTONS.get(press.verb)
    if button is None:
        await menu.stale_button(chat)
        return Handled(RouteCode.LEFT_UNDONE, RouteReason.UNKNOWN_BUTTON)
    if not await throttling.may_act(chat):
        return Handled(RouteCode.LEFT_UNDONE, RouteReason.TOO_FAST)
    try:
        await button(chat, press.ref)
    except Refused as refusal:
        await my_tickets.show_how_it_stands(chat, refusal, press.ref)
        return Handled(RouteCode.BUTTON, RouteReason.PRESSED, refusal.key)
    return Handled(RouteCode.BUTTON, RouteReason.PRESSED)


def _plain(act: Callable[[ConversationContext], Awaitable[object]]) -> Button:
    """A button that needs no reference."""

    async def button(chat: ConversationContext, _ref: str) -> object:
        return await act(chat)

    return button


def _data(verb: str) -> Button:
    async def button(chat: ConversationContext, ref: str) -> object:
        return await data_menu.press(chat, verb, ref)

    return button


async def _run_command(chat: ConversationContext, name: str) -> None:
    await commands.run(chat, name, "")


BUTTONS: Mapping[str, Button] = {
    "menu": _plain(menu.show_menu),
    "help": _plain(menu.show_help),
    "lang": _plain(menu.offer_languages),
    "lang.set": menu.set_language,
    "run": _run_command,
    "cancel": _plain(new_ticket.cancel),
    "ask": _plain(policy_questions.invite_question),
    "answer.helpful": policy_questions.mark_helpful,
    "answer.section": policy_questions.show_section,
    "answer.person": policy_questions.ask_a_person,
    "policy": _plain(policy_questions.show_policy),
    "new": new_ticket.start_after,
    "new.cat": new_ticket.choose_category,
    "new.add": new_ticket.add_to_similar,
    "new.anyway": _plain(new_ticket.send_anyway),
    "new.send": _plain(new_ticket.send),
    "new.edit": _plain(new_ticket.edit),
    "new.cancel": _plain(new_ticket.cancel),
    "send": new_ticket.start_with,
    "put": ticket_assignment.put,
    "again": ticket_assignment.put_again,
    "unjoin": ticket_assignment.take_out,
    "tickets": ticket_list.show_list,
    "ticket.show": my_tickets.show_ticket,
    "ticket.add": my_tickets.invite_words,
    "ticket.close": my_tickets.close,
    "ticket.reopen": my_tickets.reopen,
    "ticket.transcript": my_tickets.send_transcript,
    "ticket.rate": rating.rate,
    "ticket.skip_comment": _plain(rating.skip_comment),
    "ticket.broken": rating.still_broken,
    "mydata": data_menu.show,
    **{verb: _data(verb) for verb in data_menu.VERBS},
    "proof.send": dialog.send,
    "proof.unreadable": dialog.cannot_read,
    "proof.no_phone": dialog.cannot_share,
    "proof.account": dialog.account_only,
    "link": _plain(account_link_dialog.begin),
    "link.send": _plain(account_link_dialog.send_again),
    "link.unreadable": _plain(account_link_dialog.give_up),
    "link.no_phone": _plain(account_link_dialog.give_up),
    "request.show": my_requests.show,
    "request.confirm": confirmation.confirm,
    "request.withdraw": my_requests.withdraw,
    "request.appeal": my_requests.appeal,
    "request.without_copy": late_copy.erase_without_copy,
    "request.await_copy": late_copy.wait_for_copy,
    "request.freeze": not_me.freeze,
    "account.disown": not_me.disown_account,
}
