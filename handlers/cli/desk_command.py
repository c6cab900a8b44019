"""Commands that work on the open desk, and in whose name; kept apart: the others start faster."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar

import click

from bot.application.ports.reports import StoreReports
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.staff_desk.shell_names import ShellDeed, act_at_shell, who_acts
from bot.domain.addresses import Actor
from bot.wording import say
from handlers.cli.chosen import IN_SANDBOX, is_in_sandbox
from handlers.cli.output import refusals, tell
from handlers.open_desk import Desk
from handlers.runtime.composition import Premises, open_desk, open_records, premises

P = ParamSpec("P")
R = TypeVar("R")
AS = click.option(
    "--as",
    "person",
    default="",
    metavar="SLACK_USER",
    help="In whose name; they are told at once. Default: PRIVACYDESK_AS.",
)
AS_SERVICE = click.option(
    "--as-service", "job", default="", metavar="NAME", help="Of a scheduled job: what it is called."
)


def premises_of_command() -> Premises:
    """Which store the command that runs now is about. Raises as `premises`."""
    return premises(in_sandbox=is_in_sandbox())


def on_desk(
    command: Callable[Concatenate[Desk, P], Awaitable[None]],
) -> Callable[P, None]:
    """A command that works on the open desk of the settings; it publishes and founds nothing."""
    return _command(command, Opening(publishes=False, may_make=False))


def on_records(
    command: Callable[Concatenate[StoreReports, P], Awaitable[None]],
) -> Callable[P, None]:
    """A command that only looks at the store, whatever was done to it: also at a copy of it."""

    async def run(*args: P.args, **kwargs: P.kwargs) -> None:
        where = premises_of_command()
        async with open_records(where.settings, where.place, clock=where.clock) as records:
            await command(records, *args, **kwargs)

    return _as_command(command, run)


def on_first_desk(
    command: Callable[Concatenate[Desk, P], Awaitable[None]],
) -> Callable[P, None]:
    """A step of setting up, which may come before the first `run`: the store is made for it."""
    return _command(command, Opening(publishes=False, may_make=True))


def on_published_desk(
    command: Callable[Concatenate[Desk, P], Awaitable[None]],
) -> Callable[P, None]:
    """Likewise; POLICY_FILE and its summaries are published first."""
    return _command(command, Opening(publishes=True, may_make=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What opening the desk for a command may do to the store."""

    publishes: bool
    may_make: bool


def _command(
    command: Callable[Concatenate[Desk, P], Awaitable[None]], opening: Opening
) -> Callable[P, None]:
    async def run(*args: P.args, **kwargs: P.kwargs) -> None:
        await _with_desk(opening, command, *args, **kwargs)

    return _as_command(command, run)


def _as_command(
    command: Callable[..., Awaitable[None]], work: Callable[P, Coroutine[None, None, None]]
) -> Callable[P, None]:
    """`work` in a loop of its own, under the command's name and with its options."""

    @refusals
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(work(*args, **kwargs))

    run.__name__, run.__doc__ = command.__name__, command.__doc__
    if hasattr(command, "__click_params__"):
        run.__click_params__ = command.__click_params__  # pyright: ignore[reportFunctionMemberAccess]  # click keeps options here
    return IN_SANDBOX(run)


async def _with_desk(
    opening: Opening,
    command: Callable[Concatenate[Desk, P], Awaitable[None]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> None:
    where = premises_of_command()
    async with open_desk(
        where.settings,
        where.place,
        clock=where.clock,
        publishes=opening.publishes,
        may_make=opening.may_make,
        at_shell=True,
    ) as desk:
        if desk.new_store:
            tell(say("console.made_store", place=desk.new_store))
        await command(desk, *args, **kwargs)


@dataclass(frozen=True, slots=True)
class Shell:
    """Whoever types, in the name of somebody who is told of it."""

    desk: Desk
    actor: Actor
    deed: ShellDeed

    async def do(
        self,
        about: str,
        use_case: Callable[Concatenate[UnitOfWork, P], Awaitable[R]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Run `use_case` on `about`. Raises Refused; nothing was changed then, and nobody told."""

        async def act(work: UnitOfWork) -> R:
            return await use_case(work, *args, **kwargs)

        return await self.desk.bus.handle(
            self.actor, act_at_shell, deed=self.deed, act=act, about=about
        )


async def at_shell(desk: Desk, deed: ShellDeed, person: str, job: str = "") -> Shell:
    """Raises Refused: nobody is named, or somebody who may not do this."""
    if person and job:
        raise click.UsageError(say("shell.one_of_both"))
    person = person or ("" if job else desk.settings.privacydesk_as)
    actor = await desk.bus.look(who_acts, deed=deed, person=person, job=job)
    return Shell(desk, actor, deed)
