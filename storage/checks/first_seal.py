"""The first opening after the upgrade seals what the rows hold; it can never be had again.

Whether the rows were sealed before is told by the chain, which nobody can write without the key: a
store that was born sealed begins with another genesis, and one that was upgraded holds an event. So
who deletes the seals gets no new ones.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.addresses import SYSTEM
from bot.domain.errors import Refused, Tampered
from bot.domain.store_keys import StateSealed
from storage import audit_chain, statements
from storage.database import Database
from storage.guarding.guard import AlteredRow, Guard, set_guard
from storage.keys import Keys
from storage.models import Table
from storage.models.audit import FactRow
from storage.vault import Vault

LOCK = 7_310_217
"""The advisory lock of whoever seals on PostgreSQL; SQLite's own write lock serves there."""
PAGE = 1_000
Bad = tuple[str, tuple[Any, ...]]
"""A table's name and the primary key of a row that is not the desk's."""


def guarded_tables() -> list[type[Table]]:
    """Every table whose rows are sealed, by name."""
    found = (mapper.class_ for mapper in Table.registry.mappers)
    return sorted(
        (table for table in found if table.guarded is not None),
        key=lambda table: table.__tablename__,
    )


async def hold_facts(database: Database, keys: Keys, names: tuple[str, ...]) -> None:
    """Hold what the store says of itself against its seals; seal all where nothing ever was.

    Raises:
        Tampered: it is not what the desk wrote, or the seals were taken away.
        Refused: the chain of a store that was never sealed does not hold.
    """
    async with database.session(writes=False) as session:
        if await _are_sealed(session, keys, names):
            return
    async with database.session(writes=True) as session:
        if session.get_bind().dialect.name == "postgresql":
            await session.execute(select(func.pg_advisory_xact_lock(LOCK)))
        if not await _are_sealed(session, keys, names):
            now = datetime.now(UTC)  # noqa: TID251  # the store is not open yet, and has no clock
            await seal_first(session, keys, now)
            await session.commit()


async def _are_sealed(session: AsyncSession, keys: Keys, names: tuple[str, ...]) -> bool:
    """False: these rows have no seals at all. Raises Tampered: they have others."""
    set_guard(session, guard := Guard(keys.state, session))
    rows = (await session.scalars(select(FactRow).where(FactRow.name.in_(names)))).all()
    if all(row.seal is None for row in rows):
        return False
    for row in rows:
        await guard.check(FactRow, row)
    for name in {*names} - {row.name for row in rows}:
        await guard.check_missing(FactRow, {"name": name})
    return True


async def seal_first(session: AsyncSession, keys: Keys, now: datetime) -> None:
    """Seal a store that never was, and keep that it happened.

    Raises:
        Tampered: the chain says that it was.
        Refused: the chain does not hold.
    """
    report = await audit_chain.verify(session, keys)
    if report.first_bad is not None:
        raise Refused(report.reason, row=report.first_bad)
    if report.is_sealed:
        raise Tampered("store.seals_gone")
    rows = await seal_all(session, keys)
    sealed = StateSealed(stream="desk", rows=rows)
    await audit_chain.append(session, Vault(keys, session), [sealed], actor=SYSTEM, at=now)


async def seal_all(
    session: AsyncSession, keys: Keys, *, without: Collection[AlteredRow] = ()
) -> int:
    """Seal every row as it stands, but for those of `without`; how many rows there are."""
    set_guard(session, guard := Guard(keys.state, session))
    bad = {(one.table, one.key) for one in without}
    return sum([await _seal_rows(session, guard, table, bad) for table in guarded_tables()])


async def _seal_rows(
    session: AsyncSession, guard: Guard, table: type[Table], bad: Collection[Bad]
) -> int:
    found = statements.core(table)
    query, at = select(*found.c).order_by(*found.primary_key).limit(PAGE), 0
    while rows := (await session.execute(query.offset(at))).all():
        for row in rows:
            key = tuple(getattr(row, column.name) for column in found.primary_key)
            if (table.__tablename__, key) in bad:
                continue
            values: dict[str, Any] = {column.name: getattr(row, column.name) for column in found.c}
            guard.renew(table, values)
        await session.run_sync(guard.write_seals)
        at += len(rows)
    return at
