"""The data request as everybody else uses it: its whole life, from receipt to the end."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.addresses import AccountId, Actor, RequestId, TicketId
from bot.domain.legal_calendar.clock import ClockFacts, LegalClock
from bot.domain.requests import events
from bot.domain.requests.deciding import Deciding
from bot.domain.requests.record import DEFAULT_RULES, Attempt, RequestRules, Subject, Verb
from bot.domain.requests.states import Action, RequestType, State


@dataclass(kw_only=True)
class DataRequest(Deciding):
    """A data request. Every change is a method; each records one event."""

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
