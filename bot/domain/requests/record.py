"""What is known about a request: frozen facts that guards read, whatever the state says."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from bot.domain.addresses import (
    AccountId,
    Actor,
    HolderId,
    PersonId,
    RequestId,
    Role,
    StaffId,
)
from bot.domain.identity.levels import Level, Vouch
from bot.domain.legal_calendar.clock_facts import ClockFacts, Pause
from bot.domain.requests.said_facts import Appeal, Decided, Denial, Extension, Question
from bot.domain.requests.states import RequestState, RequestType

Roles = Mapping[StaffId, Role]
"""Who holds which role now, read from the staff table in the same transaction."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose data it is: an imported person, or an account that is linked to nobody."""

    person: PersonId | None = None
    account: AccountId | None = None

    def __post_init__(self) -> None:
        if (self.person is None) == (self.account is None):
            message = "a subject is one person or one account"
            raise ValueError(message)

    @property
    def holder(self) -> HolderId:
        return HolderId(self.person or self.account or "")

    def __str__(self) -> str:
        return f"person:{self.person}" if self.person else f"account:{self.account}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Who tries something, and when."""

    by: Actor
    now: datetime
    roles: Roles
    newcomers: frozenset[StaffId] = frozenset()
    """Whose approval and vouch do not count yet (`Staff.is_new`)."""
    seen: int | None = None
    """The state version on the card that was clicked; None: not from a card."""
    mark: str = ""
    """What that card showed of the request (`DataRequest.mark`); empty: an older card."""

    @property
    def staff(self) -> StaffId:
        return StaffId(self.by.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A proof of identity, bound to the subject it was given for."""

    level: Level
    at: datetime
    subject: Subject
    phone_not_confirmed: bool = False
    """A phone is on record and was not matched: the first approver must call back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proofs:
    """What the requester has shown so far on the way to an identity."""

    code_at: datetime | None = None
    """When an e-mail code was accepted."""
    people: tuple[PersonId, ...] = ()
    """On whose record that address stands; several: it proves a mailbox, not a person."""
    phone_asked_at: datetime | None = None
    """When the button was last shown; a contact counts only as an answer to it."""
    phone_matched_at: datetime | None = None
    phone_tries: int = 0
    phone_declined: bool = False
    mailboxes: tuple[str, ...] = ()
    """Keyed digests of the addresses to which codes were accepted: how old they are matters."""
    phone: str = ""
    """Likewise of the number that matched."""
    asks_older: bool = False
    """What was shown is too young or has left the list: another address may be shown beside it."""
    young_person: PersonId | None = None
    """On whose list an address to which a code was accepted stands, only not for long enough."""

    @property
    def expect_address(self) -> bool:
        """Whether an address that is typed would be a step of this."""
        return self.code_at is None or self.asks_older


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One person's yes, to this plan, in this version of the state."""

    approver: StaffId
    plan_hash: str
    state_version: int
    at: datetime


@dataclass(frozen=True, slots=True)
class CallBack:
    """Somebody rang the phone on record; never the number that was offered in the chat."""

    by: StaffId
    at: datetime


@dataclass(frozen=True, slots=True)
class Freeze:
    """Somebody said "this was not me". Any account may; two approvers lift it together."""

    by: Actor
    at: datetime
    lifting: tuple[StaffId, ...] = ()
    lifted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """Two client records became one while the request was open."""

    was: Subject
    into: Subject
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRecord:
    """Everything `may_execute` and the guards read."""

    proofs: Proofs = Proofs()
    identity: Identity | None = None
    proved_at: datetime | None = None
    """When somebody was first proved: a law that counts from the proof counts from this one."""
    confirmed_at: datetime | None = None
    plan_hash: str = ""
    planned_at: datetime | None = None
    """When the plan was first there to be read."""
    approvals: tuple[Approval, ...] = ()
    review_version: int = 0
    """The state version in which review last began; older approvals are void."""
    path_m_at: datetime | None = None
    """When manual verification began. Both fields keep the names that 0.1 stored them under."""
    named_at: datetime | None = None
    """When staff looked up whose data it is about: a mere claim in the chat changes it no more."""
    vouches: tuple[Vouch, ...] = ()
    call_backs: tuple[CallBack, ...] = ()
    path_m_hold_until: datetime | None = None
    """Seven days from the second voucher, for every type."""
    cooling_off_until: datetime | None = None
    """72 hours from the second approval of an erasure; gone when the approvals are."""
    held_since: datetime | None = None
    held_from: RequestState | None = None
    """Where a release leads back to, while what was approved there stands."""
    question: Question | None = None
    """What the present hold waits to hear of the subject."""
    pauses: tuple[Pause, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    denials: tuple[Denial, ...] = ()
    appeals: tuple[Appeal, ...] = ()
    denied: bool = False
    merges: tuple[Merge, ...] = ()
    duplicate_of: RequestId | None = None
    waits_for: RequestId | None = None
    """An open access request of the same person: access goes first, or there is nothing to give."""
    copy_waived: RequestId | None = None
    """The access request whose copy was late, and that the subject will not wait for."""
    extension: Extension | None = None
    told_late: date | None = None
    """The due date that went by without an answer, once the subject was told so."""
    execution_began_at: datetime | None = None
    failures: int = 0
    retained_until: datetime | None = None
    withdrawn_at: datetime | None = None
    ended_at: datetime | None = None
    decided: Decided | None = None

    @property
    def hold_until(self) -> datetime | None:
        """Until when nothing is carried out, whoever approved."""
        holds = [end for end in (self.path_m_hold_until, self.cooling_off_until) if end]
        return max(holds, default=None)

    def proves(self, subject: Subject) -> bool:
        """A proof of identity for `subject` is on record."""
        return self.identity is not None and self.identity.subject == subject

    def has_young_code(self, subject: Subject) -> bool:
        """Whether a code was typed to an address of `subject` that is only not there for long."""
        return subject.person is not None and self.proofs.young_person == subject.person

    @property
    def is_frozen(self) -> bool:
        return bool(self.freezes) and self.freezes[-1].lifted_at is None

    @property
    def is_asked(self) -> bool:
        """A hold asked the subject something that nobody has answered yet."""
        return self.question is not None and self.question.answer is None

    def without_hold(self, now: datetime) -> "RequestRecord":
        """The hold is over at `now`, and with it the pause that it opened.

        A waiting time stood still meanwhile: what was left of it is waited for now.
        """
        if self.held_since is None:
            return self
        cools_off = self.cooling_off_until
        return replace(
            self.without_pause(now),
            held_since=None,
            held_from=None,
            question=None,
            cooling_off_until=cools_off and cools_off + (now - self.held_since),
        )

    def without_pause(self, now: datetime) -> "RequestRecord":
        """What the hold waited for has come; the law counts on from then (UK Art. 12A)."""
        *before, last = self.pauses
        return replace(self, pauses=(*before, replace(last, until=last.until or now)))

    def without_proof(self) -> "RequestRecord":
        """Nobody has shown who they are (any more), and so nobody has confirmed anything."""
        return replace(
            self,
            proofs=Proofs(),
            identity=None,
            confirmed_at=None,
            path_m_at=None,
            named_at=None,
            path_m_hold_until=None,
            vouches=(),
        )

    def clock_facts(self, received_at: datetime) -> ClockFacts:
        """What the due date depends on."""
        return ClockFacts(
            received_at=received_at,
            identity_at=self.proved_at,
            pauses=self.pauses,
            extended=self.extension is not None,
        )

    @property
    def vouchers(self) -> frozenset[StaffId]:
        return frozenset(vouch.by for vouch in self.vouches)

    @property
    def deniers(self) -> frozenset[StaffId]:
        return frozenset(denial.by for denial in self.denials)


class Grounds(Protocol):
    """What of a request `may_execute` may look at. There is no state among it."""

    @property
    def kind(self) -> RequestType: ...
    @property
    def subject(self) -> Subject: ...
    @property
    def created_by(self) -> Actor: ...
    @property
    def facts(self) -> RequestRecord: ...
    @property
    def approvals_needed(self) -> int: ...
