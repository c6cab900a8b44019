"""What every change of a data request goes through: who may, from where, and what is noted.

The changes themselves stand in request.py; where each leads, in transitions.py.
"""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from bot.domain.addresses import AccountId, Actor, HolderId, RequestId, TicketId
from bot.domain.errors import Stale
from bot.domain.events import Aggregate
from bot.domain.legal_calendar.clock import Due, LegalClock
from bot.domain.requests import events
from bot.domain.requests.case import NOTHING_ELSE, About, Case
from bot.domain.requests.guards import chosen, who_refuses, why_not
from bot.domain.requests.reasons import Reason, refusal
from bot.domain.requests.record import Attempt, RequestRecord, Subject
from bot.domain.requests.states import (
    APPROVALS_STAND,
    FINAL,
    LIVE,
    HoldReason,
    RequestAction,
    RequestState,
    RequestType,
    Who,
)
from bot.domain.requests.transitions import edges_of


@dataclass(kw_only=True)
class GuardedRequest(Aggregate):
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
    state: RequestState = RequestState.RECEIVED
    state_version: int = 0
    """Counts transitions: an approval and a card are bound to it."""
    since: datetime
    """When the present state was entered."""
    facts: RequestRecord = field(default_factory=RequestRecord)
    version: int = 0
    """The row's version, for the compare-and-swap of storage."""

    @property
    def stream(self) -> str:
        return f"request:{self.id}"

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def is_fenced(self) -> bool:
        """An erasure that was begun: its subject is cut off, and hears the last word only."""
        return self.kind is RequestType.ERASURE and self.facts.execution_began_at is not None

    @property
    def holder(self) -> HolderId | None:
        """Under whose key its events lie, and with whom its deliveries end.

        Nobody's since the subject was fenced: what happens from then on, told in ids and codes,
        must be readable when their key is gone, and reach staff.
        """
        return None if self.is_fenced else self.subject.holder

    @property
    def mark(self) -> str:
        """What matters to a click on a card: where the request stands, and whom it is about."""
        shown = f"{self.kind}:{self.state}:{self.subject}:{self.facts.plan_hash}"
        return hashlib.sha256(shown.encode()).hexdigest()[:8]

    @property
    def is_verified(self) -> bool:
        """A proof for the present subject is on record."""
        return self.facts.proves(self.subject)

    @property
    def is_open_and_verified(self) -> bool:
        """It counts when the same person asks for the same thing again."""
        return self.is_live and self.is_verified and self.facts.duplicate_of is None

    def explain(self, clock: LegalClock) -> Due:
        """How the due date came about, reckoned from the same facts that set it."""
        return clock.due(self.facts.clock_facts(self.received_at))

    def appeal_until(self, clock: LegalClock) -> datetime | None:
        """Until when the last denial can be appealed."""
        denials = self.facts.denials
        return clock.appeal_until(denials[-1].at) if denials else None

    def _move(
        self,
        action: RequestAction,
        attempt: Attempt,
        event: type[events.RequestEvent],
        facts: RequestRecord | None = None,
        about: About = NOTHING_ELSE,
        **payload: object,
    ) -> RequestState:
        """Take the table's edge for `action`, with `facts` as they would then be."""
        self._check_seen(attempt)
        edges = edges_of(self.kind, self.state, action)
        if not edges:
            raise self._stale()
        case = Case(request=self, facts=facts or self.facts, attempt=attempt, about=about)
        edge = chosen(edges, case)
        self._refuse(why_not(edge, case))
        self._enter(edge.next, case.facts, attempt.now)
        self._note(event, **payload)
        return edge.next

    def _enter(self, state: RequestState, facts: RequestRecord, now: datetime) -> None:
        """Arrive in `state`. This is the only place where the state changes."""
        self.state, self.since = state, now
        self.state_version += 1
        self.facts = _on_arrival(facts, state, self.state_version, now)

    def _may(self, attempt: Attempt, who: Who, states: frozenset[RequestState] = LIVE) -> None:
        """For what changes facts and no state: is it the right person, and the right time?"""
        if self.state not in states:
            raise self._stale()
        self._refuse(who_refuses((who,), Case(request=self, facts=self.facts, attempt=attempt)))

    def _note(self, event: type[events.RequestEvent], **payload: Any) -> None:  # noqa: ANN401 - fields of the event
        self.record(
            event(
                stream=self.stream,
                holder=self.holder,
                request=self.id,
                state=self.state,
                state_version=self.state_version,
                **payload,
            )
        )

    def _check_seen(self, attempt: Attempt) -> None:
        """A card that shows the same state and person is as good as new, however old it is."""
        if attempt.seen in (None, self.state_version) or attempt.mark == self.mark:
            return
        raise self._stale()

    def _refuse(self, reason: Reason | None) -> None:
        if reason is not None:
            raise refusal(reason, self.number)

    def _stale(self) -> Stale:
        """The refusal of a click that came too late: it says who decided, by id."""
        decided = self.facts.decided
        key = "requests.stale_decided" if decided else "requests.stale"
        said = {"by": decided.by, "verb": decided.verb} if decided else {}
        return Stale(key, number=self.number, state=self.state, **said)


def _on_arrival(
    facts: RequestRecord, state: RequestState, version: int, now: datetime
) -> RequestRecord:
    """What arriving in `state`, as its `version`th, does to what is known."""
    if state not in APPROVALS_STAND or _is_held_for_fraud(facts, state):
        facts = replace(facts, approvals=(), cooling_off_until=None)
    if state is not RequestState.ON_HOLD:
        facts = facts.without_hold(now)
    if state is RequestState.IN_REVIEW:
        facts = replace(facts, review_version=version, retained_until=None)
    if state in {RequestState.AWAITING_IDENTITY, RequestState.UNDELIVERED}:
        facts = facts.without_proof()
    if state is RequestState.EXECUTING:
        facts = replace(facts, execution_began_at=facts.execution_began_at or now)
    return replace(facts, ended_at=now) if state in FINAL else facts


def _is_held_for_fraud(facts: RequestRecord, state: RequestState) -> bool:
    """Whoever said yes may have been deceived: they say it again, or not."""
    return state is RequestState.ON_HOLD and facts.pauses[-1].reason == HoldReason.FRAUD
