"""Every text, JSON and blob cell of one table, as bytes, a batch of rows at a time."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    String,
    case,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    type_coerce,
    types,
)
from sqlalchemy.types import NullType

from storage.company.connected import give_more_time
from storage.company.row_keys import RowKey
from storage.company.shape import ColumnShape, TableShape

AT_ONCE = 500
"""Rows."""
BIG = 1_000_000
"""Bytes above which a cell is read in pieces."""
OVERLAP = 8_192
"""Bytes that two pieces share, so that nothing is cut in two."""
_SHORTEST_NUMBER = 7
"""Digits; below that a number is an amount or a count, and names nobody."""
_NO_WORDS = (types.Boolean, types.Date, types.DateTime, types.Time, types.Interval, types.Float)


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one column of a row."""

    column: str
    data: bytes
    is_blob: bool = False


@dataclass(frozen=True, slots=True)
class CellRow:
    """One row: its key, whether a law keeps it, its cells, and those that are too big for here."""

    key: tuple[object, ...]
    is_kept: bool
    is_anothers: bool
    """It bears another customer's number, or an address that another customer shares."""
    cells: tuple[Cell, ...]
    big: tuple[str, ...]


class TableCells:
    """Reads one table."""

    def __init__(
        self, connection: Connection, table: TableShape, key: RowKey, backend: str
    ) -> None:
        self._connection = connection
        self._table = table
        self._key = key
        self._backend = backend
        self.columns = [one for one in table.columns.values() if self._may_hold_words(one)]

    def rows(
        self, kept: ColumnElement[bool] | None, anothers: ColumnElement[bool] | None
    ) -> Iterator[CellRow]:
        """Every row; which of them a law keeps, and which are another customer's."""
        columns = [self._read(one) for one in self.columns]
        sizes = [self._is_big(one) for one in self.columns if self._may_be_big(one)]
        is_kept = _as_flag([] if kept is None else [kept])
        is_anothers = _as_flag([] if anothers is None else [anothers])
        flags = (is_kept.label("k"), is_anothers.label("o"), _as_flag(sizes).label("b"))
        asked = select(*self._key.labelled(), *flags, *columns)
        asked = asked.select_from(self._table.table)
        keys = len(self._key.columns)
        with _bytes_from(self._connection, self._backend):
            found = self._connection.execute(asked, execution_options={"yield_per": AT_ONCE})
            for batch in found.partitions():
                give_more_time(self._connection)
                for one in batch:
                    row: tuple[Any, ...] = tuple(one)
                    yield self._row(row[:keys], row[keys : keys + 3], row[keys + 3 :])

    def pieces(self, key: Sequence[object], column: str) -> Iterator[bytes]:
        """A big cell, in pieces that overlap."""
        shape = self._table.columns[column]
        if self._key.row_id:
            yield from self._opened(key, column)
            return
        bare: ColumnElement[Any] = self._table.column(column)
        is_bytes = isinstance(shape.type, LargeBinary)
        bare = type_coerce(bare, NullType()) if is_bytes else cast(bare, String)
        start = 1
        while True:
            asked = select(func.substr(bare, start, BIG)).where(self._key.is_row(key))
            piece = _as_bytes(self._connection.execute(asked).scalar())
            if not piece:
                return
            yield piece
            start += BIG - OVERLAP
            if len(piece) <= OVERLAP or (is_bytes and len(piece) < BIG):
                return

    def _opened(self, key: Sequence[object], column: str) -> Iterator[bytes]:
        """SQLite's own door to a part of a cell; what is not read is not loaded."""
        driver: Any = self._connection.connection.driver_connection
        with driver.blobopen(self._table.bare_name, column, key[0], readonly=True) as blob:
            whole, start = len(blob), 0
            while start < whole:
                blob.seek(start)
                give_more_time(self._connection)
                yield blob.read(BIG)
                start += BIG - OVERLAP

    def _may_hold_words(self, column: ColumnShape) -> bool:
        """SQLite holds anything anywhere; elsewhere dates and small numbers name nobody."""
        if self._backend == "sqlite":
            return True
        small = isinstance(column.type, types.SmallInteger)
        return not small and not isinstance(column.type, _NO_WORDS)

    def _read(self, column: ColumnShape) -> ColumnElement[Any]:
        bare = self._bare(column)
        return (
            case((self._is_big(column), null()), else_=bare) if self._may_be_big(column) else bare
        )

    def _may_be_big(self, column: ColumnShape) -> bool:
        return self._backend == "sqlite" or not column.is_number

    def _bare(self, column: ColumnShape) -> ColumnElement[Any]:
        own = self._table.column(column.name)
        is_as_it_is = isinstance(column.type, types.String | LargeBinary)
        if self._backend == "sqlite" or is_as_it_is:
            return type_coerce(own, NullType())
        return type_coerce(cast(own, String), NullType())

    def _is_big(self, column: ColumnShape) -> ColumnElement[bool]:
        if self._backend == "sqlite":
            raw = type_coerce(self._table.column(column.name), NullType())
            return (func.typeof(raw) == "blob") & (func.length(raw) > BIG)
        return func.octet_length(self._bare(column)) > BIG

    def _row(
        self, key: tuple[object, ...], flags: Sequence[Any], values: Sequence[object]
    ) -> CellRow:
        pairs = zip(self.columns, values, strict=True)
        cells = tuple(
            Cell(one.name, data, is_blob=isinstance(one.type, LargeBinary))
            for one, value in pairs
            if (data := _as_bytes(value)) is not None
        )
        big: tuple[str, ...] = ()
        if flags[2]:
            pairs = zip(self.columns, values, strict=True)
            empty = [one for one, value in pairs if value is None and self._may_be_big(one)]
            whole = tuple(one.name for one in empty)
            here = (one.name for one in empty if self._is_big_here(key, one)) if key else whole[:1]
            big = tuple(here)
        return CellRow(key, bool(flags[0]), bool(flags[1]), cells, big)

    def _is_big_here(self, key: Sequence[object], column: ColumnShape) -> bool:
        asked = select(case((self._is_big(column), 1), else_=0)).where(self._key.is_row(key))
        return bool(self._connection.execute(asked).scalar())


def _as_flag(conditions: Sequence[ColumnElement[bool]]) -> ColumnElement[Any]:
    """1 where one of them holds."""
    return case((or_(*conditions), 1), else_=0) if conditions else literal_column("0")


def _as_bytes(value: object) -> bytes | None:
    """None: nothing that could name anybody."""
    match value:
        case bytes():
            return value
        case str():
            return value.encode("utf-8", "surrogatepass")
        case bytearray():
            return bytes(value)
        case None | float():
            return None
        case _:
            text = str(value)
            is_short = sum(map(str.isdigit, text)) < _SHORTEST_NUMBER
            return None if is_short else text.encode()


@contextmanager
def _bytes_from(connection: Connection, backend: str) -> Generator[None]:
    """SQLite's text as the bytes that it is, which need be no UTF-8."""
    driver: Any = connection.connection.driver_connection
    if backend != "sqlite":
        yield
        return
    before = driver.text_factory
    driver.text_factory = bytes
    try:
        yield
    finally:
        driver.text_factory = before
