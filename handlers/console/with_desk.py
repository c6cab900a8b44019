"""Commands that work on the open desk; kept apart, so that the others start faster."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Concatenate, ParamSpec

from handlers.console.output import refusals
from handlers.desk import Desk
from handlers.main import open_desk
from handlers.settings import read_settings

P = ParamSpec("P")


def on_desk(
    command: Callable[Concatenate[Desk, P], Awaitable[None]],
) -> Callable[P, None]:
    """A command that works on the open desk of the settings; it publishes no policy."""
    return _command(command, publishes=False)


def on_published_desk(
    command: Callable[Concatenate[Desk, P], Awaitable[None]],
) -> Callable[P, None]:
    """Likewise; POLICY_FILE and its summaries are published first."""
    return _command(command, publishes=True)


def _command(
    command: Callable[Concatenate[Desk, P], Awaitable[None]], *, publishes: bool
) -> Callable[P, None]:
    @refusals
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(_with_desk(publishes, command, *args, **kwargs))

    run.__name__, run.__doc__ = command.__name__, command.__doc__
    if hasattr(command, "__click_params__"):
        run.__click_params__ = command.__click_params__  # pyright: ignore[reportFunctionMemberAccess]  # click keeps options here
    return run


async def _with_desk(
    publishes: bool,  # noqa: FBT001  # before the command's own arguments
    command: Callable[Concatenate[Desk, P], Awaitable[None]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> None:
    async with open_desk(read_settings(), publishes=publishes) as desk:
        await command(desk, *args, **kwargs)
