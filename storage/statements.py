"""How single rows are read and written: one plain statement each, as both databases know it.

Rows are read as objects and written as statements; no object is ever changed and flushed, and
what is read is always what the database holds. Each statement is made once and its compiled form
found again: making one anew costs more than running it, 0.5 against 0.27 ms a row on a slow core.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from storage.sqlite.driver import SHORT
from storage.types import Table

Row = Mapping[str, Any]


async def one(session: AsyncSession, table: type[Table], **key: Any) -> Any:  # noqa: ANN401  # a row with the table's columns
    """The row with these values; None: there is none."""
    return (await session.execute(_rows(table, tuple(key)), key)).first()


async def one_locked(session: AsyncSession, table: type[Table], **key: Any) -> Any:  # noqa: ANN401  # likewise
    """As `one`; on PostgreSQL nobody else changes the row before this transaction ends."""
    return (await session.execute(_locked(table, tuple(key)), key)).first()


async def value(session: AsyncSession, column: InstrumentedAttribute[Any], **key: Any) -> Any:  # noqa: ANN401  # what the column holds
    """That column of the row with these values; None: there is none."""
    return await session.scalar(_values(column, tuple(key)), key)


def insert(table: type[Table]) -> sa.Insert:
    """An INSERT that goes past the object layer."""
    return sa.insert(core(table))


def update(table: type[Table]) -> sa.Update:
    """An UPDATE that goes past the object layer."""
    return sa.update(core(table))


def conflicting(session: AsyncSession, table: type[Table]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can say what to do when the row is there already."""
    return _conflicting(table, is_postgresql=_is_postgresql(session))


async def put(session: AsyncSession, table: type[Table], key: Row, values: Row) -> None:
    """Write a row, over the one with the same key if there is one."""
    statement = _putting(table, tuple(key), tuple(values), is_postgresql=_is_postgresql(session))
    await session.execute(statement, {**key, **values})


async def add(session: AsyncSession, table: type[Table], row: Row) -> None:
    """Add a row."""
    await session.execute(_inserting(table), dict(row))


async def add_new(session: AsyncSession, table: type[Table], row: Row) -> bool:
    """Add a row unless its unique key is known; False: it is.

    Of two writers that add the same key at once, the later one adds nothing.
    """
    statement = _adding(table, is_postgresql=_is_postgresql(session))
    return await session.scalar(statement, dict(row)) is not None


async def change(session: AsyncSession, table: type[Table], key: Row, values: Row) -> bool:
    """Put these values into the row with that key; False: there is none."""
    statement = _changing(table, tuple(key), tuple(values))
    named = {f"at_{name}": value for name, value in key.items()}
    named |= {f"to_{name}": value for name, value in values.items()}
    return await session.scalar(statement, named) is not None


def core(table: type[Table]) -> sa.Table[Any]:
    """The table behind a model."""
    found: Any = table.__table__
    return found


def _is_postgresql(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _conflicting(table: type[Table], *, is_postgresql: bool) -> postgresql.Insert | sqlite.Insert:
    return (postgresql.insert if is_postgresql else sqlite.insert)(core(table))


@cache
def _inserting(table: type[Table]) -> sa.Insert:
    return insert(table)


@cache
def _putting(
    table: type[Table], key: tuple[str, ...], names: tuple[str, ...], *, is_postgresql: bool
) -> sa.Insert:
    statement = _conflicting(table, is_postgresql=is_postgresql)
    news = {name: statement.excluded[name] for name in names}
    return statement.on_conflict_do_update(index_elements=list(key), set_=news)


@cache
def _adding(table: type[Table], *, is_postgresql: bool) -> Any:  # noqa: ANN401  # an INSERT that returns
    first = next(iter(core(table).primary_key))
    statement = _conflicting(table, is_postgresql=is_postgresql)
    return statement.on_conflict_do_nothing().returning(first)


@cache
def _changing(table: type[Table], key: tuple[str, ...], names: tuple[str, ...]) -> Any:  # noqa: ANN401  # an UPDATE that returns
    found = core(table)
    first = next(iter(found.primary_key))
    where = (found.c[name] == sa.bindparam(f"at_{name}") for name in key)
    news: dict[str, Any] = {name: sa.bindparam(f"to_{name}") for name in names}
    return update(table).where(*where).values(news).returning(first)


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
