"""Which rows are the subject's, which of them a law keeps, and which must stay for those.

Everything is a condition of SQL: no row is carried into the program to be sent back.
"""

from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    false,
    func,
    not_,
    or_,
    select,
)

from bot.domain.fulfilment.identifiers import Identifiers
from bot.domain.fulfilment.retention import RetentionRule
from storage.company.conditions import Condition, is_among, renamed, surely
from storage.company.data_map import DataMap, MappedTable, RowsKept, Way
from storage.company.dated import day_of, day_value
from storage.company.shape import ForeignKey, Shape, TableShape
from storage.company.sought_values import EMAIL, EXTERNAL_ID, KINDS, PHONE, SoughtValues

Target = tuple[str, tuple[str, ...]]


class SubjectRows:
    """The rows of one subject in one database, at one moment."""

    def __init__(
        self,
        connection: Connection,
        data_map: DataMap,
        shape: Shape,
        who: Identifiers,
        now: datetime,
    ) -> None:
        self._connection = connection
        self.map = data_map
        self.shape = shape
        self._sought = SoughtValues(connection, data_map, shape, who)
        self.now = now
        self._found: dict[str, Condition | None] = {}
        self._links: dict[Target, Select[Any]] = {}

    def table(self, name: str) -> TableShape:
        return self.shape.tables[name]

    def key(self, table: MappedTable) -> tuple[str, ...]:
        return table.key or self.table(table.name).primary_key

    def take_links(self, way: Way, links: Select[Any]) -> None:
        """From now on the rows that a way leads to are these, whatever becomes of the others."""
        self._links[way.table, way.theirs] = links
        self._found.clear()

    def found(self, name: str) -> Condition | None:
        """The subject's rows of a table; None: there are none, whatever the rows are."""
        if name not in self._found:
            table = self.map.tables[name]
            parts = [self.own(table), *map(self._led_to, table.found_by.ways)]
            there = [one for one in parts if one is not None]
            self._found[name] = or_(*there) if there else None
        return self._found[name]

    def own(self, table: MappedTable) -> Condition | None:
        """Those found by their own columns; no one who is plainly somebody else."""
        parts = [self.by(table, kind) for kind in KINDS]
        there = [one for one in parts if one is not None]
        return or_(*there) if there else None

    def by(self, table: MappedTable, kind: str) -> Condition | None:
        """Those found by one kind of column; by what is shared with another customer, none."""
        if kind == EXTERNAL_ID:
            return self._sought.bears(table, kind)
        mine, other = self._sought.bears_alone(table, kind), self.is_plainly_another(table)
        return mine if mine is None or other is None else and_(mine, not_(surely(other)))

    def is_plainly_another(self, table: MappedTable) -> Condition | None:
        """Rows of somebody else: by a number of the list, or by a key to a row of theirs."""
        parts = [self._sought.is_another(table), *map(self._leads_to_another, table.found_by.ways)]
        there = [one for one in parts if one is not None]
        return or_(*there) if there else None

    def _leads_to_another(self, way: Way) -> Condition | None:
        """Of the rows with such a key those that hang on somebody else's row."""
        if not self._leads_to_one(way):
            return None
        owner, other = self._owner(way), self.map.tables[way.table]
        theirs = self.is_plainly_another(other) if self.ids else self._is_not_found(other)
        if theirs is None:
            return None
        there = self.table(other.name)
        columns = [there.column(one) for one in way.theirs]
        links = select(*columns).where(surely(theirs), *(one.is_not(None) for one in columns))
        return is_among(self.table(owner.name), way.ours, links)

    def _is_not_found(self, table: MappedTable) -> Condition | None:
        """Of a subject without a number: rows of other people, as far as a row is a person."""
        if table not in self.map.person_tables:
            return self.is_plainly_another(table)
        found = self.found(table.name)
        return None if found is None else not_(surely(found))

    def doubtful(self, table: MappedTable) -> Condition | None:
        """Rows with the subject's address or number that are another's, or may be; they stay."""
        parts = [self._sought.bears(table, kind) for kind in (EMAIL, PHONE)]
        there = [one for one in parts if one is not None]
        if not there or not self.ids:
            return None
        own = self.own(table)
        return or_(*there) if own is None else and_(or_(*there), not_(surely(own)))

    def anothers(self, table: MappedTable) -> Condition | None:
        """Rows of the map that are another customer's, or may be: by their number, or doubtful."""
        parts = [self._sought.is_another(table), self.doubtful(table)]
        there = [one for one in parts if one is not None]
        found = self.found(table.name)
        if not there or found is None:
            return or_(*there) if there else None
        return and_(or_(*there), not_(surely(found)))

    def stays(self, name: str, *, seen: frozenset[str] = frozenset()) -> Condition | None:
        """Of the found rows those that may not go now: a law keeps them, or what hangs on them."""
        parts = [condition for _, condition in self.holds(name, seen=seen)]
        return or_(*parts) if parts else None

    def holds(
        self, name: str, *, seen: frozenset[str] = frozenset()
    ) -> list[tuple[RetentionRule, Condition]]:
        """By which laws rows of a table stay, and which; a row may stay by more than one."""
        table, found = self.map.tables[name], self.found(name)
        held: list[tuple[RetentionRule, Condition]] = []
        if table.kept is not None:
            own = false() if found is None else self._has_not_lapsed(table, table.kept)
            held.append((table.kept.rule, own))
        if table.kept_with is not None and table.kept_with.table not in seen:
            held += self._kept_with(table, table.kept_with.table, seen | {name})
        for hangs in self._hanging_on(name):
            if hangs.child not in seen | {name}:
                for rule, inner in self.holds(hangs.child, seen=seen | {name}):
                    held.append((rule, self._is_pointed_to(hangs, inner)))
        return held

    def _kept_with(
        self, table: MappedTable, other: str, seen: frozenset[str]
    ) -> list[tuple[RetentionRule, Condition]]:
        """Rows of a table that stay as those do over which they are found."""
        way = next(one for one in table.found_by.ways if one.table == other)
        there, found = self.table(other), self.found(other)
        columns = [there.column(one) for one in way.theirs]
        return [
            (
                rule,
                is_among(
                    self.table(table.name),
                    way.ours,
                    select(*columns).where(false() if found is None else found, inner),
                ),
            )
            for rule, inner in self.holds(other, seen=seen)
        ]

    def _has_not_lapsed(self, table: MappedTable, held: RowsKept) -> Condition:
        day = self.day(table, held)
        kept = day >= day_value(held.rule.lapsed_before(self.now), self.shape.backend)
        return or_(day.is_(None), kept)

    def day(self, table: MappedTable, held: RowsKept) -> ColumnElement[Any]:
        """From which a row's time counts; NULL: it has no date that can be read."""
        shape = self.table(table.name)
        days = [
            day_of(shape.column(one), shape.columns[one], self.shape.backend) for one in held.anchor
        ]
        return func.coalesce(*days) if len(days) > 1 else days[0]

    def _is_pointed_to(self, key: ForeignKey, which: Condition) -> Condition:
        child, parent = self.table(key.child), self.table(key.parent)
        found = self.found(key.child)
        columns = [child.column(one) for one in key.columns]
        conditions = [one.is_not(None) for one in columns]
        conditions += [false() if found is None else found, which]
        return is_among(parent, key.parent_columns, select(*columns).where(*conditions))

    def _hanging_on(self, name: str) -> list[ForeignKey]:
        """Over which rows of other mapped tables hang on a row: foreign keys, and ways to find."""
        keys = [one for one in self.shape.onto(name) if one.child in self.map.tables]
        keys = [one for one in keys if one.child != name and not self._is_detached(one)]
        ways = [
            ForeignKey(child=one.name, columns=way.ours, parent=name, parent_columns=way.theirs)
            for one in self.map.tables.values()
            for way in one.found_by.ways
            if way.table == name
        ]
        both = {(one.child, one.columns, one.parent_columns): one for one in (*keys, *ways)}
        return list(both.values())

    def _is_detached(self, key: ForeignKey) -> bool:
        return self.map.tables[key.child].detaches(key.columns)

    @cached_property
    def people(self) -> int:
        """As how many people the subject was found."""
        most = 0
        for table in self.map.person_tables:
            parts = [self.own(table), self.doubtful(table)]
            there = [one for one in parts if one is not None]
            most = max(most, self.count(table.name, or_(*there))) if there else most
        if self.map.person_tables:
            return most
        return int(any(self.count(one, self.found(one)) for one in self.map.tables))

    @cached_property
    def are_uncertain(self) -> bool:
        """Whether several people's rows are taken for the subject's, and no number says whose."""
        for table in self.map.person_tables:
            own = self.count(table.name, self.own(table))
            if own > 1 and own > self.count(table.name, self.by(table, EXTERNAL_ID)):
                return True
        return False

    def count(self, name: str, condition: Condition | None) -> int:
        if condition is None:
            return 0
        table = self.table(name).table
        asked = select(func.count()).select_from(table).where(condition)
        return int(self._connection.execute(asked).scalar_one())

    def _led_to(self, way: Way) -> Condition | None:
        owner = self._owner(way)
        links = self.links(way)
        if links is None:
            return None
        ours = self.table(owner.name)
        there = is_among(ours, way.ours, links)
        others = self._of_others(owner, way)
        return there if others is None else and_(there, not_(others))

    def _owner(self, way: Way) -> MappedTable:
        return next(
            one
            for one in self.map.tables.values()
            if any(way is each for each in one.found_by.ways)
        )

    def links(self, way: Way) -> Select[Any] | None:
        """What a way's other side holds in the subject's rows."""
        if (way.table, way.theirs) in self._links:
            return self._links[way.table, way.theirs]
        condition = self.found(way.table)
        if condition is None:
            return None
        other = self.table(way.table)
        columns = [other.column(one) for one in way.theirs]
        return select(*columns).where(condition, *(one.is_not(None) for one in columns))

    def all_led_to(self, table: MappedTable, key: ForeignKey) -> bool:
        """Whether every row that a foreign key hangs on a found one is found itself, over a way."""
        pairs = set(zip(key.columns, key.parent_columns, strict=True))
        return any(
            way.table == key.parent
            and set(way.columns) == pairs
            and self._of_others(table, way) is None
            for way in table.found_by.ways
        )

    def _of_others(self, owner: MappedTable, way: Way) -> Condition | None:
        """Rows to which somebody else's point too; None: the way's other side is a key."""
        if self._leads_to_one(way):
            return None
        theirs = self.table(way.table).table.alias()
        same = [theirs.c[their] == self.table(owner.name).column(own) for own, their in way.columns]
        mine = self.found_in(way.table, theirs)
        return select(1).select_from(theirs).where(*same, not_(surely(mine))).exists()

    def _leads_to_one(self, way: Way) -> bool:
        """Whether the way's other side is a key."""
        return self.table(way.table).tells_apart(way.theirs, self.map.tables[way.table].key)

    def found_in(self, name: str, alias: FromClause) -> Condition:
        """As `found`, said of the same table under another name."""
        condition = self.found(name)
        if condition is None:
            return false()
        return renamed(condition, self.table(name).table, alias)

    @property
    def ids(self) -> tuple[str, ...]:
        """Their numbers on the company's list."""
        return self._sought.ids
