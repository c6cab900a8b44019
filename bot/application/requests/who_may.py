"""Who may do what another may not: a refusal names them, so that nobody has to guess."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import Actor, StaffId
from bot.domain.errors import NotAllowed
from bot.domain.requests.reasons import Reason
from bot.domain.requests.request import DataRequest
from bot.domain.staff import Staff
from bot.wording import say


async def with_names(work: UnitOfWork, request: DataRequest, refused: NotAllowed) -> NotAllowed:
    """The same refusal, with those who may; or that nobody may, where that is so."""
    reason = refused.key.removeprefix("requests.reason_")
    if reason not in _SHUT_OUT:
        return refused
    shut_out = _SHUT_OUT[reason](request)
    may = [one for one in await _approvers(work, request) if one.id not in shut_out]
    nobody = say("request_card.nobody_may", work.rules.staff_language)
    names = ", ".join(one.mention for one in may) or nobody
    return NotAllowed(refused.key, field=refused.field, **refused.params, who_may=names)


async def new_approvers(work: UnitOfWork) -> list[tuple[str, datetime]]:
    """Whose word does not count yet, and from when it does."""
    now = work.clock.now()
    return [
        (one.mention, one.counts_from)
        for one in await work.staff.everyone()
        if one.counts_from is not None and one.may_approve() and one.is_new(now)
    ]


async def _approvers(work: UnitOfWork, request: DataRequest) -> list[Staff]:
    now = work.clock.now()
    everyone = [one for one in await work.staff.everyone() if one.may_decide(now)]
    return [one for one in everyone if Actor.staff(one.id) != request.created_by]


def _nobody(_: DataRequest) -> frozenset[StaffId]:
    return frozenset()


def _said_yes(request: DataRequest) -> frozenset[StaffId]:
    lifting = request.facts.freezes[-1].lifting if request.facts.is_frozen else ()
    return frozenset({*(one.approver for one in request.facts.approvals), *lifting})


_SHUT_OUT: Mapping[str, Callable[[DataRequest], frozenset[StaffId]]] = {
    Reason.NOT_APPROVER: _nobody,
    Reason.NEWCOMER: _nobody,
    Reason.APPROVER_IS_REQUESTER: _nobody,
    Reason.SAME_APPROVER: _said_yes,
    Reason.APPROVER_VOUCHED: lambda request: request.facts.vouchers | _said_yes(request),
    Reason.JUDGE_DENIED_IT: lambda request: request.facts.deniers,
}
"""Beside whoever entered the request, who never decides on it."""
