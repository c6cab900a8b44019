"""What can happen to a data request. Events hold ids, codes and times; words stay in messages."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.addresses import MessageId, RequestId, StaffId, TicketId
from bot.domain.events import Event
from bot.domain.requests.states import RequestState


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestEvent(Event):
    """A fact about one request. `state` is where the request stood after it."""

    request: RequestId
    state: RequestState
    state_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReceived(RequestEvent):
    number: str
    type: str
    ticket: TicketId
    regime: str
    due_on: date
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityAsked(RequestEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofShown(RequestEvent):
    """A step towards an identity. `proof`: a `ProofCode`."""

    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectSettled(RequestEvent):
    """The proof, or staff, said whose data it is about; until then it was the account's own."""

    was: str
    into: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectNamed(RequestEvent):
    """Staff looked up whose data it is about. `voided`: vouches that were given for another."""

    was: str
    into: str
    voided: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffPathOpened(RequestEvent):
    """Manual verification: the code cannot be read, or somebody acts for the subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequesterVouchedFor(RequestEvent):
    voucher: StaffId
    proof_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityConfirmed(RequestEvent):
    level: str
    phone_not_confirmed: bool
    hold_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackRecorded(RequestEvent):
    caller: StaffId


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureConfirmed(RequestEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestExpired(RequestEvent):
    """Nobody proved who they are, or nobody confirmed, in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestWithdrawn(RequestEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFrozen(RequestEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeLiftAgreed(RequestEvent):
    """One of the two approvers that lifting a freeze takes."""

    approver: StaffId


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeLifted(RequestEvent):
    approver: StaffId


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectMerged(RequestEvent):
    """Two client records became one; a proof for the old one proves nothing of the new."""

    was: str
    into: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMade(RequestEvent):
    plan_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestApproved(RequestEvent):
    approver: StaffId
    plan_hash: str
    hold_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledContactChange(RequestEvent):
    """A correction turned out to be of an e-mail or phone, which takes a stronger proof (V4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentBack(RequestEvent):
    approver: StaffId


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalsLapsed(RequestEvent):
    """The plan changed, or an approver lost the role: whoever approved, did so for nothing."""

    plan_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestHeld(RequestEvent):
    """`question`: the message that asks the subject; `voided`: approvals that count no more."""

    reason: str
    staff: StaffId
    question: MessageId | None = None
    voided: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldQuestionAnswered(RequestEvent):
    """The subject wrote what the hold waited for; an approver releases it."""

    message: MessageId
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldReleased(RequestEvent):
    """Back to `state`: where it was put aside, or to review."""

    staff: StaffId
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDateExtended(RequestEvent):
    reason: str
    staff: StaffId
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDatePassed(RequestEvent):
    """Nobody answered in time; the subject is told once a due date."""

    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDenied(RequestEvent):
    code: str
    staff: StaffId
    appeal_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DenialAppealed(RequestEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealArgued(RequestEvent):
    """The subject wrote why; the judge reads it."""

    message: MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class DenialOverturned(RequestEvent):
    judge: StaffId


@dataclass(frozen=True, slots=True, kw_only=True)
class DenialUpheld(RequestEvent):
    judge: StaffId


@dataclass(frozen=True, slots=True, kw_only=True)
class DenialBecameFinal(RequestEvent):
    """The time to appeal is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedDuplicate(RequestEvent):
    duplicate_of: RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateReinstated(RequestEvent):
    """The request that carried it ended without action; it keeps its own date of receipt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateClosed(RequestEvent):
    """The request that carried it was fulfilled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedWithErasure(RequestEvent):
    """Another request erases the subject's data: of this one nothing is left to decide."""

    erasure: RequestId
