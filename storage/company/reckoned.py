"""What would happen to a subject's rows, counted: the plan of a company database."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import Connection, and_, func, not_, or_, select

from bot.domain.fulfilment.plan import PlanAction, PlanItem, SourceKind, SourcePlan
from storage.company.blanks import blanks, differs
from storage.company.conditions import Condition, surely
from storage.company.data_map import MappedTable, RowsKept
from storage.company.dated import read_day
from storage.company.found_rows import SubjectRows


@dataclass(kw_only=True)
class Reckoned:
    """The plan, and what erasing needs to know beside it."""

    plan: SourcePlan
    going: Mapping[str, int]
    """How many rows of each table are dealt with now."""
    kept: Mapping[str, int]
    """How many of each table stay by law."""
    first_lapse: datetime | None
    undated: int = 0
    """Rows kept whose date cannot be read; they count from today, each time anew."""


@dataclass(kw_only=True)
class _Held:
    """What one law keeps in the whole database."""

    first: datetime | None = None
    last: datetime | None = None
    by_table: dict[str, int] = field(default_factory=dict[str, int])


def reckon(connection: Connection, rows: SubjectRows) -> Reckoned:
    """Pure reading: the same rows and map give the same items, whatever their counts."""
    return _Counting(connection, rows).all()


def kept_columns(table: MappedTable) -> tuple[str, ...]:
    """What is emptied of a row that stays by law."""
    return table.minimised if table.is_kept else table.all_personal


def address_kept(table: MappedTable) -> tuple[str, ...]:
    """By what a row that stays is found again, where it bears no number of the company's list."""
    found = table.found_by
    needed = () if found.external_id else found.email or found.phone
    return tuple(one for one in needed if table.is_kept and one in table.minimised)


def is_dropped(table: MappedTable) -> bool:
    """Whether its rows go in the end; what is only kept while a law says so goes after that."""
    return table.action is PlanAction.DELETE or (table.action is PlanAction.KEEP and table.is_kept)


def going(rows: SubjectRows, table: MappedTable) -> Condition | None:
    """Which rows are dealt with now: found, not kept, and not blank yet where they stay."""
    found, stays = rows.found(table.name), rows.stays(table.name)
    if found is None:
        return None
    parts = [found] if stays is None else [found, not_(surely(stays))]
    if is_dropped(table):
        return and_(*parts)
    return and_(*parts, or_(*_not_blank(rows, table))) if table.all_personal else None


def _not_blank(rows: SubjectRows, table: MappedTable) -> list[Condition]:
    shape = rows.table(table.name)
    return differs(shape, blanks(table, shape, table.all_personal, table.action))


class _Counting:
    """One look at all tables of a map."""

    def __init__(self, connection: Connection, rows: SubjectRows) -> None:
        self._connection = connection
        self._rows = rows
        self._held: dict[str, _Held] = {}
        self._undated = 0

    def all(self) -> Reckoned:
        tables = list(self._rows.map.tables.values())
        going_now = {one.name: self._going(one) for one in tables}
        kept = {one.name: self._count_kept(one) for one in tables}
        items = [item for one in tables for item in self._items(one, going_now[one.name])]
        lapses = [one.first for one in self._held.values() if one.first]
        plan = SourcePlan(
            source=self._rows.map.name,
            kind=SourceKind.COMPANY,
            version=self._rows.map.version,
            subjects=self._rows.people,
            items=tuple(items),
        )
        return Reckoned(
            plan=plan,
            going=going_now,
            kept=kept,
            first_lapse=min(lapses, default=None),
            undated=self._undated,
        )

    def _going(self, table: MappedTable) -> int:
        return self._rows.count(table.name, going(self._rows, table))

    def _count_kept(self, table: MappedTable) -> int:
        """All that stay; and by which law, until when."""
        found, holds = self._rows.found(table.name), self._rows.holds(table.name)
        for rule, _ in holds:
            self._held.setdefault(rule.code, _Held()).by_table.setdefault(table.name, 0)
        if found is None or not holds:
            return 0
        by_law: dict[str, list[Condition]] = {}
        for rule, condition in holds:
            by_law.setdefault(rule.code, []).append(condition)
        for code, conditions in by_law.items():
            counted = self._rows.count(table.name, and_(found, or_(*conditions)))
            self._held[code].by_table[table.name] = counted
        if table.kept is not None:
            self._date(table, table.kept, and_(found, holds[0][1]))
        whole = or_(*(condition for _, condition in holds))
        return self._rows.count(table.name, and_(found, whole))

    def _date(self, table: MappedTable, law: RowsKept, kept: Condition) -> None:
        day, bare = self._rows.day(table, law), self._rows.table(table.name).table
        asked = select(func.min(day), func.max(day), func.count() - func.count(day))
        row = self._connection.execute(asked.select_from(bare).where(kept)).one()
        days = [one for one in map(read_day, row[:2]) if one is not None]
        if undated := int(row[2]):
            self._undated += undated
            days.append(self._rows.now.date())
        held = self._held[law.rule.code]
        for lapse in map(law.rule.lapses, _sane(days)):
            held.first = min(held.first or lapse, lapse)
            held.last = max(held.last or lapse, lapse)

    def _items(self, table: MappedTable, rows: int) -> list[PlanItem]:
        item = PlanItem(
            place=table.name,
            action=PlanAction.DELETE,
            rows=rows,
            called=tuple(sorted(table.said.category.items())),
        )
        if is_dropped(table):
            items = [item]
        elif table.action is PlanAction.KEEP:
            items = []
        else:
            items = [replace(item, action=table.action, columns=table.all_personal)]
        kept = [
            replace(
                item,
                action=PlanAction.KEEP,
                columns=tuple(one for one in kept_columns(table) if one not in address_kept(table)),
                law=code,
                until=held.last if held.by_table[table.name] else None,
                rows=held.by_table[table.name],
            )
            for code, held in self._held.items()
            if table.name in held.by_table
        ]
        return [*items, *kept]


def _sane(days: list[date]) -> list[date]:
    """A year that no calendar reaches with a law's time on top is a slip: it does not lapse."""
    last = date(date.max.year - 1000, 1, 1)
    return [min(one, last) for one in days]
