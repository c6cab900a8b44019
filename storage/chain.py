"""The event log as a keyed hash chain.

Each hash is an HMAC-SHA-256 over the hash before it and over the row: number, time, actor, type,
stream, holder and a digest of the payload *as sealed*. Destroying a holder's key therefore leaves
the chain valid. Whoever appends locks the head, as the last statement of the transaction.
"""

import hashlib
import hmac
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.addresses import Actor
from bot.events import Event
from storage.encoding import encode
from storage.models.audit import AuditHeadRow, EventRow
from storage.vault import Vault

GENESIS = "0" * 64


def link(key: bytes, previous: str, row: EventRow) -> str:
    """The hash of a row that follows `previous`."""
    payload = hashlib.sha256(row.payload).hexdigest()
    parts = (
        previous,
        row.seq,
        row.at.isoformat(),
        row.actor,
        row.type,
        row.stream,
        row.holder,
        payload,
    )
    message = "\x1f".join("" if part is None else str(part) for part in parts)
    return hmac.new(key, message.encode(), hashlib.sha256).hexdigest()


async def append(
    session: AsyncSession, vault: Vault, events: list[Event], *, actor: Actor, at: datetime
) -> None:
    """Write `events` at the end of the chain and move its head."""
    if not events:
        return
    await vault.load(event.holder for event in events)
    rows = [await _row(vault, event, actor=actor, at=at) for event in events]
    await session.flush()
    head = await session.scalar(select(AuditHeadRow).where(AuditHeadRow.id == 1).with_for_update())
    if head is None:
        head = AuditHeadRow(id=1, seq=0, hash=GENESIS)
        session.add(head)
    for row in rows:
        row.seq = head.seq + 1
        row.hash = link(vault.keys.audit, head.hash, row)
        head.seq, head.hash = row.seq, row.hash
        session.add(row)
    await session.flush()


async def _row(vault: Vault, event: Event, *, actor: Actor, at: datetime) -> EventRow:
    kind = type(event).__name__
    payload = await vault.seal(event.holder, f"event:{event.stream}:{kind}", encode(event))
    return EventRow(
        at=at,
        actor=str(actor),
        type=kind,
        stream=event.stream,
        holder=event.holder,
        payload=payload,
    )


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a walk along the chain found."""

    rows: int
    head: str
    first_bad: int | None
    reason: str
    """Empty when the chain holds; else a wording key of `store`."""


async def verify(session: AsyncSession, key: bytes, *, expected_head: str = "") -> ChainReport:
    """Walk the whole chain; stop at the first row that does not follow from the one before.

    A chain cut at its end is still a valid chain: only a head that was kept elsewhere
    (`expected_head`) tells. The expected head may also be an earlier one of a chain that grew.
    """
    previous, count, seen = GENESIS, 0, not expected_head
    async for row in _rows(session):
        count += 1
        if row.seq != count:
            return ChainReport(count, previous, count, "store.chain_gap")
        if not hmac.compare_digest(row.hash, link(key, previous, row)):
            return ChainReport(count, previous, row.seq, "store.chain_broken")
        previous = row.hash
        seen = seen or previous == expected_head
    head = await session.scalar(select(AuditHeadRow))
    stored = (head.seq, head.hash) if head is not None else (0, GENESIS)
    if stored != (count, previous):
        return ChainReport(count, previous, min(count, stored[0]) + 1, "store.chain_head_moved")
    if not seen:
        return ChainReport(count, previous, count + 1, "store.chain_truncated")
    return ChainReport(count, previous, None, "")


async def _rows(session: AsyncSession) -> AsyncIterator[EventRow]:
    result = await session.stream_scalars(
        select(EventRow).order_by(EventRow.seq).execution_options(yield_per=1000)
    )
    async for row in result:
        yield row


async def count_events(session: AsyncSession) -> int:
    return await session.scalar(select(func.count()).select_from(EventRow)) or 0
