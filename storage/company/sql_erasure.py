"""Carrying a plan out in a company database: one transaction, children first, all counted."""

from graphlib import CycleError, TopologicalSorter
from typing import Any

from sqlalchemy import (
    Connection,
    CursorResult,
    and_,
    delete,
    func,
    not_,
    or_,
    select,
    update,
)

from bot.application.ports.sources import Erased, Order
from bot.domain.errors import Refused
from bot.domain.fulfilment.plan import PlanAction, SourcePlan, has_grown
from storage.company.blanks import blanks, differs
from storage.company.conditions import Condition, among, is_among, renamed, surely
from storage.company.data_map import DataMap, MappedTable
from storage.company.fixed_links import fix_links
from storage.company.found_rows import SubjectRows
from storage.company.reckoned import Reckoned, going, is_dropped, kept_columns, reckon
from storage.company.shape import ForeignKey, Shape
from storage.company.sought_values import EXTERNAL_ID, KINDS

STATED = {
    "sqlite": ("company.stated_free_pages",),
    "postgresql": ("company.stated_dead_rows",),
    "mysql": ("company.stated_binlog",),
}
"""By kind of database what no statement of ours reaches."""
NO_DATE = "company.stated_no_date"
ADDRESS_KEPT = "company.stated_address_kept"


def erase_rows(connection: Connection, rows: SubjectRows, order: Order) -> Erased:
    """All of it, or nothing.

    Raises:
        Refused: more was found than was approved, another subject, several and no number that
            says which, rows of others that hang on
            one that goes; or the database did otherwise than it says.
    """
    fix_links(connection, rows)
    found = reckon(connection, rows)
    _insist_on(order.plan, found)
    if rows.are_uncertain:
        was, now = order.plan.subjects, found.plan.subjects
        raise Refused("company.another_subject", source=order.plan.source, was=was, now=now)
    return _Erasure(connection, rows, found).run()


def insist_that_nobody_hangs_on(connection: Connection, rows: SubjectRows) -> None:
    """Before anybody approves: whatever hangs on a row that goes is no one else's.

    Raises:
        Refused: it is, and the map lets it go by no `detach`.
    """
    for name, table in rows.map.tables.items():
        condition = going(rows, table) if is_dropped(table) else None
        if condition is None:
            continue
        for key in rows.shape.onto(name):
            if not _is_let_go(rows, key):
                _refuse_what_hangs(connection, rows, key, condition)


def _is_let_go(rows: SubjectRows, key: ForeignKey) -> bool:
    """Whether the map says what becomes of every row that hangs on one that goes."""
    child = rows.map.tables.get(key.child)
    if child is None:
        return False
    return child.detaches(key.columns) or (is_dropped(child) and rows.all_led_to(child, key))


def _refuse_what_hangs(
    connection: Connection, rows: SubjectRows, key: ForeignKey, condition: Condition
) -> None:
    parent, child = rows.table(key.parent), rows.table(key.child)
    bare = child.table.alias()
    gone = select(*(parent.column(one) for one in key.parent_columns)).where(condition)
    hangs = [among([bare.c[one] for one in key.columns], gone)]
    if (goes := _going_too(rows, key, condition)) is not None:
        hangs.append(not_(surely(renamed(goes, child.table, bare))))
    asked = select(func.count()).select_from(bare).where(*hangs)
    if connection.execute(asked).scalar_one():
        params = {"table": key.parent, "child": key.child, "column": ", ".join(key.columns)}
        raise Refused("company.others_hang_on_it", source=rows.map.name, **params)


def _going_too(rows: SubjectRows, key: ForeignKey, condition: Condition) -> Condition | None:
    """Rows that go as well, or let go of what they hang on; None: none do."""
    if key.child == key.parent:
        return condition
    child = rows.map.tables.get(key.child)
    if child is None:
        return None
    lets_go = is_dropped(child) or child.empties(key.columns)
    return rows.found(key.child) if lets_go else None


def children_first(data_map: DataMap, shape: Shape) -> list[str]:
    """Tables of the map in the order in which their rows can go.

    Raises:
        CycleError: each hangs on the other.
    """
    sorter: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(data_map.tables, ()))
    for name, one in data_map.tables.items():
        for key in shape.foreign_keys:
            is_ours = key.child == name and key.parent in data_map.tables
            if is_ours and key.parent != name and not one.detaches(key.columns):
                sorter.add(key.parent, name)
        for way in one.found_by.ways:
            if not shape.between(way.table, name) and way.table != name:
                sorter.add(way.table, name)
    return list(sorter.static_order())


def _insist_on(approved: SourcePlan, found: Reckoned) -> None:
    """What is there now is what was approved; less of it is none of our business."""
    now, name = found.plan, approved.source
    if approved.version != now.version:
        raise Refused("company.map_changed", source=name)
    if now.subjects > approved.subjects:
        raise Refused(
            "company.another_subject", source=name, was=approved.subjects, now=now.subjects
        )
    if {one.decides for one in approved.items} != {one.decides for one in now.items}:
        raise Refused("company.plan_changed", source=name)
    if has_grown(approved.rows, now.rows):
        raise Refused("company.rows_grown", source=name, was=approved.rows, now=now.rows)


class _Erasure:
    """One run, inside its transaction."""

    def __init__(self, connection: Connection, rows: SubjectRows, found: Reckoned) -> None:
        self._connection = connection
        self._rows = rows
        self._expected = found
        self._done: dict[str, int] = {}
        self._keeps_addresses = False

    def run(self) -> Erased:
        try:
            names = children_first(self._rows.map, self._rows.shape)
        except CycleError as error:
            raise Refused("company.circle", source=self._rows.map.name) from error
        for name in names:
            self._deal_with(self._rows.map.tables[name])
        stated = list(STATED.get(self._rows.shape.backend, ()))
        stated += [NO_DATE] if self._expected.undated else []
        stated += [ADDRESS_KEPT] if self._keeps_addresses else []
        return Erased(
            rows=self._done,
            stated=tuple(stated),
            kept_until=self._expected.first_lapse,
        )

    def _deal_with(self, table: MappedTable) -> None:
        condition = going(self._rows, table)
        if condition is not None and is_dropped(table):
            self._delete(table, condition)
        elif condition is not None:
            self._blank(table, condition, table.all_personal, table.action)
        stays = self._rows.stays(table.name)
        found = self._rows.found(table.name)
        if stays is not None and found is not None:
            self._minimise(table, and_(found, surely(stays)))
            if kept := self._expected.kept[table.name]:
                self._done[f"{table.name}.{PlanAction.KEEP}"] = kept

    def _delete(self, table: MappedTable, condition: Condition) -> None:
        expected = self._expected.going[table.name]
        if not expected:
            return
        for key in self._rows.shape.onto(table.name):
            self._let_go(key, condition)
        bare = self._rows.table(table.name).table
        gone = self._connection.execute(delete(bare).where(condition))
        self._hold_to(table, expected, gone)
        if self._rows.count(table.name, condition):
            raise Refused("company.rows_stayed", source=self._rows.map.name, table=table.name)
        self._done[f"{table.name}.{PlanAction.DELETE}"] = expected

    def _hold_to(self, table: MappedTable, expected: int, result: CursorResult[Any]) -> None:
        """A driver that does not count is held to what is read afterwards."""
        if result.rowcount not in (expected, -1):
            raise Refused(
                "company.counts_differ",
                source=self._rows.map.name,
                table=table.name,
                expected=expected,
                done=result.rowcount,
            )

    def _let_go(self, key: ForeignKey, condition: Condition) -> None:
        """No row of anybody else's goes, or is changed, because one that it hangs on goes."""
        parent = self._rows.table(key.parent)
        gone = select(*(parent.column(one) for one in key.parent_columns)).where(condition)
        child = self._rows.table(key.child)
        mapped = self._rows.map.tables.get(key.child)
        if mapped is not None and mapped.detaches(key.columns):
            which = is_among(child, key.columns, gone)
            done = self._connection.execute(
                update(child.table).where(which).values(dict.fromkeys(key.columns))
            )
            self._add(mapped.name, PlanAction.NULL, done.rowcount)
            return
        if not _is_let_go(self._rows, key):
            _refuse_what_hangs(self._connection, self._rows, key, condition)

    def _minimise(self, table: MappedTable, staying: Condition) -> None:
        """What a kept row does not need goes; that by which it is found again stays.

        That is the number of the company's list or, in a row that has none, the address or the
        number by which it was found.
        """
        columns = kept_columns(table)
        before: list[Condition] = []
        for kind in KINDS:
            condition = self._rows.by(table, kind)
            if condition is not None:
                own = [not_(surely(one)) for one in before]
                needed = getattr(table.found_by, kind)
                rest = tuple(one for one in columns if one not in needed)
                which = and_(staying, surely(condition), *own)
                is_address = kind != EXTERNAL_ID and bool(set(needed) & set(columns))
                self._keeps_addresses |= is_address and self._rows.count(table.name, which) > 0
                self._blank(table, which, rest, PlanAction.NULL)
                before.append(condition)
        led_to = [not_(surely(one)) for one in before]
        self._blank(table, and_(staying, *led_to), columns, PlanAction.NULL)

    def _blank(
        self, table: MappedTable, which: Condition, columns: tuple[str, ...], action: PlanAction
    ) -> None:
        if not columns:
            return
        shape = self._rows.table(table.name)
        values = blanks(table, shape, columns, action)
        condition = and_(which, or_(*differs(shape, values)))
        expected = self._rows.count(table.name, condition)
        if not expected:
            return
        done = self._connection.execute(update(shape.table).where(condition).values(values))
        self._hold_to(table, expected, done)
        if self._rows.count(table.name, condition):
            raise Refused("company.rows_stayed", source=self._rows.map.name, table=table.name)
        self._add(table.name, action, expected)

    def _add(self, table: str, action: PlanAction, count: int) -> None:
        if count > 0:
            place = f"{table}.{action}"
            self._done[place] = self._done.get(place, 0) + count
