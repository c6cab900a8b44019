"""Many rows taken away at once, with their seals, and never all of them in memory."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from storage import statements
from storage.guarding.guard import guard_of
from storage.models.seals import GUARD, seal_place
from storage.types import Table


async def remove_all(
    session: AsyncSession, table: type[Table], where: sa.ColumnElement[bool]
) -> int:
    """How many they were.

    The database finds the seals by the rows; so those that this transaction has not written yet
    are written first, or they would be written after their rows are gone.
    """
    own: Any = statements.core(table)
    if table.guarded is not None:
        await session.run_sync(guard_of(session).write_seals)
        theirs = sa.select(*seal_place(table)).select_from(own).where(where)
        at = sa.tuple_(GUARD.c.scope, GUARD.c.place)
        await session.execute(sa.delete(GUARD).where(at.in_(theirs)))
    gone: Any = await session.execute(sa.delete(own).where(where))
    return gone.rowcount


async def count(session: AsyncSession, table: type[Table], where: sa.ColumnElement[bool]) -> int:
    own: Any = statements.core(table)
    query = sa.select(sa.func.count()).select_from(own).where(where)
    return await session.scalar(query) or 0
