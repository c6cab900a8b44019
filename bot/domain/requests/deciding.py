"""Review: plan, approvals, denial and appeal, holds, extensions, duplicates."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.addresses import RequestId
from bot.domain.legal_calendar.clock import LegalClock, Pause
from bot.domain.requests import events
from bot.domain.requests.asking import Asking
from bot.domain.requests.events import RequestEvent
from bot.domain.requests.execution_rules import COOLS_OFF, standing_approvals
from bot.domain.requests.reasons import Reason
from bot.domain.requests.record import (
    DEFAULT_RULES,
    Appeal,
    Approval,
    Attempt,
    Decided,
    Denial,
    Extension,
    Facts,
    RequestRules,
    Verb,
)
from bot.domain.requests.states import (
    Action,
    DenialCode,
    ExtensionReason,
    HoldReason,
    RequestType,
    State,
    Who,
)

_PLANNING = frozenset({State.IN_REVIEW, State.SECOND_APPROVAL, State.COOLING_OFF})


@dataclass(kw_only=True)
class Deciding(Asking):
    """What reviewers, approvers and judges do."""

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

    def mark_duplicate(self, canonical: Asking, attempt: Attempt) -> None:
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

    def reinstate(self, canonical: Asking, attempt: Attempt) -> None:
        """The request that carried this one ended without action: this one goes on by itself."""
        self._uncouple(Action.REINSTATE, events.DuplicateReinstated, canonical, attempt)

    def close_duplicate(self, canonical: Asking, attempt: Attempt) -> None:
        """The request that carried this one was fulfilled."""
        case = {"other": canonical}
        self._move(Action.CLOSE_DUPLICATE, attempt, events.DuplicateClosed, case=case)

    def put_access_first(self, access: RequestId | None, attempt: Attempt) -> None:
        """An erasure waits for the same person's access request, or nothing is left to give."""
        self._may(attempt, Who.SYSTEM)
        if access != self.facts.waits_for:
            self.facts = replace(self.facts, waits_for=access)
            self._note(events.AccessPutFirst, access=access)

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
        self, action: Action, event: type[RequestEvent], canonical: Asking, attempt: Attempt
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
