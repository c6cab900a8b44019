"""By what a subject's rows are sought, and which of it stands in another customer's row too.

An address or a number that two customers share tells them apart nowhere: a row that bears nothing
else may be either's, and is left alone.
"""

from functools import cache, cached_property
from typing import Any

from sqlalchemy import Connection, and_, func, not_, or_, select

from bot.domain.fulfilment.identifiers import IdentifierKind, Identifiers
from storage.company.column_values import by_email, by_external_id, by_phone, exactly
from storage.company.conditions import Condition, is_filled, surely
from storage.company.data_map import DataMap, MappedTable
from storage.company.shape import Shape

EXTERNAL_ID, EMAIL, PHONE = "external_id", "email", "phone"
KINDS = (EXTERNAL_ID, EMAIL, PHONE)
"""By which rows are found, the surest first."""
_KINDS = {EMAIL: IdentifierKind.EMAIL, PHONE: IdentifierKind.PHONE}


class SoughtValues:
    """One subject's, in one database."""

    def __init__(
        self, connection: Connection, data_map: DataMap, shape: Shape, who: Identifiers
    ) -> None:
        self._connection = connection
        self._map = data_map
        self._shape = shape
        self._who = who
        self._held = cache(self._read)

    @property
    def ids(self) -> tuple[str, ...]:
        """Their numbers on the company's list."""
        return self._who.of(IdentifierKind.EXTERNAL_ID)

    def bears(self, table: MappedTable, kind: str) -> Condition | None:
        """Rows with any of the subject's values of a kind."""
        return self._bears(table, kind, self._all(kind))

    def bears_alone(self, table: MappedTable, kind: str) -> Condition | None:
        """Rows with a value that no other customer's row bears."""
        shared = self._shared.get(kind, ())
        return self._bears(table, kind, tuple(one for one in self._all(kind) if one not in shared))

    def is_another(self, table: MappedTable) -> Condition | None:
        """Rows that bear somebody else's number of the company's list; None: that is not told."""
        columns = table.found_by.external_id
        if not columns or not self.ids:
            return None
        shape = self._shape.tables[table.name]
        filled = [is_filled(shape, one) for one in columns]
        mine = self.bears(table, EXTERNAL_ID)
        return or_(*filled) if mine is None else and_(or_(*filled), not_(surely(mine)))

    @cached_property
    def _shared(self) -> dict[str, tuple[str, ...]]:
        return {
            kind: tuple(
                value
                for value in self._all(kind)
                if any(self._is_anothers(one, kind, value) for one in self._map.person_tables)
            )
            for kind in _KINDS
        }

    def _is_anothers(self, table: MappedTable, kind: str, value: str) -> bool:
        other = self.is_another(table)
        there = None if other is None else self._bears(table, kind, (value,))
        if other is None or there is None:
            return False
        bare = self._shape.tables[table.name].table
        asked = select(func.count()).select_from(bare).where(there, other)
        return bool(self._connection.execute(asked).scalar_one())

    def _all(self, kind: str) -> tuple[str, ...]:
        return self.ids if kind == EXTERNAL_ID else self._who.of(_KINDS[kind])

    def _bears(self, table: MappedTable, kind: str, wanted: tuple[str, ...]) -> Condition | None:
        shape, parts = self._shape.tables[table.name], list[Condition]()
        for name in getattr(table.found_by, kind) if wanted else ():
            values = self._held(table.name, kind, name, wanted)
            if values:
                column = shape.columns[name]
                parts.append(exactly(shape, column, values, self._shape.backend))
        return or_(*parts) if parts else None

    def _read(self, name: str, kind: str, column: str, wanted: tuple[str, ...]) -> list[Any]:
        """How a column spells what is wanted."""
        table, connection = self._shape.tables[name], self._connection
        shape = table.columns[column]
        match kind:
            case "external_id":
                return by_external_id(connection, table, shape, wanted)
            case "email":
                return by_email(connection, table, shape, wanted)
            case _:
                return by_phone(connection, table, shape, wanted, region=self._map.region)
