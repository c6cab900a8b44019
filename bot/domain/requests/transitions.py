"""The one table of what leads where."""

from collections.abc import Iterable

from bot.domain.requests.guards import (
    Edge,
    Guard,
    approvals_lapsed,
    canonical_ended_without_action,
    canonical_is_verified_and_open,
    canonical_was_fulfilled,
    duties_separated,
    erased_by_another,
    executable,
    hold_is_ahead,
    identity_proved,
    is_access,
    is_erasure,
    is_rectification,
    judge_is_another,
    law_keeps_a_part,
    more_approvals_needed,
    not_frozen,
    nothing_carried_out,
    phone_was_shown,
    plan_is_known,
    plan_is_the_same,
    proof_is_fresh,
    ready_for_review,
    time_is_left,
    time_is_up,
    was_all_approved,
    was_partly_approved,
    was_proved_before,
)
from bot.domain.requests.states import (
    BEFORE_EXECUTION,
    FINAL,
    RequestAction,
    RequestState,
    RequestType,
    Who,
)

_S, _A = RequestState, RequestAction
_SUBJECT, _APPROVER, _SYSTEM = (Who.SUBJECT,), (Who.APPROVER,), (Who.SYSTEM,)
_PROVER = (Who.SUBJECT, Who.SYSTEM)
_REVIEWED = (_S.IN_REVIEW, _S.SECOND_APPROVAL)
_DENIABLE = (_S.RECEIVED, _S.AWAITING_IDENTITY, _S.AWAITING_CONFIRMATION, *_REVIEWED, _S.ON_HOLD)
_A_FRESH_PROOF = (identity_proved, proof_is_fresh, not_frozen)
_JUDGED = (judge_is_another,)
_COPIED = (_S.EXECUTING, _S.PACKAGE_READY, _S.UNDELIVERED)
_PROVED = (_S.AWAITING_CONFIRMATION, *_REVIEWED, _S.ON_HOLD, _S.COOLING_OFF)


def _release(to: RequestState, *when: Guard) -> Edge:
    """A hold changes nothing of what was approved before it."""
    return Edge(_S.ON_HOLD, _A.RELEASE, _APPROVER, to, when=when, guards=(ready_for_review,))


_HOLDS = (
    *(Edge(state, _A.HOLD, _APPROVER, _S.ON_HOLD) for state in (*_REVIEWED, _S.COOLING_OFF)),
    _release(_S.COOLING_OFF, was_all_approved),
    _release(_S.SECOND_APPROVAL, was_partly_approved),
    _release(_S.IN_REVIEW),
)
_COMMON: tuple[Edge, ...] = (
    Edge(_S.RECEIVED, _A.ASK_IDENTITY, _SYSTEM, _S.AWAITING_IDENTITY),
    Edge(_S.AWAITING_IDENTITY, _A.EXPIRE, _SYSTEM, _S.CLOSED_UNVERIFIED, guards=(time_is_up,)),
    Edge(_S.DENIED, _A.APPEAL, _SUBJECT, _S.APPEALED, guards=(time_is_left,)),
    Edge(_S.DENIED, _A.CLOSE_DENIAL, _SYSTEM, _S.DENIED_FINAL, guards=(time_is_up,)),
    Edge(_S.APPEALED, _A.OVERTURN, _APPROVER, _S.IN_REVIEW, (ready_for_review,), _JUDGED),
    Edge(_S.APPEALED, _A.OVERTURN, _APPROVER, _S.AWAITING_IDENTITY, guards=_JUDGED),
    Edge(_S.APPEALED, _A.UPHOLD, _APPROVER, _S.DENIED_FINAL, guards=_JUDGED),
    Edge(
        _S.IN_REVIEW,
        _A.MARK_DUPLICATE,
        (Who.APPROVER, Who.SYSTEM),
        _S.DUPLICATE,
        guards=(ready_for_review, nothing_carried_out, canonical_is_verified_and_open),
    ),
    Edge(
        _S.DUPLICATE,
        _A.REINSTATE,
        _SYSTEM,
        _S.IN_REVIEW,
        when=(ready_for_review,),
        guards=(canonical_ended_without_action,),
    ),
    Edge(
        _S.DUPLICATE,
        _A.REINSTATE,
        _SYSTEM,
        _S.AWAITING_IDENTITY,
        guards=(canonical_ended_without_action,),
    ),
    Edge(
        _S.DUPLICATE,
        _A.CLOSE_DUPLICATE,
        _SYSTEM,
        _S.CLOSED_DUPLICATE,
        guards=(canonical_was_fulfilled,),
    ),
)


def _from_each(
    states: Iterable[RequestState],
    action: RequestAction,
    who: tuple[Who, ...],
    to: RequestState,
    guard: Guard = nothing_carried_out,
) -> tuple[Edge, ...]:
    return tuple(Edge(state, action, who, to, guards=(guard,)) for state in states)


def _ends(states: Iterable[RequestState]) -> tuple[Edge, ...]:
    """It is taken back, or another request erases what it is about."""
    return (
        *_from_each(states, _A.WITHDRAW, _SUBJECT, _S.WITHDRAWN),
        *_from_each(states, _A.END_WITH_ERASURE, _SYSTEM, _S.CLOSED_ERASED, erased_by_another),
    )


def _denials(states: tuple[RequestState, ...]) -> tuple[Edge, ...]:
    return _from_each(states, _A.DENY, _APPROVER, _S.DENIED)


def _merges(states: tuple[RequestState, ...]) -> tuple[Edge, ...]:
    """A proof for one record proves nothing of the record it was merged into."""
    return _from_each(states, _A.MERGE_SUBJECT, _SYSTEM, _S.AWAITING_IDENTITY)


def _settled(states: frozenset[RequestState]) -> tuple[Edge, ...]:
    """Carried out and certified in a life of the store that a backup does not know of."""
    ends = ((_S.FULFILLED_WITH_RETENTION, (law_keeps_a_part,)), (_S.FULFILLED, ()))
    guards = (is_erasure, was_proved_before)
    return tuple(
        Edge(state, _A.SETTLE_RESTORED, _SYSTEM, end, when=when, guards=guards)
        for state in RequestState
        if state in states
        for end, when in ends
    )


_AGREED = (ready_for_review, plan_is_the_same, duties_separated, not_frozen)


def _approvals(state: RequestState) -> tuple[Edge, ...]:
    may = (plan_is_known, *_AGREED)
    return (
        Edge(
            state,
            _A.APPROVE,
            _APPROVER,
            _S.SECOND_APPROVAL,
            when=(more_approvals_needed,),
            guards=may,
        ),
        Edge(state, _A.APPROVE, _APPROVER, _S.COOLING_OFF, when=(hold_is_ahead,), guards=may),
        Edge(state, _A.APPROVE, _APPROVER, _S.EXECUTING, guards=(*may, executable)),
    )


def _returns(states: tuple[RequestState, ...]) -> tuple[Edge, ...]:
    """Approvals that no longer stand, by themselves or because somebody says so."""
    return (
        *(Edge(state, _A.SEND_BACK, _APPROVER, _S.IN_REVIEW) for state in states),
        *(
            Edge(state, _A.LAPSE, _SYSTEM, _S.IN_REVIEW, guards=(approvals_lapsed,))
            for state in states
        ),
    )


TABLE: tuple[Edge, ...] = (
    *_COMMON,
    Edge(
        _S.AWAITING_IDENTITY,
        _A.VERIFY,
        _PROVER,
        _S.AWAITING_CONFIRMATION,
        when=(is_erasure,),
        guards=_A_FRESH_PROOF,
    ),
    Edge(_S.AWAITING_IDENTITY, _A.VERIFY, _PROVER, _S.IN_REVIEW, guards=_A_FRESH_PROOF),
    Edge(
        _S.AWAITING_CONFIRMATION,
        _A.CONFIRM,
        _SUBJECT,
        _S.IN_REVIEW,
        guards=(ready_for_review, not_frozen),
    ),
    Edge(_S.AWAITING_CONFIRMATION, _A.EXPIRE, _SYSTEM, _S.CLOSED_UNCONFIRMED, guards=(time_is_up,)),
    *_approvals(_S.IN_REVIEW),
    *_approvals(_S.SECOND_APPROVAL),
    *_returns((_S.SECOND_APPROVAL, _S.COOLING_OFF)),
    Edge(_S.ATTENTION, _A.SEND_BACK, _APPROVER, _S.IN_REVIEW),
    Edge(
        _S.EXECUTING,
        _A.HAND_OVER,
        _APPROVER,
        _S.FULFILLED,
        guards=(is_access, executable),
    ),
    Edge(_S.EXECUTING, _A.WITHDRAW, _SUBJECT, _S.WITHDRAWN, guards=(is_access,)),
    *_HOLDS,
    *_denials(_DENIABLE),
    *_ends(BEFORE_EXECUTION),
    *_from_each(_COPIED, _A.END_WITH_ERASURE, _SYSTEM, _S.CLOSED_ERASED, erased_by_another),
    *_merges(_PROVED),
    Edge(_S.COOLING_OFF, _A.EXECUTE, _SYSTEM, _S.EXECUTING, guards=(executable,)),
    Edge(_S.EXECUTING, _A.FINISH_STEPS, _SYSTEM, _S.VERIFYING),
    Edge(_S.EXECUTING, _A.FAIL, _SYSTEM, _S.ATTENTION),
    Edge(_S.VERIFYING, _A.FAIL, _SYSTEM, _S.ATTENTION),
    Edge(_S.ATTENTION, _A.RETRY, (Who.SYSTEM, Who.APPROVER), _S.EXECUTING, guards=(executable,)),
    Edge(_S.VERIFYING, _A.PROVE, _SYSTEM, _S.PACKAGE_READY, when=(is_access,)),
    Edge(_S.VERIFYING, _A.PROVE, _SYSTEM, _S.FULFILLED_WITH_RETENTION, when=(law_keeps_a_part,)),
    Edge(_S.VERIFYING, _A.PROVE, _SYSTEM, _S.FULFILLED),
    Edge(
        _S.FULFILLED_WITH_RETENTION,
        _A.RESUME,
        _SYSTEM,
        _S.EXECUTING,
        guards=(time_is_up, executable),
    ),
    *_settled(frozenset(RequestState) - FINAL - {_S.FULFILLED_WITH_RETENTION}),
    Edge(_S.PACKAGE_READY, _A.FETCH, _PROVER, _S.FULFILLED, guards=(not_frozen,)),
    Edge(_S.PACKAGE_READY, _A.LET_LAPSE, _SYSTEM, _S.UNDELIVERED, guards=(time_is_up,)),
    Edge(
        _S.UNDELIVERED,
        _A.VERIFY,
        _PROVER,
        _S.PACKAGE_READY,
        guards=(identity_proved, proof_is_fresh, phone_was_shown, not_frozen),
    ),
    Edge(_S.UNDELIVERED, _A.DESTROY, _SYSTEM, _S.FULFILLED, guards=(time_is_up,)),
)
"""Access and erasure."""

_BEFORE_CONTACTS = BEFORE_EXECUTION - {_S.AWAITING_CONFIRMATION}
_TO_BE_DONE_BY_HAND: tuple[Edge, ...] = (
    *_COMMON,
    Edge(_S.AWAITING_IDENTITY, _A.VERIFY, _PROVER, _S.IN_REVIEW, guards=_A_FRESH_PROOF),
)
BY_HAND: tuple[Edge, ...] = (
    *_TO_BE_DONE_BY_HAND,
    Edge(
        _S.IN_REVIEW,
        _A.FULFIL_BY_HAND,
        _APPROVER,
        _S.FULFILLED,
        guards=(duties_separated, executable),
    ),
    Edge(
        _S.IN_REVIEW,
        _A.CALL_CONTACT_CHANGE,
        (Who.STAFF,),
        _S.AWAITING_IDENTITY,
        guards=(is_rectification,),
    ),
    Edge(_S.IN_REVIEW, _A.HOLD, _APPROVER, _S.ON_HOLD),
    _release(_S.IN_REVIEW),
    *_denials((_S.RECEIVED, _S.AWAITING_IDENTITY, _S.IN_REVIEW, _S.ON_HOLD)),
    *_ends(_BEFORE_CONTACTS - {_S.SECOND_APPROVAL, _S.COOLING_OFF}),
    *_merges((_S.IN_REVIEW, _S.ON_HOLD)),
)
"""Rectification and objection: taken as requests, fulfilled by a person."""

CONTACTS: tuple[Edge, ...] = (
    *_TO_BE_DONE_BY_HAND,
    Edge(_S.IN_REVIEW, _A.APPROVE, _APPROVER, _S.SECOND_APPROVAL, guards=_AGREED),
    Edge(
        _S.SECOND_APPROVAL, _A.APPROVE, _APPROVER, _S.COOLING_OFF, guards=(*_AGREED, hold_is_ahead)
    ),
    *_returns((_S.SECOND_APPROVAL, _S.COOLING_OFF)),
    *_HOLDS,
    Edge(_S.COOLING_OFF, _A.FULFIL_BY_HAND, _APPROVER, _S.FULFILLED, guards=(executable,)),
    *_denials((_S.RECEIVED, _S.AWAITING_IDENTITY, *_REVIEWED, _S.ON_HOLD)),
    *_ends(_BEFORE_CONTACTS),
    *_merges((*_REVIEWED, _S.ON_HOLD, _S.COOLING_OFF)),
)
"""Another e-mail or phone on record: whoever gets it there can pass every later proof, and so it
takes what an erasure takes (V4): the full proof, two approvers, 72 hours; then a person does it."""


def edges_of(kind: RequestType, state: RequestState, action: RequestAction) -> list[Edge]:
    """Where `action` may lead from `state`; nowhere, if the state has moved on."""
    return [e for e in table_of(kind) if (e.state, e.action) == (state, action)]


def table_of(kind: RequestType) -> tuple[Edge, ...]:
    match kind:
        case RequestType.ACCESS | RequestType.ERASURE:
            return TABLE
        case RequestType.CONTACT_CHANGE:
            return CONTACTS
        case RequestType.RECTIFICATION | RequestType.OBJECTION:
            return BY_HAND
