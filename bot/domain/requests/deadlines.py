"""When a request must be looked at again: a pure function of the request, read by the scheduler.

What fires re-reads the request and calls the named method, whose guard decides again. Reminders
and alerts are told once each: their delivery carries `RequestTimer.key`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.legal_calendar.clock import Alert, LegalClock
from bot.domain.requests.request import DataRequest
from bot.domain.requests.rules import DEFAULT_RULES, RequestRules
from bot.domain.requests.states import RequestState
from bot.domain.requests.verification import patience, waits_from


class TimerKind(StrEnum):
    """What fires."""

    REMIND_IDENTITY = "remind_identity"
    REMIND_CONFIRMATION = "remind_confirmation"
    EXPIRE = "expire"  # DataRequest.expire
    REMIND_SECOND_APPROVAL = "remind_second_approval"
    ESCALATE_SECOND_APPROVAL = "escalate_second_approval"
    EXECUTE = "execute"  # DataRequest.execute
    RETRY = "retry"  # DataRequest.retry
    PAGE_A_HUMAN = "page_a_human"  # every retry failed
    PACKAGE_LAPSES = "package_lapses"  # DataRequest.let_package_lapse
    DESTROY_PACKAGE = "destroy_package"  # DataRequest.destroy_package
    RESUME = "resume"  # DataRequest.resume
    CLOSE_DENIAL = "close_denial"  # DataRequest.close_denial
    STAFF_PATH_DAY_21 = "staff_path_day_21"
    STAFF_PATH_DAY_28 = "staff_path_day_28"
    DUE_IN_7 = "due_in_7"
    DUE_IN_3 = "due_in_3"
    DUE_IN_1 = "due_in_1"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    PURGE_RECORD = "purge_record"


@dataclass(frozen=True, slots=True)
class RequestTimer:
    """At `due_at`, do `kind`."""

    due_at: datetime
    kind: TimerKind

    def key(self, request: DataRequest) -> str:
        """The same for the same occasion, so that it is told once."""
        return f"{request.stream}:{self.kind}:{self.due_at:%Y%m%dT%H%M%S}"


_ANSWERED = frozenset(
    {
        RequestState.DENIED,
        RequestState.APPEALED,
        RequestState.PACKAGE_READY,
        RequestState.UNDELIVERED,
        RequestState.FULFILLED_WITH_RETENTION,
    }
)
"""The subject has an answer; the legal clock no longer runs against the desk."""
_STAFF_PATH_ALARMS = {TimerKind.STAFF_PATH_DAY_21: 21, TimerKind.STAFF_PATH_DAY_28: 28}


def timers(
    request: DataRequest, clock: LegalClock, rules: RequestRules = DEFAULT_RULES
) -> list[RequestTimer]:
    """Every timer of the request as it stands, soonest first; they replace all earlier ones."""
    if not request.is_live:
        ended = request.facts.ended_at
        purge = clock.keep_record_until(ended) if ended else None
        return _one(purge, TimerKind.PURGE_RECORD)
    found = [*_of_state(request, clock, rules), *_of_clock(request, clock)]
    return sorted(found, key=lambda timer: timer.due_at)


def retry_at(request: DataRequest, rules: RequestRules = DEFAULT_RULES) -> datetime | None:
    """When a failed execution is tried again: 30 s, doubling up to an hour; eight tries."""
    failures = request.facts.failures
    if request.state is not RequestState.ATTENTION or not 0 < failures <= rules.tries:
        return None
    wait: timedelta = rules.first_retry * 2 ** (failures - 1)
    return request.since + min(wait, rules.longest_retry)


def _of_state(request: DataRequest, clock: LegalClock, rules: RequestRules) -> list[RequestTimer]:
    since, facts = request.since, request.facts
    match request.state:
        case RequestState.AWAITING_IDENTITY:
            return _waiting(request, TimerKind.REMIND_IDENTITY, rules)
        case RequestState.AWAITING_CONFIRMATION:
            return _waiting(request, TimerKind.REMIND_CONFIRMATION, rules)
        case RequestState.SECOND_APPROVAL:
            return [
                RequestTimer(
                    since + rules.second_approval_reminder, TimerKind.REMIND_SECOND_APPROVAL
                ),
                RequestTimer(
                    since + rules.second_approval_escalation, TimerKind.ESCALATE_SECOND_APPROVAL
                ),
            ]
        case RequestState.COOLING_OFF:
            return _one(facts.hold_until, TimerKind.EXECUTE)
        case RequestState.ATTENTION:
            retry = retry_at(request, rules)
            return _one(retry, TimerKind.RETRY) or _one(since, TimerKind.PAGE_A_HUMAN)
        case _:
            return _of_answered(request, clock, rules)


def _of_answered(
    request: DataRequest, clock: LegalClock, rules: RequestRules
) -> list[RequestTimer]:
    match request.state:
        case RequestState.DENIED:
            return _one(request.appeal_until(clock), TimerKind.CLOSE_DENIAL)
        case RequestState.PACKAGE_READY:
            return _one(request.since + rules.package_waits, TimerKind.PACKAGE_LAPSES)
        case RequestState.UNDELIVERED:
            return _one(request.since + rules.package_destroyed, TimerKind.DESTROY_PACKAGE)
        case RequestState.FULFILLED_WITH_RETENTION:
            return _one(request.facts.retained_until, TimerKind.RESUME)
        case _:
            return []


def _waiting(request: DataRequest, reminder: TimerKind, rules: RequestRules) -> list[RequestTimer]:
    begin = waits_from(request.state, request.facts, request.since)
    if begin is None:
        return []
    end = patience(request.state, request.facts, rules)
    reminders = [RequestTimer(begin + wait, reminder) for wait in rules.reminders]
    return [*reminders, RequestTimer(begin + end, TimerKind.EXPIRE)]


def _of_clock(request: DataRequest, clock: LegalClock) -> list[RequestTimer]:
    if request.state in _ANSWERED or _clock_stands(request, clock):
        return []
    alerts = [RequestTimer(at, _TIMER_OF[alert]) for at, alert in clock.alerts(request.due_on)]
    if request.is_late:
        alerts = [one for one in alerts if one.kind is not TimerKind.OVERDUE]
    return [*alerts, *_of_staff_path(request)]


def _of_staff_path(request: DataRequest) -> list[RequestTimer]:
    if request.facts.path_m_at is None or request.state is not RequestState.AWAITING_IDENTITY:
        return []
    return [
        RequestTimer(request.received_at + timedelta(days=days), kind)
        for kind, days in _STAFF_PATH_ALARMS.items()
    ]


def _clock_stands(request: DataRequest, clock: LegalClock) -> bool:
    if request.facts.held_since is None:
        return False
    pause = request.facts.pauses[-1]
    return pause.until is None and pause.reason in clock.regime.pauses_for


def _one(at: datetime | None, kind: TimerKind) -> list[RequestTimer]:
    return [] if at is None else [RequestTimer(at, kind)]


_TIMER_OF = {alert: TimerKind(alert.value) for alert in Alert}
