"""The data request: what it is, and the two ways in which anything of it may change."""

from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from bot.domain.addresses import AccountId, Actor, RequestId, TicketId
from bot.domain.errors import Refused, Stale
from bot.domain.events import Aggregate
from bot.domain.legal_calendar.clock import ClockFacts, Due, LegalClock
from bot.domain.requests.events import RequestEvent
from bot.domain.requests.guards import Case, chosen, who_refuses, why_not
from bot.domain.requests.reasons import Reason, refusal
from bot.domain.requests.record import Attempt, Facts, Subject
from bot.domain.requests.states import (
    APPROVALS_STAND,
    FINAL,
    LIVE,
    Action,
    RequestType,
    State,
    Who,
)
from bot.domain.requests.transitions import table_of


def public_number(serial: int) -> str:
    """The number people see: R-000045."""
    return f"R-{serial:06d}"


@dataclass(kw_only=True)
class RequestCore(Aggregate):
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

    def _as_if(self, facts: Facts) -> "RequestCore":
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
