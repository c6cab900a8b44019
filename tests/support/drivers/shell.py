"""Somebody at the shell of the machine, over the fakes: what they type, and who hears of it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from bot.application.outbound.to_staff import Alert, TellStaff
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.staff_desk.shell_names import ShellDeed, act_at_shell, who_acts
from bot.domain.addresses import Actor
from bot.domain.staff import ActedAtShell
from tests.support.builders.desk import Desk

OS_USER = "mallory (1000)"


async def types(  # noqa: PLR0913  # a line of the shell, by its parts
    desk: Desk,
    deed: ShellDeed,
    use_case: Callable[..., Awaitable[Any]],
    *,
    named: str = "",
    job: str = "",
    about: str = "",
    **given: object,
) -> Any:
    """Do it as the command line does. Raises Refused."""

    async def act(work: UnitOfWork) -> Any:
        return await use_case(work, **given)

    actor = await desk.bus.look(who_acts, deed=deed, person=named, job=job)
    return await desk.bus.handle(typed(actor), act_at_shell, deed=deed, act=act, about=about)


def typed(actor: Actor) -> Actor:
    return replace(actor, os_user=OS_USER)


def told(desk: Desk, name: str) -> list[str]:
    """What that colleague was told by direct message."""
    words = desk.deliveries(TellStaff)
    return [word.text for word in words if word.staff == f"staff-{name}"]


def posted(desk: Desk) -> list[str]:
    """What stands in the privacy channel."""
    return [alert.text for alert in desk.deliveries(Alert) if alert.channel == "privacy"]


def typed_events(desk: Desk) -> list[tuple[str, str]]:
    """(who was named, what was done), of what the log says was typed by that user."""
    return [
        (row.actor.id, row.event.deed)
        for row in desk.store.log
        if isinstance(row.event, ActedAtShell) and row.actor.os_user == OS_USER
    ]
