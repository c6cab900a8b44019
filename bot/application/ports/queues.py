"""What comes in and what goes out of the desk."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.application.outbound.delivery import Delivery
from bot.application.ports.troubles import TroubleKind
from bot.domain.addresses import HolderId


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedDelivery:
    """A delivery that was claimed: it is on its way, and no other carrier has it."""

    id: int
    delivery: Delivery
    key: str
    tries: int
    """How often it was tried before."""
    is_repeat: bool
    """An earlier try ended uncertain: what goes out now may be there already."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """The platform confirmed it. `links`: (place, remote id) of each part, in order."""

    surface: str
    links: tuple[tuple[str, str], ...] = ()
    first_part: int = 0
    """Where these parts stand among all of the message: an edit may add to it."""


@dataclass(frozen=True, slots=True)
class NotSent:
    """It surely did not arrive."""

    error: str
    """A code of the platform or of ours; never its words about a person."""
    retry_after: timedelta | None = None
    """The platform's own wish; such a wait does not count as a try."""
    is_final: bool = False
    """Trying again would not help."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """The client blocked the bot."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A timeout or a server's error: nobody knows whether it arrived."""

    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneTrouble:
    """The way is barred: no fault of this delivery, which waits and uses up no try.

    Whoever carries finds that out; the lane judges by what else gets through (`queues/lanes.py`).
    """

    error: str
    kind: TroubleKind = TroubleKind.PLATFORM
    scope: str = ""
    """What of the platform is barred: a channel's id, a mailbox; empty: all of it."""
    may_have_arrived: bool = False
    """A timeout or a server's error: nobody knows whether this one arrived."""
    rest: timedelta = timedelta(0)
    """So long this one waits even if its lane is open again before."""
    counts: bool = False
    """Others of its kind got through since it last failed: it is at fault itself."""


Outcome = Arrived | NotSent | Blocked | Unknown | LaneTrouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """What one delivery adapter carries; each has its own: a slow one holds up no other."""

    name: str = ""
    """What it is called on the board of troubles."""
    kinds: tuple[type[Delivery], ...] = ()
    """Empty: every kind."""
    at_once: int = 16
    """So many of it may be on their way at a time."""
    conversation: str = ""
    """Where set, only this one: a chat in a terminal leaves everybody else's words alone."""


ANY_LANE = Lane()


class DeliveryAdapter(Protocol):
    """Carries deliveries to one platform."""

    @property
    def lane(self) -> Lane: ...
    async def deliver(self, claimed: ClaimedDelivery) -> Outcome:
        """Carry it; where `claimed.is_repeat`, as the delivery's rule for doubt says."""
        ...

    async def probe(self) -> LaneTrouble | None:
        """Ask whether the platform is well, by something that no client or staff sees."""
        ...


class GivenUp(StrEnum):
    """Where a delivery ends that is not tried again by itself."""

    DEAD = "dead"  # staff see it on their home view, and may send it on its way again
    RETURNED = "returned"  # a reply, back with staff: its ticket says why, and has Send again
    VOID = "void"  # never again: a one-time code, or a last word whose time is over


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A delivery that was given up; staff may send it on its way again."""

    id: int
    kind: str
    conversation: str
    error: str
    since: datetime
    delivery: Delivery | None = None
    """None: it cannot be read."""


class Outbox(Protocol):
    """What is to be carried out of the desk."""

    async def put(
        self,
        delivery: Delivery,
        *,
        holder: HolderId | None = None,
        key: str = "",
        not_before: datetime | None = None,
        keeps_place: bool = False,
    ) -> None:
        """Queue a delivery; one whose `key` was queued before is not queued again.

        What waits for `not_before` holds up nothing that comes after it, unless it `keeps_place`.
        """
        ...

    async def waits(self, key: str) -> bool:
        """Whether the delivery of that key is still to leave."""
        ...

    async def withdraw(self, key: str) -> bool:
        """Take a queued delivery back; False: it has left, or was never there."""
        ...

    async def claim(
        self,
        at: datetime,
        *,
        limit: int,
        lease_until: datetime,
        lane: Lane = ANY_LANE,
        without: Collection[str] = (),
    ) -> list[ClaimedDelivery]:
        """The first waiting delivery of each conversation that has none on its way.

        `without`: conversations that wait for a channel in trouble.
        """
        ...

    async def finish(
        self, delivery_id: int, at: datetime, *, rest: timedelta = timedelta(0)
    ) -> None:
        """It arrived: blank its payload. The next showing of the same view rests so long."""
        ...

    async def retry(
        self, delivery_id: int, at: datetime, *, error: str, counts: bool, uncertain: bool
    ) -> None:
        """Try again at `at`; `counts`: towards the tries after which it becomes a dead letter."""
        ...

    async def give_up(self, delivery_id: int, at: datetime, *, error: str, end: GivenUp) -> None:
        """Stop trying by itself."""
        ...

    async def expired_leases(self, at: datetime) -> list[ClaimedDelivery]:
        """Deliveries whose carrier died on the way: nobody knows whether they arrived."""
        ...

    async def waiting(self) -> list[ClaimedDelivery]:
        """Everything that has not arrived and was not given up, also what is on its way."""
        ...

    async def next_due(self) -> datetime | None: ...
    async def dead_letters(
        self, limit: int = 20, *, among: Collection[str] | None = None
    ) -> list[DeadLetter]:
        """Newest first. `among`: of these conversations only."""
        ...

    async def count_dead(self) -> int: ...
    async def revive(self, letter: int, at: datetime) -> Delivery | None:
        """Queue a dead letter anew; None: it is none, or cannot be read."""
        ...

    async def pause(self, conversation: str, until: datetime) -> None:
        """Let what waits in a conversation rest: the client blocked the bot.

        What is queued later does not wait behind it.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundUpdate:
    """An update as it came in; `key` is what the platform repeats when it sends it twice."""

    key: str
    source: str
    conversation: str
    """Updates of one conversation are worked on in order; empty: no order is needed."""
    payload: str


class Inbox(Protocol):
    """What came in, kept before it was acknowledged."""

    async def accept(self, inbound_updates: Sequence[InboundUpdate], at: datetime) -> int:
        """Keep what is new; how many were. A key that is known is not kept again."""
        ...

    async def set_aside(self, inbound: InboundUpdate, at: datetime, *, error: str) -> None:
        """Keep what `accept` cannot, under a name of its own; it is not handed out."""
        ...

    async def has(self, key: str) -> bool:
        """Whether it was kept before, done by now or not."""
        ...

    async def claim(
        self, at: datetime, *, limit: int, lease_until: datetime
    ) -> list[InboundUpdate]:
        """What waits: the oldest of each conversation; nobody else is given it until the lease."""
        ...

    async def fail(self, key: str, *, error: str, next_at: datetime | None) -> int:
        """It failed: again at `next_at`, or never (None), kept for a person. How often it has."""
        ...

    async def release_all(self, at: datetime) -> None:
        """Give back what a dead process had claimed; only where this process is the only one."""
        ...

    async def next_due(self) -> datetime | None: ...

    async def finish(self, key: str, at: datetime) -> None:
        """Mark as done and blank the payload, in the transaction that did the work."""
        ...
