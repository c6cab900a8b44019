"""A company's SQL database as a source: plan, export, erase, verify, look."""

import asyncio
from collections.abc import AsyncGenerator, Generator, Iterable
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, select, type_coerce
from sqlalchemy.types import NullType

from bot.application.ports.sources import Data, Erased, Hit, Left, Looked, Order, Patterns
from bot.domain.errors import Refused
from bot.domain.fulfilment.identifiers import Identifiers
from bot.domain.fulfilment.plan import SourceKind, SourcePlan
from bot.domain.fulfilment.retention import RetentionRule
from storage.company.connected import CompanyDatabase
from storage.company.data_map import DataMap
from storage.company.found_rows import SubjectRows
from storage.company.map_check import refused_shape
from storage.company.masked_spans import mask_spans
from storage.company.read_back import left_rows
from storage.company.reckoned import reckon
from storage.company.shape import KnownShape
from storage.company.sql_erasure import STATED, erase_rows, insist_that_nobody_hangs_on
from storage.company.sql_look import Span, look_through
from storage.company.table_cells import AT_ONCE

LOG_LEFT = "company.stated_log"
_ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""Whose rows they are is no question of time; whether a law keeps them is."""


class SqlSource:
    """One company database, by its data map.

    Raises, from every method:
        Unavailable: the database is away, locked or too slow; nothing was changed.
        Refused: a person must act first; nothing was changed.
    """

    def __init__(self, data_map: DataMap) -> None:
        self._map = data_map
        self._database = CompanyDatabase(data_map.name, data_map.url, data_map.seconds)
        self._shape = KnownShape(self._database.backend)

    @property
    def name(self) -> str:
        return self._map.name

    @property
    def kind(self) -> SourceKind:
        return SourceKind.COMPANY

    @property
    def laws(self) -> dict[str, RetentionRule]:
        """The laws that its plans name, by code: shipped ones, and the map's own."""
        kept = [one.kept for one in self._map.tables.values() if one.kept is not None]
        return {one.rule.code: one.rule for one in kept}

    async def plan(self, who: Identifiers, now: datetime) -> SourcePlan:
        def work(connection: Connection) -> SourcePlan:
            rows = self._rows(connection, who, now)
            found = reckon(connection, rows).plan
            insist_that_nobody_hangs_on(connection, rows)
            return found

        return await self._database.run(work)

    async def erase(self, order: Order) -> Erased:
        def work(connection: Connection) -> Erased:
            rows = self._ordered(connection, order)
            return erase_rows(connection, rows, order)

        erased = await self._database.run(work, writes=True)
        return erased if await self._is_folded() else _with(erased, LOG_LEFT)

    async def verify(self, order: Order) -> tuple[Left, ...]:
        def work(connection: Connection) -> tuple[Left, ...]:
            return left_rows(connection, self._ordered(connection, order))

        return await self._database.run(work)

    async def look(self, order: Order, patterns: Patterns, *, masks: bool) -> Looked:
        def read(connection: Connection) -> tuple[Looked, list[Span]]:
            rows = self._ordered(connection, order)
            seen = look_through(connection, rows, patterns)
            return seen.looked(STATED.get(self._database.backend, ())), seen.spans

        looked, spans = await self._database.run(read)
        if not spans:
            return looked
        if not masks:
            return replace(looked, hits=(*looked.hits, *_as_hits(spans)))

        def write(connection: Connection) -> Looked:
            masked = mask_spans(connection, self._shape.at(connection), spans, patterns)
            return replace(looked, hits=(*looked.hits, *masked.left), masked=masked.counted)

        looked = await self._database.run(write, writes=True)
        is_folded = await self._is_folded()
        return looked if is_folded else replace(looked, stated=(*looked.stated, LOG_LEFT))

    async def export(self, who: Identifiers) -> AsyncGenerator[tuple[str, Data]]:
        """Row by row; one connection from the first to the last."""
        pieces = self._exported(who)
        try:
            while (batch := await asyncio.to_thread(next, pieces, None)) is not None:
                for one in batch:
                    yield one
        finally:
            await asyncio.to_thread(pieces.close)

    def _exported(self, who: Identifiers) -> Generator[list[tuple[str, Data]]]:
        with self._database.connected(writes=False) as connection:
            rows = self._rows(connection, who, _ANY_TIME)
            for name in self._map.tables:
                condition = rows.found(name)
                if condition is None:
                    continue
                table = rows.table(name).table
                columns = [type_coerce(one, NullType()).label(one.name) for one in table.c]
                asked = select(*columns).where(condition)
                found = connection.execute(asked, execution_options={"yield_per": AT_ONCE})
                for batch in found.mappings().partitions():
                    yield [(name, dict(one)) for one in batch]

    def _ordered(self, connection: Connection, order: Order) -> SubjectRows:
        """By the map that was approved, and no other: what another one overlooks proves nothing.

        An empty plan was of nobody there, and any map may look for them.
        """
        if order.plan.items and order.plan.version != self._map.version:
            raise Refused("company.map_changed", source=self._map.name)
        return self._rows(connection, order.who, order.now)

    def _rows(self, connection: Connection, who: Identifiers, now: datetime) -> SubjectRows:
        shape = self._shape.at(connection)
        problem = refused_shape(self._map, shape)
        if problem is not None:
            params = dict(problem.params)
            raise Refused(
                "company.map_does_not_fit",
                source=self._map.name,
                line=problem.line,
                what=str(params.get("column") or params.get("table") or ""),
            )
        return SubjectRows(connection, self._map, shape, who, now)

    async def _is_folded(self) -> bool:
        return await asyncio.to_thread(self._database.fold_log)


def _with(erased: Erased, stated: str) -> Erased:
    return replace(erased, stated=(*erased.stated, stated))


def _as_hits(spans: Iterable[Span]) -> tuple[Hit, ...]:
    return tuple(Hit(place=one.place, kind=kind) for one in spans for kind in one.kinds)
