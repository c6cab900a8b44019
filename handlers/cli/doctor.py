"""`privacydesk doctor`: what can be checked from here, and what to do about what is not right."""

import asyncio
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field

import click

from bot.application.key_values import give_room_back, take_room, value_of
from bot.application.ports.reports import HealthCheck, finding_of
from bot.application.requests.approvers import who_approves
from bot.application.requests.decisions import people_findings
from bot.application.staff_desk.staff import SLACK_USER
from bot.application.standing_troubles import standing_troubles
from bot.application.views.queue_health import queue_findings
from bot.application.views.trouble_words import trouble_finding
from bot.domain.addresses import SYSTEM
from bot.domain.errors import DeskError
from bot.domain.requests.states import RequestType
from bot.wording import say
from handlers.cli.chosen import IN_SANDBOX, is_in_sandbox
from handlers.cli.output import Exit, refusals, show_json, tell
from handlers.open_desk import Desk
from handlers.runtime.composition import (
    Premises,
    company_maps,
    may_open_store,
    open_desk,
    premises,
    start_checks,
)
from handlers.runtime.config_files import desk_config
from handlers.runtime.map_checks import checked_maps
from handlers.runtime.start_checks import examined, level_of, line_of, refused_check, text_of
from handlers.settings import Settings, SettingsRefused

DATABASE = "database"
NO_STAFF, NO_STORE = "request_card.no_staff_yet", "store.not_there_yet"


@dataclass
class _Store:
    """What was found in the store, and what it keeps of earlier starts."""

    findings: list[HealthCheck] = field(default_factory=list[HealthCheck])
    kept: dict[str, str] = field(default_factory=dict[str, str])


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
@click.option("--strict", is_flag=True, help="A WARN ends with 1 too.")
@IN_SANDBOX
@refusals
def doctor(*, as_json: bool, strict: bool) -> None:
    """Check what can be checked, and say what to do about what is not right.

    It looks at what `privacydesk run` looks at before it starts, and further. Exit codes: 0 all is
    ok or a WARN, 1 something is wrong (FAIL), 3 something cannot be reached and nothing is wrong.
    """
    findings = asyncio.run(_examine())
    if as_json:
        show_json([_data(one) for one in findings])
    else:
        for one in findings:
            click.echo(line_of(one))
    if not all(one.is_good for one in findings):
        tell(say("console.doctor_found_something"))
    sys.exit(exit_code(findings, is_strict=strict))


def exit_code(findings: Iterable[HealthCheck], *, is_strict: bool) -> Exit:
    """What is wrong goes before what is away: it has to be put right in any case."""
    bad = [one for one in findings if not one.is_good]
    if any(not one.is_away for one in bad):
        return Exit.REFUSED
    if bad:
        return Exit.UNAVAILABLE
    has_warning = any(level_of(one) == "WARN" for one in findings)
    return Exit.REFUSED if is_strict and has_warning else Exit.DONE


async def _examine() -> list[HealthCheck]:
    from handlers.runtime.runtime import reach_findings  # noqa: PLC0415  # the edges are slow to import

    try:
        at = premises(in_sandbox=is_in_sandbox())
    except SettingsRefused as refused:
        return [refused_check("settings", refused)]
    settings = at.settings
    found = examined(start_checks(settings, at.place))
    store = _Store()
    if may_open_store(found):
        store = await _look_into_store(at)
    is_running = any(one.key == "doctor.runs_already" for one in found)
    maps = await checked_maps(company_maps(settings)) if settings.company_sources else []
    reached = await reach_findings(settings, kept=store.kept, is_running=is_running)
    return _each_once([*found, *maps, *reached, *store.findings])


def _each_once(findings: Iterable[HealthCheck]) -> list[HealthCheck]:
    """What keeps the store from being opened is said where it was met first."""
    told: dict[tuple[str, str], HealthCheck] = {}
    for one in findings:
        is_said = one.name == DATABASE and any(one.key == key for _, key in told)
        if not is_said:
            told.setdefault((one.name, one.key), one)
    return list(told.values())


async def _look_into_store(at: Premises) -> _Store:
    """Before the first start there is no store, and that is as it should be."""
    found, settings = _Store(), at.settings
    try:
        async with open_desk(
            settings, at.place, clock=at.clock, publishes=False, may_make=False
        ) as desk:
            found.kept = await _kept(desk)
            found.findings = await _store_findings(desk)
    except DeskError as error:
        if error.key != NO_STORE:
            found.findings.append(finding_of(DATABASE, error))
            return found
        params = tuple(error.params.items())
        none_yet = HealthCheck(DATABASE, is_good=True, key="doctor.no_store_yet", params=params)
        nobody = HealthCheck("approvers", is_good=True, key=NO_STAFF, params=_needed(settings))
        found.findings = [none_yet, _before_the_first_start(settings, nobody)]
    return found


async def _store_findings(desk: Desk) -> list[HealthCheck]:
    people = await desk.bus.look(people_findings)
    people = [_before_the_first_start(desk.settings, one) for one in people]
    people += await desk.bus.look(who_approves)
    queues = await desk.bus.look(queue_findings)
    standing = await desk.bus.look(standing_troubles)
    troubles = [trouble_finding(one, desk.settings.zone) for one in standing]
    return [*await desk.records.findings(), await _writing(desk), *queues, *people, *troubles]


async def _writing(desk: Desk) -> HealthCheck:
    """As much as an update needs, and given back: reading works on a full disk too."""
    try:
        await desk.own_bus.handle(SYSTEM, take_room)
        await desk.own_bus.handle(SYSTEM, give_room_back)
    except DeskError as error:
        return finding_of("writing", error)
    return HealthCheck("writing", is_good=True, key="doctor.wrote")


async def _kept(desk: Desk) -> dict[str, str]:
    from handlers.slack.sync.health import kept_names  # noqa: PLC0415  # likewise

    names = kept_names(desk.settings)
    return {name: await desk.bus.look(value_of, name=name) for name in names}


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


def _data(finding: HealthCheck) -> dict[str, object]:
    """For scripts; `figures` where something was counted or timed."""
    found: dict[str, object] = {"name": finding.name, "good": finding.is_good}
    found |= {"text": text_of(finding), "level": level_of(finding)}
    more = {"warns": finding.warns, "away": finding.is_away, "figures": dict(finding.figures)}
    return found | {name: value for name, value in more.items() if value}


COMMANDS = (doctor,)
