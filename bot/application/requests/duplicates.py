"""Requests of one person beside each other: duplicates, and access before erasure."""

from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.request_context import by_desk
from bot.domain.requests.record import Subject
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import BEFORE_EXECUTION, FINAL, WORKED_ON, RequestState, RequestType

_DONE = (RequestState.FULFILLED, RequestState.FULFILLED_WITH_RETENTION)
_UNDER_WAY = WORKED_ON - {RequestState.PACKAGE_READY}
"""An access request in one of these still has to read what an erasure would take away."""


async def earlier_twin(work: UnitOfWork, request: DataRequest) -> DataRequest | None:
    """The request that this one, once it is in review, would be carried by."""
    if not request.is_open_and_verified:
        return None
    for other in reversed(await work.requests.about(request.subject)):
        is_twin = other.id != request.id and other.kind is request.kind
        if is_twin and other.is_open_and_verified and other.state in WORKED_ON:
            return other if _is_first(other, request) else None
    return None


async def join_duplicate(work: UnitOfWork, request: DataRequest) -> None:
    """A second verified request of one person and type is carried by the first.

    Only verified ones count: an unverified one blocks nobody and proves nothing (CVE-2026-42303).
    """
    if request.state is not RequestState.IN_REVIEW:
        return
    first = await earlier_twin(work, request)
    if first is not None:
        request.mark_duplicate(first, await by_desk(work))


async def release_duplicates(work: UnitOfWork, request: DataRequest) -> None:
    """The request that carried others has ended: done for all, or each goes on by itself."""
    if request.state not in FINAL | set(_DONE):
        return
    for other in await work.requests.about(request.subject):
        if other.facts.duplicate_of != request.id or other.state is not RequestState.DUPLICATE:
            continue
        if request.state in _DONE:
            other.close_duplicate(request, await by_desk(work))
        else:
            other.reinstate(request, await by_desk(work))


async def keep_access_first(work: UnitOfWork, subject: Subject) -> None:
    """An erasure waits for the person's verified access request: else nothing is left to give.

    For one that is late its subject may have said that they will not wait.
    """
    requests = await work.requests.about(subject)
    accesses = [one.id for one in requests if _goes_first(one)]
    for request in requests:
        is_ahead = request.state in BEFORE_EXECUTION  # what is carried out waits for nothing more
        if request.kind is RequestType.ERASURE and is_ahead:
            waited = [one for one in accesses if one != request.facts.copy_waived]
            first = next(iter(waited), None) if request.is_verified else None
            if request.facts.waits_for != first:
                request.put_access_first(first, await by_desk(work))


def _goes_first(request: DataRequest) -> bool:
    is_access = request.kind is RequestType.ACCESS
    return is_access and request.is_open_and_verified and request.state in _UNDER_WAY


def _is_first(one: DataRequest, other: DataRequest) -> bool:
    """Whoever was proved first carries the other."""
    mine, theirs = one.facts.identity, other.facts.identity
    if mine is None or theirs is None:
        return False
    return (mine.at, one.number) < (theirs.at, other.number)
