"""What the desk itself wrote of each row that decides: a keyed MAC, kept apart from the row."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, column_property

from storage.types import Guarded, Plain, Table, column


class GuardRow(Table):
    """The MAC of one guarded row; a row without one, or one without a row, is not the desk's."""

    __tablename__ = "guard"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012  # as SQLAlchemy wants it

    scope: Mapped[str] = column(Plain(160), primary_key=True)
    place: Mapped[str] = column(Plain(160), primary_key=True)
    seal: Mapped[bytes] = column(LargeBinary)  # pyright: ignore[reportIncompatibleVariableOverride]


GUARD: Any = GuardRow.__table__


def guarding(table: type[Table]) -> Guarded:
    """How the table is guarded. Raises LookupError: it is not."""
    if table.guarded is None:
        raise LookupError(table.__tablename__)
    return table.guarded


def seal_of(table: type[Table]) -> sa.ScalarSelect[Any]:
    """What the desk sealed of each row, as a column of a query over the table."""
    query = sa.select(GUARD.c.seal).where(*_same_place(table))
    return query.correlate(table.__table__).scalar_subquery()


def is_gap(table: type[Table]) -> sa.ColumnElement[bool]:
    """Of a seal: no row stands where it belongs."""
    own: Any = table.__table__
    return ~sa.select(sa.literal(1)).select_from(own).where(*_same_place(table)).exists()


def _same_place(table: type[Table]) -> tuple[Any, Any]:
    """That a seal is of the table's row."""
    scope, place = seal_place(table)
    return GUARD.c.scope == scope, GUARD.c.place == place


def seal_place(table: type[Table]) -> tuple[Any, Any]:
    """Scope and place of a row's seal, made by the database of the row's columns."""
    own: Any = table.__table__
    rule = guarding(table)
    scope: Any = sa.literal_column(f"'{own.name}'", sa.String)
    for name in rule.within:
        scope = scope + sa.literal_column("'|'", sa.String) + own.c[name]
    place: Any = None
    for name in rule.key:
        part = own.c[name]
        part = part if isinstance(part.type, Plain) else sa.cast(part, sa.String)
        place = part if place is None else place + sa.literal_column("'|'", sa.String) + part
    return scope, place


def read_with_their_seals(tables: Iterable[type[Table]]) -> None:
    """Every query for whole rows of these reads their seals too."""
    for table in tables:
        if table.guarded is not None:
            table.seal = column_property(seal_of(table).label("seal"))
