"""The inbox and the timers: what came in, and what is to be looked at when its time comes."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.application.ports.desk import Timer
from bot.application.ports.queues import InboundUpdate
from bot.domain.errors import Stale, Tampered
from storage import statements
from storage.checks import row_sets
from storage.guarding.guard import guard_of
from storage.keys import BrokenSeal
from storage.models.queue import InboxRow, TimerRow
from storage.vault import Vault

ERROR_LENGTH = 120
EARLIER = statements.core(InboxRow).alias()
CLAIM = (
    select(*statements.columns_of(InboxRow))
    .where(
        InboxRow.state == "pending",
        InboxRow.next_at <= bindparam("at"),
        ~exists().where(
            EARLIER.c.conversation == InboxRow.conversation,
            EARLIER.c.conversation != "",
            EARLIER.c.state == "pending",
            EARLIER.c.id < InboxRow.id,
        ),
    )
    .order_by(InboxRow.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
LEASE = (
    statements.update(InboxRow)
    .where(InboxRow.id.in_(bindparam("ids", expanding=True)))
    .values(next_at=bindparam("until"))
)
NEXT_DUE = select(func.min(InboxRow.next_at)).where(InboxRow.state == "pending")


class SqlInbox:
    """What came in."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    async def accept(self, inbound_updates: Sequence[InboundUpdate], at: datetime) -> int:
        return sum([await self._keep(inbound, at) for inbound in inbound_updates])

    async def set_aside(self, inbound: InboundUpdate, at: datetime, *, error: str) -> None:
        named = repr((inbound.source, inbound.key)).encode("utf-8", "backslashreplace")
        kept = replace(inbound, key=f"aside:{sha256(named).hexdigest()}")
        row = self._row(kept, at)
        row |= {"state": "poison", "tries": 1, "error": error[:ERROR_LENGTH]}
        await statements.add_new(self._session, InboxRow, row)

    async def has(self, key: str) -> bool:
        query = select(InboxRow.id).where(InboxRow.key == key)
        return await self._session.scalar(query) is not None

    async def claim(
        self, at: datetime, *, limit: int, lease_until: datetime
    ) -> list[InboundUpdate]:
        found = await self._session.execute(CLAIM, {"at": at, "most": limit})
        rows: Sequence[Any] = found.all()
        if rows:
            leased = {"ids": [row.id for row in rows], "until": lease_until}
            await self._session.execute(LEASE, leased)
        return [inbound for row in rows if (inbound := await self._inbound(row)) is not None]

    async def finish(self, key: str, at: datetime) -> None:
        pending = {"key": key, "state": "pending"}
        done = {"state": "done", "payload": None, "conversation": "", "done_at": at}
        if not await statements.end(self._session, InboxRow, pending, done):
            raise Stale("store.already_done")

    async def fail(self, key: str, *, error: str, next_at: datetime | None) -> int:
        values: dict[str, Any] = {"tries": InboxRow.tries + 1, "error": error[:ERROR_LENGTH]}
        values |= {"state": "poison"} if next_at is None else {"next_at": next_at}
        query = (
            statements.update(InboxRow)
            .where(InboxRow.key == key, InboxRow.state == "pending")
            .values(**values)
            .returning(InboxRow.tries)
        )
        return await self._session.scalar(query) or 0

    async def release_all(self, at: datetime) -> None:
        query = statements.update(InboxRow).where(InboxRow.state == "pending").values(next_at=at)
        await self._session.execute(query)

    async def next_due(self) -> datetime | None:
        return await self._session.scalar(NEXT_DUE)

    async def _keep(self, inbound: InboundUpdate, at: datetime) -> bool:
        """False: it was kept before. What takes its place without being ours does not count."""
        if await statements.add_new(self._session, InboxRow, self._row(inbound, at)):
            return True
        if await row_sets.is_altered(self._session, InboxRow, key=inbound.key):
            await self.set_aside(inbound, at, error="tampered")
        return False

    def _row(self, inbound: InboundUpdate, at: datetime) -> dict[str, Any]:
        words = json.dumps([inbound.conversation, inbound.payload])
        index = self._vault.keys.exact_index("conversation", inbound.conversation)
        return {
            "key": inbound.key,
            "source": inbound.source,
            "conversation": index if inbound.conversation else "",
            "payload": self._vault.seal_queued(f"inbox:{inbound.key}", words),
            "state": "pending",
            "tries": 0,
            "error": "",
            "received_at": at,
            "next_at": at,
        }

    async def _inbound(self, row: InboxRow) -> InboundUpdate | None:
        """None: it is not what was taken in; such a row is put aside for a person."""
        try:
            await guard_of(self._session).check(InboxRow, row)
            words = json.loads(self._vault.open_queued(f"inbox:{row.key}", row.payload or b""))
        except (BrokenSeal, Tampered):
            await self.fail(row.key, error="unreadable", next_at=None)
            return None
        conversation, payload = words
        return InboundUpdate(
            key=row.key, source=row.source, conversation=conversation, payload=payload
        )


class SqlTimers:
    """Timers by key."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, timer: Timer) -> None:
        values = {"kind": timer.kind, "ref": timer.ref, "due_at": timer.due_at}
        await statements.put(self._session, TimerRow, {"key": timer.key}, values)

    async def get(self, key: str) -> Timer | None:
        row = await statements.one(self._session, TimerRow, key=key)
        return None if row is None else _timer(row)

    async def cancel(self, key: str) -> None:
        await statements.remove(self._session, TimerRow, TimerRow.key == key)

    async def due(self, at: datetime, limit: int = 20) -> list[Timer]:
        query = (
            select(TimerRow).where(TimerRow.due_at <= at).order_by(TimerRow.due_at, TimerRow.key)
        )
        rows = await self._session.scalars(query.limit(limit).with_for_update(skip_locked=True))
        guard = guard_of(self._session)
        return [_timer(row) for row in rows if await guard.is_good(TimerRow, row)]

    async def next_due(self) -> datetime | None:
        return await self._session.scalar(select(func.min(TimerRow.due_at)))


def _timer(row: TimerRow) -> Timer:
    return Timer(key=row.key, kind=row.kind, ref=row.ref, due_at=row.due_at)
