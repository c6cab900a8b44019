"""What a request's card offers in its state."""

from datetime import datetime

from bot.domain.requests.execution_rules import PLANNED
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import (
    BEFORE_EXECUTION,
    RequestAction,
    RequestState,
    RequestType,
)
from bot.domain.requests.transitions import table_of

ANSWERED = frozenset(
    {RequestState.DENIED, RequestState.APPEALED, RequestState.FULFILLED_WITH_RETENTION}
)


def actions(request: DataRequest, now: datetime) -> tuple[str, ...]:
    """What a card offers in this state; who presses is checked when they do."""
    offered = {edge.action for edge in table_of(request.kind) if edge.state is request.state}
    facts, identity = request.facts, request.facts.identity
    is_open = request.state in BEFORE_EXECUTION
    is_proving = request.state is RequestState.AWAITING_IDENTITY
    names = {
        "approve": RequestAction.APPROVE in offered and _is_planned(request),
        "fulfil": RequestAction.FULFIL_BY_HAND in offered and not _waits(request, now),
        "hand_over": RequestAction.HAND_OVER in offered and request.kind is RequestType.ACCESS,
        "deny": RequestAction.DENY in offered,
        "hold": RequestAction.HOLD in offered,
        "details": True,
        "release": RequestAction.RELEASE in offered,
        "judge": RequestAction.UPHOLD in offered,
        "call_back": is_open and identity is not None and identity.phone_not_confirmed,
        "staff_path": is_proving and facts.path_m_at is None,
        "name": is_proving and facts.path_m_at is not None,
        "vouch": is_proving and facts.path_m_at is not None,
        "contact_change": RequestAction.CALL_CONTACT_CHANGE in offered
        and request.kind is RequestType.RECTIFICATION,
        "send_back": RequestAction.SEND_BACK in offered,
        "extend": is_open and request.state not in ANSWERED and _can_extend(request, now),
        "duplicate": RequestAction.MARK_DUPLICATE in offered,
        "lift_freeze": request.is_live and facts.is_frozen,
        "freeze": request.is_live and not facts.is_frozen,
    }
    return tuple(name for name, is_offered in names.items() if is_offered)


def _is_planned(request: DataRequest) -> bool:
    """Nobody says yes to a plan that is not made."""
    return bool(request.facts.plan_hash) or request.kind not in PLANNED


def _waits(request: DataRequest, now: datetime) -> bool:
    return request.facts.hold_until is not None and now < request.facts.hold_until


def _can_extend(request: DataRequest, now: datetime) -> bool:
    return request.facts.extension is None and now <= request.due_at
