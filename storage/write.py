"""How rows are written: one plain statement each, in the form that both databases know.

Rows are read as objects and written as statements; no object is ever changed and flushed. So a
statement is compiled once and cached, and what is read is always what the database holds.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.types import Table

Row = Mapping[str, Any]


def insert(table: type[Table]) -> sa.Insert:
    """An INSERT that goes past the object layer."""
    return sa.insert(core(table))


def update(table: type[Table]) -> sa.Update:
    """An UPDATE that goes past the object layer."""
    return sa.update(core(table))


def conflicting(session: AsyncSession, table: type[Table]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can say what to do when the row is there already."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    return (postgresql.insert if is_postgresql else sqlite.insert)(core(table))


async def put(session: AsyncSession, table: type[Table], key: Row, values: Row) -> None:
    """Write a row, over the one with the same key if there is one."""
    statement = conflicting(session, table).values({**key, **values})
    await session.execute(
        statement.on_conflict_do_update(index_elements=list(key), set_=dict(values))
    )


async def add_new(session: AsyncSession, table: type[Table], row: Row) -> bool:
    """Add a row unless its unique key is known; False: it is.

    Of two writers that add the same key at once, the later one adds nothing.
    """
    first = next(iter(core(table).primary_key))
    statement = conflicting(session, table).values(dict(row)).on_conflict_do_nothing()
    return await session.scalar(statement.returning(first)) is not None


def core(table: type[Table]) -> sa.Table[Any]:
    """The table behind a model."""
    found: Any = table.__table__
    return found
