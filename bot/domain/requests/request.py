"""The data request: its whole life, from receipt to the end."""

from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.domain.addresses import SYSTEM, AccountId, Actor, ActorKind, RequestId, TicketId
from bot.domain.errors import Refused, Stale
from bot.domain.events import Aggregate
from bot.domain.identity.levels import Level, Vouch, path_m_needs
from bot.domain.legal_calendar.clock import ClockFacts, Due, LegalClock
from bot.domain.legal_calendar.pauses import Pause
from bot.domain.legal_calendar.regimes import Start
from bot.domain.requests import events
from bot.domain.requests.events import RequestEvent
from bot.domain.requests.execution_rules import COOLS_OFF, standing_approvals
from bot.domain.requests.guards import Case, chosen, who_refuses, why_not
from bot.domain.requests.reasons import Reason, refusal
from bot.domain.requests.record import (
    DEFAULT_RULES,
    Appeal,
    Approval,
    Attempt,
    CallBack,
    Decided,
    Denial,
    Extension,
    Facts,
    Freeze,
    Identity,
    Merge,
    Proofs,
    RequestRules,
    Subject,
    Verb,
)
from bot.domain.requests.states import (
    APPROVALS_STAND,
    BEFORE_EXECUTION,
    FINAL,
    LIVE,
    Action,
    DenialCode,
    ExtensionReason,
    HoldReason,
    RequestType,
    State,
    Who,
)
from bot.domain.requests.transitions import table_of


def public_number(serial: int) -> str:
    """The number people see: R-000045."""
    return f"R-{serial:06d}"


LIFTERS = 2
_PROVING = frozenset({State.AWAITING_IDENTITY, State.UNDELIVERED})
_UNPROVED = BEFORE_EXECUTION - {
    State.AWAITING_CONFIRMATION,
    State.IN_REVIEW,
    State.ON_HOLD,
    State.SECOND_APPROVAL,
    State.COOLING_OFF,
}
"""Where a merge sends nobody back: the facts are read afresh on the way to review."""
_PLANNING = frozenset({State.IN_REVIEW, State.SECOND_APPROVAL, State.COOLING_OFF})


@dataclass(kw_only=True)
class DataRequest(Aggregate):
    """A data request. `facts` is what is known; `state` only says whose turn it is."""

    id: RequestId
    number: str
    kind: RequestType
    ticket: TicketId
    subject: Subject
    account: AccountId | None
    """The account that asked and is spoken to; None: staff wrote the request down."""
    created_by: Actor
    regime: str
    received_at: datetime
    due_on: date
    due_at: datetime
    """Stored; moves later only by an extension, or where the law starts or stops its clock."""
    approvals_needed: int
    state: State = State.RECEIVED
    state_version: int = 0
    """Counts transitions: an approval and a card are bound to it."""
    since: datetime
    """When the present state was entered."""
    facts: Facts = field(default_factory=Facts)
    version: int = 0
    """The row's version, for the compare-and-swap of storage."""

    @property
    def stream(self) -> str:
        return f"request:{self.id}"

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def is_verified(self) -> bool:
        """A proof for the present subject is on record."""
        identity = self.facts.identity
        return identity is not None and identity.subject == self.subject

    @property
    def is_open_and_verified(self) -> bool:
        """It counts when the same person asks for the same thing again."""
        return self.is_live and self.is_verified and self.facts.duplicate_of is None

    def clock_facts(self) -> ClockFacts:
        """What the due date depends on."""
        return ClockFacts(
            received_at=self.received_at,
            identity_at=self.facts.proved_at,
            pauses=self.facts.pauses,
            extended=self.facts.extension is not None,
        )

    def explain(self, clock: LegalClock) -> Due:
        """How the due date came about, reckoned from the same facts that set it."""
        return clock.due(self.clock_facts())

    def ask_identity(self, attempt: Attempt) -> None:
        """The request is acknowledged; now the subject must show who they are."""
        self._move(Action.ASK_IDENTITY, attempt, events.IdentityAsked)

    def show_proof(self, proofs: Proofs, proof: str, attempt: Attempt) -> None:
        """Something was shown, or could not be; the identity itself is `verify`'s."""
        self._may(attempt, Who.SUBJECT, _PROVING)
        self.facts = replace(self.facts, proofs=proofs)
        self._note(events.ProofShown, proof=proof)

    def settle_subject(self, subject: Subject, attempt: Attempt) -> None:
        """Whose data it is about is known now: by the proof, or because staff looked it up.

        Raises:
            Refused: somebody is proved already, or it is about a person already.
        """
        self._may(attempt, Who.SYSTEM, _PROVING)
        if self.subject == subject:
            return
        is_handed_out = self.state is State.UNDELIVERED
        if self.is_verified or self.facts.vouches or is_handed_out:
            raise self._refused(Reason.SUBJECT_SETTLED)
        was, self.subject = self.subject, subject
        self._note(events.SubjectSettled, was=str(was), into=str(subject))

    def name_subject(self, subject: Subject, attempt: Attempt) -> None:
        """Staff looked up whose data it is about, where nobody could show an address (path M).

        Naming is not vouching, and whoever wrote the request down may name. What was shown or
        vouched before was about somebody else; a card that shows them is stale from now on.
        """
        self._check_seen(attempt)
        waiting = frozenset({State.AWAITING_IDENTITY})
        self._may(
            attempt, Who.SYSTEM if attempt.by.kind is ActorKind.SYSTEM else Who.STAFF, waiting
        )
        if reason := self._why_no_name(subject):
            raise self._refused(reason)
        was, voided = self.subject, 0
        facts = replace(self.facts, named_at=attempt.now)
        if was != subject:
            voided = len(facts.vouches)
            facts = replace(facts, vouches=(), proofs=Proofs())
            self.subject, self.state_version = subject, self.state_version + 1
        self.facts = facts
        self._note(events.SubjectNamed, was=str(was), into=str(subject), voided=voided)

    def verify(self, identity: Identity, attempt: Attempt, clock: LegalClock) -> None:
        """A proof was given (bot/domain/identity/levels.py says when it is enough).

        Where the law counts from the proof of identity (UK Art. 12A), the due date is set anew.

        Raises:
            Refused: it does not suffice, is of an earlier step, or claims path M, which only
                `vouch` can give.
        """
        if identity.level is Level.M:
            raise self._refused(Reason.NOT_VERIFIED)
        self._prove(identity, attempt, clock)

    def open_staff_path(self, attempt: Attempt) -> None:
        """Path M, for somebody who cannot read the code; pressing it twice changes nothing."""
        waiting = frozenset({State.AWAITING_IDENTITY})
        by_staff = attempt.by != self._voice
        self._may(attempt, Who.STAFF if by_staff else Who.SUBJECT, waiting)
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
        """A member of staff vouches; two of them, on two kinds of proof, prove by path M."""
        self._check_seen(attempt)
        self._may(attempt, Who.STAFF, frozenset({State.AWAITING_IDENTITY}))
        if reason := self._why_no_vouch(vouch, attempt):
            raise self._refused(reason)
        self.facts = replace(self.facts, vouches=(*self.facts.vouches, vouch))
        self._note(events.RequesterVouchedFor, voucher=vouch.by, proof_kind=vouch.kind)
        if not path_m_needs(self.facts.vouches):
            self.facts = replace(self.facts, path_m_hold_until=attempt.now + rules.path_m_hold)
            identity = Identity(level=Level.M, at=attempt.now, subject=self.subject)
            self._prove(identity, replace(attempt, by=SYSTEM, seen=None), clock)

    def confirm(self, attempt: Attempt) -> None:
        """The second step of an erasure: the subject has seen what goes and what stays."""
        facts = replace(self.facts, confirmed_at=attempt.now)
        self._move(Action.CONFIRM, attempt, events.ErasureConfirmed, facts=facts)

    def withdraw(self, attempt: Attempt) -> None:
        """Taken at any time before anything was carried out."""
        facts = replace(self.facts, withdrawn_at=attempt.now)
        self._move(Action.WITHDRAW, attempt, events.RequestWithdrawn, facts=facts)

    def expire(self, attempt: Attempt, rules: RequestRules = DEFAULT_RULES) -> None:
        """Nobody proved who they are, or nobody confirmed, in time."""
        case = {"deadline": self.since + self.patience(rules)}
        self._move(Action.EXPIRE, attempt, events.RequestExpired, case=case)

    def patience(self, rules: RequestRules) -> timedelta:
        """How long the present state waits for the subject; path M gives a letter its time."""
        if self.state is State.AWAITING_CONFIRMATION:
            return rules.confirmation_waits
        return rules.path_m_waits if self.facts.path_m_at else rules.identity_waits

    def record_call_back(self, attempt: Attempt) -> None:
        """The approver-to-be rang the phone on record and spoke to the subject."""
        self._may(attempt, Who.APPROVER)
        call = CallBack(attempt.staff, attempt.now)
        self.facts = replace(self.facts, call_backs=(*self.facts.call_backs, call))
        self._note(events.CallBackRecorded, caller=attempt.staff)

    def freeze(self, attempt: Attempt) -> None:
        """Somebody says "this was not me". A freeze costs nothing and asks for no proof.

        The caller checks the token of the notice, or that it is staff who press the button.
        """
        if self.state not in LIVE:
            raise self._stale()
        if not self.facts.is_frozen:
            freeze = Freeze(attempt.by, attempt.now)
            self.facts = replace(self.facts, freezes=(*self.facts.freezes, freeze))
            self._note(events.RequestFrozen)

    def agree_to_lift_freeze(self, attempt: Attempt) -> None:
        """One of two approvers; at most one of them may have vouched for the requester."""
        self._may(attempt, Who.APPROVER)
        if not self.facts.is_frozen:
            raise self._refused(Reason.NOT_FROZEN_NOW)
        *before, freeze = self.facts.freezes
        lifting = (*freeze.lifting, attempt.staff)
        if attempt.staff in freeze.lifting:
            raise self._refused(Reason.SAME_APPROVER)
        if len(self.facts.vouchers & set(lifting)) > 1:
            raise self._refused(Reason.APPROVER_VOUCHED)
        done = len(lifting) >= LIFTERS
        freeze = replace(freeze, lifting=lifting, lifted_at=attempt.now if done else None)
        self.facts = replace(self.facts, freezes=(*before, freeze))
        event = events.FreezeLifted if done else events.FreezeLiftAgreed
        self._note(event, approver=attempt.staff)

    def merge_subject(self, into: Subject, attempt: Attempt) -> None:
        """The client record was merged into another: the proof for the old one counts no more.

        Raises:
            Refused: something was carried out already; the records must stay apart until it ends.
        """
        self._may(attempt, Who.SYSTEM)
        if self.facts.execution_began_at is not None:
            raise self._refused(Reason.ALREADY_CARRIED_OUT)
        was, self.subject = self.subject, into
        merge = Merge(was, into, attempt.now)
        facts = replace(self.facts, merges=(*self.facts.merges, merge))
        if was != into:
            facts = replace(facts, vouches=())
        if was == into or self.state in _UNPROVED:
            self.facts = facts
            self._note(events.SubjectMerged, was=str(was), into=str(into))
        else:
            self._move(
                Action.MERGE_SUBJECT,
                attempt,
                events.SubjectMerged,
                facts=facts,
                was=str(was),
                into=str(into),
            )

    def make_plan(self, plan_hash: str, attempt: Attempt) -> None:
        """Note the plan that is shown and approved; another plan voids what was approved."""
        self._may(attempt, Who.SYSTEM, _PLANNING)
        if plan_hash == self.facts.plan_hash:
            return
        facts = replace(self.facts, plan_hash=plan_hash)
        if self.state is State.IN_REVIEW:
            self.facts = facts
            self._note(events.PlanMade, plan_hash=plan_hash)
        else:
            self._lapse(attempt, facts)

    def let_approvals_lapse(self, attempt: Attempt) -> None:
        """Back to review because somebody who approved may no longer.

        Raises:
            Refused: every approval stands.
        """
        self._lapse(attempt, self.facts)

    def approve(
        self, attempt: Attempt, *, plan_hash: str, rules: RequestRules = DEFAULT_RULES
    ) -> State:
        """One person's yes. The last one that is needed starts the hold, or the execution."""
        yes = self._yes(attempt, plan_hash)
        facts = replace(
            self._decide(attempt, Verb.APPROVED), approvals=(*self.facts.approvals, yes)
        )
        if self.kind in COOLS_OFF:
            facts = self._cooling(facts, attempt.now, rules)
        return self._move(
            Action.APPROVE,
            attempt,
            events.RequestApproved,
            facts=facts,
            approver=attempt.staff,
            plan_hash=plan_hash,
            hold_until=facts.hold_until,
        )

    def call_contact_change(self, attempt: Attempt, rules: RequestRules = DEFAULT_RULES) -> None:
        """A correction turns out to be of an e-mail or phone: prove it anew, as for an erasure."""
        facts = self._decide(attempt, Verb.CALLED_CONTACT_CHANGE)
        self._move(Action.CALL_CONTACT_CHANGE, attempt, events.CalledContactChange, facts=facts)
        self.kind = RequestType.CONTACT_CHANGE
        self.approvals_needed = rules.approvals_for(self.kind)

    def send_back(self, attempt: Attempt) -> None:
        """Back to review, where every approval is void: none outlives what it was given for."""
        facts = self._decide(attempt, Verb.SENT_BACK)
        self._move(Action.SEND_BACK, attempt, events.SentBack, facts=facts, approver=attempt.staff)

    def hold(self, reason: HoldReason, attempt: Attempt) -> None:
        """Put aside. The clock stands still only where the regime pauses for `reason`."""
        pauses = (*self.facts.pauses, Pause(reason, attempt.now))
        decided = self._decide(attempt, Verb.HELD)
        facts = replace(decided, held_since=attempt.now, pauses=pauses)
        self._move(
            Action.HOLD,
            attempt,
            events.RequestHeld,
            facts=facts,
            reason=reason,
            staff=attempt.staff,
        )

    def release(self, attempt: Attempt, clock: LegalClock) -> None:
        """Back to review; where the clock stood still, the due date is set anew."""
        facts = self._decide(attempt, Verb.RELEASED)
        pauses = facts.without_hold(attempt.now).pauses
        due_on = clock.due(replace(self.clock_facts(), pauses=pauses)).on
        self._move(
            Action.RELEASE,
            attempt,
            events.HoldReleased,
            facts=facts,
            staff=attempt.staff,
            due_on=due_on,
        )
        self._reckon(clock)

    def extend(self, reason: ExtensionReason, attempt: Attempt, clock: LegalClock) -> None:
        """The one extension: before the due date, with a reason, and told to the subject.

        Raises:
            Refused: it was extended before, or the due date is over.
        """
        self._may(attempt, Who.APPROVER)
        if self.facts.extension is not None:
            raise self._refused(Reason.EXTENDED_BEFORE)
        if attempt.now > self.due_at:
            raise self._refused(Reason.TOO_LATE)
        extension = Extension(attempt.staff, reason, attempt.now)
        self.facts = replace(self.facts, extension=extension)
        self._reckon(clock)
        self._note(events.DueDateExtended, reason=reason, staff=attempt.staff, due_on=self.due_on)

    def deny(self, code: DenialCode, attempt: Attempt, clock: LegalClock) -> None:
        """Refuse with a code. The reason text and the appeal route go to the subject at once."""
        denial = Denial(code, attempt.staff, attempt.now)
        facts = self._decide(attempt, Verb.DENIED)
        facts = replace(facts, denied=True, denials=(*facts.denials, denial))
        self._move(
            Action.DENY,
            attempt,
            events.RequestDenied,
            facts=facts,
            code=code,
            staff=attempt.staff,
            appeal_until=clock.appeal_until(attempt.now),
        )

    def appeal(self, attempt: Attempt, clock: LegalClock) -> None:
        """The subject objects to the denial; somebody else judges."""
        facts = replace(self.facts, appeals=(*self.facts.appeals, Appeal(attempt.now)))
        case = {"deadline": self.appeal_until(clock)}
        self._move(Action.APPEAL, attempt, events.DenialAppealed, facts=facts, case=case)

    def overturn(self, attempt: Attempt) -> State:
        """The judge lets the request go on: to review if it was proved, else to the proof."""
        facts = replace(self._judged(attempt, upheld=False), denied=False)
        return self._move(
            Action.OVERTURN, attempt, events.DenialOverturned, facts=facts, judge=attempt.staff
        )

    def uphold(self, attempt: Attempt) -> None:
        """The judge agrees with the denial."""
        facts = self._judged(attempt, upheld=True)
        self._move(Action.UPHOLD, attempt, events.DenialUpheld, facts=facts, judge=attempt.staff)

    def close_denial(self, attempt: Attempt, clock: LegalClock) -> None:
        """The time to appeal is over."""
        case = {"deadline": self.appeal_until(clock)}
        self._move(Action.CLOSE_DENIAL, attempt, events.DenialBecameFinal, case=case)

    def appeal_until(self, clock: LegalClock) -> datetime | None:
        """Until when the last denial can be appealed."""
        denials = self.facts.denials
        return clock.appeal_until(denials[-1].at) if denials else None

    def mark_duplicate(self, canonical: "DataRequest", attempt: Attempt) -> None:
        """Another verified, open request of the same person carries this one from now on."""
        facts = replace(self.facts, duplicate_of=canonical.id)
        if attempt.by.kind == "staff":
            facts = replace(facts, decided=Decided(attempt.staff, Verb.DUPLICATE, attempt.now))
        self._move(
            Action.MARK_DUPLICATE,
            attempt,
            events.MarkedDuplicate,
            facts=facts,
            case={"other": canonical},
            duplicate_of=canonical.id,
        )

    def reinstate(self, canonical: "DataRequest", attempt: Attempt) -> None:
        """The request that carried this one ended without action: this one goes on by itself."""
        self._uncouple(Action.REINSTATE, events.DuplicateReinstated, canonical, attempt)

    def close_duplicate(self, canonical: "DataRequest", attempt: Attempt) -> None:
        """The request that carried this one was fulfilled."""
        case = {"other": canonical}
        self._move(Action.CLOSE_DUPLICATE, attempt, events.DuplicateClosed, case=case)

    def put_access_first(self, access: RequestId | None, attempt: Attempt) -> None:
        """An erasure waits for the same person's access request, or nothing is left to give."""
        self._may(attempt, Who.SYSTEM)
        if access != self.facts.waits_for:
            self.facts = replace(self.facts, waits_for=access)
            self._note(events.AccessPutFirst, access=access)

    def execute(self, attempt: Attempt) -> None:
        """The hold is over. `may_execute` is asked here, and again by whoever carries out."""
        self._move(Action.EXECUTE, attempt, events.ExecutionBegan, plan_hash=self.facts.plan_hash)

    def fail(self, attempt: Attempt) -> None:
        """A step failed, or the proof found something left; never final by itself."""
        failures = self.facts.failures + 1
        facts = replace(self.facts, failures=failures)
        self._move(Action.FAIL, attempt, events.ExecutionFailed, facts=facts, failures=failures)

    def retry(self, attempt: Attempt) -> None:
        self._move(Action.RETRY, attempt, events.ExecutionBegan, plan_hash=self.facts.plan_hash)

    def finish_steps(self, attempt: Attempt) -> None:
        """Every step is done; now it is proved."""
        self._move(Action.FINISH_STEPS, attempt, events.StepsFinished)

    def prove_erased(self, attempt: Attempt, *, retained_until: datetime | None = None) -> None:
        """Nothing is left, save what a named law keeps until `retained_until`."""
        facts = replace(self.facts, retained_until=retained_until, failures=0)
        if retained_until is None:
            self._move(Action.PROVE, attempt, events.RequestFulfilled, facts=facts, how="erased")
        else:
            self._move(
                Action.PROVE, attempt, events.FulfilledInPart, facts=facts, until=retained_until
            )

    def prove_package(self, attempt: Attempt) -> None:
        """The package holds the subject's data and nobody else's."""
        facts = replace(self.facts, failures=0)
        self._move(Action.PROVE, attempt, events.PackagePrepared, facts=facts)

    def resume(self, attempt: Attempt) -> None:
        """A retention lapsed: the rest is erased under the original approval."""
        self._move(
            Action.RESUME,
            attempt,
            events.ExecutionBegan,
            case={"deadline": self.facts.retained_until},
            plan_hash=self.facts.plan_hash,
        )

    def fetch(self, attempt: Attempt) -> None:
        """The subject has the package."""
        self._move(Action.FETCH, attempt, events.RequestFulfilled, how="package_fetched")

    def let_package_lapse(self, attempt: Attempt, rules: RequestRules = DEFAULT_RULES) -> None:
        """Not fetched in time; a fresh proof of identity makes it ready again."""
        case = {"deadline": self.since + rules.package_waits}
        self._move(Action.LET_LAPSE, attempt, events.PackageNotFetched, case=case)

    def destroy_package(self, attempt: Attempt, rules: RequestRules = DEFAULT_RULES) -> None:
        """Never fetched: the package is gone, and the request answered."""
        case = {"deadline": self.since + rules.package_destroyed}
        self._move(
            Action.DESTROY, attempt, events.RequestFulfilled, case=case, how="package_destroyed"
        )

    def fulfil_by_hand(self, attempt: Attempt) -> None:
        """Staff corrected the data, or stopped using it, as was asked.

        In review it is the one approval that is needed; after the hold of a change of contact it
        carries out what two others, or this one and another, approved.
        """
        facts = self._decide(attempt, Verb.FULFILLED)
        if self.state is State.IN_REVIEW:
            facts = replace(facts, approvals=(self._yes(attempt, self.facts.plan_hash),))
        self._move(
            Action.FULFIL_BY_HAND, attempt, events.RequestFulfilled, facts=facts, how="by_hand"
        )

    def retry_at(self, rules: RequestRules = DEFAULT_RULES) -> datetime | None:
        """When a failed execution is tried again: 30 s, doubling up to an hour; eight tries."""
        failures = self.facts.failures
        if self.state is not State.ATTENTION or not 0 < failures <= rules.tries:
            return None
        wait: timedelta = rules.first_retry * 2 ** (failures - 1)
        return self.since + min(wait, rules.longest_retry)

    def _move(
        self,
        action: Action,
        attempt: Attempt,
        event: type[RequestEvent],
        *,
        facts: Facts | None = None,
        case: dict[str, Any] | None = None,
        **payload: object,
    ) -> State:
        """Take the table's edge for `action`, with `facts` as they would then be.

        Raises:
            Stale: the state has moved on since the person saw it.
            Refused: a guard says no; nothing was changed.
        """
        self._check_seen(attempt)
        edges = [e for e in table_of(self.kind) if (e.state, e.action) == (self.state, action)]
        if not edges:
            raise self._stale()
        after = self._as_if(facts or self.facts)
        question = Case(request=after, attempt=attempt, **(case or {}))
        edge = chosen(edges, question)
        if reason := why_not(edge, question):
            raise self._refused(reason)
        self._enter(edge.next, after.facts, attempt.now)
        self._note(event, **payload)
        return edge.next

    def _enter(self, state: State, facts: Facts, now: datetime) -> None:
        """Arrive in `state`. This is the only place where the state changes."""
        self.state, self.since = state, now
        self.state_version += 1
        if state not in APPROVALS_STAND:
            facts = replace(facts, approvals=(), cooling_off_until=None)
        if state is not State.ON_HOLD:
            facts = facts.without_hold(now)
        if state is State.IN_REVIEW:
            facts = replace(facts, review_version=self.state_version, retained_until=None)
        if state in {State.AWAITING_IDENTITY, State.UNDELIVERED}:
            facts = facts.without_proof()
        if state is State.EXECUTING:
            facts = replace(facts, execution_began_at=facts.execution_began_at or now)
        if state in FINAL:
            facts = replace(facts, ended_at=now)
        self.facts = facts

    def _may(self, attempt: Attempt, who: Who, states: frozenset[State] = LIVE) -> None:
        """For what changes a fact and no state: is it the right person, and the right time?"""
        if self.state not in states:
            raise self._stale()
        if reason := who_refuses((who,), Case(request=self, attempt=attempt)):
            raise self._refused(reason)

    def _note(self, event: type[RequestEvent], **payload: Any) -> None:  # noqa: ANN401 - fields of the event
        self.record(
            event(
                stream=self.stream,
                holder=self.subject.holder,
                request=self.id,
                state=self.state,
                state_version=self.state_version,
                **payload,
            )
        )

    def _reckon(self, clock: LegalClock) -> None:
        """Store the due date anew. Called only where a law lets the clock start, stop or extend."""
        due = clock.due(self.clock_facts())
        self.due_on, self.due_at = due.on, due.at

    def _as_if(self, facts: Facts) -> "DataRequest":
        after = copy(self)
        after.facts = facts
        return after

    def _check_seen(self, attempt: Attempt) -> None:
        if attempt.seen is not None and attempt.seen != self.state_version:
            raise self._stale()

    def _stale(self) -> Stale:
        """The refusal of a click that came too late: it says who decided, by id."""
        decided = self.facts.decided
        if decided is None:
            return Stale("requests.stale", number=self.number, state=self.state)
        return Stale(
            "requests.stale_decided",
            number=self.number,
            state=self.state,
            by=decided.by,
            verb=decided.verb,
        )

    def _refused(self, reason: Reason) -> Refused:
        return refusal(reason, self.number)

    def _prove(self, identity: Identity, attempt: Attempt, clock: LegalClock) -> None:
        first = self.state is State.AWAITING_IDENTITY
        self._move(
            Action.VERIFY,
            attempt,
            events.IdentityConfirmed,
            facts=replace(
                self.facts,
                identity=identity,
                proved_at=self.facts.proved_at or identity.at,
            ),
            level=identity.level,
            phone_not_confirmed=identity.phone_not_confirmed,
            hold_until=self.facts.path_m_hold_until,
        )
        if first:
            self._adopt(clock)

    def _adopt(self, clock: LegalClock) -> None:
        """The proof says whose law applies. What was promised before is never put off by that.

        Only a law that lets its clock start with the proof (UK Art. 12A) sets a later date.
        """
        due = clock.due(self.clock_facts())
        starts_now = clock.regime.starts_at is not Start.RECEIPT
        is_same_law = clock.regime.code == self.regime
        self.regime = clock.regime.code
        if starts_now or is_same_law or due.at <= self.due_at:
            self.due_on, self.due_at = due.on, due.at

    @property
    def _voice(self) -> Actor:
        return Actor.account(self.account) if self.account else self.created_by

    def _why_no_name(self, subject: Subject) -> Reason | None:
        if subject.person is None:
            return Reason.SUBJECT_SETTLED
        if self.facts.path_m_at is None:
            return Reason.STAFF_PATH_CLOSED
        return Reason.FROZEN if self.facts.is_frozen else None

    def _why_no_vouch(self, vouch: Vouch, attempt: Attempt) -> Reason | None:
        if attempt.by == self.created_by:
            return Reason.APPROVER_IS_REQUESTER
        if vouch.by != attempt.staff or vouch.by in self.facts.vouchers:
            return Reason.VOUCHED_ALREADY
        if self.facts.path_m_at is None:
            return Reason.STAFF_PATH_CLOSED
        if self.facts.is_frozen:
            return Reason.FROZEN
        return None if vouch.counts else Reason.DOCUMENT_WITHOUT_REASON

    def _lapse(self, attempt: Attempt, facts: Facts) -> None:
        self._move(
            Action.LAPSE,
            attempt,
            events.ApprovalsLapsed,
            facts=facts,
            plan_hash=facts.plan_hash,
        )

    def _cooling(self, facts: Facts, now: datetime, rules: RequestRules) -> Facts:
        """The hold starts with the last approval that is needed, not before."""
        counted = len(standing_approvals(self._as_if(facts)))
        if counted < self.approvals_needed:
            return facts
        return replace(facts, cooling_off_until=now + rules.cooling_off)

    def _uncouple(
        self, action: Action, event: type[RequestEvent], canonical: "DataRequest", attempt: Attempt
    ) -> None:
        # The guard compares with the fact, so it is taken away only on arrival.
        case: dict[str, Any] = {"other": canonical}
        self._move(action, attempt, event, case=case)
        self.facts = replace(self.facts, duplicate_of=None)

    def _yes(self, attempt: Attempt, plan_hash: str) -> Approval:
        return Approval(
            approver=attempt.staff,
            plan_hash=plan_hash,
            state_version=self.state_version,
            at=attempt.now,
        )

    def _decide(self, attempt: Attempt, verb: Verb) -> Facts:
        return replace(self.facts, decided=Decided(attempt.staff, verb, attempt.now))

    def _judged(self, attempt: Attempt, *, upheld: bool) -> Facts:
        *before, appeal = self.facts.appeals or (Appeal(attempt.now),)
        judged = replace(appeal, judge=attempt.staff, upheld=upheld)
        return replace(self._decide(attempt, Verb.JUDGED), appeals=(*before, judged))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked, by whom, of whose data."""

    kind: RequestType
    subject: Subject
    account: AccountId | None
    created_by: Actor
    ticket: TicketId
    received_at: datetime


def receive(
    wish: Wish,
    *,
    id: RequestId,  # noqa: A002 - the aggregate's own field
    number: str,
    clock: LegalClock,
    rules: RequestRules = DEFAULT_RULES,
) -> DataRequest:
    """Take a request: its clock runs from now, whoever it turns out to be, however few we are."""
    due = clock.due(ClockFacts(received_at=wish.received_at))
    request = DataRequest(
        id=id,
        number=number,
        kind=wish.kind,
        ticket=wish.ticket,
        subject=wish.subject,
        account=wish.account,
        created_by=wish.created_by,
        regime=clock.regime.code,
        received_at=wish.received_at,
        since=wish.received_at,
        due_on=due.on,
        due_at=due.at,
        approvals_needed=rules.approvals_for(wish.kind),
    )
    request.record(
        events.RequestReceived(
            stream=request.stream,
            holder=wish.subject.holder,
            request=id,
            state=request.state,
            state_version=0,
            number=number,
            type=wish.kind,
            ticket=wish.ticket,
            regime=request.regime,
            due_on=due.on,
            due_at=due.at,
        )
    )
    return request
