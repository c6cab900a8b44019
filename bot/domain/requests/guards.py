"""The named conditions of the table. Each reads facts; none takes a state for a proof."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.addresses import AccountId, Actor, ActorKind, RequestId, Role
from bot.domain.requests.execution_rules import (
    Grounds,
    identity_reasons,
    is_ready_for_review,
    may_execute,
    separation_reasons,
    standing_approvals,
)
from bot.domain.requests.record import Attempt
from bot.domain.requests.states import FINAL, WORKED_ON, RequestType, State
from bot.domain.requests.transitions import Edge, Who


class Asked(Grounds, Protocol):
    """A request as guards see it: its grounds, and who it is."""

    @property
    def id(self) -> RequestId: ...
    @property
    def account(self) -> AccountId | None: ...
    @property
    def state(self) -> State: ...
    @property
    def since(self) -> datetime: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a guard is asked about: the request as it would be, and the attempt."""

    request: Asked
    attempt: Attempt
    deadline: datetime | None = None
    """When the time that the action is about is over."""
    other: Asked | None = None
    """The request that carries this one, where duplicates are concerned."""


Guard = Callable[[Case], str]
"""The reason why not (a code of `requests.reason_<code>`), or nothing."""


def _claim(reason: str) -> Callable[[Callable[[Case], bool]], Guard]:
    """Turn a claim into a guard that names `reason` when the claim does not hold."""

    def guard_of(claim: Callable[[Case], bool]) -> Guard:
        return lambda case: "" if claim(case) else reason

    return guard_of


@_claim("other_type")
def is_erasure(case: Case) -> bool:
    return case.request.kind is RequestType.ERASURE


@_claim("other_type")
def is_access(case: Case) -> bool:
    return case.request.kind is RequestType.ACCESS


@_claim("other_type")
def is_rectification(case: Case) -> bool:
    return case.request.kind is RequestType.RECTIFICATION


@_claim("enough_approvals")
def more_approvals_needed(case: Case) -> bool:
    return len(standing_approvals(case.request)) < case.request.approvals_needed


@_claim("no_hold")
def hold_is_ahead(case: Case) -> bool:
    hold_until = case.request.facts.hold_until
    return hold_until is not None and case.attempt.now < hold_until


@_claim("nothing_retained")
def law_keeps_a_part(case: Case) -> bool:
    return case.request.facts.retained_until is not None


@_claim("not_ready_for_review")
def ready_for_review(case: Case) -> bool:
    return is_ready_for_review(case.request)


def identity_proved(case: Case) -> str:
    return next(identity_reasons(case.request), "")


@_claim("phone_needed")
def phone_was_shown(case: Case) -> bool:
    """Nobody rings back before a package is made ready again, so the phone itself is needed."""
    identity = case.request.facts.identity
    return identity is not None and not identity.phone_not_confirmed


@_claim("frozen")
def not_frozen(case: Case) -> bool:
    return not case.request.facts.is_frozen


@_claim("no_plan")
def plan_is_known(case: Case) -> bool:
    return bool(case.request.facts.plan_hash)


@_claim("plan_changed")
def plan_is_the_same(case: Case) -> bool:
    """The plan that is approved is the request's plan."""
    facts = case.request.facts
    return facts.approvals[-1].plan_hash == facts.plan_hash


@_claim("proof_too_old")
def proof_is_fresh(case: Case) -> bool:
    """Shown since it was asked for; what proved an earlier step does not prove this one."""
    identity = case.request.facts.identity
    return identity is not None and identity.at >= case.request.since


def duties_separated(case: Case) -> str:
    return next(separation_reasons(case.request, standing_approvals(case.request)), "")


def executable(case: Case) -> str:
    return next(iter(may_execute(case.request, case.attempt.now, case.attempt.roles).reasons), "")


@_claim("approvals_stand")
def approvals_lapsed(case: Case) -> bool:
    """The plan is another, or somebody who approved may no longer."""
    approvals = case.request.facts.approvals
    if len(standing_approvals(case.request)) < len(approvals):
        return True
    roles = {case.attempt.roles.get(approval.approver) for approval in approvals}
    return bool(roles - {Role.APPROVER})


@_claim("already_carried_out")
def nothing_carried_out(case: Case) -> bool:
    return case.request.facts.execution_began_at is None


@_claim("too_early")
def time_is_up(case: Case) -> bool:
    return case.deadline is not None and case.attempt.now >= case.deadline


@_claim("too_late")
def time_is_left(case: Case) -> bool:
    return case.deadline is not None and case.attempt.now <= case.deadline


@_claim("judge_denied_it")
def judge_is_another(case: Case) -> bool:
    return case.attempt.staff not in case.request.facts.deniers


@_claim("canonical_does_not_count")
def canonical_is_verified_and_open(case: Case) -> bool:
    """Only a verified, open request of the same subject and type can carry another."""
    other, request = case.other, case.request
    return (
        other is not None
        and other.id != request.id
        and (other.subject, other.kind) == (request.subject, request.kind)
        and other.state in WORKED_ON
        and not [*identity_reasons(other)]
    )


@_claim("canonical_still_open")
def canonical_ended_without_action(case: Case) -> bool:
    return _is_canonical(case) and _other_state(case) in FINAL - {State.FULFILLED}


@_claim("canonical_not_fulfilled")
def canonical_was_fulfilled(case: Case) -> bool:
    done = {State.FULFILLED, State.FULFILLED_WITH_RETENTION}
    return _is_canonical(case) and _other_state(case) in done


def _is_canonical(case: Case) -> bool:
    return case.other is not None and case.other.id == case.request.facts.duplicate_of


def _other_state(case: Case) -> State | None:
    return case.other.state if case.other is not None else None


GUARDS: dict[str, Guard] = {
    "is_erasure": is_erasure,
    "is_access": is_access,
    "is_rectification": is_rectification,
    "more_approvals_needed": more_approvals_needed,
    "hold_is_ahead": hold_is_ahead,
    "law_keeps_a_part": law_keeps_a_part,
    "ready_for_review": ready_for_review,
    "identity_proved": identity_proved,
    "proof_is_fresh": proof_is_fresh,
    "phone_was_shown": phone_was_shown,
    "not_frozen": not_frozen,
    "plan_is_known": plan_is_known,
    "plan_is_the_same": plan_is_the_same,
    "duties_separated": duties_separated,
    "may_execute": executable,
    "approvals_lapsed": approvals_lapsed,
    "nothing_carried_out": nothing_carried_out,
    "time_is_up": time_is_up,
    "time_is_left": time_is_left,
    "judge_is_another": judge_is_another,
    "canonical_is_verified_and_open": canonical_is_verified_and_open,
    "canonical_ended_without_action": canonical_ended_without_action,
    "canonical_was_fulfilled": canonical_was_fulfilled,
}


def who_refuses(who: tuple[Who, ...], case: Case) -> str:
    """Nothing when the doer is one of `who` now, else the code of the refusal."""
    if any(_is(one, case) for one in who):
        return ""
    if Who.APPROVER in who and case.attempt.by == case.request.created_by:
        return "approver_is_requester"
    return f"not_{who[0]}"


def chosen(edges: list[Edge], case: Case) -> Edge:
    """The first edge whose `when` holds; a table's last edge of a kind has none, or must match."""
    return next(
        (edge for edge in edges if not any(GUARDS[name](case) for name in edge.when)), edges[-1]
    )


def refusal(edge: Edge, case: Case) -> str:
    """Why this edge may not be taken; nothing when it may."""
    if reason := who_refuses(edge.who, case):
        return reason
    return next((reason for name in edge.guards if (reason := GUARDS[name](case))), "")


def _is(who: Who, case: Case) -> bool:
    by, request = case.attempt.by, case.request
    match who:
        case Who.SYSTEM:
            return by.kind is ActorKind.SYSTEM
        case Who.SUBJECT:
            return by == speaker(request)
        case Who.STAFF:
            return _role(case) is not None
        case Who.APPROVER:
            return _role(case) is Role.APPROVER and by != request.created_by


def speaker(request: Asked) -> Actor:
    """Who speaks for the subject: their account, or the staff member who wrote the request down."""
    return Actor.account(request.account) if request.account else request.created_by


def _role(case: Case) -> Role | None:
    by = case.attempt.by
    return case.attempt.roles.get(case.attempt.staff) if by.kind is ActorKind.STAFF else None
