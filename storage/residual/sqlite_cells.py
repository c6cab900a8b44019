"""Every cell of a SQLite file, read by a connection of its own for one thread."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL

from storage.residual.store_cells import (
    LARGE,
    LARGE_CELL,
    ROWS,
    FoundRow,
    FoundTable,
    UnreadableTable,
    Value,
    all_as_bytes,
    as_bytes,
)

MASTER = "sqlite_master"
"""Where SQLite keeps what was written to make its tables."""
ROW_NAMES = ("rowid", "_rowid_", "oid")
NO_LIMIT = 1 << 30


class SqliteCells:
    """Of a SQLite file."""

    def __init__(self, url: URL) -> None:
        address = f"file:{quote(url.database or '')}?mode=ro"
        self._connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=10)
        self._connection.text_factory = bytes

    def tables(self) -> list[FoundTable]:
        named = "SELECT name, wr FROM pragma_table_list WHERE schema = 'main'"
        named += " AND type IN ('table', 'virtual', 'shadow') ORDER BY name"
        found = [(MASTER, 0), *((name.decode(), bare) for name, bare in self._run(named))]
        tables: list[FoundTable] = []
        for name, is_bare in dict(found).items():
            columns = self._run("SELECT name FROM pragma_table_xinfo(?)", name)
            names = tuple(one.decode() for (one,) in columns)
            free = (one for one in ROW_NAMES if one not in names)
            row_name = "" if is_bare else next(free, "")
            tables.append(FoundTable(name, names, row_name=row_name))
        return tables

    def rows(self, table: FoundTable) -> Iterator[FoundRow]:
        try:
            yield from self._rows(table) if table.row_name else self._bare_rows(table)
        except sqlite3.Error as error:
            raise UnreadableTable(table.name) from error

    def _rows(self, table: FoundTable) -> Iterator[FoundRow]:
        """In the order of their numbers; where a row is too large, it alone cell by cell."""
        last: int | None = None
        while True:
            where = "" if last is None else f"WHERE {table.row_name} > {last}"
            query = f"SELECT {table.row_name}, {_list(table.columns)} FROM {_quoted(table.name)}"  # noqa: S608  # quoted names
            with closing(self._connection.cursor()) as cursor:
                self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGE)
                try:
                    cursor.execute(f"{query} {where} ORDER BY {table.row_name}")
                    while rows := cursor.fetchmany(ROWS):
                        for row in rows:
                            last = row[0]
                            yield FoundRow(str(last), all_as_bytes(row[1:]))
                        self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGE)
                except sqlite3.DataError:
                    pass  # a value is larger than the limit
                else:
                    return
                finally:
                    self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, NO_LIMIT)
            row = self._row_after(table, last)
            if row is None:
                return
            last = int(row.at)
            yield row

    def _row_after(self, table: FoundTable, last: int | None) -> FoundRow | None:
        where = "" if last is None else f"WHERE {table.row_name} > {last}"
        name = _quoted(table.name)
        found = self._run(f"SELECT min({table.row_name}) FROM {name} {where}")  # noqa: S608  # likewise
        if not found or found[0][0] is None:
            return None
        at = str(found[0][0])
        return FoundRow(at, tuple(self._cell(table, at, one) for one in table.columns))

    def _cell(self, table: FoundTable, at: str, column: str) -> Value:
        try:
            with self._connection.blobopen(table.name, column, int(at), readonly=True) as blob:
                return LARGE_CELL if len(blob) > LARGE else blob.read()
        except sqlite3.Error:  # a number, or nothing
            where = f"WHERE {table.row_name} = {at}"
            query = f"SELECT {_quoted(column)} FROM {_quoted(table.name)} {where}"  # noqa: S608  # likewise
            return as_bytes(self._run(query)[0][0])

    def _bare_rows(self, table: FoundTable) -> Iterator[FoundRow]:
        """Of a table without numbers, whose rows are small: SQLite reads them whole."""
        query = f"SELECT {_list(table.columns)} FROM {_quoted(table.name)}"  # noqa: S608  # likewise
        with closing(self._connection.execute(query)) as cursor:
            while rows := cursor.fetchmany(ROWS):
                yield from (FoundRow("", all_as_bytes(row)) for row in rows)

    def pieces(self, table: FoundTable, row: FoundRow, column: str) -> Iterator[bytes]:
        with self._connection.blobopen(table.name, column, int(row.at), readonly=True) as blob:
            while piece := blob.read(LARGE):
                yield piece

    def query(self, text: str, values: Sequence[str]) -> list[tuple[Any, ...]]:
        return self._run(text, *values)

    def time(self, moment: datetime) -> str:
        return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")

    def close(self) -> None:
        self._connection.close()

    def _run(self, text: str, *values: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(text, values).fetchall()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _list(columns: Sequence[str]) -> str:
    return ", ".join(map(_quoted, columns)) or "NULL"
