"""The conditions of the table. Each reads facts; none takes a state for a proof."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from bot.domain.addresses import AccountId, Actor, ActorKind, Role
from bot.domain.requests.case import Case
from bot.domain.requests.execution_rules import (
    identity_reasons,
    is_ready_for_review,
    may_execute,
    separation_reasons,
    standing_approvals,
)
from bot.domain.requests.reasons import Reason
from bot.domain.requests.states import (
    FINAL,
    WORKED_ON,
    RequestAction,
    RequestState,
    RequestType,
    Who,
)

Guard = Callable[[Case], Reason | None]
"""The reason why not, or nothing."""
_NOT = {
    Who.SUBJECT: Reason.NOT_SUBJECT,
    Who.STAFF: Reason.NOT_STAFF,
    Who.APPROVER: Reason.NOT_APPROVER,
    Who.SYSTEM: Reason.NOT_SYSTEM,
}


@dataclass(frozen=True, slots=True)
class Edge:
    """From `state`, `action` by one of `who` leads to `next`.

    `when` chooses among edges of one state and action; `guards` must hold on the chosen one.
    """

    state: RequestState
    action: RequestAction
    who: tuple[Who, ...]
    next: RequestState
    when: tuple[Guard, ...] = ()
    guards: tuple[Guard, ...] = ()


def _claim(reason: Reason) -> Callable[[Callable[[Case], bool]], Guard]:
    """Turn a claim into a guard that names `reason` when the claim does not hold."""

    def guard_of(claim: Callable[[Case], bool]) -> Guard:
        @wraps(claim)
        def guard(case: Case) -> Reason | None:
            return None if claim(case) else reason

        return guard

    return guard_of


@_claim(Reason.OTHER_TYPE)
def is_erasure(case: Case) -> bool:
    return case.kind is RequestType.ERASURE


@_claim(Reason.OTHER_TYPE)
def is_access(case: Case) -> bool:
    return case.kind is RequestType.ACCESS


@_claim(Reason.OTHER_TYPE)
def is_rectification(case: Case) -> bool:
    return case.kind is RequestType.RECTIFICATION


@_claim(Reason.ENOUGH_APPROVALS)
def more_approvals_needed(case: Case) -> bool:
    return len(standing_approvals(case.facts)) < case.approvals_needed


@_claim(Reason.NO_HOLD)
def hold_is_ahead(case: Case) -> bool:
    hold_until = case.facts.hold_until
    return hold_until is not None and case.attempt.now < hold_until


@_claim(Reason.NOTHING_RETAINED)
def law_keeps_a_part(case: Case) -> bool:
    return case.facts.retained_until is not None


@_claim(Reason.NOT_PROVED_BEFORE)
def was_proved_before(case: Case) -> bool:
    """The ledger outside the store says so; nothing in the store is taken for it."""
    return case.about.proved is not None


@_claim(Reason.NOT_READY_FOR_REVIEW)
def ready_for_review(case: Case) -> bool:
    return is_ready_for_review(case)


def identity_proved(case: Case) -> Reason | None:
    return next(identity_reasons(case), None)


@_claim(Reason.PHONE_NEEDED)
def phone_was_shown(case: Case) -> bool:
    """Nobody rings back before a package is made ready again, so the phone itself is needed."""
    identity = case.facts.identity
    return identity is not None and not identity.phone_not_confirmed


@_claim(Reason.FROZEN)
def not_frozen(case: Case) -> bool:
    return not case.facts.is_frozen


@_claim(Reason.NO_PLAN)
def plan_is_known(case: Case) -> bool:
    return bool(case.facts.plan_hash)


@_claim(Reason.PLAN_CHANGED)
def plan_is_the_same(case: Case) -> bool:
    """The plan that is approved is the request's plan."""
    facts = case.facts
    return facts.approvals[-1].plan_hash == facts.plan_hash


@_claim(Reason.PROOF_TOO_OLD)
def proof_is_fresh(case: Case) -> bool:
    """Shown since it was asked for; what proved an earlier step does not prove this one."""
    identity = case.facts.identity
    return identity is not None and identity.at >= case.request.since


def duties_separated(case: Case) -> Reason | None:
    return next(separation_reasons(case, standing_approvals(case.facts)), None)


def executable(case: Case) -> Reason | None:
    return next(iter(may_execute(case, case.attempt.now, case.attempt.roles).reasons), None)


@_claim(Reason.APPROVALS_STAND)
def approvals_lapsed(case: Case) -> bool:
    """The plan is another, or somebody who approved may no longer."""
    approvals = case.facts.approvals
    if len(standing_approvals(case.facts)) < len(approvals):
        return True
    roles = {case.attempt.roles.get(approval.approver) for approval in approvals}
    return bool(roles - {Role.APPROVER})


@_claim(Reason.TOO_FEW_APPROVALS)
def was_all_approved(case: Case) -> bool:
    """It was put aside in its waiting time, and what was approved before still stands."""
    return _still_stands(case, RequestState.COOLING_OFF)


@_claim(Reason.TOO_FEW_APPROVALS)
def was_partly_approved(case: Case) -> bool:
    """It was put aside after the first yes, which still stands."""
    return _still_stands(case, RequestState.SECOND_APPROVAL)


def _still_stands(case: Case, held_from: RequestState) -> bool:
    facts = case.facts
    is_there = facts.held_from is held_from and bool(facts.approvals)
    return is_there and approvals_lapsed(case) is not None


@_claim(Reason.ALREADY_CARRIED_OUT)
def nothing_carried_out(case: Case) -> bool:
    return case.facts.execution_began_at is None


@_claim(Reason.TOO_EARLY)
def time_is_up(case: Case) -> bool:
    return case.about.deadline is not None and case.attempt.now >= case.about.deadline


@_claim(Reason.TOO_LATE)
def time_is_left(case: Case) -> bool:
    return case.about.deadline is not None and case.attempt.now <= case.about.deadline


@_claim(Reason.JUDGE_DENIED_IT)
def judge_is_another(case: Case) -> bool:
    return case.attempt.staff not in case.facts.deniers


@_claim(Reason.CANONICAL_DOES_NOT_COUNT)
def canonical_is_verified_and_open(case: Case) -> bool:
    """Only a verified, open request of the same subject and type can carry another."""
    other, request = case.about.other, case.request
    return (
        other is not None
        and other.id != request.id
        and (other.subject, other.kind) == (request.subject, request.kind)
        and other.state in WORKED_ON
        and not [*identity_reasons(other)]
    )


@_claim(Reason.CANONICAL_STILL_OPEN)
def canonical_ended_without_action(case: Case) -> bool:
    return _is_canonical(case) and _other_state(case) in FINAL - {RequestState.FULFILLED}


@_claim(Reason.CANONICAL_NOT_FULFILLED)
def canonical_was_fulfilled(case: Case) -> bool:
    done = {RequestState.FULFILLED, RequestState.FULFILLED_WITH_RETENTION}
    return _is_canonical(case) and _other_state(case) in done


@_claim(Reason.NOT_BEING_ERASED)
def erased_by_another(case: Case) -> bool:
    """An erasure that is carried out itself comes to its own end."""
    other, is_executing = case.about.other, case.request.state is RequestState.EXECUTING
    if other is None or other.id == case.request.id:
        return False
    if is_executing and case.kind is RequestType.ERASURE:
        return False
    return other.kind is RequestType.ERASURE and other.state is RequestState.EXECUTING


def _is_canonical(case: Case) -> bool:
    return case.about.other is not None and case.about.other.id == case.facts.duplicate_of


def _other_state(case: Case) -> RequestState | None:
    return case.about.other.state if case.about.other is not None else None


def who_refuses(who: tuple[Who, ...], case: Case) -> Reason | None:
    """Nothing when the doer is one of `who` now, else why not."""
    if any(_is(one, case) for one in who):
        return None
    if Who.APPROVER in who and case.attempt.by == case.created_by:
        return Reason.APPROVER_IS_REQUESTER
    if Who.APPROVER in who and _is_new(case):
        return Reason.NEWCOMER
    return _NOT[who[0]]


def chosen(edges: list[Edge], case: Case) -> Edge:
    """The first edge whose `when` holds; a table's last edge of a kind has none, or must match."""
    return next(
        (edge for edge in edges if not any(refuses(case) for refuses in edge.when)), edges[-1]
    )


def why_not(edge: Edge, case: Case) -> Reason | None:
    """Why this edge may not be taken; nothing when it may."""
    if reason := who_refuses(edge.who, case):
        return reason
    return next((reason for refuses in edge.guards if (reason := refuses(case))), None)


def _is(who: Who, case: Case) -> bool:
    by, request = case.attempt.by, case.request
    match who:
        case Who.SYSTEM:
            return by.kind is ActorKind.SYSTEM
        case Who.SUBJECT:
            return by == speaker(request.account, request.created_by)
        case Who.STAFF:
            return _role(case) is not None
        case Who.APPROVER:
            return _role(case) is Role.APPROVER and by != request.created_by


def speaker(account: AccountId | None, created_by: Actor) -> Actor:
    """Who speaks for the subject: their account, or the staff member who wrote the request down."""
    return Actor.account(account) if account else created_by


def _is_new(case: Case) -> bool:
    by = case.attempt.by
    return by.kind is ActorKind.STAFF and case.attempt.staff in case.attempt.newcomers


def _role(case: Case) -> Role | None:
    by = case.attempt.by
    return case.attempt.roles.get(case.attempt.staff) if by.kind is ActorKind.STAFF else None
