"""One pass through every cell of every table, declared or not; sealed ones are opened for it."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from threading import Event as Signal
from typing import NamedTuple

from bot.application.fulfilment.own_number import is_number
from bot.application.ports.sources import Hit, Match, Order, Patterns
from bot.domain.fulfilment.plan import PlanAction
from storage.keys import FORMAT, Keys
from storage.residual.looks import BREAK, UNREADABLE
from storage.residual.new_people import NewPeople
from storage.residual.pieces import found_in
from storage.residual.sealed_cells import Openers, Unopened
from storage.residual.store_cells import (
    ROWS,
    FoundRow,
    FoundTable,
    Large,
    StoreCells,
    UnreadableTable,
)
from storage.residual.table_reading import WORDS, Key, Names, RowAt, TableReading

TOGETHER = 900_000
"""Bytes of cells that are searched in one pass."""
SHORT, MOST_CLEAN = 80, 50_000
"""Bytes of a value that is remembered as clean, and how many are."""
RECORDS = frozenset({"person", "contact", "account", "staff"})
"""What is on record of somebody: an address that two people share is the other's as well."""
OWN_SLOT = ("who", "slot")
PlaceHit = tuple[str, str, bool]
"""Where, what, and whether it is strong."""


class Stopped(Exception):
    """Nobody waits for the result any more."""


class FoundCell(NamedTuple):
    """One that is being searched."""

    at: RowAt
    column: str
    holder: str
    """Under whose key it was sealed; empty: nobody's."""
    data: bytes

    @property
    def place(self) -> str:
        return f"{self.at.table}.{self.column}:{self.at.key}"


@dataclass(slots=True, kw_only=True)
class StoreSearch:
    """One look of one subject; for one thread."""

    order: Order
    patterns: Patterns
    keys: Keys
    cells: StoreCells
    masks: bool
    stop: Signal = field(default_factory=Signal)
    tables: int = 0
    count: int = 0
    size: int = 0
    kept: int = 0
    number: int = 0
    """Of the request itself."""
    hits: Counter[PlaceHit] = field(default_factory=Counter[PlaceHit])
    words: dict[tuple[str, Key], None] = field(default_factory=dict[tuple[str, Key], None])
    """In which rows spans of other people's words are to be masked."""
    _batch: list[FoundCell] = field(default_factory=list[FoundCell])
    _clean: set[bytes] = field(default_factory=set[bytes])
    _held: int = 0
    _openers: Openers = field(init=False)
    _new: NewPeople = field(init=False)

    def __post_init__(self) -> None:
        self._openers = Openers(self.keys, self.cells)
        self._new = NewPeople(self.order, self.patterns, self.keys)

    def run(self) -> None:
        """Raises Stopped."""
        self._new.know(self.cells, self._openers)
        asked = "SELECT serial FROM data_request WHERE id = ?"
        found = self.cells.query(asked, [self.order.request])
        self.number = int(found[0][0]) if found else 0
        kept = {one.place for one in self.order.plan.items if one.action is PlanAction.KEEP}
        for table in self.cells.tables():
            self.tables += 1
            try:
                if table.name in kept:
                    self.kept += sum(len(row.cells) for row in self.cells.rows(table))
                else:
                    self._table(TableReading(table))
            except UnreadableTable:
                self.hits[table.name, UNREADABLE, True] += 1
        self._search()

    def found(self) -> tuple[Hit, ...]:
        return tuple(
            Hit(place=place, kind=kind, is_strong=is_strong, hits=hits)
            for (place, kind, is_strong), hits in sorted(self.hits.items())
        )

    def _table(self, reading: TableReading) -> None:
        rows = self.cells.rows(reading.table)
        while some := list(islice(rows, ROWS)):
            if self.stop.is_set():
                raise Stopped
            names = [reading.names(row) for row in some]
            sealed = reading.sealed
            holders = self._openers.holders(sealed, names) if sealed else [""] * len(some)
            for row, named, holder in zip(some, names, holders, strict=True):
                if not (reading.is_own and self._new.has(reading.table, named, holder)):
                    self._row(reading, row, named, holder)

    def _row(self, reading: TableReading, row: FoundRow, names: Names, holder: str) -> None:
        at = reading.at(row, names)
        labels = reading.sealed.labels if reading.sealed else dict[str, str]()
        is_slot = self._is_slot(reading)
        for column, value in zip(reading.table.columns, row.cells, strict=True):
            if not value or (is_slot and column in OWN_SLOT):
                continue
            self.count += 1
            if isinstance(value, Large):
                self._large(reading.table, row, FoundCell(at, column, "", b""))
            elif column in labels:
                label = labels[column].format_map(names)
                text = self._opened(reading, (at, column, holder), label, value)
                self._take(at, column, holder, text)
            else:
                self._take(at, column, "", value)

    def _opened(
        self, reading: TableReading, whose: tuple[RowAt, str, str], label: str, value: bytes
    ) -> bytes:
        """What a sealed cell says; what nobody has a key for as it stands there."""
        at, column, holder = whose
        try:
            text = self._openers.opened(reading.sealed, holder, label, value)
        except Unopened:
            self.hits[FoundCell(at, column, holder, b"").place, UNREADABLE, True] += 1
            return value
        if text is None and value[:1] == FORMAT:
            return b""  # under a destroyed key it is noise, in which any short number may stand
        return value if text is None else text

    def _take(self, at: RowAt, column: str, holder: str, data: bytes) -> None:
        self.size += len(data)
        if not data or data in self._clean:
            return
        self._batch.append(FoundCell(at, column, holder, data))
        self._held += len(data) + len(BREAK)
        if self._held >= TOGETHER:
            self._search()

    def _large(self, table: FoundTable, row: FoundRow, cell: FoundCell) -> None:
        def pieces() -> Iterator[bytes]:
            for piece in self.cells.pieces(table, row, cell.column):
                if self.stop.is_set():
                    raise Stopped
                self.size += len(piece)
                yield piece

        for one in found_in(self.patterns, pieces()):
            self._note(cell, one)

    def _search(self) -> None:
        """All cells at once; only where something is found, the cells that it may be in."""
        starts, at = list[int](), 0
        for cell in self._batch:
            starts.append(at)
            at += len(cell.data) + len(BREAK)
        places = set[int]()
        for found in self.patterns.find(BREAK.join(cell.data for cell in self._batch)):
            first = bisect_right(starts, found.start) - 1
            places.update(range(first, max(bisect_right(starts, found.end - 1), first + 1)))
        self._remember(places)
        for place in sorted(places):
            for one in self.patterns.find(self._batch[place].data):
                self._note(self._batch[place], one)
        self._batch.clear()
        self._held = 0

    def _remember(self, places: set[int]) -> None:
        """Short values come again and again, as ids and states do: one look at each is enough."""
        if len(self._clean) > MOST_CLEAN:
            self._clean.clear()
        news = (cell.data for at, cell in enumerate(self._batch) if at not in places)
        self._clean.update(one for one in news if len(one) <= SHORT)

    def _note(self, cell: FoundCell, found: Match) -> None:
        if is_number(cell.data[found.start : found.end], found, self.number):
            return
        is_others = cell.holder not in self.order.who.holders
        is_unsure = cell.at.is_own and (
            cell.at.table == "event" or (cell.at.table in RECORDS and is_others)
        )
        is_strong = found.is_strong and not is_unsure
        is_word = bool(cell.at.words) and cell.column in WORDS[cell.at.table]
        if self.masks and is_strong and found.is_plain and is_others and is_word:
            self.words[cell.at.table, cell.at.words] = None
            return
        has_said = any(self.patterns.find(cell.at.key.encode()))
        place = f"{cell.at.table}.{cell.column}:*" if has_said else cell.place
        self.hits[place, str(found.kind), is_strong] += 1

    def _is_slot(self, reading: TableReading) -> bool:
        """What a request still needs until it is forgotten, sealed and stated: the one exception.

        Of an earlier request too, of which a law keeps a part: its own last look ends it.
        """
        return reading.is_own and reading.table.name == "fulfilment"
