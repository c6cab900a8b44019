"""A look through every cell of a company database, for what is left of a subject."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from sqlalchemy import ColumnElement, Connection, and_
from sqlalchemy.exc import DBAPIError

from bot.application.ports.sources import Hit, Looked, Match, Patterns
from bot.domain.errors import Refused
from storage.company.conditions import surely
from storage.company.connected import refusal_of
from storage.company.found_rows import SubjectRows
from storage.company.row_keys import RowKey
from storage.company.shape import TableShape
from storage.company.table_cells import OVERLAP, Cell, CellRow, TableCells

UNREADABLE = "unreadable"
_TOGETHER = 400_000
"""Bytes of cells that are searched in one pass."""
_APART = b"\n\x00\n"


@dataclass(frozen=True, slots=True)
class Span:
    """A cell in whose text spans are to be overwritten."""

    table: str
    column: str
    key: tuple[object, ...]
    place: str
    kinds: tuple[str, ...]


@dataclass
class GoneThrough:
    """What was gone through so far."""

    tables: int = 0
    cells: int = 0
    bytes: int = 0
    kept: int = 0
    hits: list[Hit] = field(default_factory=list[Hit])
    spans: list[Span] = field(default_factory=list[Span])

    def looked(self, stated: Iterable[str]) -> Looked:
        return Looked(
            tables=self.tables,
            cells=self.cells,
            bytes=self.bytes,
            hits=tuple(self.hits),
            kept=self.kept,
            stated=tuple(stated),
        )


def look_through(connection: Connection, rows: SubjectRows, patterns: Patterns) -> GoneThrough:
    """All tables, declared or not; a table that cannot be read is a finding.

    Raises:
        SQLAlchemyError: the whole database cannot be read now.
    """
    seen = GoneThrough()
    for table in rows.shape.tables.values():
        if table.is_view:
            continue
        seen.tables += 1
        try:
            with connection.begin_nested():
                _TableLook(connection, rows, table, patterns, seen).run()
        except DBAPIError as error:
            if not isinstance(refusal_of(error, rows.map.name), Refused):
                raise
            seen.hits.append(Hit(place=table.name, kind=UNREADABLE))
    return seen


class _TableLook:
    """One table."""

    def __init__(
        self,
        connection: Connection,
        rows: SubjectRows,
        table: TableShape,
        patterns: Patterns,
        seen: GoneThrough,
    ) -> None:
        self._rows = rows
        self._table = table
        self._patterns = patterns
        self._seen = seen
        self._key = RowKey(connection, table, rows.shape.backend)
        self._cells = TableCells(connection, table, self._key, rows.shape.backend)
        self._waiting: list[tuple[CellRow, Cell, int]] = []
        self._size = 0
        self._own = _not_masked(rows, table)

    def run(self) -> None:
        big: list[tuple[CellRow, int]] = []
        for number, row in enumerate(self._cells.rows(self._kept(), self._anothers()), start=1):
            self._seen.cells += len(row.cells) + len(row.big)
            self._seen.bytes += sum(len(one.data) for one in row.cells)
            if row.is_kept:
                self._seen.kept += len(row.cells) + len(row.big)
                continue
            for cell in row.cells:
                self._take(row, cell, number)
            if row.big:
                big.append((row, number))
        self._search()
        for row, number in big:
            for column in row.big:
                self._search_big(row, column, number)

    def _kept(self) -> ColumnElement[bool] | None:
        if self._table.name not in self._rows.map.tables:
            return None
        found, stays = self._rows.found(self._table.name), self._rows.stays(self._table.name)
        return None if found is None or stays is None else surely(and_(found, stays))

    def _anothers(self) -> ColumnElement[bool] | None:
        mapped = self._rows.map.tables.get(self._table.name)
        return None if mapped is None else self._rows.anothers(mapped)

    def _take(self, row: CellRow, cell: Cell, number: int) -> None:
        if cell.is_blob:
            self._search_one(row, cell, number)
            return
        self._waiting.append((row, cell, number))
        self._size += len(cell.data)
        if self._size > _TOGETHER:
            self._search()

    def _search(self) -> None:
        """Many cells at once; each by itself only where something was in them."""
        together = _APART.join(cell.data for _, cell, _ in self._waiting)
        if next(iter(self._patterns.find(together)), None) is not None:
            for row, cell, number in self._waiting:
                self._search_one(row, cell, number)
        self._waiting, self._size = [], 0

    def _search_one(self, row: CellRow, cell: Cell, number: int) -> None:
        found = [self._judged(row, cell, one) for one in self._patterns.find(cell.data)]
        if not found:
            return
        place = self._place(row, cell.column, number)
        spans = [one for one in found if self._is_in_others_words(row, cell, one)]
        if spans:
            kinds = tuple(dict.fromkeys(one.kind for one in spans))
            self._seen.spans.append(Span(self._table.name, cell.column, row.key, place, kinds))
        self._seen.hits += _hits(place, [one for one in found if one not in spans])

    def _search_big(self, row: CellRow, column: str, number: int) -> None:
        place = self._place(row, column, number)
        if not row.key:
            self._seen.hits.append(Hit(place=place, kind=UNREADABLE))
            return
        found: list[Match] = []
        size = 0
        for piece in self._cells.pieces(row.key, column):
            again = OVERLAP if size else 0
            size += len(piece) - again
            found += [one for one in self._patterns.find(piece) if one.end > again]
        self._seen.bytes += size
        self._seen.hits += _hits(place, found)

    def _place(self, row: CellRow, column: str, number: int) -> str:
        shown = self._key.shown(row.key, number, self._patterns)
        return f"{self._table.name}.{column} ({shown})"

    def _judged(self, row: CellRow, cell: Cell, match: Match) -> Match:
        """An address that another customer's row bears as its own is for a person to judge."""
        mapped = self._rows.map.tables.get(self._table.name)
        is_whole = match.end - match.start >= len(cell.data.strip())
        if mapped is None or not (row.is_anothers and is_whole):
            return match
        by_address = {*mapped.found_by.email, *mapped.found_by.phone}
        return replace(match, is_strong=False) if cell.column in by_address else match

    def _is_in_others_words(self, row: CellRow, cell: Cell, match: Match) -> bool:
        """A span of a longer text; a cell that is nothing but the identifier is a row of theirs."""
        if not (match.is_strong and match.is_plain and row.key):
            return False
        if cell.column in self._own or match.end - match.start >= len(cell.data.strip()):
            return False
        column = self._table.columns[cell.column]
        return not column.is_generated and not column.is_number and _is_text(cell.data)


def _hits(place: str, found: Iterable[Match]) -> Iterator[Hit]:
    counted = Counter((one.kind, one.is_strong) for one in found)
    for (kind, is_strong), hits in counted.items():
        yield Hit(place=place, kind=kind, is_strong=is_strong, hits=hits)


def _not_masked(rows: SubjectRows, table: TableShape) -> set[str]:
    """Columns that say whose row it is, or hang it on another: what stands there is no talk."""
    keys = {
        one for key in rows.shape.foreign_keys if key.child == table.name for one in key.columns
    }
    mapped = rows.map.tables.get(table.name)
    own = mapped.found_by.columns if mapped is not None else ()
    ways = [way.ours for way in mapped.found_by.ways] if mapped is not None else []
    return {*table.primary_key, *keys, *own, *(one for way in ways for one in way)}


def _is_text(data: bytes) -> bool:
    try:
        return "\x00" not in data.decode("utf-8")
    except UnicodeDecodeError:
        return False
