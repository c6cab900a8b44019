"""The types, states and actions of a data request, and what its codes are called."""

from enum import StrEnum


class RequestType(StrEnum):
    """What a person asks of their data."""

    ACCESS = "access"
    ERASURE = "erasure"
    RECTIFICATION = "rectification"  # fulfilled by hand
    CONTACT_CHANGE = "contact_change"  # rectification of an e-mail or phone, which proofs rest on
    OBJECTION = "objection"  # fulfilled by hand


class RequestState(StrEnum):
    """Where a request stands. No state proves anything: what is proved stands in the facts."""

    RECEIVED = "received"
    AWAITING_IDENTITY = "awaiting_identity"
    AWAITING_CONFIRMATION = "awaiting_confirmation"  # erasure: the second step, 11 CCR 7020(d)
    IN_REVIEW = "in_review"
    ON_HOLD = "on_hold"
    SECOND_APPROVAL = "second_approval"
    COOLING_OFF = "cooling_off"  # the hold in which the true owner can still object
    EXECUTING = "executing"
    ATTENTION = "attention"  # a step failed or something was left; never final by itself
    VERIFYING = "verifying"  # the steps are done; the proof is under way
    PACKAGE_READY = "package_ready"  # access
    UNDELIVERED = "undelivered"  # access: the package was not fetched in time
    FULFILLED_WITH_RETENTION = "fulfilled_with_retention"  # a named law keeps a part, for now
    DENIED = "denied"  # can be appealed
    APPEALED = "appealed"
    DUPLICATE = "duplicate"  # another verified, open request carries it
    FULFILLED = "fulfilled"
    DENIED_FINAL = "denied_final"
    WITHDRAWN = "withdrawn"
    CLOSED_UNVERIFIED = "closed_unverified"
    CLOSED_UNCONFIRMED = "closed_unconfirmed"
    CLOSED_DUPLICATE = "closed_duplicate"
    CLOSED_ERASED = "closed_erased"  # the subject's data went while it was open


FINAL = frozenset(
    {
        RequestState.FULFILLED,
        RequestState.DENIED_FINAL,
        RequestState.WITHDRAWN,
        RequestState.CLOSED_UNVERIFIED,
        RequestState.CLOSED_UNCONFIRMED,
        RequestState.CLOSED_DUPLICATE,
        RequestState.CLOSED_ERASED,
    }
)
LIVE = frozenset(RequestState) - FINAL
UNANSWERED = LIVE - {RequestState.DENIED, RequestState.FULFILLED_WITH_RETENTION}
"""The others live on for an appeal or a law's sake; whoever asks anew then gets a new request."""
BEFORE_EXECUTION = frozenset(
    {
        RequestState.RECEIVED,
        RequestState.AWAITING_IDENTITY,
        RequestState.AWAITING_CONFIRMATION,
        RequestState.IN_REVIEW,
        RequestState.ON_HOLD,
        RequestState.SECOND_APPROVAL,
        RequestState.COOLING_OFF,
        RequestState.DENIED,
        RequestState.APPEALED,
        RequestState.DUPLICATE,
    }
)
"""Live states in which nothing is being carried out: a withdrawal is always taken here."""
PLANNING = frozenset(
    {
        RequestState.AWAITING_CONFIRMATION,
        RequestState.IN_REVIEW,
        RequestState.SECOND_APPROVAL,
        RequestState.COOLING_OFF,
    }
)
"""Where the plan is made and kept up to date: the subject reads it before they confirm."""
CARRIED_OUT = frozenset({RequestState.EXECUTING, RequestState.ATTENTION, RequestState.VERIFYING})
"""Where sources are erased from, or looked into afterwards."""
SEARCHED = CARRIED_OUT | {RequestState.FULFILLED, RequestState.FULFILLED_WITH_RETENTION}
"""Where a look may have found something that a person judges: the last one follows the end."""
WORKED_ON = frozenset(
    {
        RequestState.AWAITING_CONFIRMATION,
        RequestState.IN_REVIEW,
        RequestState.ON_HOLD,
        RequestState.SECOND_APPROVAL,
        RequestState.COOLING_OFF,
        RequestState.EXECUTING,
        RequestState.ATTENTION,
        RequestState.VERIFYING,
        RequestState.PACKAGE_READY,
    }
)
"""States in which a verified request can carry its duplicates."""
APPROVALS_STAND = frozenset(
    {
        RequestState.ON_HOLD,
        RequestState.SECOND_APPROVAL,
        RequestState.COOLING_OFF,
        RequestState.EXECUTING,
        RequestState.ATTENTION,
        RequestState.VERIFYING,
        RequestState.PACKAGE_READY,
        RequestState.UNDELIVERED,
        RequestState.FULFILLED_WITH_RETENTION,
        RequestState.FULFILLED,
    }
)
"""Entering any other state, or a hold for a possible fraud, voids every approval, so that none
outlives what it was given for."""


class Who(StrEnum):
    """Who may do something."""

    SUBJECT = "subject"  # the account that asked, or the staff member who wrote it down for them
    STAFF = "staff"  # anybody with a role now
    APPROVER = "approver"  # anybody with the approver's role now, except the requester
    SYSTEM = "system"  # a timer or a rule of the desk


class RequestAction(StrEnum):
    """What can be done to a request's state."""

    ASK_IDENTITY = "ask_identity"
    VERIFY = "verify"
    CONFIRM = "confirm"
    EXPIRE = "expire"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    LAPSE = "lapse"  # approvals no longer stand: the plan drifted, or a role was lost
    DENY = "deny"
    HOLD = "hold"
    RELEASE = "release"
    WITHDRAW = "withdraw"
    MERGE_SUBJECT = "merge_subject"
    MARK_DUPLICATE = "mark_duplicate"
    REINSTATE = "reinstate"
    CLOSE_DUPLICATE = "close_duplicate"
    END_WITH_ERASURE = "end_with_erasure"  # another request erases what this one is about
    APPEAL = "appeal"
    OVERTURN = "overturn"
    UPHOLD = "uphold"
    CLOSE_DENIAL = "close_denial"
    EXECUTE = "execute"
    FAIL = "fail"
    RETRY = "retry"
    FINISH_STEPS = "finish_steps"
    PROVE = "prove"
    FETCH = "fetch"
    LET_LAPSE = "let_lapse"
    DESTROY = "destroy"
    RESUME = "resume"  # a retention lapsed: erase the rest
    SETTLE_RESTORED = "settle_restored"  # certified before a backup was put back
    FULFIL_BY_HAND = "fulfil_by_hand"
    HAND_OVER = "hand_over"  # access: a named approver gave the copy to the subject
    CALL_CONTACT_CHANGE = "call_contact_change"


class HoldReason(StrEnum):
    """Why a request is on hold; only some regimes stop the clock for a clarification.

    In the order in which they are offered: what accuses nobody first.
    """

    CLARIFICATION = "clarification"
    INTERNAL = "internal"
    LEGAL_HOLD = "legal_hold"
    FRAUD = "fraud"


class DenialCode(StrEnum):
    """Why a request is denied: the Data Rights Protocol's seven, and four of Art. 12, 15 and 17.

    In the order in which they are offered: what says something of the person last.
    """

    NO_MATCH = "no_match"
    LEGAL_OBLIGATION_ALL = "legal_obligation_all"  # Art. 17(3)(b) covers everything asked for
    OTHERS_RIGHTS = "others_rights"  # Art. 15(4)
    CLAIM_NOT_COVERED = "claim_not_covered"
    OUTSIDE_JURISDICTION = "outside_jurisdiction"
    OTHER = "other"
    INSUFFICIENT_VERIFICATION = "insuf_verification"
    TOO_MANY_REQUESTS = "too_many_requests"
    EXCESSIVE = "excessive"  # GDPR Art. 12(5)
    MANIFESTLY_UNFOUNDED = "manifestly_unfounded"  # GDPR Art. 12(5): the controller proves it
    SUSPECTED_FRAUD = "suspected_fraud"


class ExtensionReason(StrEnum):
    """Why the law lets the due date move once (GDPR Art. 12(3))."""

    COMPLEX = "complex"
    MANY_REQUESTS = "many_requests"


class ProofCode(StrEnum):
    """A step towards an identity, in `ProofShown`; wording key `request_history.shown_<value>`."""

    EMAIL_CODE = "email_code"
    PHONE_ASKED = "phone_asked"
    PHONE_MATCH = "phone_match"
    NO_PHONE_MATCH = "no_phone_match"
    NO_PHONE = "no_phone"  # it cannot be shared
    YOUNG_CONTACT = "young_contact"  # what was shown is too young on record, or has left it


class Fulfilment(StrEnum):
    """How a request was done, in `RequestFulfilled`; wording key `request_history.how_<value>`."""

    ERASED = "erased"
    FETCHED = "package_fetched"
    DESTROYED = "package_destroyed"
    BY_HAND = "by_hand"
    HANDED_OVER = "handed_over"


class Party(StrEnum):
    """Who must act next; wording key `requests.actor_<value>`."""

    YOU = "you"
    STAFF = "staff"
    DESK = "desk"
    NOBODY = "nobody"


_WAITS_ON = {
    Party.YOU: (
        RequestState.AWAITING_IDENTITY,
        RequestState.AWAITING_CONFIRMATION,
        RequestState.PACKAGE_READY,
        RequestState.UNDELIVERED,
        RequestState.DENIED,
    ),
    Party.STAFF: (
        RequestState.IN_REVIEW,
        RequestState.ON_HOLD,
        RequestState.SECOND_APPROVAL,
        RequestState.ATTENTION,
        RequestState.APPEALED,
    ),
    Party.DESK: (
        RequestState.RECEIVED,
        RequestState.COOLING_OFF,
        RequestState.EXECUTING,
        RequestState.VERIFYING,
        RequestState.FULFILLED_WITH_RETENTION,
        RequestState.DUPLICATE,
    ),
    Party.NOBODY: tuple(FINAL),
}


def waits_on(
    state: RequestState,
    *,
    frozen: bool = False,
    on_staff_path: bool = False,
    is_asked: bool = False,
) -> Party:
    """Whose turn it is, for /status and the cards: only staff lift a freeze, or vouch.

    `is_asked`: the hold waits for the subject's answer.
    """
    if state in LIVE and (frozen or (on_staff_path and state is RequestState.AWAITING_IDENTITY)):
        return Party.STAFF
    if state is RequestState.ON_HOLD and is_asked:
        return Party.YOU
    return next(party for party, states in _WAITS_ON.items() if state in states)
