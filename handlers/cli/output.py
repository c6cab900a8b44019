"""How a command ends: data on standard output, words on standard error, an exit code that tells."""

import json
import os
import sys
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, contextmanager, suppress
from datetime import date, datetime
from enum import IntEnum
from pathlib import Path
from typing import NoReturn, ParamSpec, TextIO

import click

from bot.domain.addresses import Language
from bot.domain.errors import DeskError, Refused, Tampered, Unavailable
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


async def put_out(pieces: AsyncGenerator[str, None], output: Path | None, first: str = "") -> None:
    """Text as it comes, behind `first`, to standard output or into a new file.

    Raises:
        Refused: the file is there already, or cannot be written.
    """
    async with aclosing(pieces):
        if output is None:
            await _write(sys.stdout, pieces, first)
            return
        try:
            with _new_private(output) as file:
                await _write(file, pieces, first)
        except FileExistsError:
            raise Refused("console.file_exists", path=str(output)) from None
        except OSError as error:
            why = error.strerror or ""
            raise Refused("console.cannot_write", path=str(output), why=why) from error


@contextmanager
def _new_private(path: Path) -> Iterator[TextIO]:
    """A file that only its owner may read.

    It is taken away where it was not finished, so that it neither passes for whole nor stands in
    the way of the next run.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            yield file
    except BaseException:
        path.unlink(missing_ok=True)
        raise


async def _write(file: TextIO, pieces: AsyncGenerator[str, None], first: str) -> None:
    file.write(first)
    async for piece in pieces:
        file.write(piece)


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
    if isinstance(error, Tampered):
        tell(say("console.tampered", Language.EN))
    sys.exit(Exit.UNAVAILABLE if isinstance(error, Unavailable) else Exit.REFUSED)


def refusals(command: Callable[P, None]) -> Callable[P, None]:
    """A command whose expected failures are one sentence and an exit code.

    That nobody reads on (`| head`) is no failure.
    """

    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
            sys.stdout.flush()
        except BrokenPipeError:
            _stop_writing()
        except DeskError as error:
            fail(error)

    guarded.__name__, guarded.__doc__ = command.__name__, command.__doc__
    if hasattr(command, "__click_params__"):
        guarded.__click_params__ = command.__click_params__  # pyright: ignore[reportFunctionMemberAccess]  # click keeps options here
    return guarded


def _stop_writing() -> NoReturn:
    """What is still to be written would be complained of at the end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(Exit.DONE)
