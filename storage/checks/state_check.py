"""Every guarded row held against its seal, and every seal against its row."""

from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.errors import Tampered
from storage import statements
from storage.checks.first_seal import guarded_tables
from storage.guarding.guard import AlteredRow, Guard, Where, place_of, scope_of
from storage.keys import BrokenSeal, Keys
from storage.models.people import HolderKeyRow
from storage.models.seals import GUARD
from storage.types import Table
from storage.vault import unwrap

PAGE = 1_000
SMALL = frozenset({"staff", "fact", "counter", "timer", "data_request", "publication"})
"""Looked through each minute: what decides most, and what nobody would read otherwise."""
QUEUES = frozenset({"inbox", "outbox"})
OPEN = frozenset({"pending", "poison", "queued", "held", "sending", "dead"})
OVER = frozenset({"done", "withdrawn", "returned", "void"})
"""States of a row that has done its work: nothing of it is left to be carried out."""
TURN = timedelta(days=1)
"""Nothing waits longer for its turn."""
UNTIL: Mapping[str, tuple[str, timedelta]] = {
    "pending": ("next_at", TURN),
    "queued": ("next_at", TURN),
    "held": ("next_at", timedelta(days=366)),
    "sending": ("lease_until", TURN),
}
"""What says until when a row waits in a state, and how long it may: `held` may be for a client who
blocked the desk (`LONGEST_REST`)."""


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
    found: list[AlteredRow] = []
    seen = set[Where]()
    async for row in _rows(session, table):
        if row is None:
            found.append(AlteredRow(name, "?", "changed"))
            continue
        where = scope_of(table, row), place_of(table, row)
        seen.add(where)
        if row.seal is None:
            found.append(AlteredRow(name, where[1], "added", _key(table, row)))
        elif not guard.holds(table, row) or _is_stuck(name, row, at):
            found.append(AlteredRow(name, where[1], "changed", _key(table, row)))
    missing = [where for where in await _sealed(session, name) if where not in seen]
    return found + [AlteredRow(name, place, "missing") for _, place in missing]


def _is_stuck(table: str, row: Any, at: datetime | None) -> bool:  # noqa: ANN401  # a row
    """Whether it would never be carried out, or looks as if it had been. Of other tables: no."""
    if table not in QUEUES:
        return False
    if row.state not in OPEN | OVER or (row.state in OVER) != (row.payload is None):
        return True
    name, longest = UNTIL.get(row.state, ("", TURN))
    if at is None or not name:
        return False
    until = getattr(row, name)
    return until is None or until > at + longest


def _key(table: type[Table], row: Any) -> tuple[Any, ...]:  # noqa: ANN401  # a row
    return tuple(getattr(row, column.name) for column in statements.core(table).primary_key)


async def find_unusable_keys(session: AsyncSession, keys: Keys) -> list[AlteredRow]:
    """Holders' keys that do not open, or are there though they were destroyed, or the reverse."""
    columns = (HolderKeyRow.holder, HolderKeyRow.wrapped, HolderKeyRow.destroyed_at)
    found: list[AlteredRow] = []
    rows = await session.execute(select(*columns).order_by(HolderKeyRow.holder))
    for holder, wrapped, destroyed_at in rows:
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


async def _rows(session: AsyncSession, table: type[Table]) -> AsyncIterator[Any]:
    """Every row with its seal; None: one that holds what the desk never wrote."""
    query = select(*statements.columns_of(table)).order_by(*statements.core(table).primary_key)
    at, size = 0, PAGE
    while True:
        try:
            rows = (await session.execute(query.offset(at).limit(size))).all()
        except (TypeError, ValueError, OperationalError, Tampered) as error:
            if isinstance(error, OperationalError) and "decode" not in str(error.orig):
                raise
            if size > 1:
                size = 1
                continue
            rows = [None]
        for row in rows:
            yield row
        if not rows:
            return
        at += len(rows)
