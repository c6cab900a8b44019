"""`privacydesk run`, `tour` and `chat`."""

import asyncio

import click

from bot.domain.addresses import Language
from handlers.cli.chat import TerminalChat
from handlers.cli.desk_command import on_published_desk
from handlers.cli.output import refusals
from handlers.log_setup import set_up_logs
from handlers.open_desk import Desk
from handlers.runtime.lifecycle import until_told
from handlers.settings import read_settings


@click.command()
@refusals
def run() -> None:
    """Start the desk: live with all tokens, the sandbox on this machine with none.

    Stop it with Ctrl-C; nothing is lost.
    """
    from handlers.runtime.desk_start import run_desk  # noqa: PLC0415  # the other commands start faster without

    settings = read_settings()
    set_up_logs(settings.log_level)
    asyncio.run(until_told(run_desk(settings)))


@click.command()
@click.argument("which", type=click.Choice(["ticket", "erasure"]), default="ticket")
@click.option(
    "--language",
    type=click.Choice([one.value for one in Language]),
    default=Language.EN.value,
    show_default=True,
    help="Of the client, and of what is told.",
)
@refusals
def tour(which: str, language: str) -> None:
    """Play a whole ticket, or an erasure, in a made-up town, and tell it here; then exit.

    ticket: from the first question to the stars. erasure: from the first word, by proof and two
    approvals, to the end of the waiting time. Nothing leaves this machine; no token is needed.

    \b
    Examples:
      privacydesk tour
      privacydesk tour erasure --language bn
    """
    from handlers.runtime.desk_start import take_tour  # noqa: PLC0415  # likewise

    settings = read_settings()
    set_up_logs("WARNING")
    asyncio.run(until_told(take_tour(settings, click.echo, which, Language(language))))


@click.command()
@on_published_desk
async def chat(desk: Desk) -> None:
    """Chat as a client, in this terminal: the same desk that Telegram clients meet.

    Type a question, /help, or the number of a choice; /quit ends. Lines may also come from a pipe.
    """
    await TerminalChat(desk).run()


COMMANDS = (run, tour, chat)
