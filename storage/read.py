"""How single rows are read by key: each statement is made once and its compiled form found again.

Making a statement anew costs more than running it: 0.5 against 0.27 ms a row on a slow core.
"""

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from storage.sqlite.driver import SHORT
from storage.types import Table
from storage.write import core


async def one(session: AsyncSession, table: type[Table], **key: Any) -> Any:  # noqa: ANN401  # a row with the table's columns
    """The row with these values; None: there is none."""
    return (await session.execute(_rows(table, tuple(key)), key)).first()


async def one_locked(session: AsyncSession, table: type[Table], **key: Any) -> Any:  # noqa: ANN401  # likewise
    """As `one`; on PostgreSQL nobody else changes the row before this transaction ends."""
    return (await session.execute(_locked(table, tuple(key)), key)).first()


async def value(session: AsyncSession, column: InstrumentedAttribute[Any], **key: Any) -> Any:  # noqa: ANN401  # what the column holds
    """That column of the row with these values; None: there is none."""
    return await session.scalar(_values(column, tuple(key)), key)


@cache
def _rows(table: type[Table], names: tuple[str, ...]) -> Any:  # noqa: ANN401  # a SELECT of the whole row
    found = core(table)
    where = (found.c[name] == sa.bindparam(name) for name in names)
    return sa.select(*found.c).where(*where).execution_options(**SHORT)


@cache
def _locked(table: type[Table], names: tuple[str, ...]) -> Any:  # noqa: ANN401  # likewise
    return _rows(table, names).with_for_update()


@cache
def _values(column: InstrumentedAttribute[Any], names: tuple[str, ...]) -> sa.Select[Any]:
    table: Any = column.class_
    found = core(table)
    where = (found.c[name] == sa.bindparam(name) for name in names)
    return sa.select(found.c[column.key]).where(*where).execution_options(**SHORT)
