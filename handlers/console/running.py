"""`privacydesk run`, `chat` and `doctor`."""

import asyncio
import sys

import click

from bot.addresses import Language
from bot.records import Finding
from bot.use_cases.requests.approvers import people_findings
from bot.wording import say
from handlers.console.chat import TerminalChat
from handlers.console.output import Exit, refusals, show_json, tell
from handlers.console.with_desk import on_desk, on_published_desk
from handlers.desk import Desk
from handlers.logs import set_up_logs
from handlers.readiness import choose_mode
from handlers.settings import Settings, SettingsRefused, read_settings
from handlers.starting import until_told


@click.command()
@refusals
def run() -> None:
    """Start the desk: live with all tokens, the sandbox on this machine with none.

    Stop it with Ctrl-C; nothing is lost.
    """
    from handlers.main import run_desk  # noqa: PLC0415  # the other commands start faster without

    settings = read_settings()
    set_up_logs(settings.log_level)
    asyncio.run(until_told(run_desk(settings)))


@click.command()
@refusals
def tour() -> None:
    """Play a whole ticket, from the first question to the stars, in a made-up town; then exit.

    Nothing leaves this machine, and no token is needed.
    """
    from handlers.main import take_tour  # noqa: PLC0415  # likewise

    settings = read_settings()
    set_up_logs("WARNING")
    asyncio.run(until_told(take_tour(settings, click.echo)))


@click.command()
@on_published_desk
async def chat(desk: Desk) -> None:
    """Chat as a client, in this terminal: the same desk that Telegram clients meet.

    Type a question, /help, or the number of a choice; /quit ends. Lines may also come from a pipe.
    """
    await TerminalChat(desk).run()


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
@on_desk
async def doctor(desk: Desk, *, as_json: bool) -> None:
    """Check what can be checked, and say what to do about what is not right."""
    people = await desk.bus.look(people_findings)
    findings = [settings_finding(desk.settings), *await desk.records.findings(), *people]
    if as_json:
        show_json([{"name": one.name, "good": one.is_good, "text": _text(one)} for one in findings])
    else:
        for one in findings:
            click.echo(f"{'ok  ' if one.is_good else 'FAIL'}  {one.name}: {_text(one)}")
    if not all(one.is_good for one in findings):
        tell(say("console.doctor_found_something"))
        sys.exit(Exit.REFUSED)


def settings_finding(settings: Settings) -> Finding:
    """Whether `run` would start with these settings, and as what."""
    try:
        mode = choose_mode(settings)
    except SettingsRefused as refused:
        problems = "; ".join(refused.problems)
        return Finding(
            "settings", is_good=False, key="doctor.settings_wrong", params=(("problems", problems),)
        )
    return Finding("settings", is_good=True, key=f"doctor.settings_{mode.value}")


def _text(finding: Finding) -> str:
    params: dict[str, object] = dict(finding.params)
    return say(finding.key, Language.EN, **params)


COMMANDS = (run, tour, chat, doctor)
