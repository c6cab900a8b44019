"""What became of the provider's rows since the sandbox began, as the page shows it.

Of a row that went only its key is kept here; the page strikes out what it had drawn itself.
"""

import asyncio
import hashlib
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from handlers.sandbox.company.held_rows import Holds, held_rows
from handlers.sandbox.company.provider_database import make_database
from handlers.sandbox.company.provider_schema import TABLES, WHOSE

Json = dict[str, Any]
Key = int

SHOWN_ROWS: Final = 300
LOOK_EVERY_SECONDS: Final = 0.4
GONE_SECONDS: Final = 30.0
"""So long a row that went is shown as gone."""


@dataclass(slots=True)
class _Table:
    """A table as it began, and what has gone of it."""

    columns: list[str]
    digests: dict[Key, str]
    whose: dict[Key, str]
    """By the customer's number; nobody's rows are not in it."""
    cells: dict[Key, tuple[object, ...]] = field(default_factory=dict[Key, tuple[object, ...]])
    gone_at: dict[Key, float] = field(default_factory=dict[Key, float])

    def read(self, rows: dict[Key, tuple[object, ...]], now: float) -> None:
        for key in self.cells.keys() - rows.keys():
            self.gone_at[key] = now
        self.cells = rows


class CompanyTables:
    """The file is made when the sandbox's folder is known; until then there is nothing to see."""

    def __init__(
        self, clock: Callable[[], datetime], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self._version = -1
        self._connection: sqlite3.Connection | None = None
        self._tables: dict[str, _Table] = {}
        self._watchers: list[Callable[[], None]] = []

    def settle(self, file: Path) -> None:
        """Make the database, dated back from now, and remember how it began."""
        make_database(file, self._clock())
        self._connection = found = sqlite3.connect(
            f"{file.resolve().as_uri()}?mode=ro", timeout=0, uri=True
        )
        self._version = _version(found)
        numbers = dict(found.execute("SELECT id, customer_no FROM customers").fetchall())
        for name in TABLES:
            columns, rows = _read(found, name)
            owners = found.execute(WHOSE[name]).fetchall() if name in WHOSE else ()
            whose = {key: str(numbers[customer]) for key, customer in owners}
            digests = {key: _digest(cells) for key, cells in rows.items()}
            self._tables[name] = _Table(columns, digests, whose, rows)
        self._tell()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def subscribe(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Calls back with every change; returns what ends that."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    async def watch(self) -> None:
        """Until cancelled: whoever writes to the file, in this process or another, is seen."""
        while True:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            self.look()

    def look(self) -> None:
        """Read again where somebody has written, and forget what went long ago."""
        if self._connection is None:
            return
        try:
            has_changed = self._reread(self._connection)
        except sqlite3.OperationalError:  # its writer is at it: the next look sees it
            return
        if self._forget() or has_changed:
            self._tell()

    def shown(self, table: str, client: str, *, only_theirs: bool) -> Json:
        """One table (of an unknown name: the first) and the counts of all.

        `client`: whose rows are marked, by the customer's number.
        """
        if not self._tables:
            return {"tables": [], "table": None}
        chosen = table if table in self._tables else TABLES[0]
        counts = [self._count(name, one, client) for name, one in self._tables.items()]
        return {"tables": counts, "table": self._rows(chosen, client, only_theirs)}

    def _count(self, name: str, one: _Table, client: str) -> Json:
        theirs = {key for key, whose in one.whose.items() if whose == client}
        return {
            "name": name,
            "left": len(one.cells),
            "total": len(one.digests.keys() | one.cells.keys()),
            "theirs_left": len(theirs & one.cells.keys()),
            "theirs_total": len(theirs),
        }

    def _rows(self, name: str, client: str, only_theirs: bool) -> Json:  # noqa: FBT001  # as it was asked for
        one = self._tables[name]
        keys = sorted(one.cells.keys() | one.gone_at.keys())
        if only_theirs and one.whose:
            keys = [key for key in keys if one.whose.get(key) == client]
        held = self._held().get(name, {})
        shown = [_row(one, key, client, held) for key in keys[:SHOWN_ROWS]]
        return {"name": name, "columns": one.columns, "rows": shown, "more": len(keys) - len(shown)}

    def _held(self) -> dict[str, Holds]:
        rows = {
            name: [dict(zip(one.columns, cells, strict=True)) for cells in one.cells.values()]
            for name, one in self._tables.items()
        }
        return held_rows(rows, self._clock())

    def _reread(self, connection: sqlite3.Connection) -> bool:
        version = _version(connection)
        if version == self._version:
            return False
        now = self._monotonic()
        for name, one in self._tables.items():
            one.read(_read(connection, name)[1], now)
        self._version = version
        return True

    def _forget(self) -> bool:
        line = self._monotonic() - GONE_SECONDS
        before = sum(len(one.gone_at) for one in self._tables.values())
        for one in self._tables.values():
            one.gone_at = {key: at for key, at in one.gone_at.items() if at > line}
        return before != sum(len(one.gone_at) for one in self._tables.values())

    def _tell(self) -> None:
        for watcher in tuple(self._watchers):
            watcher()


def _row(one: _Table, key: Key, client: str, held: Holds) -> Json:
    row: Json = {"key": key, "is_theirs": one.whose.get(key) == client}
    cells = one.cells.get(key)
    if cells is None:
        return row | {"state": "gone"}
    row |= {"cells": [_text(cell) for cell in cells], "state": ""}
    if key in held:
        until, law = held[key]
        row |= {"law": law, "until": until.isoformat()}
    if one.digests.get(key) != _digest(cells):
        row["state"] = "kept" if key in held else "changed"
    return row


def _version(connection: sqlite3.Connection) -> int:
    """SQLite counts what other connections commit."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def _read(
    connection: sqlite3.Connection, table: str
) -> tuple[list[str], dict[Key, tuple[object, ...]]]:
    with closing(connection.execute(f"SELECT * FROM {table} ORDER BY id")) as found:  # noqa: S608  # our own names
        columns = [column[0] for column in found.description]
        return columns, {row[0]: tuple(row) for row in found}


def _digest(cells: tuple[object, ...]) -> str:
    return hashlib.sha256(repr(cells).encode()).hexdigest()


def _text(cell: object) -> str | None:
    return None if cell is None else str(cell)
