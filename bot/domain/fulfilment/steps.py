"""How far an execution came: one durable step a source, and what was found afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.addresses import RequestId, StaffId
from bot.domain.fulfilment.identifiers import Identifiers
from bot.domain.fulfilment.plan import Plan, SourceKind

SLOT_LIVES = timedelta(days=7)
"""So long after the certificate the last word is tried; then its addresses are blanked."""


class StepState(StrEnum):
    """Where a step stands."""

    WAITING = "waiting"
    BEGUN = "begun"  # a process is at it, until its lease ends
    FAILED = "failed"  # it is tried again, or a person must act
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionStep:
    """One source in one round of an execution; each round after the first follows a retention."""

    request: RequestId
    round: int
    source: str
    kind: SourceKind
    state: StepState = StepState.WAITING
    tries: int = 0
    error: str = ""
    """A wording key or a code, never words about a person."""
    begun_at: datetime | None = None
    lease_until: datetime | None = None
    done_at: datetime | None = None
    done_by: StaffId | None = None
    """Of a manual step: who ticked it off."""
    note: str = ""
    """Of a manual step: a code of how it was done."""
    rows: Mapping[str, int] = field(default_factory=dict[str, int])
    """How many rows went, by place and action (`invoice.delete`)."""
    stated: tuple[str, ...] = ()
    """What could not be erased there, as wording keys."""
    kept_until: datetime | None = None
    """When the first of the rows that a law keeps there lapses; None: none is kept."""


class FindingState(StrEnum):
    """What became of something the scan found."""

    OPEN = "open"
    MASKED = "masked"  # the span was overwritten; every other byte stayed
    TICKED_OFF = "ticked_off"  # an approver said that it is not this person's, and why
    GONE = "gone"  # a later look did not find it any more


class TickReason(StrEnum):
    """Why an approver ticks a finding off: codes only, for words would be data kept."""

    ANOTHER_PERSON = "another_person"  # somebody else of that name
    A_WORD = "a_word"  # a word of the language
    REMOVED = "removed"  # a person removed it
    CANNOT_BE_READ = "cannot_be_read"  # looked at otherwise, and nothing of theirs is in it


class ManualOutcome(StrEnum):
    """How a manual step was done; codes only, for words would be data kept."""

    DONE = "done"
    NOTHING_THERE = "nothing_there"
    RECIPIENT_TOLD = "recipient_told"  # GDPR Art. 19


UNREADABLE = "unreadable"
"""The kind of a finding that the look could not open."""
LEFT = "rows"
"""The kind of a finding of rows that should have gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidualFinding:
    """Something of the subject that was left: where, never what."""

    id: str
    """A digest of request, source, place, kind and strength: the same of them is one finding."""
    request: RequestId
    source: str
    place: str
    """Table, column and row, file, or channel and time of a post."""
    kind: str
    """An `IdentifierKind`, `UNREADABLE` or `LEFT`."""
    is_strong: bool = True
    """It is this person's and nobody else's: an address that two people share is not."""
    hits: int = 1
    state: FindingState = FindingState.OPEN
    by: StaffId | None = None
    reason: TickReason | None = None
    at: datetime | None = None
    link: str = ""
    """Where a person can look at it, if there is an address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySlot:
    """What is needed to say the last word, and nothing else; blanked once it is said."""

    chat: str = ""
    """The chat's address (`telegram:123`); empty: none."""
    email: str = ""
    """The mail address on record; empty: none."""
    language: str = "en"
    until: datetime | None = None
    """When it is blanked, said or not: seven days after the first certificate; None: before it."""
    chat_done: bool = True
    """The word to the chat arrived, or cannot ever."""
    email_done: bool = True

    @property
    def is_done(self) -> bool:
        return self.chat_done and self.email_done

    def is_over(self, now: datetime) -> bool:
        """Nothing more is to be said: it was said, cannot be, or its time is over."""
        return self.is_done or (self.until is not None and now >= self.until)


@dataclass(kw_only=True)
class ExecutionRecord:
    """What carrying out a request needs to remember, beside the request and its steps."""

    request: RequestId
    plan: Plan | None = None
    """As it was last reckoned; the request's `plan_hash` says which one was approved."""
    approved: Plan | None = None
    """The plan that approvals were given to."""
    planned_at: datetime | None = None
    round: int = 0
    """0 before anything began; one more for each execution, the later ones after a retention."""
    fenced_at: datetime | None = None
    """Since when nothing of the subject's is taken, told or carried any more."""
    who: Identifiers | None = None
    """By what the subject is found; sealed under a key of the request's own, and gone with it."""
    slot: DeliverySlot | None = None
    channels: tuple[str, ...] = ()
    """Where in Slack something of theirs stood: what says so is erased before it is searched."""
    certificate: str = ""
    """The signed JSON; empty: none was issued."""
    certified_at: datetime | None = None
    looked_last_at: datetime | None = None
    """When the scan ran again after the last word."""
    forgotten_at: datetime | None = None
    """When the request's own key was destroyed."""
