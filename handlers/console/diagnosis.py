"""`privacydesk doctor`: what can be checked from here, and what to do about what is not right."""

import asyncio
import sys

import click

from bot.addresses import Language
from bot.errors import Refused
from bot.records import Finding
from bot.use_cases.requests.approvers import people_findings
from bot.wording import say
from handlers.console.output import Exit, refusals, show_json, tell
from handlers.main import open_desk
from handlers.readiness import choose_mode
from handlers.settings import Settings, SettingsRefused, read_settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
@refusals
def doctor(*, as_json: bool) -> None:
    """Check what can be checked, and say what to do about what is not right."""
    findings = asyncio.run(_examine(read_settings()))
    if as_json:
        show_json([{"name": one.name, "good": one.is_good, "text": _text(one)} for one in findings])
    else:
        for one in findings:
            click.echo(f"{'ok  ' if one.is_good else 'FAIL'}  {one.name}: {_text(one)}")
    if not all(one.is_good for one in findings):
        tell(say("console.doctor_found_something"))
        sys.exit(Exit.REFUSED)


async def _examine(settings: Settings) -> list[Finding]:
    return [settings_finding(settings), *await _store_findings(settings)]


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


async def _store_findings(settings: Settings) -> list[Finding]:
    """Before the first start there is no store, and that is as it should be."""
    try:
        async with open_desk(settings, publishes=False, may_make=False) as desk:
            return [*await desk.records.findings(), *await desk.bus.look(people_findings)]
    except Refused as refused:
        if refused.key != "store.not_there_yet":
            raise
        params = tuple(refused.params.items())
        return [Finding("database", is_good=True, key="doctor.no_store_yet", params=params)]


def _text(finding: Finding) -> str:
    params: dict[str, object] = dict(finding.params)
    return say(finding.key, Language.EN, **params)


COMMANDS = (doctor,)
