"""Every guarded row held against its seal, and every seal against its row."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.clients.people import AccountStatus
from storage import statements
from storage.checks.every_row import every_row
from storage.checks.first_seal import guarded_tables
from storage.guarding.guard import AlteredRow, Guard, Where, place_of, scope_of
from storage.keys import BrokenSeal, Keys
from storage.models.people import AccountRow, HolderKeyRow
from storage.models.queue import OutboxRow
from storage.models.seals import GUARD
from storage.types import Table
from storage.vault import unwrap

SMALL = frozenset(
    {"staff", "fact", "counter", "timer", "data_request", "publication", "question_link"}
)
"""Looked through each minute: what decides most, and what nobody would read otherwise."""
QUEUES = frozenset({"inbox", "outbox"})
OPEN = frozenset({"pending", "poison", "queued", "held", "sending", "dead"})
OVER = frozenset({"done", "withdrawn", "returned", "void"})
"""States of a row that has done its work: nothing of it is left to be carried out."""
TURN = timedelta(days=3)
"""Nothing waits longer for its turn; Telegram and Slack name shorter times."""
FOR_BLOCKED = timedelta(days=366)
"""So long words wait for a client who blocked the desk (`LONGEST_REST`)."""
UNTIL: Mapping[str, tuple[str, timedelta]] = {
    "pending": ("next_at", TURN),
    "queued": ("next_at", TURN),
    "held": ("next_at", TURN),
    "sending": ("lease_until", TURN),
}
"""What says until when a row waits in a state, and how long it may."""


async def find_tampered(
    session: AsyncSession,
    key: bytes,
    *,
    at: datetime | None = None,
    tables: Iterable[type[Table]] | None = None,
) -> list[AlteredRow]:
    """What of the rows is not as the desk wrote it, table by table.

    At which moment it is looked says what of the queues waits longer than anything may.
    """
    guard = Guard(key, session)
    found: list[AlteredRow] = []
    for table in guarded_tables() if tables is None else tables:
        found += await _of_table(session, guard, table, at)
    return found


def small_tables() -> list[type[Table]]:
    return [table for table in guarded_tables() if table.__tablename__ in SMALL]


async def _of_table(
    session: AsyncSession, guard: Guard, table: type[Table], at: datetime | None
) -> list[AlteredRow]:
    name = table.__tablename__
    blocked = await _blocked(session) if table is OutboxRow else ()
    found: list[AlteredRow] = []
    seen = set[Where]()
    query = select(*statements.columns_of(table)).order_by(*statements.core(table).primary_key)
    async for row in every_row(session, query):
        if row is None:
            found.append(AlteredRow(name, "?", "changed"))
            continue
        where = scope_of(table, row), place_of(table, row)
        seen.add(where)
        if row.seal is None:
            found.append(AlteredRow(name, where[1], "added", _key(table, row)))
        elif not guard.holds(table, row) or _is_stuck(name, row, at, blocked):
            found.append(AlteredRow(name, where[1], "changed", _key(table, row)))
    missing = [where for where in await _sealed(session, name) if where not in seen]
    return found + [AlteredRow(name, place, "missing") for _, place in missing]


def _is_stuck(table: str, row: Any, at: datetime | None, blocked: Collection[str]) -> bool:  # noqa: ANN401  # a row
    """Whether it would never be carried out, or looks as if it had been. Of other tables: no."""
    if table not in QUEUES:
        return False
    if row.state not in OPEN | OVER or (row.state in OVER) != (row.payload is None):
        return True
    name, longest = UNTIL.get(row.state, ("", TURN))
    if row.state == "held" and row.conversation in blocked:
        longest = FOR_BLOCKED
    if at is None or not name:
        return False
    until = getattr(row, name)
    return until is None or until > at + longest


async def _blocked(session: AsyncSession) -> frozenset[str]:
    """Conversations of clients who blocked the desk; each account is held against its seal too."""
    query = select(AccountRow.id).where(AccountRow.status == AccountStatus.BLOCKED)
    return frozenset(f"client:{account}" for account in await session.scalars(query))


def _key(table: type[Table], row: Any) -> tuple[Any, ...]:  # noqa: ANN401  # a row
    return tuple(getattr(row, column.name) for column in statements.core(table).primary_key)


async def find_unusable_keys(session: AsyncSession, keys: Keys) -> list[AlteredRow]:
    """Holders' keys that do not open, or are there though they were destroyed, or the reverse."""
    columns = (HolderKeyRow.holder, HolderKeyRow.wrapped, HolderKeyRow.destroyed_at)
    found: list[AlteredRow] = []
    query = select(*columns).order_by(HolderKeyRow.holder)
    async for row in every_row(session, query):
        if row is None:
            continue  # its seal tells of it
        holder, wrapped, destroyed_at = row
        if (wrapped is None) != (destroyed_at is not None) or not _opens(keys, holder, wrapped):
            found.append(AlteredRow("holder_key", holder, "changed"))
    return found


def _opens(keys: Keys, holder: str, wrapped: bytes | None) -> bool:
    try:
        return wrapped is None or bool(unwrap(keys, holder, wrapped))
    except (BrokenSeal, TypeError):
        return False


async def _sealed(session: AsyncSession, name: str) -> list[Where]:
    mine = or_(GUARD.c.scope == name, GUARD.c.scope.startswith(f"{name}|", autoescape=True))
    query = select(GUARD.c.scope, GUARD.c.place).where(mine)
    rows = await session.execute(query.order_by(GUARD.c.scope, GUARD.c.place))
    return [(scope, place) for scope, place in rows]
