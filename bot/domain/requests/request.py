"""The data request, from receipt to the end: every change is a method, and records one event.

What a change takes and what it leaves on record stands beside: who the subject is in
verification.py, what staff decide in approvals.py, what leads where in transitions.py.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.addresses import (
    SYSTEM,
    ActorKind,
    MessageId,
    RequestId,
)
from bot.domain.identity.levels import Level, Vouch, manual_verification_needs
from bot.domain.legal_calendar.clock import LegalClock
from bot.domain.requests import approvals, events, verification
from bot.domain.requests.case import About, ProvedBefore
from bot.domain.requests.execution_events import (
    AccessPutFirst,
    CertificateIssued,
    CopyWaived,
    ErasedAgain,
    ExecutionBegan,
    ExecutionFailed,
    FindingTickedOff,
    FulfilledInPart,
    LastWordEnded,
    LookedAfterwards,
    PackageNotFetched,
    PackagePrepared,
    RequestFulfilled,
    StepDone,
    StepsFinished,
    SubjectFenced,
)
from bot.domain.requests.guarded_request import GuardedRequest
from bot.domain.requests.guards import speaker
from bot.domain.requests.reasons import Reason
from bot.domain.requests.record import Attempt, Identity, Proofs, Subject
from bot.domain.requests.rules import DEFAULT_RULES, RequestRules
from bot.domain.requests.said_facts import Verb
from bot.domain.requests.states import (
    BEFORE_EXECUTION,
    CARRIED_OUT,
    PLANNING,
    SEARCHED,
    DenialCode,
    ExtensionReason,
    Fulfilment,
    HoldReason,
    ProofCode,
    RequestAction,
    RequestState,
    RequestType,
    Who,
)

_UNDECIDED = frozenset({RequestState.AWAITING_CONFIRMATION, RequestState.IN_REVIEW})
"""Where a plan that is another voids nothing: nobody has approved one yet."""


def public_number(serial: int) -> str:
    """The number people see: R-000045."""
    return f"R-{serial:06d}"


@dataclass(kw_only=True)
class DataRequest(GuardedRequest):
    """A data request, and everything that can be done to it.

    Every method that changes something raises Stale when the state has moved on since the person
    saw it, and Refused when a rule says no; then nothing was changed.
    """

    def ask_identity(self, attempt: Attempt) -> None:
        """The request is acknowledged; now the subject must show who they are."""
        self._move(RequestAction.ASK_IDENTITY, attempt, events.IdentityAsked)

    def show_proof(self, proofs: Proofs, proof: ProofCode, attempt: Attempt) -> None:
        """Something was shown, or could not be; the identity itself is `verify`'s."""
        self._may(attempt, Who.SUBJECT, verification.PROVING)
        self.facts = replace(self.facts, proofs=proofs)
        self._note(events.ProofShown, proof=proof)

    def settle_subject(self, subject: Subject, attempt: Attempt) -> None:
        """Whose data it is about is known now: by the proof, or because staff looked it up."""
        self._may(attempt, Who.SYSTEM, verification.PROVING)
        if self.subject == subject:
            return
        self._refuse(verification.why_not_settled(self.facts, self.subject, self.state))
        was, self.subject = self.subject, subject
        self._note(events.SubjectSettled, was=str(was), into=str(subject))

    def name_subject(self, subject: Subject, attempt: Attempt) -> None:
        """Staff looked up whose data it is about, where nobody could show an address.

        Naming is not vouching, and whoever wrote the request down may name. What was shown or
        vouched before was about somebody else; a card that shows them is stale from now on.
        """
        self._check_seen(attempt)
        who = Who.SYSTEM if attempt.by.kind is ActorKind.SYSTEM else Who.STAFF
        self._may(attempt, who, verification.WAITING)
        self._refuse(verification.why_no_name(self.facts, subject))
        was, vouches = self.subject, self.facts.vouches
        self.facts = verification.named(self.facts, attempt.now, is_another=was != subject)
        if was != subject:
            self.subject, self.state_version = subject, self.state_version + 1
        voided = len(vouches) - len(self.facts.vouches)
        self._note(events.SubjectNamed, was=str(was), into=str(subject), voided=voided)

    def verify(self, identity: Identity, attempt: Attempt, clock: LegalClock) -> None:
        """A proof was given (bot/domain/identity/levels.py says when it is enough).

        Where the law counts from the proof of identity (UK Art. 12A), the due date is set anew.
        Manual verification cannot be claimed: only `vouch` gives it.
        """
        self._refuse(Reason.NOT_VERIFIED if identity.level is Level.M else None)
        self._prove(identity, attempt, clock)

    def open_staff_path(self, attempt: Attempt) -> None:
        """Manual verification, for who cannot read the code; pressing it twice changes nothing."""
        by_subject = attempt.by == speaker(self.account, self.created_by)
        self._may(attempt, Who.SUBJECT if by_subject else Who.STAFF, verification.WAITING)
        if self.facts.path_m_at is None:
            self.facts = replace(self.facts, path_m_at=attempt.now)
            self._note(events.StaffPathOpened)

    def vouch(
        self,
        vouch: Vouch,
        attempt: Attempt,
        clock: LegalClock,
        rules: RequestRules = DEFAULT_RULES,
    ) -> None:
        """A member of staff vouches; two of them, on two kinds of proof, prove who it is."""
        self._check_seen(attempt)
        self._may(attempt, Who.STAFF, verification.WAITING)
        self._refuse(verification.why_no_vouch(self.facts, vouch, attempt, self.created_by))
        self.facts = replace(self.facts, vouches=(*self.facts.vouches, vouch))
        self._note(events.RequesterVouchedFor, voucher=vouch.by, proof_kind=vouch.kind)
        young_code = self.facts.has_young_code(self.subject)
        if not manual_verification_needs(self.facts.vouches, young_code=young_code):
            end = attempt.now + rules.manual_verification_hold
            self.facts = replace(self.facts, path_m_hold_until=end)
            identity = Identity(level=Level.M, at=attempt.now, subject=self.subject)
            self._prove(identity, replace(attempt, by=SYSTEM, seen=None), clock)

    def merge_subject(self, into: Subject, attempt: Attempt) -> None:
        """The client record was merged into another: the proof for the old one counts no more.

        Where something was carried out already, the records must stay apart until it ends.
        """
        self._may(attempt, Who.SYSTEM)
        began = self.facts.execution_began_at is not None
        self._refuse(Reason.ALREADY_CARRIED_OUT if began else None)
        was, self.subject = self.subject, into
        facts = verification.merged(self.facts, was, into, attempt.now)
        event, old, new = events.SubjectMerged, str(was), str(into)
        if was == into or self.state in verification.UNPROVED:
            self.facts = facts
            self._note(event, was=old, into=new)
        else:
            self._move(RequestAction.MERGE_SUBJECT, attempt, event, facts, was=old, into=new)

    def confirm(self, attempt: Attempt) -> None:
        """The second step of an erasure: the subject has seen what goes and what stays."""
        facts = replace(self.facts, confirmed_at=attempt.now)
        self._move(RequestAction.CONFIRM, attempt, events.ErasureConfirmed, facts)

    def withdraw(self, attempt: Attempt) -> None:
        """Taken at any time before anything was carried out."""
        facts = replace(self.facts, withdrawn_at=attempt.now)
        self._move(RequestAction.WITHDRAW, attempt, events.RequestWithdrawn, facts)

    def expire(self, attempt: Attempt, rules: RequestRules = DEFAULT_RULES) -> None:
        """Nobody proved who they are, or nobody confirmed, in time."""
        begin = verification.waits_from(self.state, self.facts, self.since)
        end = begin and begin + verification.patience(self.state, self.facts, rules)
        self._move(RequestAction.EXPIRE, attempt, events.RequestExpired, about=About(deadline=end))

    def freeze(self, attempt: Attempt) -> None:
        """Somebody says "this was not me". A freeze costs nothing and asks for no proof.

        The caller checks the token of the notice, or that it is staff who press the button.
        """
        if not self.is_live:
            raise self._stale()
        if not self.facts.is_frozen:
            self.facts = approvals.frozen(self.facts, attempt)
            self._note(events.RequestFrozen)

    def agree_to_lift_freeze(self, attempt: Attempt) -> None:
        """One of two approvers; at most one of them may have vouched for the requester."""
        self._may(attempt, Who.APPROVER)
        self._refuse(approvals.why_no_lift(self.facts, attempt))
        self.facts = approvals.lifting(self.facts, attempt)
        event = events.FreezeLiftAgreed if self.facts.is_frozen else events.FreezeLifted
        self._note(event, approver=attempt.staff)

    def make_plan(self, plan_hash: str, attempt: Attempt) -> None:
        """Note the plan that is shown and approved; another plan voids what was approved."""
        self._may(attempt, Who.SYSTEM, PLANNING)
        if plan_hash == self.facts.plan_hash:
            return
        planned_at = self.facts.planned_at if self.facts.plan_hash else attempt.now
        facts = replace(self.facts, plan_hash=plan_hash, planned_at=planned_at)
        if self.state in _UNDECIDED:
            self.facts = facts
            self._note(events.PlanMade, plan_hash=plan_hash)
        else:
            action, event = RequestAction.LAPSE, events.ApprovalsLapsed
            self._move(action, attempt, event, facts, plan_hash=plan_hash)

    def let_approvals_lapse(self, attempt: Attempt) -> None:
        """Back to review because somebody who approved may no longer."""
        plan_hash = self.facts.plan_hash
        self._move(RequestAction.LAPSE, attempt, events.ApprovalsLapsed, plan_hash=plan_hash)

    def record_call_back(self, attempt: Attempt) -> None:
        """The approver-to-be rang the phone on record and spoke to the subject."""
        self._may(attempt, Who.APPROVER)
        self.facts = approvals.called(self.facts, attempt)
        self._note(events.CallBackRecorded, caller=attempt.staff)

    def approve(
        self, attempt: Attempt, *, plan_hash: str, rules: RequestRules = DEFAULT_RULES
    ) -> RequestState:
        """One person's yes. The last one that is needed starts the hold, or the execution."""
        yes = approvals.yes(attempt, plan_hash, self.state_version)
        facts = approvals.approved(self, yes, rules, attempt)
        told: dict[str, Any] = {
            "approver": yes.approver,
            "plan_hash": plan_hash,
            "hold_until": facts.hold_until,
        }
        return self._move(RequestAction.APPROVE, attempt, events.RequestApproved, facts, **told)

    def call_contact_change(self, attempt: Attempt, rules: RequestRules = DEFAULT_RULES) -> None:
        """A correction turns out to be of an e-mail or phone: prove it anew, as for an erasure."""
        facts = approvals.decided(self.facts, Verb.CALLED_CONTACT_CHANGE, attempt)
        self._move(RequestAction.CALL_CONTACT_CHANGE, attempt, events.CalledContactChange, facts)
        self.kind = RequestType.CONTACT_CHANGE
        self.approvals_needed = rules.approvals_for(self.kind)

    def send_back(self, attempt: Attempt) -> None:
        """Back to review, where every approval is void: none outlives what it was given for."""
        facts = approvals.decided(self.facts, Verb.SENT_BACK, attempt)
        self._move(RequestAction.SEND_BACK, attempt, events.SentBack, facts, approver=attempt.staff)

    def hold(
        self, reason: HoldReason, attempt: Attempt, *, question: MessageId | None = None
    ) -> None:
        """Put aside. The clock stands still only where the regime pauses for `reason`.

        `question`: the message in which the subject is asked. Approvals stand, unless a possible
        fraud is looked into.
        """
        facts = approvals.held(self.facts, reason, attempt, held_from=self.state, question=question)
        voided = len(self.facts.approvals) if reason is HoldReason.FRAUD else 0
        told: dict[str, Any] = {"reason": reason, "question": question, "voided": voided}
        event, staff = events.RequestHeld, attempt.staff
        self._move(RequestAction.HOLD, attempt, event, facts, staff=staff, **told)

    def take_answer(self, message: MessageId, attempt: Attempt, clock: LegalClock) -> None:
        """The subject wrote what the hold asked for; the law's clock goes on from here."""
        self._may(attempt, Who.SYSTEM, approvals.ASKING)
        facts = approvals.answered(self.facts, message, attempt.now)
        if facts != self.facts:
            self.facts, due = facts, clock.due(facts.clock_facts(self.received_at))
            self.due_on, self.due_at = due.on, due.at
            self._note(events.HoldQuestionAnswered, message=message, due_on=due.on)

    def release(self, attempt: Attempt, clock: LegalClock) -> None:
        """Back to where it was put aside, with what was approved there while that still stands.

        Where the law's clock stood still, the due date is set anew; a waiting time goes on with
        what was left of it.
        """
        facts = approvals.decided(self.facts, Verb.RELEASED, attempt)
        due = clock.due(facts.without_hold(attempt.now).clock_facts(self.received_at))
        told: dict[str, Any] = {"staff": attempt.staff, "due_on": due.on}
        self._move(RequestAction.RELEASE, attempt, events.HoldReleased, facts, **told)
        self.due_on, self.due_at = due.on, due.at

    def extend(self, reason: ExtensionReason, attempt: Attempt, clock: LegalClock) -> None:
        """The one extension: before the due date, with a reason, and told to the subject."""
        self._may(attempt, Who.APPROVER, approvals.EXTENDABLE)
        self._refuse(approvals.why_no_extension(self.facts, attempt.now, self.due_at))
        self.facts = approvals.extended(self.facts, reason, attempt)
        due = self.explain(clock)
        self.due_on, self.due_at = due.on, due.at
        self._note(events.DueDateExtended, reason=reason, staff=attempt.staff, due_on=due.on)

    def let_due_date_pass(self, attempt: Attempt) -> None:
        """Nobody answered in time: said once a due date, and the request goes on."""
        self._may(attempt, Who.SYSTEM)
        if self.facts.told_late != self.due_on:
            self.facts = replace(self.facts, told_late=self.due_on)
            self._note(events.DueDatePassed, due_on=self.due_on)

    @property
    def is_late(self) -> bool:
        """Its due date went by, and the subject knows."""
        return self.is_live and self.facts.told_late == self.due_on

    def deny(self, code: DenialCode, attempt: Attempt, clock: LegalClock) -> None:
        """Refuse with a code. The reason text and the appeal route go to the subject at once."""
        facts, until = approvals.denied(self.facts, code, attempt), clock.appeal_until(attempt.now)
        told: dict[str, Any] = {"code": code, "staff": attempt.staff, "appeal_until": until}
        self._move(RequestAction.DENY, attempt, events.RequestDenied, facts, **told)

    def appeal(self, attempt: Attempt, clock: LegalClock) -> None:
        """The subject objects to the denial; somebody else judges."""
        facts = approvals.appealed(self.facts, attempt)
        about = About(deadline=self.appeal_until(clock))
        self._move(RequestAction.APPEAL, attempt, events.DenialAppealed, facts, about)

    def take_appeal_words(self, message: MessageId, attempt: Attempt) -> None:
        """What the subject writes while the appeal is open is for its judge."""
        self._may(attempt, Who.SYSTEM, approvals.JUDGED)
        was, self.facts = self.facts, approvals.argued(self.facts, message)
        if self.facts != was:
            self._note(events.AppealArgued, message=message)

    def overturn(self, attempt: Attempt) -> RequestState:
        """The judge lets the request go on: to review if it was proved, else to the proof."""
        facts, judge = approvals.judged(self.facts, attempt, upheld=False), attempt.staff
        action, event = RequestAction.OVERTURN, events.DenialOverturned
        return self._move(action, attempt, event, facts, judge=judge)

    def uphold(self, attempt: Attempt) -> None:
        """The judge agrees with the denial."""
        facts = approvals.judged(self.facts, attempt, upheld=True)
        self._move(RequestAction.UPHOLD, attempt, events.DenialUpheld, facts, judge=attempt.staff)

    def close_denial(self, attempt: Attempt, clock: LegalClock) -> None:
        """The time to appeal is over."""
        about = About(deadline=self.appeal_until(clock))
        self._move(RequestAction.CLOSE_DENIAL, attempt, events.DenialBecameFinal, about=about)

    def mark_duplicate(self, canonical: "DataRequest", attempt: Attempt) -> None:
        """Another verified, open request of the same person carries this one from now on."""
        facts = replace(self.facts, duplicate_of=canonical.id)
        if attempt.by.kind is ActorKind.STAFF:
            facts = approvals.decided(facts, Verb.DUPLICATE, attempt)
        about, action = About(other=canonical), RequestAction.MARK_DUPLICATE
        event, first = events.MarkedDuplicate, canonical.id
        self._move(action, attempt, event, facts, about, duplicate_of=first)

    def reinstate(self, canonical: "DataRequest", attempt: Attempt) -> None:
        """The request that carried this one ended without action: this one goes on by itself."""
        # The guard compares with the fact, so it is taken away only on arrival.
        about = About(other=canonical)
        self._move(RequestAction.REINSTATE, attempt, events.DuplicateReinstated, about=about)
        self.facts = replace(self.facts, duplicate_of=None)

    def close_duplicate(self, canonical: "DataRequest", attempt: Attempt) -> None:
        """The request that carried this one was fulfilled."""
        about = About(other=canonical)
        self._move(RequestAction.CLOSE_DUPLICATE, attempt, events.DuplicateClosed, about=about)

    def end_with_erasure(self, erasure: "DataRequest", attempt: Attempt) -> None:
        """The subject's data are erased under another request, and nobody is left to answer."""
        about, event = About(other=erasure), events.EndedWithErasure
        self._move(RequestAction.END_WITH_ERASURE, attempt, event, about=about, erasure=erasure.id)

    def waive_copy(self, access: RequestId, attempt: Attempt) -> None:
        """The subject wants the erasure without the copy that is late: it waits for it no more."""
        self._may(attempt, Who.SUBJECT, BEFORE_EXECUTION)
        self._refuse(None if self.facts.waits_for == access else Reason.NO_HOLD)
        self.facts = replace(self.facts, waits_for=None, copy_waived=access)
        self._note(CopyWaived, access=access)

    def put_access_first(self, access: RequestId | None, attempt: Attempt) -> None:
        """An erasure waits for the same person's access request, or nothing is left to give."""
        self._may(attempt, Who.SYSTEM)
        if access != self.facts.waits_for:
            self.facts = replace(self.facts, waits_for=access)
            self._note(AccessPutFirst, access=access)

    def execute(self, attempt: Attempt) -> None:
        """The hold is over. `may_execute` is asked here, and again by whoever carries out."""
        plan_hash = self.facts.plan_hash
        self._move(RequestAction.EXECUTE, attempt, ExecutionBegan, plan_hash=plan_hash)

    def fail(self, attempt: Attempt) -> None:
        """A step failed, or the proof found something left; never final by itself."""
        failures = self.facts.failures + 1
        facts = replace(self.facts, failures=failures)
        self._move(RequestAction.FAIL, attempt, ExecutionFailed, facts, failures=failures)

    def retry(self, attempt: Attempt) -> None:
        plan = self.facts.plan_hash
        self._move(RequestAction.RETRY, attempt, ExecutionBegan, plan_hash=plan)

    def note_fence(self, number: int, attempt: Attempt) -> None:
        """Nothing of the subject's is taken, told or carried from now on."""
        self._may(attempt, Who.SYSTEM, CARRIED_OUT)
        self._note(SubjectFenced, round=number)

    def note_step(self, source: str, rows: int, attempt: Attempt) -> None:
        """A source was erased from: by the desk, or by the person who ticks a manual step off."""
        is_person = attempt.by.kind is ActorKind.STAFF
        self._may(attempt, Who.APPROVER if is_person else Who.SYSTEM, CARRIED_OUT)
        by = attempt.staff if is_person else None
        self._note(StepDone, source=source, rows=rows, by=by)

    def note_look(self, cells: int, masked: int, left: int, attempt: Attempt) -> None:
        """Everything was searched for the subject; where something is left it is not done."""
        self._may(attempt, Who.SYSTEM, CARRIED_OUT)
        self._note(LookedAfterwards, cells=cells, masked=masked, left=left)

    def tick_off(self, finding: str, reason: str, attempt: Attempt) -> None:
        """A named approver judged what the look found: it is not the subject's, or gone."""
        self._may(attempt, Who.APPROVER, SEARCHED)
        self._note(FindingTickedOff, finding=finding, staff=attempt.staff, reason=reason)

    def note_certificate(self, digest: str, attempt: Attempt) -> None:
        """What was proved was signed. `digest`: SHA-256 in hexadecimal."""
        self._may(attempt, Who.SYSTEM, CARRIED_OUT)
        self._note(CertificateIssued, digest=digest)

    def note_last_word(self, way: str, attempt: Attempt, *, arrived: bool) -> None:
        """The last word arrived that way, or can never: its address is blanked."""
        self._may(attempt, Who.SYSTEM, SEARCHED)
        self._note(LastWordEnded, way=way, arrived=arrived)

    def finish_steps(self, attempt: Attempt) -> None:
        """Every step is done; now it is proved."""
        self._move(RequestAction.FINISH_STEPS, attempt, StepsFinished)

    def prove_erased(self, attempt: Attempt, *, retained_until: datetime | None = None) -> None:
        """Nothing is left, save what a named law keeps until `retained_until`."""
        facts = replace(self.facts, retained_until=retained_until, failures=0)
        if (until := retained_until) is None:
            event, how = RequestFulfilled, Fulfilment.ERASED
            self._move(RequestAction.PROVE, attempt, event, facts, how=how)
        else:
            self._move(RequestAction.PROVE, attempt, FulfilledInPart, facts, until=until)

    def settle_restored(self, proved: ProvedBefore, attempt: Attempt) -> None:
        """It was carried out and certified before a backup was put back: it is not done twice.

        Its ground is the ledger outside the store, whatever the state that the backup knew.
        """
        facts = replace(self.facts, retained_until=proved.kept_until, failures=0, waits_for=None)
        told: dict[str, Any] = {"proved_at": proved.at, "until": proved.kept_until}
        action, about = RequestAction.SETTLE_RESTORED, About(proved=proved)
        self._move(action, attempt, ErasedAgain, facts, about, **told)

    def prove_package(self, attempt: Attempt) -> None:
        """The package holds the subject's data and nobody else's."""
        facts = replace(self.facts, failures=0)
        self._move(RequestAction.PROVE, attempt, PackagePrepared, facts)

    def resume(self, attempt: Attempt) -> None:
        """A retention lapsed: the rest is erased under the original approval."""
        about, plan = About(deadline=self.facts.retained_until), self.facts.plan_hash
        action, event = RequestAction.RESUME, ExecutionBegan
        self._move(action, attempt, event, about=about, plan_hash=plan)

    def fetch(self, attempt: Attempt) -> None:
        """The subject has the package."""
        self._move(RequestAction.FETCH, attempt, RequestFulfilled, how=Fulfilment.FETCHED)

    def let_package_lapse(self, attempt: Attempt, rules: RequestRules = DEFAULT_RULES) -> None:
        """Not fetched in time; a fresh proof of identity makes it ready again."""
        about = About(deadline=self.since + rules.package_waits)
        self._move(RequestAction.LET_LAPSE, attempt, PackageNotFetched, about=about)

    def destroy_package(self, attempt: Attempt, rules: RequestRules = DEFAULT_RULES) -> None:
        """Never fetched: the package is gone, and the request answered."""
        about, how = About(deadline=self.since + rules.package_destroyed), Fulfilment.DESTROYED
        self._move(RequestAction.DESTROY, attempt, RequestFulfilled, about=about, how=how)

    def hand_over(self, attempt: Attempt) -> None:
        """A named approver gave the subject the copy of their data, by hand."""
        facts, how = (
            approvals.decided(self.facts, Verb.HANDED_OVER, attempt),
            Fulfilment.HANDED_OVER,
        )
        self._move(RequestAction.HAND_OVER, attempt, RequestFulfilled, facts, how=how)

    def fulfil_by_hand(self, attempt: Attempt) -> None:
        """Staff corrected the data, or stopped using it, as was asked.

        In review it is the one approval that is needed; after the hold of a change of contact it
        carries out what two others, or this one and another, approved.
        """
        facts = approvals.decided(self.facts, Verb.FULFILLED, attempt)
        if self.state is RequestState.IN_REVIEW:
            yes = approvals.yes(attempt, facts.plan_hash, self.state_version)
            facts = replace(facts, approvals=(yes,))
        action, event = RequestAction.FULFIL_BY_HAND, RequestFulfilled
        self._move(action, attempt, event, facts, how=Fulfilment.BY_HAND)

    def _prove(self, identity: Identity, attempt: Attempt, clock: LegalClock) -> None:
        is_first = self.state is RequestState.AWAITING_IDENTITY
        facts, hold = verification.proved(self.facts, identity), self.facts.path_m_hold_until
        told: dict[str, Any] = {"level": identity.level, "hold_until": hold}
        told["phone_not_confirmed"] = identity.phone_not_confirmed
        self._move(RequestAction.VERIFY, attempt, events.IdentityConfirmed, facts, **told)
        if is_first:
            self._adopt(clock)

    def _adopt(self, clock: LegalClock) -> None:
        """The proof says whose law applies."""
        due, promised, law = self.explain(clock), self.due_at, self.regime
        if verification.sets_the_date(due, clock, promised=promised, regime=law):
            self.due_on, self.due_at = due.on, due.at
        self.regime = clock.regime.code
