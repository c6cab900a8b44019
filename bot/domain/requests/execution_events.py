"""What can happen to a request while it is carried out, and what counts as its change."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.addresses import RequestId, StaffId
from bot.domain.requests import events
from bot.domain.requests.events import RequestEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPutFirst(RequestEvent):
    """An erasure waits for the same person's open access request; None: no longer."""

    access: RequestId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyWaived(RequestEvent):
    """The subject will not wait for the copy of an access request that is late."""

    access: RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectFenced(RequestEvent):
    """Nothing of the subject's is taken, told or carried from now on. `round`: of execution."""

    round: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDone(RequestEvent):
    """A source was erased from. `rows`: how many went; `by`: who ticked a manual step off."""

    source: str
    rows: int
    by: StaffId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAfterwards(RequestEvent):
    """Everything was searched for the subject. `left`: places where something was found."""

    cells: int
    masked: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingTickedOff(RequestEvent):
    """A named approver judged what the look found. `reason`: a `TickReason`."""

    finding: str
    staff: StaffId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateIssued(RequestEvent):
    """`digest`: SHA-256 of the signed certificate, in hexadecimal."""

    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LastWordEnded(RequestEvent):
    """What was done was told by this way, or can never be told by it. `way`: `chat` or `mail`."""

    way: str
    arrived: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionBegan(RequestEvent):
    plan_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionFailed(RequestEvent):
    """A step failed, or the proof found something left."""

    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepsFinished(RequestEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class FulfilledInPart(RequestEvent):
    """A named law keeps a part until `until`; then it is erased under the same approval."""

    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagePrepared(RequestEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageNotFetched(RequestEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFulfilled(RequestEvent):
    """`how`: a `Fulfilment`."""

    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedAgain(RequestEvent):
    """A backup had brought the subject back; it was erased and certified before, at `proved_at`.

    Nobody is told of it a second time. `until`: when what a law keeps lapses.
    """

    proved_at: datetime
    until: datetime | None = None


CHANGES: tuple[type[RequestEvent], ...] = tuple(
    kind
    for kind in (*vars(events).values(), *tuple(globals().values()))
    if isinstance(kind, type) and issubclass(kind, RequestEvent) and kind is not RequestEvent
)
"""Every event of a request."""
