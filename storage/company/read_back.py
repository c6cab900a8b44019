"""Reading back what an erasure left, by other statements than those that erased."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, Select, and_, func, not_, or_, select
from sqlalchemy.sql.selectable import FromClause

from bot.application.ports.sources import Left
from bot.domain.fulfilment.plan import PlanAction
from storage.company.blanks import blanks, differs
from storage.company.column_values import exactly
from storage.company.conditions import Condition, renamed, surely
from storage.company.data_map import MappedTable, Way
from storage.company.found_rows import SubjectRows
from storage.company.reckoned import is_dropped, kept_columns
from storage.company.sought_values import KINDS


def left_rows(connection: Connection, rows: SubjectRows) -> tuple[Left, ...]:
    """Rows that should have gone, or still hold what should be blank; those of the law aside."""
    found = [
        Left(name, count)
        for name, table in rows.map.tables.items()
        if (count := _ReadBack(connection, rows, table).count())
    ]
    return tuple(found)


class _ReadBack:
    """One table, joined step by step to those that find the subject."""

    def __init__(self, connection: Connection, rows: SubjectRows, table: MappedTable) -> None:
        self._connection = connection
        self._rows = rows
        self._table = table
        self._shape = rows.table(table.name)

    def count(self) -> int:
        return sum(map(self._counted, self._conditions()))

    def _counted(self, condition: Condition) -> int:
        """The most that any of the paths to the subject finds."""
        paths = [asked.where(condition) for asked in self._paths()]
        return max((int(self._connection.execute(one).scalar_one()) for one in paths), default=0)

    def _conditions(self) -> Iterator[Condition]:
        """What should not be there any more."""
        stays = self._rows.stays(self._table.name)
        gone = not_(surely(stays)) if stays is not None else None
        if is_dropped(self._table):
            yield gone if gone is not None else self._any_row()
        elif self._table.all_personal:
            not_blank = self._not_blank(self._table.all_personal, self._table.action)
            yield not_blank if gone is None else and_(not_blank, gone)
        if stays is not None and (columns := self._blank_when_kept()):
            yield and_(surely(stays), self._not_blank(columns, PlanAction.NULL))

    def _any_row(self) -> Condition:
        return or_(*(one.is_(None) | one.is_not(None) for one in list(self._shape.table.c)[:1]))

    def _not_blank(self, columns: tuple[str, ...], action: PlanAction) -> Condition:
        return or_(*differs(self._shape, blanks(self._table, self._shape, columns, action)))

    def _blank_when_kept(self) -> tuple[str, ...]:
        """Without those by which the row is found again."""
        needed = {one for kind in KINDS for one in getattr(self._table.found_by, kind)}
        return tuple(one for one in kept_columns(self._table) if one not in needed)

    def _paths(self) -> Iterator[Select[int]]:
        bare = self._shape.table
        own = self._rows.own(self._table)
        counted = select(func.count(func.distinct(*self._key()))) if self._key() else None
        start = counted if counted is not None else select(func.count())
        if own is not None:
            yield start.select_from(bare).where(own)
        for way in self._table.found_by.ways:
            yield from self._along(start, bare, bare, way)
            yield from self._by_number(start, way)

    def _key(self) -> list[ColumnElement[int]]:
        key = self._rows.key(self._table)
        return [self._shape.column(one) for one in key] if len(key) == 1 else []

    def _along(
        self, start: Select[int], joined: FromClause, last: FromClause, way: Way
    ) -> Iterator[Select[int]]:
        other = self._rows.table(way.table)
        name = other.table.alias()
        same = and_(*(last.c[own] == name.c[their] for own, their in way.columns))
        both = joined.join(name, same)
        target = self._rows.map.tables[way.table]
        own = self._rows.own(target)
        if own is not None:
            yield start.select_from(both).where(renamed(own, other.table, name))
        for further in target.found_by.ways:
            yield from self._along(start, both, name, further)

    def _by_number(self, start: Select[int], way: Way) -> Iterator[Select[int]]:
        """Where the way is the company's own number: also when the row it led to is gone."""
        target = self._rows.map.tables[way.table]
        ids = self._rows.ids
        if len(way.columns) == 1 and way.theirs[0] in target.found_by.external_id and ids:
            column = self._shape.columns[way.ours[0]]
            values = [int(one) for one in ids if one.isdecimal()] if column.is_number else list(ids)
            if values:
                same = exactly(self._shape, column, values, self._rows.shape.backend)
                yield start.select_from(self._shape.table).where(same)
