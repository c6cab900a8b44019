"""Buttons and menus whose press is the whole intent."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.application.reviewed_answers import question_links
from bot.application.staff_desk import delivery, home, lifecycle, replies, triage
from bot.application.staff_desk.home import HomeChoice, Section, choice_of
from bot.domain.addresses import MessageId
from bot.domain.tickets.states import Kind, Priority
from handlers.slack.blocks.home import ANY
from handlers.slack.handling.request_actions import press_on_request
from handlers.slack.handling.staff_session import Doer
from handlers.slack.payloads.intents import Pressed

ON_TICKET = {
    "claim": triage.claim,
    "reopen": lifecycle.reopen,
    "close": lifecycle.close,
    "restore": triage.restore,
    "wake": triage.wake,
    "spam": triage.mark_as_spam,
    "await_third": triage.await_third,
}
ON_LINK = {"link_back": question_links.take_back_link, "link_keep": question_links.keep_link}
ON_MESSAGE = {
    "undo": replies.undo_reply,
    "send_again": replies.send_again,
    "it_arrived": delivery.it_arrived,
}


async def press(doer: Doer, pressed: Pressed) -> None:
    """Do what a button says; one that is not known any more does nothing.

    Raises:
        Refused: as the use case says.
    """
    if pressed.verb in ON_TICKET:
        await doer.do(ON_TICKET[pressed.verb], ticket=pressed.ref)
    elif pressed.verb in ON_MESSAGE:
        await doer.do(ON_MESSAGE[pressed.verb], message=MessageId(pressed.ref))
    elif pressed.verb in ON_LINK:
        await doer.do(ON_LINK[pressed.verb], link=pressed.ref)
    elif pressed.verb == "question_silent":
        await doer.do(question_links.mark_not_in_policy, question=pressed.ref)
    elif pressed.verb in _AT_HOME:
        await _AT_HOME[pressed.verb](doer, pressed)
    else:
        await press_on_request(doer, pressed)


async def open_home_view(doer: Doer) -> None:
    await doer.do(home.open_home)


async def choose_tag(doer: Doer, tag: str) -> None:
    """Show only tickets with this tag; empty: with any."""
    chosen = await doer.bus.look(choice_of, doer.staff.id)
    wanted = " ".join(tag.lstrip("# ").lower().split())
    await _choose(doer, replace(chosen, tag=wanted, page=0))


async def _section(doer: Doer, pressed: Pressed) -> None:
    if pressed.ref in tuple(Section):
        chosen = await doer.bus.look(choice_of, doer.staff.id)
        await _choose(doer, replace(chosen, section=Section(pressed.ref), page=0))


async def _kind(doer: Doer, pressed: Pressed) -> None:
    chosen = await doer.bus.look(choice_of, doer.staff.id)
    kind = None if pressed.chosen in ("", ANY) else Kind(pressed.chosen)
    await _choose(doer, replace(chosen, kind=kind, page=0))


async def _priority(doer: Doer, pressed: Pressed) -> None:
    chosen = await doer.bus.look(choice_of, doer.staff.id)
    priority = None if pressed.chosen in ("", ANY) else Priority(pressed.chosen)
    await _choose(doer, replace(chosen, priority=priority, page=0))


async def _turn(doer: Doer, pressed: Pressed) -> None:
    await doer.do(home.turn_page, pages=-1 if pressed.ref == "-1" else 1)


async def _try_again(doer: Doer, pressed: Pressed) -> None:
    if pressed.ref.isdigit():
        await doer.do(home.try_again, letter=int(pressed.ref))


async def _choose(doer: Doer, choice: HomeChoice) -> None:
    await doer.do(home.choose_home, choice=choice)


_AT_HOME: dict[str, Callable[[Doer, Pressed], Awaitable[None]]] = {
    "home_section": _section,
    "home_kind": _kind,
    "home_priority": _priority,
    "home_turn": _turn,
    "try_again": _try_again,
}
