"""What each decision of staff leaves on record: approvals, holds, denials, a lifted freeze."""

from dataclasses import replace
from datetime import datetime

from bot.domain.addresses import MessageId
from bot.domain.legal_calendar.clock_facts import Pause
from bot.domain.requests.execution_rules import COOLS_OFF, standing_approvals
from bot.domain.requests.reasons import Reason
from bot.domain.requests.record import Approval, Attempt, CallBack, Freeze, Grounds, RequestRecord
from bot.domain.requests.rules import RequestRules
from bot.domain.requests.said_facts import Appeal, Decided, Denial, Extension, Question, Verb
from bot.domain.requests.states import (
    BEFORE_EXECUTION,
    DenialCode,
    ExtensionReason,
    HoldReason,
    RequestState,
)

LIFTERS = 2
ASKING = frozenset({RequestState.ON_HOLD})
"""Where a question to the subject can be open."""
EXTENDABLE = BEFORE_EXECUTION - {RequestState.DENIED, RequestState.APPEALED}
"""Where an answer is still owed, and nothing is being carried out."""
JUDGED = frozenset({RequestState.APPEALED})
MOST_WORDS = 30
"""Messages of an appeal that are kept as its words; all of them stand in the ticket."""


def decided(facts: RequestRecord, verb: Verb, attempt: Attempt) -> RequestRecord:
    """Whoever clicks too late is told who did what."""
    return replace(facts, decided=Decided(attempt.staff, verb, attempt.now))


def yes(attempt: Attempt, plan_hash: str, state_version: int) -> Approval:
    """One person's yes to this plan, in this version of the state."""
    return Approval(
        approver=attempt.staff,
        plan_hash=plan_hash,
        state_version=state_version,
        at=attempt.now,
    )


def approved(
    request: Grounds, yes: Approval, rules: RequestRules, attempt: Attempt
) -> RequestRecord:
    """With one yes more. The hold starts with the last one that is needed, not before."""
    facts = decided(request.facts, Verb.APPROVED, attempt)
    facts = replace(facts, approvals=(*facts.approvals, yes))
    counted = len(standing_approvals(facts))
    if request.kind not in COOLS_OFF or counted < request.approvals_needed:
        return facts
    return replace(facts, cooling_off_until=attempt.now + rules.cooling_off)


def held(
    facts: RequestRecord,
    reason: HoldReason,
    attempt: Attempt,
    *,
    held_from: RequestState,
    question: MessageId | None,
) -> RequestRecord:
    """Put aside; whether the clock stands still is the regime's to say."""
    return replace(
        decided(facts, Verb.HELD, attempt),
        held_since=attempt.now,
        held_from=held_from,
        question=Question(question, attempt.now) if question else None,
        pauses=(*facts.pauses, Pause(reason, attempt.now)),
    )


def answered(facts: RequestRecord, answer: MessageId, now: datetime) -> RequestRecord:
    """The first word after the question is its answer; later ones change nothing."""
    question = facts.question
    if question is None or question.answer is not None:
        return facts
    question = replace(question, answer=answer, answered_at=now)
    return replace(facts, question=question).without_pause(now)


def argued(facts: RequestRecord, words: MessageId) -> RequestRecord:
    """What the subject writes while the appeal is open is said to its judge."""
    *before, appeal = facts.appeals
    if words in appeal.words or len(appeal.words) >= MOST_WORDS:
        return facts
    return replace(facts, appeals=(*before, replace(appeal, words=(*appeal.words, words))))


def why_no_extension(facts: RequestRecord, now: datetime, due_at: datetime) -> Reason | None:
    """The law gives one, and only before the due date."""
    if facts.extension is not None:
        return Reason.EXTENDED_BEFORE
    return Reason.TOO_LATE if now > due_at else None


def extended(facts: RequestRecord, reason: ExtensionReason, attempt: Attempt) -> RequestRecord:
    return replace(facts, extension=Extension(attempt.staff, reason, attempt.now))


def denied(facts: RequestRecord, code: DenialCode, attempt: Attempt) -> RequestRecord:
    denials = (*facts.denials, Denial(code, attempt.staff, attempt.now))
    return replace(decided(facts, Verb.DENIED, attempt), denied=True, denials=denials)


def appealed(facts: RequestRecord, attempt: Attempt) -> RequestRecord:
    return replace(facts, appeals=(*facts.appeals, Appeal(attempt.now)))


def judged(facts: RequestRecord, attempt: Attempt, *, upheld: bool) -> RequestRecord:
    """The appeal has its answer; overturned, the request is denied no more."""
    *before, appeal = facts.appeals or (Appeal(attempt.now),)
    answered = replace(appeal, judge=attempt.staff, upheld=upheld)
    facts = decided(facts, Verb.JUDGED, attempt)
    return replace(facts, appeals=(*before, answered), denied=facts.denied and upheld)


def called(facts: RequestRecord, attempt: Attempt) -> RequestRecord:
    return replace(facts, call_backs=(*facts.call_backs, CallBack(attempt.staff, attempt.now)))


def frozen(facts: RequestRecord, attempt: Attempt) -> RequestRecord:
    return replace(facts, freezes=(*facts.freezes, Freeze(attempt.by, attempt.now)))


def why_no_lift(facts: RequestRecord, attempt: Attempt) -> Reason | None:
    """Two approvers lift a freeze together; at most one of them may have vouched."""
    if not facts.is_frozen:
        return Reason.NOT_FROZEN_NOW
    lifting = facts.freezes[-1].lifting
    if attempt.staff in lifting:
        return Reason.SAME_APPROVER
    vouched = facts.vouchers & {*lifting, attempt.staff}
    return Reason.APPROVER_VOUCHED if len(vouched) > 1 else None


def lifting(facts: RequestRecord, attempt: Attempt) -> RequestRecord:
    """With one approver more who agrees; the freeze ends with the second."""
    *before, freeze = facts.freezes
    agreed = (*freeze.lifting, attempt.staff)
    ended = attempt.now if len(agreed) >= LIFTERS else None
    return replace(facts, freezes=(*before, replace(freeze, lifting=agreed, lifted_at=ended)))
