"""Ticking off what the look found: by a named approver, one by one, with a reason of a closed list.

Only what was shown and chosen is ticked; nothing counts as judged because a page was sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.request_context import Click, attempt
from bot.application.requests.staff_decision import deciding
from bot.domain.addresses import RequestId
from bot.domain.errors import NotFound, Refused, Stale
from bot.domain.fulfilment.steps import FindingState, ResidualFinding, TickReason
from bot.domain.fulfilment.tick_rules import reasons_for
from bot.domain.requests.execution_rules import may_execute
from bot.domain.requests.record import Attempt
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestState


@dataclass(frozen=True, slots=True)
class Judged:
    """One finding, and what an approver says of it."""

    finding: str
    """Its id, or a beginning that is one id's only."""
    reason: TickReason
    hits: int | None = None
    """How many there were when it was shown; None: whoever types names it by its id."""


async def open_findings(work: UnitOfWork, request: RequestId) -> list[ResidualFinding]:
    """What nobody has judged, in a fixed order."""
    every = await work.fulfilments.findings(request)
    return [one for one in every if one.state is FindingState.OPEN]


async def tick_off(work: UnitOfWork, *, click: Click, judged: Sequence[Judged]) -> int:
    """Judge these; how many are still open. With none left everything is looked through again.

    Raises:
        NotAllowed: no approver, or whoever entered the request.
        NotFound: there is no such finding of this request.
        Stale: it was judged meanwhile, is gone, or grew since it was shown.
        Refused: nothing was chosen, or a reason that such a finding cannot have.
    """
    if not judged:
        raise Refused("fulfilment.nothing_chosen")
    async with deciding(work, click) as request:
        trying = await attempt(work)
        for one in judged:
            await _tick(work, request, one, trying)
        left = len(await open_findings(work, request.id))
        if not left:
            _look_again(request, trying)
        return left


async def _tick(work: UnitOfWork, request: DataRequest, one: Judged, trying: Attempt) -> None:
    finding = _named(await work.fulfilments.findings(request.id), one.finding)
    has_grown = one.hits is not None and finding.hits > one.hits
    if finding.state is not FindingState.OPEN or has_grown:
        raise Stale("fulfilment.finding_moved_on", place=finding.place)
    if one.reason not in reasons_for(finding):
        raise Refused("fulfilment.reason_does_not_fit", place=finding.place)
    request.tick_off(finding.id, one.reason, trying)
    ticked = replace(
        finding,
        state=FindingState.TICKED_OFF,
        by=trying.staff,
        reason=one.reason,
        at=trying.now,
    )
    await work.fulfilments.put_finding(ticked)


def _named(findings: Sequence[ResidualFinding], ref: str) -> ResidualFinding:
    found = [one for one in findings if ref and one.id.startswith(ref.strip().lower())]
    if len(found) != 1:
        raise NotFound("fulfilment.no_such_finding", finding=ref[:64])
    return found[0]


def _look_again(request: DataRequest, trying: Attempt) -> None:
    """At once, unless something else stands in the way; then it waits for that."""
    is_free = may_execute(request, trying.now, trying.roles).allowed
    if request.state is RequestState.ATTENTION and is_free:
        request.retry(trying)
