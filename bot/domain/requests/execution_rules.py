"""The single door to execution. It reads facts, never a state (Fides CVE-2026-42303 read one)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.addresses import Actor, Role
from bot.domain.identity.levels import Level, manual_verification_needs
from bot.domain.requests.reasons import Reason
from bot.domain.requests.record import Approval, Grounds, RequestRecord, Roles
from bot.domain.requests.states import RequestType


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a request may be executed now, and every reason why not."""

    reasons: tuple[Reason, ...]

    @property
    def allowed(self) -> bool:
        return not self.reasons


PLANNED = frozenset({RequestType.ACCESS, RequestType.ERASURE})
"""Types that are carried out by a plan; the others are fulfilled by hand."""
COOLS_OFF = frozenset({RequestType.ERASURE, RequestType.CONTACT_CHANGE})
"""Types that wait 72 hours after the last of two approvals (level V4)."""
_SUFFICES: dict[RequestType, frozenset[Level]] = {
    RequestType.ACCESS: frozenset({Level.V3, Level.V4, Level.M, Level.ACCOUNT}),
    RequestType.ERASURE: frozenset({Level.V4, Level.M, Level.ACCOUNT}),
    RequestType.RECTIFICATION: frozenset({Level.V2, Level.V3, Level.V4, Level.M, Level.ACCOUNT}),
    RequestType.CONTACT_CHANGE: frozenset({Level.V4, Level.M}),
    RequestType.OBJECTION: frozenset({Level.V2, Level.V3, Level.V4, Level.M, Level.ACCOUNT}),
}
"""An account is proof of what it sent, and of no address on record."""


def may_execute(request: Grounds, now: datetime, live_roles: Roles) -> Decision:
    """Whether the request may be carried out at `now`; asked again inside execution."""
    return Decision(
        (
            *identity_reasons(request),
            *_confirmation_reasons(request),
            *_approval_reasons(request, live_roles),
            *_hold_reasons(request, now),
            *_standing_reasons(request),
        )
    )


def identity_reasons(request: Grounds) -> Iterator[Reason]:
    """Nothing when the subject, as it is now, is proved to the level the type needs."""
    identity = request.facts.identity
    if identity is None or identity.level not in _SUFFICES[request.kind]:
        yield Reason.NOT_VERIFIED
    elif identity.subject != request.subject:
        yield Reason.IDENTITY_OF_ANOTHER
    elif not _level_holds(request, identity.level):
        yield Reason.NOT_VERIFIED


def account_suffices(kind: RequestType) -> bool:
    """Whether an account that is linked to nobody may ask for this by itself."""
    return Level.ACCOUNT in _SUFFICES[kind]


def is_ready_for_review(request: Grounds) -> bool:
    """Identity and, for an erasure, confirmation are on record."""
    return not [*identity_reasons(request), *_confirmation_reasons(request)]


def standing_approvals(facts: RequestRecord) -> tuple[Approval, ...]:
    """Approvals of the present plan, given since review last began."""
    return tuple(
        approval
        for approval in facts.approvals
        if approval.plan_hash == facts.plan_hash and approval.state_version >= facts.review_version
    )


def separation_reasons(request: Grounds, approvals: Sequence[Approval]) -> Iterator[Reason]:
    """Who may approve beside whom (ASVS 2.3.5): requester, vouchers and approvers are different.

    Of two vouchers at most one may approve, and only as the second: three people are enough for
    manual verification, and the first look is always by somebody who has not yet spoken for the
    requester.
    """
    approvers = [approval.approver for approval in approvals]
    if len(set(approvers)) < len(approvers):
        yield Reason.SAME_APPROVER
    if any(Actor.staff(approver) == request.created_by for approver in approvers):
        yield Reason.APPROVER_IS_REQUESTER
    vouched = [approver in request.facts.vouchers for approver in approvers]
    if vouched[:1] == [True] or sum(vouched) > 1:
        yield Reason.APPROVER_VOUCHED
    identity = request.facts.identity
    if identity is not None and identity.phone_not_confirmed and approvers:
        callers = {call.by for call in request.facts.call_backs if call.at >= identity.at}
        if approvers[0] not in callers:
            yield Reason.CALL_BACK_MISSING


def _level_holds(request: Grounds, level: Level) -> bool:
    """An account proves only itself; whoever vouches is not the requester."""
    if level is Level.ACCOUNT:
        return request.subject.account is not None
    if level is not Level.M:
        return True
    others = [v for v in request.facts.vouches if Actor.staff(v.by) != request.created_by]
    young_code = request.facts.has_young_code(request.subject)
    return not manual_verification_needs(tuple(others), young_code=young_code)


def _confirmation_reasons(request: Grounds) -> Iterator[Reason]:
    if request.kind is RequestType.ERASURE and request.facts.confirmed_at is None:
        yield Reason.NOT_CONFIRMED


def _approval_reasons(request: Grounds, live_roles: Roles) -> Iterator[Reason]:
    if not request.facts.plan_hash and request.kind in PLANNED:
        yield Reason.NO_PLAN
    approvals = standing_approvals(request.facts)
    if len({approval.approver for approval in approvals}) < request.approvals_needed:
        yield Reason.TOO_FEW_APPROVALS
    yield from separation_reasons(request, approvals)
    # What a law kept is erased under the original approval, perhaps years after its givers left.
    resumes = request.facts.retained_until is not None
    roles = {live_roles.get(approval.approver) for approval in approvals}
    if not resumes and roles - {Role.APPROVER}:
        yield Reason.APPROVER_WITHOUT_ROLE


def _hold_reasons(request: Grounds, now: datetime) -> Iterator[Reason]:
    facts = request.facts
    vouched = facts.identity is not None and facts.identity.level is Level.M
    cools_off = request.kind in COOLS_OFF
    if (cools_off and facts.cooling_off_until is None) or (
        vouched and facts.path_m_hold_until is None
    ):
        yield Reason.HOLD_NOT_SET
    if facts.hold_until is not None and now < facts.hold_until:
        yield Reason.HOLD_RUNNING


def _standing_reasons(request: Grounds) -> Iterator[Reason]:
    facts = request.facts
    against = {
        Reason.FROZEN: facts.is_frozen,
        Reason.ON_HOLD: facts.held_since is not None,
        Reason.DENIED: facts.denied,
        Reason.DUPLICATE: facts.duplicate_of is not None,
        Reason.ACCESS_FIRST: facts.waits_for is not None,
        Reason.WITHDRAWN: facts.withdrawn_at is not None,
        Reason.ENDED: facts.ended_at is not None,
    }
    yield from (reason for reason, holds in against.items() if holds)
