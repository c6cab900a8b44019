"""The outbox: what is to be carried out of the desk, durable in the store's own database.

A delivery is claimed (state `sending`) in one commit, carried, and its outcome recorded in
another. What is `sending` when its carrier dies is uncertain, never resent blindly. Within a
conversation one delivery is on its way at a time, in order.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.application.outbound.delivery import Delivery
from bot.application.ports.desk import Clock
from bot.application.ports.queues import ANY_LANE, ClaimedDelivery, DeadLetter, GivenUp, Lane
from bot.application.wire_names import DELIVERIES, name_of
from bot.domain.addresses import HolderId
from storage import statements
from storage.checks import row_sets
from storage.codec import decode, encode
from storage.guarding.guard import guard_of
from storage.keys import BrokenSeal
from storage.models.queue import OutboxRow
from storage.repositories.outbox_statements import (
    ALREADY,
    COUNT,
    COUNT_DEAD,
    LAST_SHOWN,
    NEXT_DUE,
    OF_STAFF,
    REST,
    STILL_WAITS,
    TAKE,
    WAITING,
    WHOSE,
    claiming,
    settling,
)
from storage.vault import Vault

OPEN = (*WAITING, "sending")
CLAIM_LOCK = 7_310_216
"""The advisory lock of whoever claims deliveries on PostgreSQL."""
ERROR_LENGTH = 120
AGAIN = "#"
"""Ends the key of a delivery in whose place stands a row that is not the desk's."""


class SqlOutbox:
    """What is to be carried out of the desk."""

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
        keeps_place: bool = False,
    ) -> None:
        now = self._clock.now()
        if await self._already_waits(delivery):
            return
        due = max(now, not_before or now, await self._rested(delivery, now))
        kind = name_of(type(delivery))
        if await self._is_cut_off(kind, holder):
            return
        is_held = not_before is not None and not_before > now and not keeps_place
        row = {
            "key": key or None,
            "conversation": delivery.conversation,
            "coalesce": delivery.coalesce,
            "kind": kind,
            "rank": delivery.rank,
            "holder": holder,
            "payload": self._vault.seal_queued(f"outbox:{kind}", encode(delivery)),
            "state": "held" if is_held else "queued",
            "tries": 0,
            "is_repeat": 0,
            "error": "",
            "created_at": now,
            "next_at": due,
        }
        is_new = await statements.add_new(self._session, OutboxRow, row)
        if not is_new and await row_sets.is_altered(self._session, OutboxRow, key=key):
            await statements.add_new(self._session, OutboxRow, row | {"key": f"{key}{AGAIN}"})

    async def waits(self, key: str) -> bool:
        return await self._session.scalar(STILL_WAITS, {"name": key}) is not None

    async def withdraw(self, key: str) -> bool:
        query = (
            statements.update(OutboxRow)
            .where(OutboxRow.key == key, OutboxRow.state.in_(WAITING))
            .values(state="withdrawn", payload=None, done_at=self._clock.now())
        )
        row = await self._session.scalar(query.returning(OutboxRow.id))
        if row is not None:
            guard_of(self._session).end(OutboxRow, {"id": row, "key": key})
        return row is not None

    async def claim(
        self,
        at: datetime,
        *,
        limit: int,
        lease_until: datetime,
        lane: Lane = ANY_LANE,
        without: Collection[str] = (),
    ) -> list[ClaimedDelivery]:
        await self._take_turn()
        asked = {"at": at, "most": limit} | ({"without": list(without)} if without else {})
        query = claiming(lane, is_partial=bool(without))
        rows: Sequence[Any] = (await self._session.execute(query, asked)).all()
        if rows:
            taken = {"ids": [row.id for row in rows], "until": lease_until}
            await self._session.execute(TAKE, taken)
        return [claimed for row in rows if (claimed := await self._claimed(row, at))]

    async def finish(
        self, delivery_id: int, at: datetime, *, rest: timedelta = timedelta(0)
    ) -> None:
        values = {"state": "done", "payload": None, "done_at": at, "error": ""}
        await self._settle(delivery_id, OPEN, values)
        if rest:
            await self._session.execute(REST, {"at_id": delivery_id, "until": at + rest})

    async def retry(
        self, delivery_id: int, at: datetime, *, error: str, counts: bool, uncertain: bool
    ) -> None:
        """What concerns somebody who is erased meanwhile is not tried again."""
        row = (await self._session.execute(WHOSE, {"at_id": delivery_id})).first()
        if row is not None and await self._is_cut_off(row.kind, row.holder):
            await self.give_up(delivery_id, at, error=error, end=GivenUp.RETURNED)
            return
        values: dict[str, Any] = {"state": "queued", "next_at": at, "error": error[:ERROR_LENGTH]}
        values |= {"is_repeat": 1} if uncertain else {}
        if counts:
            await self._session.execute(COUNT, {"at_id": delivery_id})
        await self._settle(delivery_id, ("sending",), values)

    async def give_up(self, delivery_id: int, at: datetime, *, error: str, end: GivenUp) -> None:
        values: dict[str, Any] = {"done_at": at, "error": error[:ERROR_LENGTH], "state": end}
        values |= {} if end is GivenUp.DEAD else {"payload": None}
        await self._settle(delivery_id, OPEN, values)

    async def expired_leases(self, at: datetime) -> list[ClaimedDelivery]:
        query = select(OutboxRow).where(OutboxRow.state == "sending", OutboxRow.lease_until <= at)
        rows = list(await self._session.scalars(query.order_by(OutboxRow.id)))
        return [claimed for row in rows if (claimed := await self._claimed(row, at))]

    async def waiting(self) -> list[ClaimedDelivery]:
        query = select(OutboxRow).where(OutboxRow.state.in_(OPEN)).order_by(OutboxRow.id)
        now, rows = self._clock.now(), list(await self._session.scalars(query))
        return [claimed for row in rows if (claimed := await self._claimed(row, now))]

    async def next_due(self) -> datetime | None:
        return await self._session.scalar(NEXT_DUE)

    async def dead_letters(
        self, limit: int = 20, *, among: Collection[str] | None = None
    ) -> list[DeadLetter]:
        query = select(OutboxRow).where(OutboxRow.state == "dead").order_by(OutboxRow.id.desc())
        if among is not None:
            query = query.where(OutboxRow.conversation.in_(list(among)))
        return [
            DeadLetter(
                id=row.id,
                kind=row.kind,
                conversation=row.conversation,
                error=row.error,
                since=row.done_at or row.created_at,
                delivery=self._delivery(row),
            )
            for row in await self._session.scalars(query.limit(limit))
        ]

    async def count_dead(self) -> int:
        return await self._session.scalar(COUNT_DEAD) or 0

    async def revive(self, letter: int, at: datetime) -> Delivery | None:
        values = {"state": "queued", "tries": 0, "next_at": at, "done_at": None, "error": ""}
        where = (OutboxRow.id == letter, OutboxRow.state == "dead")
        query = statements.update(OutboxRow).where(*where).values(values)
        if await self._session.scalar(query.returning(OutboxRow.id)) is None:
            return None
        row = await statements.one(self._session, OutboxRow, id=letter)
        return row and self._delivery(row)

    async def pause(self, conversation: str, until: datetime) -> None:
        query = statements.update(OutboxRow).where(
            OutboxRow.conversation == conversation, OutboxRow.state.in_(WAITING)
        )
        state = "held" if until > self._clock.now() else "queued"
        await self._session.execute(query.values(next_at=until, state=state))

    async def _is_cut_off(self, kind: str, holder: str | None) -> bool:
        """Whether it would tell a client, or tell of one, of whom nothing is told any more."""
        if holder is None or kind in OF_STAFF:
            return False
        return await self._vault.fenced_at(holder) is not None

    async def _take_turn(self) -> None:
        """One carrier claims at a time.

        Else two could each take a delivery of one conversation. On SQLite writers take turns.
        """
        if self._session.get_bind().dialect.name == "postgresql":
            await self._session.execute(select(func.pg_advisory_xact_lock(CLAIM_LOCK)))

    async def _settle(
        self, delivery_id: int, states: Sequence[str], values: dict[str, Any]
    ) -> None:
        """Record how a delivery ended; what came to its end before stays as it is."""
        given = {f"to_{name}": value for name, value in values.items()} | {"at_id": delivery_id}
        found = await self._session.execute(settling(tuple(states), tuple(values)), given)
        row = found.first()
        if row is not None and "payload" in values:
            guard_of(self._session).end(OutboxRow, {"id": row.id, "key": row.key})

    async def _already_waits(self, delivery: Delivery) -> bool:
        """Whether a delivery waits that will show this one's news too.

        It is locked, so that no carrier takes it away and shows what was before this commit.
        """
        if not delivery.coalesce:
            return False
        return await self._session.scalar(ALREADY, {"name": delivery.coalesce}) is not None

    async def _rested(self, delivery: Delivery, now: datetime) -> datetime:
        """When a view that was just shown may be shown again."""
        if not (delivery.rest and delivery.coalesce):
            return now
        last = await self._session.scalar(LAST_SHOWN, {"name": delivery.coalesce})
        return last + delivery.rest if last else now

    async def _claimed(self, row: OutboxRow, at: datetime) -> ClaimedDelivery | None:
        is_ours = await guard_of(self._session).is_good(OutboxRow, row)
        if not is_ours or (delivery := self._delivery(row)) is None:
            error = "unreadable" if is_ours else "tampered"
            await self.give_up(row.id, at, error=error, end=GivenUp.DEAD)
            return None
        return ClaimedDelivery(
            id=row.id,
            delivery=delivery,
            key=row.key or f"outbox:{row.id}",
            tries=row.tries,
            is_repeat=bool(row.is_repeat),
        )

    def _delivery(self, row: OutboxRow) -> Delivery | None:
        """None: this release does not know its kind or shape, or its bytes were changed."""
        kind = DELIVERIES.get(row.kind)
        if kind is None or row.payload is None:
            return None
        try:
            return decode(kind, self._vault.open_queued(f"outbox:{row.kind}", row.payload))
        except (BrokenSeal, ValidationError):
            return None
