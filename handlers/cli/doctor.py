"""`privacydesk doctor`: what can be checked from here, and what to do about what is not right."""

import asyncio
import sys
from pathlib import Path

import click

from bot.application.ports.reports import HealthCheck
from bot.application.requests.decisions import people_findings
from bot.application.staff_desk.staff import SLACK_USER
from bot.application.standing_troubles import standing_troubles
from bot.application.views.queue_health import queue_findings
from bot.application.views.trouble_words import trouble_finding
from bot.domain.addresses import Language
from bot.domain.errors import Refused
from bot.domain.requests.states import RequestType
from bot.wording import say
from handlers.cli.output import Exit, refusals, show_json, tell
from handlers.runtime.composition import desk_config, open_desk
from handlers.runtime.preflight import choose_mode
from handlers.settings import Settings, SettingsRefused, read_settings

OTHERS = 0o077
NO_STAFF = "request_card.no_staff_yet"


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
@refusals
def doctor(*, as_json: bool) -> None:
    """Check what can be checked, and say what to do about what is not right."""
    findings = asyncio.run(_examine(read_settings()))
    if as_json:
        show_json([_data(one) for one in findings])
    else:
        for one in findings:
            click.echo(f"{_level(one)}  {one.name}: {_text(one)}")
    if not all(one.is_good for one in findings):
        tell(say("console.doctor_found_something"))
        sys.exit(Exit.REFUSED)


async def _examine(settings: Settings) -> list[HealthCheck]:
    from handlers.runtime.runtime import reach_findings  # noqa: PLC0415  # the edges are slow to import

    return [
        settings_finding(settings),
        *env_findings(),
        *alert_findings(settings),
        *await reach_findings(settings),
        *await _store_findings(settings),
    ]


def settings_finding(settings: Settings) -> HealthCheck:
    """Whether `run` would start with these settings, and as what."""
    try:
        mode = choose_mode(settings)
    except SettingsRefused as refused:
        problems = "; ".join(refused.problems)
        return HealthCheck(
            "settings", is_good=False, key="doctor.settings_wrong", params=(("problems", problems),)
        )
    return HealthCheck("settings", is_good=True, key=f"doctor.settings_{mode.value}")


def env_findings() -> list[HealthCheck]:
    """Whether others on this machine can read the tokens."""
    file = Path(str(Settings.model_config.get("env_file")))
    if not file.is_file() or not file.stat().st_mode & OTHERS:
        return []
    params = (("files", str(file)),)
    return [HealthCheck("secrets", is_good=True, key="doctor.file_open", params=params, warns=True)]


def alert_findings(settings: Settings) -> list[HealthCheck]:
    """Whether anybody hears of it while Slack is away; the sandbox needs no such way."""
    if not settings.slack_bot_token.get_secret_value():
        return []
    receivers = len(settings.alert_email)
    if receivers and settings.smtp_url.get_secret_value():
        params = (("count", receivers),)
        return [HealthCheck("alerts", is_good=True, key="doctor.alerts", params=params)]
    key = "doctor.alerts_without_mail" if receivers else "doctor.alerts_in_slack_only"
    return [HealthCheck("alerts", is_good=True, key=key, warns=True)]


async def _store_findings(settings: Settings) -> list[HealthCheck]:
    """Before the first start there is no store, and that is as it should be."""
    try:
        async with open_desk(settings, publishes=False, may_make=False) as desk:
            people = await desk.bus.look(people_findings)
            people = [_before_the_first_start(settings, one) for one in people]
            queues = await desk.bus.look(queue_findings)
            standing = await desk.bus.look(standing_troubles)
            troubles = [trouble_finding(one, settings.zone) for one in standing]
            return [*await desk.records.findings(), *queues, *people, *troubles]
    except Refused as refused:
        if refused.key != "store.not_there_yet":
            raise
        params = tuple(refused.params.items())
        none_yet = HealthCheck("database", is_good=True, key="doctor.no_store_yet", params=params)
        nobody = HealthCheck("approvers", is_good=True, key=NO_STAFF, params=_needed(settings))
        return [none_yet, _before_the_first_start(settings, nobody)]


def _before_the_first_start(settings: Settings, finding: HealthCheck) -> HealthCheck:
    """Nobody is on the list until `run` read the settings: what they name counts until then.

    How many a user group has is not known here. The sandbox brings its own people.
    """
    names = settings.slack_approvers
    if finding.key != NO_STAFF or not settings.slack_bot_token.get_secret_value():
        return finding
    needed = dict(finding.params)["needed"]
    is_group = any(not SLACK_USER.fullmatch(name.lstrip("@")) for name in names)
    is_enough = is_group or len(set(names)) >= int(needed)
    key = "doctor.approvers_named" if is_enough else "request_card.too_few_approvers"
    return HealthCheck(
        "approvers", is_enough, key, (("count", len(set(names))), ("needed", needed))
    )


def _needed(settings: Settings) -> tuple[tuple[str, int], ...]:
    rules = desk_config(settings).requests
    return (("count", 0), ("needed", max(map(rules.approvals_for, RequestType))))


def _level(finding: HealthCheck) -> str:
    if not finding.is_good:
        return "FAIL"
    return "WARN" if finding.warns else "ok  "


def _data(finding: HealthCheck) -> dict[str, object]:
    """For scripts; `figures` where something was counted or timed."""
    found: dict[str, object] = {"name": finding.name, "good": finding.is_good}
    found["text"] = _text(finding)
    more = {"warns": finding.warns, "figures": dict(finding.figures)}
    return found | {name: value for name, value in more.items() if value}


def _text(finding: HealthCheck) -> str:
    params: dict[str, object] = dict(finding.params)
    return say(finding.key, Language.EN, **params)


COMMANDS = (doctor,)
