"""Who the subject is: what may be shown, named and vouched, and what of it still counts."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.addresses import Actor
from bot.domain.identity.levels import Vouch
from bot.domain.legal_calendar.clock import Due, LegalClock
from bot.domain.legal_calendar.regimes import Start
from bot.domain.requests.reasons import Reason
from bot.domain.requests.record import Attempt, Identity, Merge, Proofs, RequestRecord, Subject
from bot.domain.requests.rules import RequestRules
from bot.domain.requests.states import BEFORE_EXECUTION, RequestState

WAITING = frozenset({RequestState.AWAITING_IDENTITY})
PROVING = frozenset({RequestState.AWAITING_IDENTITY, RequestState.UNDELIVERED})
"""States in which the subject has something to prove."""
UNPROVED = BEFORE_EXECUTION - {
    RequestState.AWAITING_CONFIRMATION,
    RequestState.IN_REVIEW,
    RequestState.ON_HOLD,
    RequestState.SECOND_APPROVAL,
    RequestState.COOLING_OFF,
}
"""Where a merge sends nobody back: the facts are read afresh on the way to review."""


def why_not_settled(facts: RequestRecord, was: Subject, state: RequestState) -> Reason | None:
    """Why it cannot become a request about somebody else than `was` by itself."""
    is_settled = facts.proves(was) or facts.vouches or state is RequestState.UNDELIVERED
    return Reason.SUBJECT_SETTLED if is_settled else None


def why_no_name(facts: RequestRecord, subject: Subject) -> Reason | None:
    """Why staff may not say that it is about `subject`."""
    if subject.person is None:
        return Reason.SUBJECT_SETTLED
    if facts.path_m_at is None:
        return Reason.STAFF_PATH_CLOSED
    return Reason.FROZEN if facts.is_frozen else None


def named(facts: RequestRecord, now: datetime, *, is_another: bool) -> RequestRecord:
    """What was shown or vouched before was about somebody else, if `is_another` now."""
    facts = replace(facts, named_at=now)
    return replace(facts, vouches=(), proofs=Proofs()) if is_another else facts


def why_no_vouch(
    facts: RequestRecord, vouch: Vouch, attempt: Attempt, created_by: Actor
) -> Reason | None:
    """Each vouches once, for themselves, and not for what they wrote down."""
    if attempt.by == created_by:
        return Reason.APPROVER_IS_REQUESTER
    if attempt.staff in attempt.newcomers:
        return Reason.NEWCOMER
    if vouch.by != attempt.staff or vouch.by in facts.vouchers:
        return Reason.VOUCHED_ALREADY
    if facts.path_m_at is None:
        return Reason.STAFF_PATH_CLOSED
    if facts.is_frozen:
        return Reason.FROZEN
    return None if vouch.counts else Reason.DOCUMENT_WITHOUT_REASON


def proved(facts: RequestRecord, identity: Identity) -> RequestRecord:
    """The law counts from the first proof, whatever is proved again later."""
    return replace(facts, identity=identity, proved_at=facts.proved_at or identity.at)


def sets_the_date(due: Due, clock: LegalClock, *, promised: datetime, regime: str) -> bool:
    """Whether the law that the proof shows to apply moves the due date to `due`.

    What was `promised` under `regime` is never put off by the proof. Only a law that lets its
    clock start with it (UK Art. 12A) sets a later date.
    """
    starts_now = clock.regime.starts_at is not Start.RECEIPT
    is_same_law = clock.regime.code == regime
    return starts_now or is_same_law or due.at <= promised


def merged(facts: RequestRecord, was: Subject, into: Subject, now: datetime) -> RequestRecord:
    """Nobody vouched for whom it is about now, unless that is the same person."""
    vouches = facts.vouches if was == into else ()
    return replace(facts, merges=(*facts.merges, Merge(was, into, now)), vouches=vouches)


def waits_from(state: RequestState, facts: RequestRecord, since: datetime) -> datetime | None:
    """From when `state` waits for the subject; None: the desk owes them the plan first."""
    if state is not RequestState.AWAITING_CONFIRMATION:
        return since
    if not facts.plan_hash:
        return None
    return max(since, facts.planned_at or since)


def patience(state: RequestState, facts: RequestRecord, rules: RequestRules) -> timedelta:
    """How long `state` waits for the subject; manual verification gives a letter its time."""
    if state is RequestState.AWAITING_CONFIRMATION:
        return rules.confirmation_waits
    return rules.manual_verification_waits if facts.path_m_at else rules.identity_waits
