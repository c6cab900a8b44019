"""Commands that work on the open desk; kept apart, so that the others start faster."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Concatenate, ParamSpec

from bot.wording import say
from handlers.cli.output import refusals, tell
from handlers.open_desk import Desk
from handlers.runtime.composition import open_desk
from handlers.settings import read_settings

P = ParamSpec("P")


def on_desk(
    command: Callable[Concatenate[Desk, P], Awaitable[None]],
) -> Callable[P, None]:
    """A command that works on the open desk of the settings; it publishes and founds nothing."""
    return _command(command, Opening(publishes=False, may_make=False))


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
    @refusals
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(_with_desk(opening, command, *args, **kwargs))

    run.__name__, run.__doc__ = command.__name__, command.__doc__
    if hasattr(command, "__click_params__"):
        run.__click_params__ = command.__click_params__  # pyright: ignore[reportFunctionMemberAccess]  # click keeps options here
    return run


async def _with_desk(
    opening: Opening,
    command: Callable[Concatenate[Desk, P], Awaitable[None]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> None:
    async with open_desk(
        read_settings(), publishes=opening.publishes, may_make=opening.may_make
    ) as desk:
        if desk.new_store:
            tell(say("console.made_store", place=desk.new_store))
        await command(desk, *args, **kwargs)
