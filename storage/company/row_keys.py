"""By what a row is found again that was read before, also in a table without a key."""

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    String,
    and_,
    cast,
    literal_column,
    select,
    text,
    type_coerce,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import NullType, UserDefinedType

from bot.application.ports.sources import Patterns
from storage.company.shape import TableShape

_ROW_IDS = ("rowid", "_rowid_", "oid")


class _Tid(UserDefinedType[str]):
    """Where PostgreSQL keeps a row; a new version of it lies elsewhere."""

    cache_ok = True

    def get_col_spec(self, **_how: object) -> str:
        return "tid"

    def bind_expression(self, bindvalue: BindParameter[str]) -> ColumnElement[str]:
        return cast(type_coerce(bindvalue, String), self)


class RowKey:
    """The key of one table's rows: its own, or the place where the database keeps them."""

    def __init__(self, connection: Connection, table: TableShape, backend: str) -> None:
        self._table = table
        self._is_ctid = False
        self.row_id = _row_id(connection, table) if backend == "sqlite" else ""
        if self.row_id:
            self.columns: list[ColumnElement[Any]] = [literal_column(self.row_id)]
        elif table.primary_key:
            own = [table.column(one) for one in table.primary_key]
            self.columns = [type_coerce(one, NullType()) for one in own]
        elif backend == "postgresql":
            self.columns = [literal_column("ctid")]
            self._is_ctid = True
        else:
            self.columns = []

    def labelled(self) -> list[ColumnElement[Any]]:
        return [one.label(f"privacydesk_key_{place}") for place, one in enumerate(self.columns)]

    def is_row(self, key: Sequence[object]) -> ColumnElement[bool]:
        """The condition that finds it."""
        return and_(*(one == value for one, value in zip(self._typed(), key, strict=True)))

    def _typed(self) -> list[ColumnElement[Any]]:
        """As the database compares them: of their own types."""
        if self.row_id or not self._table.primary_key:
            return (
                [type_coerce(one, _Tid()) for one in self.columns]
                if self._is_ctid
                else self.columns
            )
        return [self._table.column(one) for one in self._table.primary_key]

    def shown(self, key: Sequence[object], place: int, patterns: Patterns) -> str:
        """For a person who looks for it; a digest, where the key itself says whose row it is."""
        if not key:
            return f"row {place}"
        parts = [
            one.decode(errors="replace") if isinstance(one, bytes) else str(one) for one in key
        ]
        whole = ",".join(parts)
        if next(iter(patterns.find(whole.encode())), None) is None:
            return whole
        return f"sha256:{hashlib.sha256(whole.encode()).hexdigest()[:16]}"


def _row_id(connection: Connection, table: TableShape) -> str:
    """SQLite's own number of a row; empty: the table has none."""
    free = [one for one in _ROW_IDS if one not in {name.lower() for name in table.columns}]
    if not free:
        return ""
    number: ColumnElement[Any] = literal_column(free[0])
    asked = select(number).select_from(table.table).where(text("1 = 0"))
    try:
        connection.execute(asked)
    except DBAPIError:
        return ""
    return free[0]
