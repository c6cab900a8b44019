"""The event log as a keyed hash chain.

Each hash is an HMAC-SHA-256 over the hash before it and over the row: number, time, actor, type,
stream, holder, a digest of the payload *as sealed* and, of what was typed at the shell, who typed
it. Destroying a holder's key therefore leaves the chain valid. Whoever appends locks the head, as
the last statement of the transaction.
"""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.application.wire_names import name_of
from bot.domain.addresses import Actor
from bot.domain.errors import Tampered, Unavailable
from bot.domain.events import Event
from storage import statements
from storage.codec import encode
from storage.guarding.guard import guard_of
from storage.keys import Keys
from storage.models.audit import AuditHeadRow, EventRow
from storage.sqlite.driver import SHORT
from storage.vault import Vault

GENESIS = "0" * 64
SEALED_GENESIS = "0" * 63 + "1"
"""Where the chain of a store begins whose rows were sealed from the first on."""
SEALED = "StateSealed"
"""The event from which on the rows of a store were sealed that is older than that."""
PAGE = 1_000
HEAD = 1
"""The one row of the head's table."""
Row = Mapping[str, Any]
BEFORE = statements.core(EventRow).alias()
IN_STREAM = (
    select(*statements.core(EventRow).c, BEFORE.c.hash.label("before"))
    .outerjoin_from(statements.core(EventRow), BEFORE, BEFORE.c.seq == EventRow.seq - 1)
    .where(EventRow.stream == bindparam("stream"))
    .order_by(EventRow.seq)
)
HASH_AT = select(EventRow.hash).where(EventRow.seq == bindparam("seq")).execution_options(**SHORT)


def link(key: bytes, previous: str, row: Row) -> str:
    """The hash of a row that follows `previous`."""
    # As JSON, so that no two rows share a text: joined by a sign, a field could hold the sign.
    parts = (
        previous,
        row["seq"],
        row["at"].isoformat(),
        row["actor"],
        row["type"],
        row["stream"],
        row["holder"],
        hashlib.sha256(row["payload"]).hexdigest(),
        # Events of before, and those that nobody typed, keep the hash that they were made with.
        *([row["os_user"]] if row["os_user"] is not None else ()),
    )
    return hmac.new(key, json.dumps(parts).encode(), hashlib.sha256).hexdigest()


def _follows(key: bytes, previous: str, row: Row) -> bool:
    try:
        return hmac.compare_digest(row["hash"], link(key, previous, row))
    except TypeError:
        return False  # SQLite lets a column hold another type than ours


async def timeline(session: AsyncSession, keys: Keys, stream: str) -> list[Row]:
    """The events of a stream in their order, each held against the event before it.

    Raises:
        Tampered: one of them is not as the desk wrote it, or the one before it is gone.
    """
    found = await session.execute(IN_STREAM, {"stream": stream})
    rows: list[Row] = [dict(row) for row in found.mappings()]
    for row in rows:
        beginnings = (row["before"],) if row["seq"] > 1 else (GENESIS, SEALED_GENESIS)
        key = keys.audit_key(row["seq"])
        if not any(one and _follows(key, one, row) for one in beginnings):
            guard_of(session).tell("event", str(row["seq"]), "changed")
            raise Tampered("store.tampered")
    return rows


async def start(session: AsyncSession) -> None:
    """Lay the head of a new chain."""
    await statements.add_new(session, AuditHeadRow, {"id": HEAD, "seq": 0, "hash": SEALED_GENESIS})


async def append(
    session: AsyncSession, vault: Vault, events: Sequence[Event], *, actor: Actor, at: datetime
) -> None:
    """Write `events` at the end of the chain and move its head; the last act of a transaction.

    Raises:
        Unavailable: somebody took the head or the last event away, or changed them; nothing is
            written to a chain that broke.
    """
    if not events:
        return
    await vault.load(event.holder for event in events)
    rows = [await _row(vault, event, actor=actor, at=at) for event in events]
    # The head is locked last and held until the commit, which follows at once: all else of a
    # transaction, sealing too, is done while others may still append.
    found = await statements.one_locked(session, AuditHeadRow, id=HEAD)
    if found is None:
        raise Unavailable("store.chain_headless")
    seq, previous = found.seq, found.hash
    if await session.scalar(HASH_AT, {"seq": seq}) != (previous if seq else None):
        raise Unavailable("store.chain_cut")
    for row in rows:
        row["seq"] = seq = seq + 1
        row["hash"] = previous = link(vault.keys.audit, previous, row)
    await statements.add_unguarded(session, EventRow, rows)
    await statements.change(session, AuditHeadRow, {"id": HEAD}, {"seq": seq, "hash": previous})


async def _row(vault: Vault, event: Event, *, actor: Actor, at: datetime) -> dict[str, Any]:
    kind = name_of(type(event))
    return {
        "at": at.astimezone(UTC),
        "actor": str(actor),
        "os_user": actor.os_user or None,
        "type": kind,
        "stream": event.stream,
        "holder": event.holder,
        "payload": await vault.seal(event.holder, f"event:{event.stream}:{kind}", encode(event)),
    }


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a walk along the chain found."""

    rows: int
    head: str
    first_bad: int | None
    reason: str
    """Empty when the chain holds; else a wording key of `store`."""
    is_sealed: bool = False
    """Whether it says that every row has a seal."""


async def verify(session: AsyncSession, keys: Keys, *, expected_head: str = "") -> ChainReport:
    """Walk the whole chain; stop at the first row that does not follow from the one before.

    A chain cut at its end is still a valid chain: only a head that was kept elsewhere
    (`expected_head`) tells. The expected head may also be an earlier one of a chain that grew.
    """
    walk = _Walk(expected_head)
    try:
        async for row in _rows(session):
            if trouble := walk.step(keys, row):
                return walk.report(walk.rows, trouble)
    except Garbled:
        return walk.report(walk.rows + 1, "store.chain_broken")
    seq, hash_ = await _head(session)
    walk.end_at(hash_)
    if (seq, hash_) != (walk.rows, walk.head):
        return walk.report(max(min(walk.rows, seq), 0) + 1, "store.chain_head_moved")
    if not walk.met_expected:
        return walk.report(walk.rows + 1, "store.chain_truncated")
    return walk.report(None, "")


async def _head(session: AsyncSession) -> tuple[int, str]:
    """Number and hash; -1 and nothing: there is none, or it is none of the desk's."""
    try:
        head = await session.scalar(select(AuditHeadRow).where(AuditHeadRow.id == HEAD))
    except OperationalError as error:
        if "decode" in str(error.orig):
            return -1, ""
        raise
    seq, hash_ = (None, None) if head is None else (_any(head.seq), _any(head.hash))
    return (seq, hash_) if isinstance(seq, int) and isinstance(hash_, str) else (-1, "")


def _any(value: Any) -> Any:  # noqa: ANN401  # SQLite lets a column hold another type than ours
    return value


class _Walk:
    """Where a walk along the chain stands."""

    def __init__(self, expected_head: str) -> None:
        self.rows, self.head = 0, GENESIS
        self._expected = expected_head
        self.is_sealed = False
        self.met_expected = expected_head in ("", GENESIS, SEALED_GENESIS)

    def step(self, keys: Keys, row: Row) -> str:
        """Go on to `row`; what is wrong with it, as a wording key."""
        self.rows += 1
        if row["seq"] != self.rows:
            return "store.chain_gap"
        key = keys.audit_key(self.rows)
        if self.rows == 1 and _follows(key, SEALED_GENESIS, row):
            self.head, self.is_sealed = SEALED_GENESIS, True
        if not _follows(key, self.head, row):
            return "store.chain_broken"
        self.is_sealed = self.is_sealed or row["type"] == SEALED
        self.head = row["hash"]
        self.met_expected = self.met_expected or self.head == self._expected
        return ""

    def end_at(self, head: str) -> None:
        """A chain without events may have begun in either way."""
        if not self.rows and head == SEALED_GENESIS:
            self.head, self.is_sealed = head, True

    def report(self, first_bad: int | None, reason: str) -> ChainReport:
        return ChainReport(self.rows, self.head, first_bad, reason, self.is_sealed)


class Garbled(Exception):
    """The next row holds what the desk never wrote: a text for bytes, a date that is none."""


async def _rows(session: AsyncSession) -> AsyncIterator[Row]:
    """Every row, by pages; where one cannot be read, row by row up to what is garbled."""
    size, last = PAGE, None
    while True:
        try:
            rows = await _page(session, last, size)
        except Garbled:
            if size == 1:
                raise
            size = 1
            continue
        for row in rows:
            yield row
        if not rows:
            return
        last = rows[-1]["seq"]


async def _page(session: AsyncSession, last: int | None, size: int) -> list[Row]:
    query = select(statements.core(EventRow)).order_by(EventRow.seq).limit(size)
    if last is not None:
        query = query.where(EventRow.seq > last)
    try:
        return [dict(row) for row in (await session.execute(query)).mappings()]
    except (TypeError, ValueError, Tampered) as error:
        raise Garbled from error
    except OperationalError as error:
        if "decode" in str(error.orig):
            raise Garbled from error
        raise
