"""The plan of a request as it stands: made or awaited, and what changed since it was approved."""

from dataclasses import dataclass
from datetime import datetime

from bot.application.fulfilment.plan_making import what_changed
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.request_context import the_request
from bot.domain.addresses import Language
from bot.domain.errors import Refused
from bot.domain.fulfilment.plan import Drift, Plan
from bot.domain.requests.execution_rules import PLANNED
from bot.domain.requests.request import DataRequest
from bot.wording import say

Data = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanShown:
    """What people read of it."""

    plan: Plan | None
    """None: it is being reckoned."""
    planned_at: datetime | None = None
    awaited: tuple[str, ...] = ()
    """Databases of the company that have not answered yet."""
    changed: tuple[Drift, ...] = ()
    """Since somebody approved it."""


async def plan_shown(work: UnitOfWork, request: DataRequest) -> PlanShown | None:
    """None: requests of its type are done by hand, and have no plan."""
    if request.kind not in PLANNED:
        return None
    kept = await work.fulfilments.get(request.id)
    if kept is None or kept.plan is None:
        awaited = work.rules.company_sources if request.is_verified else ()
        return PlanShown(plan=None, awaited=awaited)
    changed = await what_changed(work, request.id)
    return PlanShown(plan=kept.plan, planned_at=kept.planned_at, changed=changed)


async def plan_of_number(work: UnitOfWork, *, number: str) -> tuple[DataRequest, PlanShown]:
    """Raises NotFound; Refused: requests of that type have no plan."""
    request = await the_request(work, number)
    shown = await plan_shown(work, request)
    if shown is None:
        raise Refused("plan.none_by_hand", number=request.number)
    return request, shown


def awaited_text(shown: PlanShown, language: Language) -> str:
    """Whose answer the plan waits for."""
    if not shown.awaited:
        return say("plan.awaited_all", language)
    return say("plan.awaited", language, sources=", ".join(shown.awaited))


def plan_data(plan: Plan | None) -> Data | None:
    """The stable fields of a plan, for scripts."""
    if plan is None:
        return None
    return {
        "hash": plan.hash,
        "revision": plan.revision,
        "keeps_until": plan.keeps_until.isoformat() if plan.keeps_until else None,
        "sources": [
            {
                "source": one.source,
                "kind": str(one.kind),
                "version": one.version,
                "subjects": one.subjects,
                "items": [
                    {
                        "place": item.place,
                        "action": str(item.action),
                        "columns": list(item.columns),
                        "law": item.law,
                        "until": item.until.isoformat() if item.until else None,
                        "rows": item.rows,
                    }
                    for item in one.items
                ],
            }
            for one in plan.sources
        ],
    }


def drift_data(changed: tuple[Drift, ...]) -> list[Data]:
    """The stable fields of the differences."""
    return [
        {
            "kind": str(one.kind),
            "source": one.source,
            "place": one.place,
            "was": one.was,
            "now": one.now,
        }
        for one in changed
    ]
