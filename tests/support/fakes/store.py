"""What the doubles keep between two transactions, and the clock they go by."""

import copy
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta

from bot.answering.questions import Question, QuestionLink
from bot.application.ports.card_refs import CardKind, CardRef, FileUpload
from bot.application.ports.desk import (
    Timer,
)
from bot.application.ports.tickets import (
    Flow,
)
from bot.application.ports.troubles import StandingTrouble
from bot.domain.addresses import (
    AccountId,
    MessageId,
    PersonId,
    RequestId,
    StaffId,
    TicketId,
)
from bot.domain.clients.people import Account, Person
from bot.domain.errors import Refused
from bot.domain.events import Recorded
from bot.domain.fulfilment.steps import ExecutionRecord, ExecutionStep, ResidualFinding
from bot.domain.identity.budgets import Bucket, Spending, Tally
from bot.domain.identity.challenges import Challenge, ChallengeId
from bot.domain.identity.signed_links import SignedLink
from bot.domain.requests.request import DataRequest
from bot.domain.staff import Staff
from bot.domain.tickets.message import Message
from bot.domain.tickets.service_clock import Metric, ServiceClock
from bot.domain.tickets.ticket import Ticket
from tests.support.fakes.queues import Arrived, Queued

BEGINNING = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
"""A Sunday, 10:00 in Dhaka: a working hour of a working day."""


class FakeClock:
    """Stands still until it is told to go on."""

    def __init__(self, at: datetime = BEGINNING) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def go_on(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


@dataclass(kw_only=True)
class Store:
    """What is committed; a unit of work changes a copy of it."""

    accounts: dict[AccountId, Account] = field(default_factory=dict)
    tickets: dict[TicketId, Ticket] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=lambda: [0])
    messages: dict[MessageId, Message] = field(default_factory=dict)
    links: dict[tuple[str, str, str], tuple[MessageId, int]] = field(default_factory=dict)
    flows: dict[AccountId, Flow] = field(default_factory=dict)
    staff: dict[StaffId, Staff] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    cards: dict[tuple[CardKind, str], tuple[CardRef, bool]] = field(default_factory=dict)
    refused: dict[tuple[str, str], None] = field(default_factory=dict)
    uploads: dict[tuple[MessageId, int], FileUpload] = field(default_factory=dict)
    told: list[tuple[AccountId, str, datetime]] = field(default_factory=list)
    troubles: dict[str, tuple[datetime, tuple[StandingTrouble, ...]]] = field(default_factory=dict)
    policies: dict[str, str] = field(default_factory=dict)
    published: list[tuple[str, datetime]] = field(default_factory=list)
    questions: dict[str, Question] = field(default_factory=dict)
    question_links: dict[str, QuestionLink] = field(default_factory=dict)
    clocks: dict[tuple[TicketId, Metric], ServiceClock] = field(default_factory=dict)
    people: dict[PersonId, Person] = field(default_factory=dict)
    requests: dict[RequestId, DataRequest] = field(default_factory=dict)
    request_numbers: list[int] = field(default_factory=lambda: [0])
    challenges: dict[ChallengeId, Challenge] = field(default_factory=dict)
    signed_links: dict[str, SignedLink] = field(default_factory=dict)
    spendings: dict[Bucket, tuple[Spending, ...]] = field(default_factory=dict)
    tallies: dict[Bucket, Tally] = field(default_factory=dict)
    log: list[Recorded] = field(default_factory=list)
    outbox: dict[int, Queued] = field(default_factory=dict)
    timers: dict[str, Timer] = field(default_factory=dict)
    inbox: dict[str, Arrived] = field(default_factory=dict)
    fulfilments: dict[RequestId, ExecutionRecord] = field(default_factory=dict)
    steps: dict[tuple[RequestId, int, str], ExecutionStep] = field(default_factory=dict)
    findings: dict[str, ResidualFinding] = field(default_factory=dict)
    fenced: dict[str, datetime] = field(default_factory=dict)
    """Holders of whom nothing is taken any more."""
    destroyed: dict[str, datetime] = field(default_factory=dict)
    """Holders, and requests, whose key is destroyed."""

    def refuse_fenced(self, *holders: str | None) -> None:
        if any(holder in self.fenced for holder in holders):
            raise Refused("clients.erased")

    def draft(self) -> "Store":
        return Store(**{part.name: copy.copy(getattr(self, part.name)) for part in fields(self)})

    def take_over(self, draft: "Store") -> None:
        for part in fields(self):
            setattr(self, part.name, getattr(draft, part.name))
