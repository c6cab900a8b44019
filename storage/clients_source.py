"""A CRM's database as the source of the client list: read only, one SELECT, one moment in time."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncResult,
    create_async_engine,
)

from bot.application.client_list.headings import COLUMNS, MARK, check_columns
from bot.application.client_list.rows import RawRow
from bot.domain.errors import Refused, Unavailable
from storage.database import PATIENCE_SECONDS, parse_url
from storage.sqlite.driver import SqliteDriver

AT_ONCE = 200
STATEMENT_SECONDS = 120
"""So long the CRM may take to answer."""


class ClientsSource:
    """Reads the rows that CLIENTS_QUERY gives.

    Raises:
        Refused: the address cannot be one, or the query is not one SELECT.
    """

    def __init__(
        self, url: str, query: str, *, sqlite: SqliteDriver = SqliteDriver.ONETRIP
    ) -> None:
        self._url = parse_url(url, sqlite=sqlite)
        self._query = query.strip().removesuffix(";")
        if not self._query:
            raise Refused("clients.source_without_query")
        first = self._query.split(maxsplit=1)[0].casefold()
        if first not in {"select", "with"} or ";" in self._query:
            raise Refused("clients.source_query_refused")

    async def batches(self) -> AsyncGenerator[list[RawRow]]:
        """The rows, some at a time, as text.

        Raises:
            Refused: a column is missing.
            Unavailable: the database does not answer, or refuses the query.
        """
        line = 0
        try:
            async with self._connected() as connection, self._rows(connection) as result:
                names = [name.casefold() for name in result.keys()]  # noqa: SIM118  # a result, not a mapping
                check_columns(names)
                columns = [name for name in (*COLUMNS, MARK) if name in names]
                places = [names.index(name) for name in columns]
                async for rows in result.partitions(AT_ONCE):
                    batch = [[_text(row[place]) for place in places] for row in rows]
                    yield [
                        RawRow(number, dict(zip(columns, cells, strict=True)))
                        for number, cells in enumerate(batch, start=line + 1)
                    ]
                    line += len(batch)
        except SQLAlchemyError as error:
            raise Unavailable("clients.source_broken") from error

    @asynccontextmanager
    async def _rows(self, connection: AsyncConnection) -> AsyncGenerator[AsyncResult[Any]]:
        """The answer as a stream; SQLAlchemy's own context leaves it open where something fails."""
        result = await connection.stream(text(self._query))
        try:
            yield result
        finally:
            await result.close()

    @asynccontextmanager
    async def _connected(self) -> AsyncGenerator[AsyncConnection]:
        """A connection of its own that cannot write."""
        engine = self._engine()
        try:
            async with engine.connect() as connection:
                if self._is_sqlite:
                    await connection.exec_driver_sql("PRAGMA query_only=ON")
                yield connection
                await connection.rollback()
        finally:
            await engine.dispose()

    @property
    def _is_sqlite(self) -> bool:
        return self._url.get_backend_name() == "sqlite"

    def _engine(self) -> AsyncEngine:
        if self._is_sqlite:
            file = f"file:{self._url.database}"
            url = self._url.set(database=file, query={"mode": "ro", "uri": "true"})
            return create_async_engine(url, hide_parameters=True)
        wait = STATEMENT_SECONDS * 1000
        return create_async_engine(
            self._url,
            hide_parameters=True,
            connect_args={
                "connect_timeout": PATIENCE_SECONDS,
                "options": f"-c default_transaction_read_only=on -c statement_timeout={wait}",
            },
        )


def _text(value: object) -> str:
    return "" if value is None else str(value)
