"""In-memory doubles of the outbox, the inbox and the timers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from bot.application.outbound.delivery import Delivery
from bot.application.outbound.to_staff import Alert, RefreshHome, ShowRequestCard, TellStaff
from bot.application.ports.desk import Clock, Timer
from bot.application.ports.queues import (
    ANY_LANE,
    ClaimedDelivery,
    DeadLetter,
    GivenUp,
    InboundUpdate,
    Lane,
)
from bot.application.wire_names import name_of
from bot.domain.addresses import HolderId
from bot.domain.errors import Stale

WAITING = ("queued", "held")
OF_STAFF = (Alert, RefreshHome, ShowRequestCard, TellStaff)
NOBODY: Mapping[str, datetime] = MappingProxyType({})


def _is_of(lane: Lane, delivery: Delivery) -> bool:
    is_kind = not lane.kinds or type(delivery) in lane.kinds
    return is_kind and lane.conversation in ("", delivery.conversation)


@dataclass(frozen=True, kw_only=True)
class Queued:
    """A row of the fake outbox."""

    id: int
    delivery: Delivery
    holder: HolderId | None
    key: str
    state: str
    created_at: datetime
    next_at: datetime
    tries: int = 0
    is_repeat: bool = False
    error: str = ""
    lease_until: datetime | None = None
    done_at: datetime | None = None

    @property
    def waits(self) -> bool:
        return self.state in WAITING

    def claimed(self) -> ClaimedDelivery:
        return ClaimedDelivery(
            id=self.id,
            delivery=self.delivery,
            key=self.key or f"outbox:{self.id}",
            tries=self.tries,
            is_repeat=self.is_repeat,
        )


class FakeOutbox:
    def __init__(
        self, rows: dict[int, Queued], clock: Clock, fenced: Mapping[str, datetime] = NOBODY
    ) -> None:
        self._rows, self._clock, self._fenced = rows, clock, fenced

    async def put(
        self,
        delivery: Delivery,
        *,
        holder: HolderId | None = None,
        key: str = "",
        not_before: datetime | None = None,
        keeps_place: bool = False,
    ) -> None:
        now = self._clock.now()
        if self._is_known(delivery, key) or self._is_cut_off(delivery, holder):
            return
        identity = max(self._rows, default=0) + 1
        is_held = not_before is not None and not_before > now and not keeps_place
        self._rows[identity] = Queued(
            id=identity,
            delivery=delivery,
            holder=holder,
            key=key,
            state="held" if is_held else "queued",
            created_at=now,
            next_at=max(now, not_before or now, self._rested(delivery, now)),
        )

    async def waits(self, key: str) -> bool:
        return any(row.key == key and row.waits for row in self._rows.values())

    async def withdraw(self, key: str) -> bool:
        for row in self._rows.values():
            if key and row.key == key and row.waits:
                self._change(row, state="withdrawn", done_at=self._clock.now())
                return True
        return False

    async def claim(
        self,
        at: datetime,
        *,
        limit: int,
        lease_until: datetime,
        lane: Lane = ANY_LANE,
        without: Collection[str] = (),
    ) -> list[ClaimedDelivery]:
        found = [
            row
            for row in self._rows.values()
            if row.waits and row.next_at <= at and _is_of(lane, row.delivery)
            if row.delivery.conversation not in without
        ]
        free = [row for row in found if not self._is_blocked(row, at)]
        first = sorted(free, key=lambda row: (row.delivery.rank, row.id))[:limit]
        for row in first:
            self._change(row, state="sending", lease_until=lease_until)
        return [row.claimed() for row in first]

    async def finish(
        self, delivery_id: int, at: datetime, *, rest: timedelta = timedelta(0)
    ) -> None:
        self._settle(delivery_id, state="done", done_at=at, error="")
        name = self._rows[delivery_id].delivery.coalesce if delivery_id in self._rows else ""
        for row in list(self._rows.values()):
            if name and rest and row.waits and row.delivery.coalesce == name:
                self._change(row, next_at=max(row.next_at, at + rest))

    async def retry(
        self, delivery_id: int, at: datetime, *, error: str, counts: bool, uncertain: bool
    ) -> None:
        row = self._rows.get(delivery_id)
        if row is None or row.state != "sending":
            return
        if self._is_cut_off(row.delivery, row.holder):
            await self.give_up(delivery_id, at, error=error, end=GivenUp.RETURNED)
            return
        self._change(
            row,
            state="queued",
            next_at=at,
            error=error[:120],
            lease_until=None,
            tries=row.tries + counts,
            is_repeat=row.is_repeat or uncertain,
        )

    async def give_up(self, delivery_id: int, at: datetime, *, error: str, end: GivenUp) -> None:
        self._settle(delivery_id, state=end, done_at=at, error=error[:120])

    async def expired_leases(self, at: datetime) -> list[ClaimedDelivery]:
        rows = (row for row in self._rows.values() if row.state == "sending")
        return [row.claimed() for row in rows if row.lease_until and row.lease_until <= at]

    async def waiting(self) -> list[ClaimedDelivery]:
        rows = self._rows.values()
        return [row.claimed() for row in rows if row.waits or row.state == "sending"]

    async def next_due(self) -> datetime | None:
        return min((row.next_at for row in self._rows.values() if row.waits), default=None)

    async def dead_letters(
        self, limit: int = 20, *, among: Collection[str] | None = None
    ) -> list[DeadLetter]:
        rows = [
            row
            for row in reversed(self._rows.values())
            if row.state == "dead" and (among is None or row.delivery.conversation in among)
        ]
        return [
            DeadLetter(
                id=row.id,
                kind=name_of(type(row.delivery)),
                conversation=row.delivery.conversation,
                error=row.error,
                since=row.done_at or row.next_at,
                delivery=row.delivery,
            )
            for row in rows[:limit]
        ]

    async def count_dead(self) -> int:
        return sum(row.state == "dead" for row in self._rows.values())

    async def revive(self, letter: int, at: datetime) -> Delivery | None:
        row = self._rows.get(letter)
        if row is None or row.state != "dead":
            return None
        self._change(row, state="queued", tries=0, next_at=at, done_at=None, error="")
        return row.delivery

    async def pause(self, conversation: str, until: datetime) -> None:
        for row in list(self._rows.values()):
            if row.waits and row.delivery.conversation == conversation:
                state = "held" if until > self._clock.now() else "queued"
                self._change(row, next_at=until, state=state)

    def _is_known(self, delivery: Delivery, key: str) -> bool:
        name = delivery.coalesce
        return any(
            (key and row.key == key) or (name and row.waits and row.delivery.coalesce == name)
            for row in self._rows.values()
        )

    def _is_cut_off(self, delivery: Delivery, holder: HolderId | None) -> bool:
        return holder in self._fenced and not isinstance(delivery, OF_STAFF)

    def _is_blocked(self, row: Queued, at: datetime) -> bool:
        """Something of its conversation is on its way, or came earlier and is no longer held."""
        others = [
            other
            for other in self._rows.values()
            if other.delivery.conversation == row.delivery.conversation and other.id != row.id
        ]
        return any(
            other.state == "sending"
            or (
                other.id < row.id
                and (other.state == "queued" or (other.state == "held" and other.next_at <= at))
            )
            for other in others
        )

    def _rested(self, delivery: Delivery, now: datetime) -> datetime:
        shown = [
            row.done_at
            for row in self._rows.values()
            if delivery.rest and row.state == "done" and row.delivery.coalesce == delivery.coalesce
        ]
        return max((at + delivery.rest for at in shown if at), default=now)

    def _settle(self, delivery_id: int, **values: object) -> None:
        """What came to its end before stays as it is."""
        row = self._rows.get(delivery_id)
        if row is not None and (row.waits or row.state == "sending"):
            self._change(row, lease_until=None, **values)

    def _change(self, row: Queued, **values: object) -> None:
        self._rows[row.id] = replace(row, **values)  # pyright: ignore[reportArgumentType]


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """A row of the fake inbox."""

    inbound: InboundUpdate
    received_at: datetime
    next_at: datetime
    state: str = "pending"
    tries: int = 0
    error: str = ""


class FakeInbox:
    def __init__(self, rows: dict[str, Arrived]) -> None:
        self._rows = rows

    async def accept(self, inbound_updates: Sequence[InboundUpdate], at: datetime) -> int:
        before = len(self._rows)
        for inbound in inbound_updates:
            row = Arrived(inbound=inbound, received_at=at, next_at=at)
            self._rows.setdefault(inbound.key, row)
        return len(self._rows) - before

    async def set_aside(self, inbound: InboundUpdate, at: datetime, *, error: str) -> None:
        assert error
        aside = Arrived(inbound=inbound, received_at=at, next_at=at, state="poison", tries=1)
        self._rows.setdefault(f"aside:{inbound.key}", aside)

    async def has(self, key: str) -> bool:
        return key in self._rows

    async def claim(
        self, at: datetime, *, limit: int, lease_until: datetime
    ) -> list[InboundUpdate]:
        taken: list[Arrived] = []
        busy: set[str] = set()
        for row in [row for row in self._rows.values() if row.state == "pending"]:
            conversation = row.inbound.conversation
            if row.next_at <= at and conversation not in busy:
                taken.append(row)
            if conversation:
                busy.add(conversation)
        for row in taken[:limit]:
            self._rows[row.inbound.key] = replace(row, next_at=lease_until)
        return [row.inbound for row in taken[:limit]]

    async def finish(self, key: str, at: datetime) -> None:
        row = self._rows.get(key)
        if row is None or row.state != "pending":
            raise Stale("store.already_done")
        blank = replace(row.inbound, payload="")
        self._rows[key] = replace(row, state="done", inbound=blank, next_at=at)

    async def fail(self, key: str, *, error: str, next_at: datetime | None) -> int:
        row = self._rows.get(key)
        if row is None or row.state != "pending" or not error:
            return 0
        state, due = ("poison", row.next_at) if next_at is None else ("pending", next_at)
        self._rows[key] = replace(
            row, state=state, next_at=due, tries=row.tries + 1, error=error[:120]
        )
        return row.tries + 1

    async def release_all(self, at: datetime) -> None:
        for key, row in list(self._rows.items()):
            if row.state == "pending":
                self._rows[key] = replace(row, next_at=at)

    async def next_due(self) -> datetime | None:
        return min(
            (row.next_at for row in self._rows.values() if row.state == "pending"), default=None
        )


class FakeTimers:
    def __init__(self, rows: dict[str, Timer]) -> None:
        self._rows = rows

    async def put(self, timer: Timer) -> None:
        self._rows[timer.key] = timer

    async def get(self, key: str) -> Timer | None:
        return self._rows.get(key)

    async def cancel(self, key: str) -> None:
        self._rows.pop(key, None)

    async def due(self, at: datetime, limit: int = 20) -> list[Timer]:
        found = [row for row in self._rows.values() if row.due_at <= at]
        return sorted(found, key=lambda row: (row.due_at, row.key))[:limit]

    async def next_due(self) -> datetime | None:
        return min((row.due_at for row in self._rows.values()), default=None)
