"""How single rows are read and written: one plain statement each, as both databases know it.

Rows are read as objects and written as statements; no object is ever changed and flushed, and
what is read is always what the database holds. Each statement is made once and its compiled form
found again: making one anew costs more than running it, 0.5 against 0.27 ms a row on a slow core.
A guarded row (storage/guarding) is checked as it is read here, and sealed as it is written.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from storage.guarding.guard import guard_of, place_of, scope_of, sealed_columns
from storage.models.seals import GUARD, guarding, seal_of
from storage.sqlite.driver import SHORT
from storage.types import Table

Row = Mapping[str, Any]
ROWS_AT_ONCE = 20
"""So few that neither database counts too many parameters."""


async def one(session: AsyncSession, table: type[Table], **key: Any) -> Any:  # noqa: ANN401  # a row with the table's columns
    """The row with these values; None: there is none."""
    if table.guarded is not None and set(key) == set(table.guarded.key_and_within):
        return await _known(session, table, key)
    return await _checked(session, table, rows_with(table, tuple(key)), key)


async def one_locked(session: AsyncSession, table: type[Table], **key: Any) -> Any:  # noqa: ANN401  # likewise
    """As `one`; on PostgreSQL nobody else changes the row before this transaction ends."""
    return await _checked(session, table, _locked(table, tuple(key)), key)


async def value(session: AsyncSession, column: InstrumentedAttribute[Any], **key: Any) -> Any:  # noqa: ANN401  # what the column holds
    """That column of the row with these values; None: there is none."""
    return await session.scalar(_values(column, tuple(key)), key)


def insert(table: type[Table]) -> sa.Insert:
    """An INSERT that goes past the object layer."""
    return sa.insert(core(table))


def update(table: type[Table]) -> sa.Update:
    """An UPDATE that goes past the object layer."""
    return sa.update(core(table))


async def put(session: AsyncSession, table: type[Table], key: Row, values: Row) -> None:
    """Write a row, over the one with the same key if there is one."""
    statement = _putting(table, tuple(key), tuple(values), is_postgresql=_is_postgresql(session))
    await session.execute(statement, {**key, **values})
    if table.guarded is not None:
        if missing := set(sealed_columns(table)) - {*key, *values}:
            raise LookupError(table.__tablename__, sorted(missing))
        guard_of(session).renew(table, {**key, **values})


async def add(session: AsyncSession, table: type[Table], row: Row) -> None:
    """Add a row."""
    if table.guarded is None:
        await session.execute(_inserting(table), dict(row))
        return
    given = dict(row)
    if missing := [name for name in table.guarded.key_and_within if name not in row]:
        [name] = missing  # a number that the database gives out
        given[name] = await session.scalar(_numbering(table, name), given)
    else:
        await session.execute(_inserting(table), given)
    guard_of(session).renew(table, given)


async def add_unguarded(session: AsyncSession, table: type[Table], rows: Sequence[Row]) -> None:
    """Add rows with the same columns in one statement, of a table whose rows have no seal.

    As text: SQLAlchemy compiles an INSERT of many rows anew each time, and its own way to add many
    is a trip to SQLite's thread.
    """
    for at in range(0, len(rows), ROWS_AT_ONCE):
        some = rows[at : at + ROWS_AT_ONCE]
        values = {f"{name}_{n}": value for n, row in enumerate(some) for name, value in row.items()}
        await session.execute(_inserting_some(table, tuple(some[0]), len(some)), values)


async def add_new(session: AsyncSession, table: type[Table], row: Row) -> bool:
    """Add a row unless its unique key is known; False: it is.

    Of two writers that add the same key at once, the later one adds nothing.
    """
    statement = _adding(table, is_postgresql=_is_postgresql(session))
    first = await session.scalar(statement, dict(row))
    if first is not None and table.guarded is not None:
        guard_of(session).renew(table, {_first(table).name: first, **row})
    return first is not None


async def change(session: AsyncSession, table: type[Table], key: Row, values: Row) -> bool:
    """Put these values into the row with that key; False: there is none."""
    sealed = await _to_be_sealed(session, table, key, values)
    if sealed is None:
        return False
    statement = _changing(table, tuple(key), tuple(values))
    named = {f"at_{name}": value for name, value in key.items()}
    named |= {f"to_{name}": value for name, value in values.items()}
    is_changed = await session.scalar(statement, named) is not None
    if is_changed and sealed:
        guard_of(session).renew(table, sealed)
    return is_changed


async def end(session: AsyncSession, table: type[Table], key: Row, values: Row) -> bool:
    """As `change`, of a row that has done its work with this."""
    statement = _changing(table, tuple(key), tuple(values))
    named = {f"at_{name}": value for name, value in key.items()}
    named |= {f"to_{name}": value for name, value in values.items()}
    is_changed = await session.scalar(statement, named) is not None
    if is_changed:
        guard_of(session).end(table, key)
    return is_changed


async def remove(session: AsyncSession, table: type[Table], *where: sa.ColumnElement[bool]) -> int:
    """Take the rows away for which all of that is true; how many they were."""
    names = guarding(table).key_and_within
    found = core(table)
    gone = sa.delete(found).where(*where).returning(*(found.c[name] for name in names))
    rows = (await session.execute(gone)).all()
    for row in rows:
        guard_of(session).drop(table, row)
    return len(rows)


async def _known(session: AsyncSession, table: type[Table], key: Row) -> Any:  # noqa: ANN401  # a row, or None
    """The row and its seal in one statement, whether it is there or not: both take as long."""
    guard = guard_of(session)
    place = {"guard_scope": scope_of(table, key), "guard_place": place_of(table, key)}
    row = (await session.execute(_known_rows(table, tuple(key)), {**key, **place})).one()
    if getattr(row, next(iter(key))) is None:
        guard.refuse_missing(table, key, row.seal)
        return None
    await guard.check(table, row)
    return row


async def _checked(
    session: AsyncSession,
    table: type[Table],
    query: Any,  # noqa: ANN401  # likewise
    key: Row,
) -> Any:  # noqa: ANN401  # a row, or None
    row = (await session.execute(query, key)).first()
    if table.guarded is None:
        return row
    guard = guard_of(session)
    if row is not None:
        await guard.check(table, row)
    elif set(key) == set(table.guarded.key_and_within):
        await guard.check_missing(table, key)
    return row


async def _to_be_sealed(
    session: AsyncSession, table: type[Table], key: Row, values: Row
) -> Row | None:
    """The row as it will stand, where that must be sealed anew; None: there is no such row.

    What is not among the values is read, and checked: no change seals what somebody else wrote.
    """
    if table.guarded is None:
        return {}
    columns = set(sealed_columns(table))
    if not columns & values.keys():
        return {}
    known = {**key, **values}
    if columns <= known.keys():
        return known
    row = await one_locked(session, table, **key)
    return None if row is None else {**row._mapping, **known}  # noqa: SLF001  # how SQLAlchemy names it


def _first(table: type[Table]) -> Any:  # noqa: ANN401  # a column
    return next(iter(core(table).primary_key))


def core(table: type[Table]) -> sa.Table[Any]:
    """The table behind a model."""
    found: Any = table.__table__
    return found


def columns_of(table: type[Table]) -> tuple[Any, ...]:
    """Every column, and of a guarded row its seal."""
    seal = () if table.guarded is None else (seal_of(table).label("seal"),)
    return (*core(table).c, *seal)


def _is_postgresql(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _conflicting(table: type[Table], *, is_postgresql: bool) -> postgresql.Insert | sqlite.Insert:
    return (postgresql.insert if is_postgresql else sqlite.insert)(core(table))


@cache
def _inserting(table: type[Table]) -> sa.Insert:
    return insert(table)


@cache
def _inserting_some(table: type[Table], names: tuple[str, ...], count: int) -> sa.TextClause:
    found = core(table)
    rows = ", ".join(
        "(" + ", ".join(f":{name}_{at}" for name in names) + ")" for at in range(count)
    )
    text = f"INSERT INTO {found.name} ({', '.join(names)}) VALUES {rows}"  # noqa: S608  # names of ours
    marks = (
        sa.bindparam(f"{name}_{at}", type_=found.c[name].type)
        for at in range(count)
        for name in names
    )
    return sa.text(text).bindparams(*marks)


@cache
def _numbering(table: type[Table], name: str) -> Any:  # noqa: ANN401  # an INSERT that returns
    return insert(table).returning(core(table).c[name])


@cache
def _putting(
    table: type[Table], key: tuple[str, ...], names: tuple[str, ...], *, is_postgresql: bool
) -> sa.Insert:
    statement = _conflicting(table, is_postgresql=is_postgresql)
    news = {name: statement.excluded[name] for name in names}
    return statement.on_conflict_do_update(index_elements=list(key), set_=news)


@cache
def _adding(table: type[Table], *, is_postgresql: bool) -> Any:  # noqa: ANN401  # an INSERT that returns
    first = _first(table)
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
def rows_with(table: type[Table], names: tuple[str, ...]) -> Any:  # noqa: ANN401  # a SELECT
    """Of the whole rows in which those columns hold what is asked for."""
    found = core(table)
    where = (found.c[name] == sa.bindparam(name) for name in names)
    return sa.select(*columns_of(table)).where(*where).execution_options(**SHORT)


@cache
def _known_rows(table: type[Table], names: tuple[str, ...]) -> Any:  # noqa: ANN401  # a SELECT of one row, which may be empty
    found = core(table)
    nothing = sa.select(sa.literal(1, sa.Integer).label("one")).subquery()
    same = sa.and_(*(found.c[name] == sa.bindparam(name) for name in names))
    seal = sa.select(GUARD.c.seal).where(
        GUARD.c.scope == sa.bindparam("guard_scope"), GUARD.c.place == sa.bindparam("guard_place")
    )
    own: Any = cast("Any", seal.scalar_subquery()).label("seal")
    query = sa.select(*found.c, own)
    return query.select_from(nothing.outerjoin(found, same)).execution_options(**SHORT)


@cache
def _locked(table: type[Table], names: tuple[str, ...]) -> Any:  # noqa: ANN401  # likewise
    return rows_with(table, names).with_for_update()


@cache
def _values(column: InstrumentedAttribute[Any], names: tuple[str, ...]) -> sa.Select[Any]:
    table: Any = column.class_
    found = core(table)
    where = (found.c[name] == sa.bindparam(name) for name in names)
    return sa.select(found.c[column.key]).where(*where).execution_options(**SHORT)
