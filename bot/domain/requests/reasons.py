"""Why something may not be done, and the refusal that says so to a person."""

from enum import StrEnum

from bot.domain.errors import NotAllowed, Refused


class Reason(StrEnum):
    """Why something may not be done; wording key `requests.reason_<value>`."""

    NOT_VERIFIED = "not_verified"
    IDENTITY_OF_ANOTHER = "identity_of_another"  # the client record was merged since the proof
    NOT_CONFIRMED = "not_confirmed"
    NO_PLAN = "no_plan"
    TOO_FEW_APPROVALS = "too_few_approvals"
    SAME_APPROVER = "same_approver"
    APPROVER_IS_REQUESTER = "approver_is_requester"
    APPROVER_VOUCHED = "approver_vouched"  # the first approver, or more than one of them
    APPROVER_WITHOUT_ROLE = "approver_without_role"
    CALL_BACK_MISSING = "call_back_missing"
    HOLD_NOT_SET = "hold_not_set"
    HOLD_RUNNING = "hold_running"
    FROZEN = "frozen"
    ON_HOLD = "on_hold"
    DENIED = "denied"
    DUPLICATE = "duplicate"
    ACCESS_FIRST = "access_first"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"

    # The doer is the wrong one.
    NOT_SUBJECT = "not_subject"
    NOT_STAFF = "not_staff"
    NOT_APPROVER = "not_approver"
    NEWCOMER = "newcomer"  # on the list, or an approver, for less than a day
    NOT_SYSTEM = "not_system"
    JUDGE_DENIED_IT = "judge_denied_it"

    # The request, or the time, does not fit what is tried.
    OTHER_TYPE = "other_type"
    NOT_READY_FOR_REVIEW = "not_ready_for_review"
    PROOF_TOO_OLD = "proof_too_old"  # it proved an earlier step
    PHONE_NEEDED = "phone_needed"
    PHONE_YOUNG = "phone_young"  # every number came on record within the last days
    PLAN_CHANGED = "plan_changed"
    ENOUGH_APPROVALS = "enough_approvals"
    APPROVALS_STAND = "approvals_stand"
    NO_HOLD = "no_hold"
    NOTHING_RETAINED = "nothing_retained"
    NOT_PROVED_BEFORE = "not_proved_before"
    ALREADY_CARRIED_OUT = "already_carried_out"
    NOT_FROZEN_NOW = "not_frozen_now"
    SUBJECT_SETTLED = "subject_settled"
    STAFF_PATH_CLOSED = "staff_path_closed"
    VOUCHED_ALREADY = "vouched_already"
    DOCUMENT_WITHOUT_REASON = "document_without_reason"
    EXTENDED_BEFORE = "extended_before"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    CANONICAL_DOES_NOT_COUNT = "canonical_does_not_count"
    CANONICAL_STILL_OPEN = "canonical_still_open"
    CANONICAL_NOT_FULFILLED = "canonical_not_fulfilled"
    NOT_BEING_ERASED = "not_being_erased"


ABOUT_THE_DOER = frozenset(
    {
        Reason.NOT_SUBJECT,
        Reason.NOT_STAFF,
        Reason.NOT_APPROVER,
        Reason.NEWCOMER,
        Reason.NOT_SYSTEM,
        Reason.SAME_APPROVER,
        Reason.APPROVER_IS_REQUESTER,
        Reason.APPROVER_VOUCHED,
        Reason.JUDGE_DENIED_IT,
    }
)
"""Somebody else might do it: these are told as "you may not", the others as "not now"."""


def refusal(reason: Reason, number: str) -> Refused:
    """What a person is told. `number`: the request's."""
    kind = NotAllowed if reason in ABOUT_THE_DOER else Refused
    return kind(f"requests.reason_{reason}", number=number)
