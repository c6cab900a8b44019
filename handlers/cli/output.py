"""How a command ends: data on standard output, words on standard error, an exit code that tells."""

import json
import sys
from collections.abc import Callable
from datetime import date, datetime
from enum import IntEnum
from typing import NoReturn, ParamSpec

import click

from bot.domain.addresses import Language
from bot.domain.errors import DeskError, Unavailable
from bot.wording import say
from handlers.settings import SettingsRefused

P = ParamSpec("P")


class Exit(IntEnum):
    """The command's exit code."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    UNAVAILABLE = 3


def show_json(data: object) -> None:
    """One JSON document, in UTF-8, with times in ISO 8601."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=_written))


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, (datetime, date)) else str(value)


def tell(text: str) -> None:
    """A word to the person at the keyboard, never into a pipe."""
    click.echo(text, err=True)


def fail(error: DeskError) -> NoReturn:
    """Say what is wrong and what to do, and end with the code that fits."""
    if isinstance(error, SettingsRefused):
        tell(say("settings.wrong", Language.EN, **error.params))
        for problem in error.problems:
            tell(f"  - {problem}")
    else:
        tell(say(error.key, Language.EN, **error.params))
    sys.exit(Exit.UNAVAILABLE if isinstance(error, Unavailable) else Exit.REFUSED)


def refusals(command: Callable[P, None]) -> Callable[P, None]:
    """A command whose expected failures are one sentence and an exit code."""

    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except DeskError as error:
            fail(error)

    guarded.__name__, guarded.__doc__ = command.__name__, command.__doc__
    if hasattr(command, "__click_params__"):
        guarded.__click_params__ = command.__click_params__  # pyright: ignore[reportFunctionMemberAccess]  # click keeps options here
    return guarded
