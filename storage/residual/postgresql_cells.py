"""Every cell of a PostgreSQL database, read in one moment by a connection of its own."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import URL

from storage.residual.store_cells import (
    LARGE,
    LARGE_CELL,
    ROWS,
    FoundRow,
    FoundTable,
    UnreadableTable,
    Value,
    as_bytes,
)

NO_PERSONAL = ("date", "time", "boolean", "interval")
"""Kinds of columns in which no identifier can stand."""
WIDE = ("bytea", "text", "character", "json", "xml", "ARRAY", "USER-DEFINED")


class PostgresqlCells:
    """Of every schema of a PostgreSQL database that is not its own."""

    def __init__(self, url: URL) -> None:
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection = psycopg.connect(address, autocommit=False)
        self._connection.read_only = True
        self._connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ

    def tables(self) -> list[FoundTable]:
        rows = self._connection.execute(
            "SELECT t.table_schema, t.table_name, c.column_name, c.data_type"
            " FROM information_schema.tables t JOIN information_schema.columns c"
            " USING (table_schema, table_name) WHERE t.table_type = 'BASE TABLE'"
            " AND t.table_schema NOT IN ('pg_catalog', 'information_schema')"
            " UNION ALL SELECT n.nspname, m.relname, a.attname, format_type(a.atttypid, NULL)"
            " FROM pg_class m JOIN pg_namespace n ON n.oid = m.relnamespace"
            " JOIN pg_attribute a ON a.attrelid = m.oid AND a.attnum > 0 AND NOT a.attisdropped"
            " WHERE m.relkind = 'm' ORDER BY 1, 2"
        ).fetchall()
        found: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for schema, table, column, kind in rows:
            found.setdefault((schema, table), []).append((column, kind))
        return [
            FoundTable(
                table, tuple(name for name, _ in columns), schema, "", tuple(k for _, k in columns)
            )
            for (schema, table), columns in found.items()
        ]

    def rows(self, table: FoundTable) -> Iterator[FoundRow]:
        query = sql.SQL("SELECT ctid::text, {}, {} FROM {}").format(
            _sizes(table), sql.SQL(", ").join(_readable(table)), _name_of(table)
        )
        try:
            with self._connection.cursor(name="look") as cursor:
                cursor.itersize = ROWS
                for at, largest, *cells in cursor.execute(query):
                    is_large = (largest or 0) > LARGE
                    values = self._large(table, at, cells) if is_large else map(as_bytes, cells)
                    yield FoundRow(at, tuple(values))
        except psycopg.Error as error:
            self._connection.rollback()
            raise UnreadableTable(table.name) from error

    def _large(self, table: FoundTable, at: str, cells: Sequence[object]) -> Iterable[Value]:
        sizes = [
            sql.SQL("octet_length({}::{})").format(sql.Identifier(name), _kind(kind))
            for name, kind in zip(table.columns, table.kinds, strict=True)
        ]
        query = sql.SQL("SELECT {} FROM {} WHERE ctid = %s::tid")
        query = query.format(sql.SQL(", ").join(sizes), _name_of(table))
        found = self._connection.execute(query, (at,)).fetchone() or ()
        for size, cell in zip(found, cells, strict=True):
            yield LARGE_CELL if (size or 0) > LARGE else as_bytes(cell)

    def pieces(self, table: FoundTable, row: FoundRow, column: str) -> Iterator[bytes]:
        kind = _kind(table.kinds[table.columns.index(column)])
        query = sql.SQL("SELECT substring({}::{} FROM %s FOR %s) FROM {} WHERE ctid = %s::tid")
        query = query.format(sql.Identifier(column), kind, _name_of(table))
        first = 1
        while True:
            found = self._connection.execute(query, (first, LARGE, row.at)).fetchone()
            if not found or not (piece := as_bytes(found[0])):
                return
            yield piece
            first += LARGE

    def query(self, text: str, values: Sequence[str]) -> list[tuple[Any, ...]]:
        marked = text.replace("?", "%s").encode()
        return self._connection.execute(marked, values).fetchall()

    def time(self, moment: datetime) -> str:
        return moment.astimezone(UTC).isoformat()

    def close(self) -> None:
        self._connection.close()


def _name_of(table: FoundTable) -> sql.Identifier:
    return sql.Identifier(table.schema, table.name)


def _kind(kind: str) -> sql.SQL:
    return sql.SQL("bytea" if kind == "bytea" else "text")


def _is_wide(kind: str) -> bool:
    return kind.startswith(WIDE)


def _sizes(table: FoundTable) -> sql.Composable:
    """The size of the largest cell of a row."""
    sizes = [
        sql.SQL("octet_length({}::{})").format(sql.Identifier(name), _kind(kind))
        for name, kind in zip(table.columns, table.kinds, strict=True)
        if _is_wide(kind)
    ]
    return sql.SQL("greatest({})").format(sql.SQL(", ").join(sizes)) if sizes else sql.SQL("0")


def _readable(table: FoundTable) -> Iterator[sql.Composable]:
    """Each column as bytes or as text; what is too large, or can be no identifier, as nothing."""
    for name, kind in zip(table.columns, table.kinds, strict=True):
        own = sql.SQL("{}::{}").format(sql.Identifier(name), _kind(kind))
        if kind.startswith(NO_PERSONAL):
            yield sql.SQL("NULL")
        elif _is_wide(kind):
            limited = "CASE WHEN octet_length({0}) > {1} THEN NULL ELSE {0} END"
            yield sql.SQL(limited).format(own, sql.Literal(LARGE))
        else:
            yield own
