"""INSERT with an answer to "it is there already", in the one form that both databases know."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.types import Table

Row = Mapping[str, Any]


def insert(session: AsyncSession, table: type[Table]) -> postgresql.Insert | sqlite.Insert:
    """The INSERT of the session's database."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    return (postgresql.insert if is_postgresql else sqlite.insert)(table)


async def put(session: AsyncSession, table: type[Table], key: Row, values: Row) -> None:
    """Write a row, over the one with the same key if there is one."""
    statement = insert(session, table).values({**key, **values})
    await session.execute(
        statement.on_conflict_do_update(index_elements=list(key), set_=dict(values))
    )


async def add_new(session: AsyncSession, table: type[Table], rows: Sequence[Row]) -> int:
    """Add the rows whose unique key is not known yet; how many were added.

    Raises nothing where two writers add the same key at once: the later one adds nothing.
    """
    first = next(iter(table.__table__.primary_key))
    statement = insert(session, table).values(list(rows)).on_conflict_do_nothing().returning(first)
    return len((await session.scalars(statement)).all())
