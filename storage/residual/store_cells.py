"""What a store consists of, past the models, which know only their own: tables, rows, cells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

LARGE = 1 << 20
"""Bytes from which on a cell is read in pieces."""
ROWS = 500
"""Rows that are fetched at once."""


class Large:
    """Stands for a cell that is too large to be read at once."""


LARGE_CELL = Large()
Value = bytes | Large | None


class UnreadableTable(Exception):
    """The database itself cannot read it."""


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table as the database describes it."""

    name: str
    columns: tuple[str, ...]
    schema: str = ""
    row_name: str = ""
    """By what SQLite finds a row; empty: the table has no such number."""
    kinds: tuple[str, ...] = ()


class FoundRow(NamedTuple):
    """Its cells, in the order of the table's columns."""

    at: str
    """By what the row is found again in this reading."""
    cells: tuple[Value, ...]


class StoreCells(Protocol):
    """A reading of a whole store."""

    def tables(self) -> list[FoundTable]: ...

    def rows(self, table: FoundTable) -> Iterator[FoundRow]:
        """Every row. Raises UnreadableTable."""
        ...

    def pieces(self, table: FoundTable, row: FoundRow, column: str) -> Iterator[bytes]:
        """What a large cell holds."""
        ...

    def query(self, text: str, values: Sequence[str]) -> list[tuple[Any, ...]]:
        """Few rows, by names of ours; `?` stands for a value."""
        ...

    def time(self, moment: datetime) -> str:
        """As a column of times is asked for it."""
        ...

    def close(self) -> None: ...


def all_as_bytes(row: Sequence[object]) -> tuple[Value, ...]:
    """Most are bytes already, and there are many of them."""
    return tuple([one if type(one) is bytes else as_bytes(one) for one in row])  # faster


def as_bytes(value: object) -> bytes | None:
    match value:
        case None | bytes():
            return value
        case str():
            return value.encode("utf-8", "surrogatepass")
        case bytearray():
            return bytes(value)
        case memoryview():
            return value.tobytes()
        case _:
            return str(value).encode()
