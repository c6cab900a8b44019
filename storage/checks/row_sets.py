"""Several guarded rows at once: each is looked at, and that none is missing, and none too many."""

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from storage import statements
from storage.guarding.guard import guard_of
from storage.models.seals import GUARD
from storage.sqlite.driver import SHORT
from storage.types import Table


async def is_altered(session: AsyncSession, table: type[Table], **key: Any) -> bool:  # noqa: ANN401  # what the columns hold
    """Whether the row that stands there is not the desk's own; staff are told of it then."""
    row = (await session.execute(statements.rows_with(table, tuple(key)), key)).first()
    return row is not None and not await guard_of(session).is_good(table, row)


async def checked(session: AsyncSession, table: type[Table], query: Any) -> list[Any]:  # noqa: ANN401  # a query for whole rows
    """The rows that it finds, each as the desk wrote it. Raises Tampered: one is not."""
    rows = list(await session.scalars(query))
    guard = guard_of(session)
    for row in rows:
        await guard.check(table, row)
    return rows


async def purge(session: AsyncSession, table: type[Table], *where: sa.ColumnElement[bool]) -> int:
    """As `remove`, of what is over by what the rows say; an altered one stays, and is told of."""
    guard = guard_of(session)
    rows = await session.execute(sa.select(*statements.columns_of(table)).where(*where))
    altered = [row for row in rows.all() if not await guard.is_good(table, row)]
    keys = statements.core(table).primary_key
    spared = (sa.not_(sa.and_(*(key == getattr(row, key.name) for key in keys))) for row in altered)
    return await statements.remove(session, table, *where, *spared)


async def refuse_gaps(
    session: AsyncSession, table: type[Table], *, of: InstrumentedAttribute[Any] | None = None
) -> None:
    """Raises Tampered: of a table whose rows are named by their id, one is gone that was sealed.

    For lists, where nobody asks for the row that is not there. `of`: whose rows they are, where
    the table's are sealed within somebody's.
    """
    for place in await session.scalars(_gaps(table, of)):
        guard_of(session).refuse_gap(table, place)


async def check_whole(session: AsyncSession, table: type[Table]) -> None:
    """Raises Tampered: a row of the whole table is not as the desk wrote it, or is gone."""
    guard = guard_of(session)
    rows = await session.execute(sa.select(*statements.columns_of(table)))
    for row in rows.all():
        await guard.check(table, row)
    await refuse_gaps(session, table)


@cache
def _gaps(table: type[Table], of: InstrumentedAttribute[Any] | None) -> Any:  # noqa: ANN401  # a SELECT of places
    [key], scope = statements.core(table).primary_key, sa.literal(statements.core(table).name)
    if of is not None:
        scope = scope + "|" + of
    is_there = sa.exists().where(key == GUARD.c.place)
    query = sa.select(GUARD.c.place).where(GUARD.c.scope == scope, ~is_there)
    return query.execution_options(**SHORT)
