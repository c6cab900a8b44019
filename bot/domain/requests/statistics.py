"""The figures that 11 CCR 7102(a) asks for: received, complied with, denied, days to respond.

Pure: a function of the requests and of a year. They are reckoned from the facts of each request,
never from counters, so that they can be reckoned again.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import mean, median

from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestState, RequestType

_COMPLIED = frozenset(
    {RequestState.FULFILLED, RequestState.FULFILLED_WITH_RETENTION, RequestState.CLOSED_DUPLICATE}
)
_DENIED = frozenset({RequestState.DENIED, RequestState.APPEALED, RequestState.DENIED_FINAL})
GIVEN_UP = frozenset(
    {
        RequestState.WITHDRAWN,
        RequestState.CLOSED_UNVERIFIED,
        RequestState.CLOSED_UNCONFIRMED,
        RequestState.CLOSED_ERASED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Of one type of request, or of all."""

    received: int
    complied: int
    """In whole or in part."""
    denied: int
    denied_by_reason: dict[str, int]
    given_up: int
    """Withdrawn, or closed because nobody proved or confirmed, or the subject was erased."""
    open: int
    median_days: float | None
    """From receipt to the answer, of those complied with or denied; None: there are none."""
    mean_days: float | None


def figures(requests: Iterable[DataRequest], *, year: int | None = None) -> dict[str, Figures]:
    """By type, and `all`. `year`: received in it (UTC); None: ever."""
    wanted = [one for one in requests if year is None or one.received_at.year == year]
    by_type = {
        str(kind): _figures([one for one in wanted if one.kind is kind]) for kind in RequestType
    }
    return by_type | {"all": _figures(wanted)}


def answered_at(request: DataRequest) -> datetime | None:
    """When the subject had the answer; None: not yet, or there was nothing to answer."""
    facts = request.facts
    if request.state in _DENIED:
        return facts.denials[-1].at
    if request.state is RequestState.FULFILLED_WITH_RETENTION:
        return request.since
    return facts.ended_at if request.state in _COMPLIED else None


def _figures(requests: Sequence[DataRequest]) -> Figures:
    denied = [one for one in requests if one.state in _DENIED]
    days = [_days(one, at) for one in requests if (at := answered_at(one)) is not None]
    given_up = sum(one.state in GIVEN_UP for one in requests)
    complied = sum(one.state in _COMPLIED for one in requests)
    reasons = Counter(str(one.facts.denials[-1].code) for one in denied)
    return Figures(
        received=len(requests),
        complied=complied,
        denied=len(denied),
        denied_by_reason=dict(sorted(reasons.items())),
        given_up=given_up,
        open=len(requests) - complied - len(denied) - given_up,
        median_days=round(median(days), 1) if days else None,
        mean_days=round(mean(days), 1) if days else None,
    )


def _days(request: DataRequest, at: datetime) -> float:
    return (at - request.received_at).total_seconds() / 86_400
