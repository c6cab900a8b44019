"""Conditions of SQL that hold whatever is empty, and under whatever name a table stands."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Table, and_, false, func, tuple_
from sqlalchemy.sql.visitors import replacement_traverse

from storage.company.shape import TableShape

Condition = ColumnElement[bool]


def surely(condition: Condition) -> Condition:
    """False where the database says neither, so that its opposite is true."""
    return func.coalesce(condition, false())


def is_among(table: TableShape, columns: Iterable[str], values: Select[Any]) -> Condition:
    """Rows of a table whose columns hold what is selected."""
    return among([table.column(one) for one in columns], values)


def among(columns: Sequence[ColumnElement[Any]], values: Select[Any]) -> Condition:
    return columns[0].in_(values) if len(columns) == 1 else tuple_(*columns).in_(values)


def renamed(condition: Condition, table: Table, alias: FromClause) -> Condition:
    """The same, said of the table under another name."""
    ours = set(table.c)
    named: dict[str, ColumnElement[Any]] = dict(alias.c.items())

    def other(element: Any, **_more: Any) -> Any:  # noqa: ANN401  # parts of an expression
        return named[element.name] if element in ours else None

    return replacement_traverse(condition, {}, other)


def is_filled(shape: TableShape, column: str) -> Condition:
    bare = shape.column(column)
    if not shape.columns[column].is_text:
        return bare.is_not(None)
    return and_(bare.is_not(None), bare != "")
