"""What a guard is asked about: the request, what would be known of it, and the attempt."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.addresses import AccountId, Actor, RequestId
from bot.domain.requests.record import Attempt, Grounds, RequestRecord, Subject
from bot.domain.requests.states import RequestState, RequestType


class Asked(Protocol):
    """What a request is, whatever is known of it: no attempt changes this by its facts."""

    @property
    def id(self) -> RequestId: ...
    @property
    def kind(self) -> RequestType: ...
    @property
    def state(self) -> RequestState: ...
    @property
    def since(self) -> datetime: ...
    @property
    def subject(self) -> Subject: ...
    @property
    def account(self) -> AccountId | None: ...
    @property
    def created_by(self) -> Actor: ...
    @property
    def approvals_needed(self) -> int: ...


class Other(Asked, Grounds, Protocol):
    """Another request, with its own facts."""


@dataclass(frozen=True, slots=True)
class ProvedBefore:
    """What the erasure ledger says of a request that a backup knows as open."""

    at: datetime
    """When it was certified."""
    kept_until: datetime | None = None
    """When what a law keeps lapses; None: nothing is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What an action is about beside the request itself."""

    deadline: datetime | None = None
    """When the time that the action is about is over."""
    other: Other | None = None
    """The request that carries this one, where duplicates are concerned."""
    proved: ProvedBefore | None = None
    """That it was carried out and certified before the store was put back."""


NOTHING_ELSE = About()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a guard is asked about: a request, its facts as they would be, and the attempt."""

    request: Asked
    facts: RequestRecord
    attempt: Attempt
    about: About = NOTHING_ELSE

    @property
    def kind(self) -> RequestType:
        return self.request.kind

    @property
    def subject(self) -> Subject:
        return self.request.subject

    @property
    def created_by(self) -> Actor:
        return self.request.created_by

    @property
    def approvals_needed(self) -> int:
        return self.request.approvals_needed
