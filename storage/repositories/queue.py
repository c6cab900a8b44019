"""The inbox, the outbox and the timers: durable work in the store's own database.

Rules and measurements: a delivery is claimed (state `sending`) in one commit, carried, and its
outcome recorded in another. What is `sending` when its carrier dies is uncertain, never resent
blindly. Within a conversation one delivery is on its way at a time, in order.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.addresses import HolderId
from bot.errors import Stale
from bot.messages import Delivery
from bot.ports import Arrival, Clock, DeadLetter, Parcel, Timer
from storage.encoding import decode, encode, named
from storage.models.queue import InboxRow, OutboxRow, TimerRow
from storage.vault import Vault

WAITING = ("queued", "held")


class SqlOutbox:
    """What is to be carried out of the house."""

    def __init__(self, session: AsyncSession, vault: Vault, clock: Clock) -> None:
        self._session = session
        self._vault = vault
        self._clock = clock

    async def put(
        self,
        delivery: Delivery,
        *,
        holder: HolderId | None = None,
        key: str = "",
        not_before: datetime | None = None,
    ) -> None:
        now = self._clock.now()
        if await self._is_known(delivery, key):
            return
        due = max(now, not_before or now, await self._rested(delivery, now))
        kind = type(delivery).__name__
        self._session.add(
            OutboxRow(
                key=key or None,
                conversation=delivery.conversation,
                coalesce=delivery.coalesce,
                kind=kind,
                rank=delivery.rank,
                holder=holder,
                payload=self._vault.seal_queued(f"outbox:{kind}", encode(delivery)),
                state="held" if not_before is not None and not_before > now else "queued",
                tries=0,
                is_repeat=0,
                error="",
                created_at=now,
                next_at=due,
            )
        )
        await self._session.flush()

    async def withdraw(self, key: str) -> bool:
        query = update(OutboxRow).where(OutboxRow.key == key, OutboxRow.state.in_(WAITING))
        values = {"state": "withdrawn", "payload": None, "done_at": self._clock.now()}
        return await _changed(self._session, query.values(**values)) == 1

    async def claim(self, at: datetime, *, limit: int, lease_until: datetime) -> list[Parcel]:
        earlier = aliased(OutboxRow)
        before = and_(
            earlier.id < OutboxRow.id,
            or_(earlier.state == "queued", and_(earlier.state == "held", earlier.next_at <= at)),
        )
        is_blocked = exists().where(
            earlier.conversation == OutboxRow.conversation,
            or_(earlier.state == "sending", before),
        )
        query = (
            select(OutboxRow)
            .where(OutboxRow.state.in_(WAITING), OutboxRow.next_at <= at, ~is_blocked)
            .order_by(OutboxRow.rank, OutboxRow.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        rows = list(await self._session.scalars(query))
        for row in rows:
            row.state, row.lease_until = "sending", lease_until
        await self._session.flush()
        return [parcel for row in rows if (parcel := await self._parcel(row, at))]

    async def finish(self, parcel: int, at: datetime) -> None:
        await self._settle(parcel, state="done", payload=None, done_at=at, error="")

    async def retry(
        self, parcel: int, at: datetime, *, error: str, counts: bool, uncertain: bool
    ) -> None:
        row = await self._session.get(OutboxRow, parcel)
        if row is None or row.state not in ("sending", "uncertain"):
            return
        row.state, row.next_at, row.error, row.lease_until = "queued", at, error[:120], None
        row.tries += 1 if counts else 0
        row.is_repeat = 1 if uncertain else row.is_repeat
        await self._session.flush()

    async def give_up(self, parcel: int, at: datetime, *, error: str, dead: bool) -> None:
        if dead:
            await self._settle(parcel, state="dead", done_at=at, error=error[:120])
        else:
            await self._settle(parcel, state="dropped", payload=None, done_at=at, error=error[:120])

    async def strays(self, at: datetime) -> list[Parcel]:
        query = select(OutboxRow).where(OutboxRow.state == "sending", OutboxRow.lease_until <= at)
        rows = list(await self._session.scalars(query.order_by(OutboxRow.id)))
        return [parcel for row in rows if (parcel := await self._parcel(row, at))]

    async def next_due(self) -> datetime | None:
        query = select(func.min(OutboxRow.next_at)).where(OutboxRow.state.in_(WAITING))
        return await self._session.scalar(query)

    async def dead_letters(self, limit: int = 20) -> list[DeadLetter]:
        query = select(OutboxRow).where(OutboxRow.state == "dead").order_by(OutboxRow.id.desc())
        return [
            DeadLetter(
                id=row.id,
                kind=row.kind,
                conversation=row.conversation,
                error=row.error,
                since=row.done_at or row.created_at,
            )
            for row in await self._session.scalars(query.limit(limit))
        ]

    async def count_dead(self) -> int:
        query = select(func.count()).select_from(OutboxRow).where(OutboxRow.state == "dead")
        return await self._session.scalar(query) or 0

    async def revive(self, parcel: int, at: datetime) -> bool:
        query = update(OutboxRow).where(OutboxRow.id == parcel, OutboxRow.state == "dead")
        values = {"state": "queued", "tries": 0, "next_at": at, "done_at": None, "error": ""}
        return await _changed(self._session, query.values(**values)) == 1

    async def pause(self, conversation: str, until: datetime) -> None:
        query = update(OutboxRow).where(
            OutboxRow.conversation == conversation, OutboxRow.state.in_(WAITING)
        )
        await _changed(self._session, query.values(next_at=until))

    async def _settle(self, parcel: int, **values: Any) -> None:  # noqa: ANN401  # column values
        query = update(OutboxRow).where(OutboxRow.id == parcel)
        await _changed(self._session, query.values(lease_until=None, **values))

    async def _is_known(self, delivery: Delivery, key: str) -> bool:
        same = [OutboxRow.key == key] if key else []
        if delivery.coalesce:
            waits = and_(OutboxRow.coalesce == delivery.coalesce, OutboxRow.state.in_(WAITING))
            same.append(waits)
        if not same:
            return False
        return (
            await self._session.scalar(select(OutboxRow.id).where(or_(*same)).limit(1)) is not None
        )

    async def _rested(self, delivery: Delivery, now: datetime) -> datetime:
        """When a view that was just shown may be shown again."""
        if not delivery.rest:
            return now
        query = select(func.max(OutboxRow.done_at)).where(
            OutboxRow.coalesce == delivery.coalesce, OutboxRow.state == "done"
        )
        last = await self._session.scalar(query)
        return now if last is None else last + delivery.rest

    async def _parcel(self, row: OutboxRow, at: datetime) -> Parcel | None:
        kind = named(Delivery, row.kind)
        if kind is None or row.payload is None:
            await self.give_up(row.id, at, error="unknown kind of delivery", dead=True)
            return None
        return Parcel(
            id=row.id,
            delivery=decode(kind, self._vault.open_queued(f"outbox:{row.kind}", row.payload)),
            key=row.key or f"outbox:{row.id}",
            tries=row.tries,
            is_repeat=bool(row.is_repeat),
        )


class SqlInbox:
    """What came in."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    async def accept(self, arrivals: Sequence[Arrival], at: datetime) -> int:
        keys = {arrival.key for arrival in arrivals}
        query = select(InboxRow.key).where(InboxRow.key.in_(keys))
        known = set(await self._session.scalars(query))
        new = {arrival.key: arrival for arrival in arrivals if arrival.key not in known}
        for arrival in new.values():
            self._session.add(
                InboxRow(
                    key=arrival.key,
                    source=arrival.source,
                    conversation=arrival.conversation,
                    payload=self._vault.seal_queued(f"inbox:{arrival.key}", arrival.payload),
                    state="pending",
                    tries=0,
                    error="",
                    received_at=at,
                    next_at=at,
                )
            )
        await self._session.flush()
        return len(new)

    async def claim(self, at: datetime, *, limit: int, lease_until: datetime) -> list[Arrival]:
        earlier = aliased(InboxRow)
        is_blocked = exists().where(
            earlier.conversation == InboxRow.conversation,
            earlier.conversation != "",
            earlier.state == "pending",
            earlier.id < InboxRow.id,
        )
        query = (
            select(InboxRow)
            .where(InboxRow.state == "pending", InboxRow.next_at <= at, ~is_blocked)
            .order_by(InboxRow.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        rows = list(await self._session.scalars(query))
        for row in rows:
            row.next_at = lease_until
        await self._session.flush()
        return [self._arrival(row) for row in rows if row.payload is not None]

    async def finish(self, key: str, at: datetime) -> None:
        query = update(InboxRow).where(InboxRow.key == key, InboxRow.state == "pending")
        if await _changed(self._session, query.values(state="done", payload=None, done_at=at)) != 1:
            raise Stale("store.already_done")

    async def fail(self, key: str, *, error: str, next_at: datetime | None) -> int:
        row = await self._session.scalar(select(InboxRow).where(InboxRow.key == key))
        if row is None or row.state != "pending":
            return 0
        row.tries, row.error = row.tries + 1, error[:120]
        if next_at is None:
            row.state = "poison"
        else:
            row.next_at = next_at
        await self._session.flush()
        return row.tries

    async def release_all(self, at: datetime) -> None:
        await _changed(
            self._session, update(InboxRow).where(InboxRow.state == "pending").values(next_at=at)
        )

    async def next_due(self) -> datetime | None:
        query = select(func.min(InboxRow.next_at)).where(InboxRow.state == "pending")
        return await self._session.scalar(query)

    def _arrival(self, row: InboxRow) -> Arrival:
        return Arrival(
            key=row.key,
            source=row.source,
            conversation=row.conversation,
            payload=self._vault.open_queued(f"inbox:{row.key}", row.payload or b""),
        )


class SqlTimers:
    """Timers by key."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, timer: Timer) -> None:
        row = TimerRow(key=timer.key, kind=timer.kind, ref=timer.ref, due_at=timer.due_at)
        await self._session.merge(row)
        await self._session.flush()

    async def get(self, key: str) -> Timer | None:
        row = await self._session.get(TimerRow, key)
        return None if row is None else _timer(row)

    async def cancel(self, key: str) -> None:
        await self._session.execute(delete(TimerRow).where(TimerRow.key == key))

    async def due(self, at: datetime, limit: int = 20) -> list[Timer]:
        query = (
            select(TimerRow).where(TimerRow.due_at <= at).order_by(TimerRow.due_at, TimerRow.key)
        )
        rows = await self._session.scalars(query.limit(limit).with_for_update(skip_locked=True))
        return [Timer(key=row.key, kind=row.kind, ref=row.ref, due_at=row.due_at) for row in rows]

    async def next_due(self) -> datetime | None:
        return await self._session.scalar(select(func.min(TimerRow.due_at)))


def _timer(row: TimerRow) -> Timer:
    return Timer(key=row.key, kind=row.kind, ref=row.ref, due_at=row.due_at)


async def _changed(session: AsyncSession, statement: Any) -> int:  # noqa: ANN401  # an update
    result = await session.execute(statement.execution_options(synchronize_session="fetch"))
    return result.rowcount  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]  # a CursorResult
