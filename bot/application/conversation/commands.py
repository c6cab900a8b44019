"""Commands by name; an unknown one is answered with the nearest."""

from collections.abc import Awaitable, Callable, Mapping

from rapidfuzz import fuzz, process

from bot.application.conversation import (
    menu,
    my_tickets,
    new_ticket,
    not_me,
    policy_questions,
    ticket_list,
)
from bot.application.conversation.context import ConversationContext
from bot.application.conversation.own_data import data_menu, my_requests
from bot.application.conversation.own_data.data_overview import overview
from bot.application.outbound.to_client import Choice, Press
from bot.application.tickets.client_tickets import live_tickets

Command = Callable[[ConversationContext, str], Awaitable[object]]
NEAREST_FROM = 55
"""Likeness (0-100) from which a known command is offered for an unknown one."""


async def run(chat: ConversationContext, name: str, args: str) -> None:
    """Carry out a command; `args` is what stood behind it.

    Raises:
        Refused: the arguments name something that is not this client's.
    """
    command = COMMANDS.get(name)
    if command is None:
        await _unknown(chat, name)
    else:
        await command(chat, args)


async def _start(chat: ConversationContext, args: str) -> None:
    """A deep link of a notice says `f_` and its token: "this was not me"."""
    if args.startswith(not_me.FREEZE_WORD):
        await not_me.freeze_by_link(chat, args.removeprefix(not_me.FREEZE_WORD))
        return
    await menu.welcome(chat)


async def _status(chat: ConversationContext, args: str) -> None:
    """Data requests first; the tickets that carry their talk are not shown beside them."""
    if my_requests.is_number(args):
        await my_requests.show(chat, args)
        return
    shown = [] if args else await my_requests.show_live(chat)
    carried = {request.ticket for request in shown}
    mine = await live_tickets(chat.work, account=chat.account)
    if not shown or any(ticket.id not in carried for ticket in mine):
        await my_tickets.show_status(chat, args)


async def _ask(chat: ConversationContext, _args: str) -> None:
    await policy_questions.invite_question(chat)


async def _new(chat: ConversationContext, _args: str) -> None:
    await new_ticket.start(chat)


async def _tickets(chat: ConversationContext, args: str) -> None:
    await (my_tickets.show_status(chat, args) if args else ticket_list.show_list(chat))


async def _my_data(chat: ConversationContext, _args: str) -> None:
    await data_menu.show(chat, before=await overview(chat))


async def _access(chat: ConversationContext, _args: str) -> None:
    await data_menu.press(chat, "data.get", "")


async def _erase(chat: ConversationContext, _args: str) -> None:
    await data_menu.press(chat, "data.erase", "")


async def _policy(chat: ConversationContext, _args: str) -> None:
    await policy_questions.show_policy(chat)


async def _language(chat: ConversationContext, args: str) -> None:
    if args:
        await menu.set_language(chat, args.lower())
    else:
        await menu.offer_languages(chat)


async def _help(chat: ConversationContext, _args: str) -> None:
    await menu.show_help(chat)


async def _cancel(chat: ConversationContext, _args: str) -> None:
    await new_ticket.cancel(chat)


async def _menu(chat: ConversationContext, _args: str) -> None:
    await menu.show_menu(chat)


async def offer(chat: ConversationContext, name: str) -> None:
    """Words were written behind a command that takes none: they are kept, and this runs it."""
    run_it = Choice(f"/{name}", Press("run", name))
    await chat.say("conversation.words_behind_command", command=f"/{name}", rows=((run_it,),))


async def _unknown(chat: ConversationContext, name: str) -> None:
    found = process.extractOne(name, list(COMMANDS), scorer=fuzz.WRatio, score_cutoff=NEAREST_FROM)
    if found is None:
        await chat.say(
            "conversation.unknown_command", command=f"/{name}", rows=menu.menu_rows(chat)
        )
        return
    nearest = found[0]
    run_it = Choice(f"/{nearest}", Press("run", nearest))
    await chat.say(
        "conversation.nearest_command", command=f"/{name}", nearest=f"/{nearest}", rows=((run_it,),)
    )


COMMANDS: Mapping[str, Command] = {
    "start": _start,
    "ask": _ask,
    "new": _new,
    "tickets": _tickets,
    "mydata": _my_data,
    "policy": _policy,
    "lang": _language,
    "help": _help,
    "cancel": _cancel,
    "status": _status,
    "menu": _menu,
    "privacy": _policy,
    "access": _access,
    "erase": _erase,
}
REGISTERED = (
    "start", "ask", "new", "tickets", "status", "mydata", "policy", "lang", "help", "cancel",
)  # fmt: skip
"""What the platform lists; each has its `conversation.command_<name>` in the wording."""
