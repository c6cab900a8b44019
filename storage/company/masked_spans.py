"""Overwriting a subject's identifiers in other people's words; every other byte stays."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    String,
    cast,
    literal,
    select,
    type_coerce,
    update,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import NullType

from bot.application.ports.sources import Hit, Patterns
from bot.domain.errors import Refused
from storage.company.connected import refusal_of
from storage.company.row_keys import RowKey
from storage.company.shape import Shape
from storage.company.sql_look import Span


@dataclass
class Masked:
    """How many spans were overwritten, by column, and what could not be."""

    counted: dict[str, int] = field(default_factory=dict[str, int])
    left: list[Hit] = field(default_factory=list[Hit])


def mask_spans(
    connection: Connection, shape: Shape, spans: Sequence[Span], patterns: Patterns
) -> Masked:
    """Each cell is read anew, and written only where it still is what was read."""
    masked = Masked()
    for span in spans:
        try:
            with connection.begin_nested():
                count = _mask(connection, shape, span, patterns)
        except (DBAPIError, UnicodeDecodeError) as error:
            if isinstance(error, DBAPIError) and not isinstance(refusal_of(error, ""), Refused):
                raise
            count = 0
        place = f"{span.table}.{span.column}"
        if count:
            masked.counted[place] = masked.counted.get(place, 0) + count
        else:
            masked.left += [Hit(place=span.place, kind=kind) for kind in span.kinds]
    return masked


def _mask(connection: Connection, shape: Shape, span: Span, patterns: Patterns) -> int:
    """How many spans; 0: the cell has changed meanwhile, or cannot be written."""
    table = shape.tables[span.table]
    column = table.columns[span.column]
    is_row = RowKey(connection, table, shape.backend).is_row(span.key)
    bare = table.column(span.column)
    is_plain = shape.backend == "sqlite" or isinstance(column.type, String | LargeBinary)
    source: ColumnElement[Any] = bare if is_plain else cast(bare, String)
    raw: ColumnElement[Any] = type_coerce(source, NullType())
    value: object = connection.execute(select(raw).where(is_row)).scalar()
    if not isinstance(value, str | bytes):
        return 0
    data, count = patterns.masked(value.encode() if isinstance(value, str) else value)
    if not count:
        return 0
    new = data.decode() if isinstance(value, str) else data
    written = literal(new, NullType()) if is_plain else cast(literal(new, String), column.type)
    done = connection.execute(
        update(table.table).where(is_row, raw == value).values({bare.name: written})
    )
    return count if done.rowcount == 1 else 0
