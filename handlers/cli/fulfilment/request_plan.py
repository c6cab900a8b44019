"""A request's plan on the terminal: as it stands, and as every source would have it now."""

from collections.abc import Iterable

import click

from bot.application.fulfilment.dry_run import DryRun, ask_all, dry_run, planned_request
from bot.application.fulfilment.plan_words import differences, on_terminal
from bot.application.fulfilment.plans_awaited import who_is_it
from bot.application.views.plan_shown import (
    PlanShown,
    awaited_text,
    drift_data,
    plan_data,
    plan_of_number,
)
from bot.domain.addresses import Language
from bot.domain.fulfilment.plan import Drift
from bot.wording import say
from bot.wording.times import moment
from handlers.cli.output import show_json
from handlers.open_desk import Desk

EN = Language.EN


async def show_plan(desk: Desk, number: str, *, as_json: bool) -> None:
    """The plan that is kept."""
    request, shown = await desk.bus.look(plan_of_number, number=number)
    if as_json:
        show_json(
            {
                "number": request.number,
                "planned_at": shown.planned_at.isoformat() if shown.planned_at else None,
                "awaited": list(shown.awaited),
                "plan": plan_data(shown.plan),
                "changed": drift_data(shown.changed),
            }
        )
        return
    _echo(_lines(desk, shown))


async def show_dry_run(desk: Desk, number: str, *, as_json: bool) -> None:
    """What would happen now, and what is other than it was."""
    request = await desk.bus.look(planned_request, number=number)
    who = await desk.bus.look(who_is_it, request)
    asked = await ask_all(desk.companies, who, desk.clock.now())
    found = await desk.bus.look(dry_run, request=request, asked=asked)
    if as_json:
        show_json(
            {
                "number": found.number,
                "plan": plan_data(found.plan),
                "changed": drift_data(found.changed),
                "silent": [{"source": one, "error": error} for one, error in found.silent],
                "reasons": [str(one) for one in found.reasons],
            }
        )
        return
    _echo(_dry_lines(desk, found))


def _lines(desk: Desk, shown: PlanShown) -> Iterable[str]:
    yield from _changed(shown.changed)
    if shown.plan is None:
        yield awaited_text(shown, EN)
        return
    yield from on_terminal(shown.plan, EN, desk.rules.zone)
    if shown.planned_at is not None:
        yield say("plan.reckoned_at", at=moment(shown.planned_at, desk.rules.zone, EN))


def _dry_lines(desk: Desk, found: DryRun) -> Iterable[str]:
    yield say("plan.dry_run")
    yield from on_terminal(found.plan, EN, desk.rules.zone)
    for source, error in found.silent:
        yield say("plan.silent", source=source, error=error)
    yield from _changed(found.changed) if found.changed else (say("plan.drifted_none"),)
    yield say("plan.would_wait" if found.reasons else "plan.would_run")
    for code in found.reasons:
        yield f"  - {say(f'requests.reason_{code}', number=found.number)}"


def _changed(changed: tuple[Drift, ...]) -> Iterable[str]:
    if changed:
        yield say("plan.changed")
        yield from (f"  - {one}" for one in differences(changed, EN))


def _echo(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)
