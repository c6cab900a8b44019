"""Data requests as scripts see them: one, a list, the figures of a year, and why a date is due."""

from datetime import datetime

from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.request_context import live_roles, the_request
from bot.domain.errors import NotFound
from bot.domain.fulfilment.steps import FindingState, StepState
from bot.domain.requests.execution_rules import may_execute
from bot.domain.requests.record import Approval
from bot.domain.requests.request import DataRequest

PAGE = 500
Data = dict[str, object]


async def request_data(work: UnitOfWork, *, number: str) -> Data:
    """The stable fields of a request. Raises NotFound."""
    request = await the_request(work, number)
    decision = may_execute(request, work.clock.now(), await live_roles(work))
    hold = request.facts.hold_until
    return {
        "number": request.number,
        "type": str(request.kind),
        "state": str(request.state),
        "regime": request.regime,
        "received_at": request.received_at.isoformat(),
        "due_at": request.due_at.isoformat(),
        "verified": request.is_verified,
        "confirmed": request.facts.confirmed_at is not None,
        "approvals": [await _approval(work, one) for one in request.facts.approvals],
        "hold_until": hold.isoformat() if hold else None,
        "frozen": request.facts.is_frozen,
        "may_execute": decision.allowed,
        "reasons": [str(reason) for reason in decision.reasons],
        **await _carried_out(work, request),
    }


async def _carried_out(work: UnitOfWork, request: DataRequest) -> Data:
    """How far it came, in short, once it was begun; `requests progress` says all of it."""
    kept = await work.fulfilments.get(request.id)
    if kept is None or not kept.round:
        return {}
    steps = await work.fulfilments.steps(request.id)
    found = await work.fulfilments.findings(request.id)
    now = [one for one in steps if one.round == kept.round]
    until, certified = request.facts.retained_until, kept.certified_at
    return {
        "fenced": request.is_fenced,
        "steps": len(now),
        "steps_done": sum(one.state is StepState.DONE for one in now),
        "findings_open": sum(one.state is FindingState.OPEN for one in found),
        "certified_at": certified.isoformat() if certified else None,
        "retained_until": until.isoformat() if until else None,
    }


async def listed_requests(work: UnitOfWork, *, live_only: bool, limit: int) -> list[DataRequest]:
    """Soonest due first."""
    return await work.requests.find(live_only=live_only, limit=limit)


async def next_due(work: UnitOfWork) -> datetime | None:
    """The soonest due date of an open request that is still to come; None: there is none."""
    now, seen = work.clock.now(), 0
    while page := await work.requests.find(live_only=True, limit=PAGE, offset=seen):
        for one in page:
            if one.due_at > now:
                return one.due_at
        seen += len(page)
    return None


async def every_request(work: UnitOfWork) -> list[DataRequest]:
    """All that were ever received and whose record is kept."""
    found: list[DataRequest] = []
    while page := await work.requests.find(limit=PAGE, offset=len(found)):
        found.extend(page)
    return found


async def one_request(work: UnitOfWork, *, number: str) -> DataRequest:
    """Raises NotFound."""
    return await the_request(work, number)


async def _approval(work: UnitOfWork, approval: Approval) -> Data:
    """Who, by their Slack id, and when."""
    try:
        by = (await work.staff.get(approval.approver)).slack_user
    except NotFound:
        by = str(approval.approver)
    return {"by": by, "at": approval.at.isoformat()}
