"""Carrying requests out as scripts see it: findings, manual steps, how far each source came."""

from dataclasses import asdict
from datetime import datetime

from bot.application.fulfilment.manual_steps import manual_steps, name_of_step
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.request_context import the_request
from bot.domain.addresses import StaffId
from bot.domain.errors import NotFound
from bot.domain.fulfilment.steps import ExecutionStep, FindingState, ResidualFinding

Data = dict[str, object]


async def findings_data(work: UnitOfWork, *, number: str, everything: bool) -> list[Data]:
    """Where something was found and what became of it. Raises NotFound."""
    request = await the_request(work, number)
    found = await work.fulfilments.findings(request.id)
    wanted = [one for one in found if everything or one.state is FindingState.OPEN]
    return [await _finding(work, one) for one in wanted]


async def manual_data(work: UnitOfWork, *, number: str) -> list[Data]:
    """Steps that a person does, in the present round. Raises NotFound."""
    request = await the_request(work, number)
    return [
        {
            "step": name_of_step(one),
            "state": str(one.state),
            "outcome": one.note or None,
            "done_at": _at(one.done_at),
            "done_by": await _who(work, one.done_by),
        }
        for one in await manual_steps(work, request.id)
    ]


async def progress_data(work: UnitOfWork, *, number: str) -> Data:
    """Every source in every round, and what was seen afterwards. Raises NotFound."""
    request = await the_request(work, number)
    kept = await work.fulfilments.get(request.id)
    steps = await work.fulfilments.steps(request.id)
    found = await work.fulfilments.findings(request.id)
    counted = {state: sum(one.state is state for one in found) for state in FindingState}
    return {
        "number": request.number,
        "state": str(request.state),
        "failures": request.facts.failures,
        "round": 0 if kept is None else kept.round,
        "fenced_at": _at(kept.fenced_at if kept else None),
        "steps": [await _step(work, one) for one in steps],
        "findings": {str(state): count for state, count in counted.items()},
        "certified_at": _at(kept.certified_at if kept else None),
        "looked_last_at": _at(kept.looked_last_at if kept else None),
        "retained_until": _at(request.facts.retained_until),
    }


async def _step(work: UnitOfWork, step: ExecutionStep) -> Data:
    return {
        "round": step.round,
        "source": step.source,
        "kind": str(step.kind),
        "state": str(step.state),
        "tries": step.tries,
        "error": step.error or None,
        "begun_at": _at(step.begun_at),
        "done_at": _at(step.done_at),
        "done_by": await _who(work, step.done_by),
        "rows": dict(step.rows),
        "stated": list(step.stated),
        "kept_until": _at(step.kept_until),
    }


async def _finding(work: UnitOfWork, finding: ResidualFinding) -> Data:
    found: Data = asdict(finding)
    found.pop("request")
    return found | {"by": await _who(work, finding.by), "at": _at(finding.at)}


async def _who(work: UnitOfWork, staff: StaffId | None) -> str | None:
    """By their Slack id."""
    if staff is None:
        return None
    try:
        return (await work.staff.get(staff)).slack_user
    except NotFound:
        return str(staff)


def _at(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
