"""What would happen if a request were carried out now: sources are asked, and nothing changed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.application.fulfilment.plan_making import reckon
from bot.application.ports.sources import Source
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.request_context import live_roles, the_request
from bot.domain.addresses import RequestId
from bot.domain.errors import DeskError, Refused
from bot.domain.fulfilment.identifiers import Identifiers
from bot.domain.fulfilment.plan import Drift, Plan, SourceKind, SourcePlan, drift
from bot.domain.requests.execution_rules import PLANNED, may_execute
from bot.domain.requests.reasons import Reason
from bot.domain.requests.request import DataRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """What every source says now."""

    number: str
    plan: Plan
    """Of those that answered."""
    silent: tuple[tuple[str, str], ...]
    """(source, error) of those that did not."""
    changed: tuple[Drift, ...]
    """Since it was approved; where nobody approved it, since it was last reckoned."""
    reasons: tuple[Reason, ...]
    """Why it would not be carried out now."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the company's databases said, and which of them said nothing."""

    survey: tuple[SourcePlan, ...]
    silent: tuple[tuple[str, str], ...]


async def ask_all(sources: Sequence[Source], who: Identifiers, now: datetime) -> Asked:
    """Ask each database of the company for its plan anew; outside of any transaction."""
    survey, silent = list[SourcePlan](), list[tuple[str, str]]()
    for source in sources:
        if source.kind is not SourceKind.COMPANY:
            continue
        try:
            survey.append(await source.plan(who, now))
        except DeskError as error:
            silent.append((source.name, error.key))
    return Asked(tuple(survey), tuple(silent))


async def planned_request(work: UnitOfWork, *, number: str) -> RequestId:
    """Raises NotFound; Refused: requests of that type have no plan."""
    request = await the_request(work, number)
    if request.kind not in PLANNED:
        raise Refused("plan.none_by_hand", number=request.number)
    return request.id


async def dry_run(work: UnitOfWork, *, request: RequestId, asked: Asked) -> DryRun:
    """Set beside what was approved what every source says now; nothing is kept of it."""
    found = await work.requests.get(request)
    plan = await reckon(work, found, asked.survey)
    decision = may_execute(found, work.clock.now(), await live_roles(work))
    return DryRun(
        number=found.number,
        plan=plan,
        silent=asked.silent,
        changed=await _since(work, found, plan, asked.silent),
        reasons=decision.reasons,
    )


async def _since(
    work: UnitOfWork, request: DataRequest, plan: Plan, silent: tuple[tuple[str, str], ...]
) -> tuple[Drift, ...]:
    """A source that is silent now is no place that is gone."""
    kept = await work.fulfilments.get(request.id)
    before = None if kept is None else kept.approved or kept.plan
    if before is None:
        return ()
    absent = {name for name, _ in silent}
    known = tuple(one for one in before.sources if one.source not in absent)
    return drift(replace(before, sources=known), plan)
