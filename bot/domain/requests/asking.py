"""From receipt to review: proof of identity, confirmation, and the subject's ways to stop."""

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.addresses import SYSTEM, Actor, ActorKind
from bot.domain.identity.levels import Level, Vouch, path_m_needs
from bot.domain.legal_calendar.clock import LegalClock
from bot.domain.legal_calendar.regimes import Start
from bot.domain.requests import events
from bot.domain.requests.core import RequestCore
from bot.domain.requests.reasons import Reason
from bot.domain.requests.record import (
    DEFAULT_RULES,
    Attempt,
    CallBack,
    Freeze,
    Identity,
    Merge,
    Proofs,
    RequestRules,
    Subject,
)
from bot.domain.requests.states import BEFORE_EXECUTION, LIVE, Action, State, Who

LIFTERS = 2


@dataclass(kw_only=True)
class Asking(RequestCore):
    """What the subject, and those who vouch for them, do."""

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


_PROVING = frozenset({State.AWAITING_IDENTITY, State.UNDELIVERED})
_UNPROVED = BEFORE_EXECUTION - {
    State.AWAITING_CONFIRMATION,
    State.IN_REVIEW,
    State.ON_HOLD,
    State.SECOND_APPROVAL,
    State.COOLING_OFF,
}
"""Where a merge sends nobody back: the facts are read afresh on the way to review."""
