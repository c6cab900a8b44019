"""Buttons and menus whose press is the whole intent."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.application.reviewed_answers import question_links
from bot.application.staff_desk import delivery_outcomes, home, lifecycle, replies, triage
from bot.application.staff_desk.home import HomeChoice, Section, choice_of
from bot.domain.addresses import MessageId
from bot.domain.tickets.states import Priority, TicketKind
from handlers.slack.blocks.home import ANY
from handlers.slack.handling.staff_session import StaffSession
from handlers.slack.payloads.intents import Pressed

Press = Callable[[StaffSession, Pressed], Awaitable[object]]


async def open_home_view(session: StaffSession) -> None:
    await session.do(home.open_home)


async def choose_tag(session: StaffSession, tag: str) -> None:
    """Show only tickets with this tag; empty: with any."""
    chosen = await session.bus.look(choice_of, session.staff.id)
    wanted = " ".join(tag.lstrip("# ").lower().split())
    await _choose(session, replace(chosen, tag=wanted, page=0))


async def _section(session: StaffSession, pressed: Pressed) -> None:
    if pressed.ref in tuple(Section):
        chosen = await session.bus.look(choice_of, session.staff.id)
        await _choose(session, replace(chosen, section=Section(pressed.ref), page=0))


async def _kind(session: StaffSession, pressed: Pressed) -> None:
    chosen = await session.bus.look(choice_of, session.staff.id)
    kind = None if pressed.chosen in ("", ANY) else TicketKind(pressed.chosen)
    await _choose(session, replace(chosen, kind=kind, page=0))


async def _priority(session: StaffSession, pressed: Pressed) -> None:
    chosen = await session.bus.look(choice_of, session.staff.id)
    priority = None if pressed.chosen in ("", ANY) else Priority(pressed.chosen)
    await _choose(session, replace(chosen, priority=priority, page=0))


async def _turn(session: StaffSession, pressed: Pressed) -> None:
    await session.do(home.turn_page, pages=-1 if pressed.ref == "-1" else 1)


async def _try_again(session: StaffSession, pressed: Pressed) -> None:
    if pressed.ref.isascii() and pressed.ref.isdigit():
        await session.do(home.try_again, letter=int(pressed.ref))


async def _update_again(session: StaffSession, pressed: Pressed) -> None:
    if pressed.ref.isascii() and pressed.ref.isdigit():
        await session.do(home.deal_again, update=int(pressed.ref))


async def _choose(session: StaffSession, choice: HomeChoice) -> None:
    await session.do(home.choose_home, choice=choice)


def _on_ticket(use_case: Callable[..., Awaitable[object]]) -> Press:
    async def press(session: StaffSession, pressed: Pressed) -> None:
        await session.do(use_case, ticket=pressed.ref)

    return press


def _on_message(use_case: Callable[..., Awaitable[object]]) -> Press:
    async def press(session: StaffSession, pressed: Pressed) -> None:
        await session.do(use_case, message=MessageId(pressed.ref))

    return press


def _on_link(use_case: Callable[..., Awaitable[object]]) -> Press:
    async def press(session: StaffSession, pressed: Pressed) -> None:
        await session.do(use_case, link=pressed.ref)

    return press


async def _not_in_policy(session: StaffSession, pressed: Pressed) -> None:
    await session.do(question_links.mark_not_in_policy, question=pressed.ref)


BUTTONS: Mapping[str, Press] = {
    "claim": _on_ticket(triage.claim),
    "reopen": _on_ticket(lifecycle.reopen),
    "close": _on_ticket(lifecycle.close),
    "restore": _on_ticket(triage.restore),
    "wake": _on_ticket(triage.wake),
    "spam": _on_ticket(triage.mark_as_spam),
    "await_third": _on_ticket(triage.await_third),
    "take_up": _on_ticket(triage.take_up),
    "undo": _on_message(replies.undo_reply),
    "send_again": _on_message(replies.send_again),
    "it_arrived": _on_message(delivery_outcomes.it_arrived),
    "link_back": _on_link(question_links.take_back_link),
    "link_keep": _on_link(question_links.keep_link),
    "question_silent": _not_in_policy,
    "home_section": _section,
    "home_kind": _kind,
    "home_priority": _priority,
    "home_turn": _turn,
    "try_again": _try_again,
    "update_again": _update_again,
}
