"""A data map held against the database that it describes."""

from collections.abc import Iterator
from graphlib import CycleError

from sqlalchemy import types

from bot.application.ports.company_maps import MapProblem
from bot.domain.fulfilment.plan import PlanAction
from storage.company.blanks import mask_of, mask_text, needs_own_mask
from storage.company.data_map import KEY_GAP, DataMap, MappedTable, Way
from storage.company.personal_names import personal_kind
from storage.company.reckoned import address_kept, is_dropped, kept_columns
from storage.company.shape import ColumnShape, ForeignKey, Shape, TableShape
from storage.company.sql_erasure import children_first
from storage.company.written_map.map_text import Problems, nearest

_NO_TEXT = (types.Date, types.DateTime, types.Boolean, types.LargeBinary, types.Float)


def held_against(data_map: DataMap, shape: Shape) -> Problems:
    """Everything that does not fit, and what somebody should look at."""
    problems = _tables_held(data_map, shape)
    if all(one.is_doubt for one in problems.found):
        _foreign_keys(data_map, shape, problems)
    _undeclared(data_map, shape, problems)
    return problems


def refused_shape(data_map: DataMap, shape: Shape) -> MapProblem | None:
    """The first thing for which nothing can be done in this database; doubts are none.

    A table that nobody declared stops no plan: its rows are looked for when others go.
    """
    return next((one for one in _tables_held(data_map, shape).found if not one.is_doubt), None)


def _tables_held(data_map: DataMap, shape: Shape) -> Problems:
    problems = Problems(data_map.file)
    for table in data_map.tables.values():
        _TableCheck(data_map, table, shape, problems).check()
    if all(one.is_doubt for one in problems.found):
        _order(data_map, shape, problems)
    return problems


class _TableCheck:
    """One table of the map."""

    def __init__(
        self, data_map: DataMap, table: MappedTable, shape: Shape, problems: Problems
    ) -> None:
        self._map = data_map
        self._table = table
        self._shape = shape
        self._problems = problems

    def check(self) -> None:
        there = self._shape.tables.get(self._table.name)
        if there is None:
            self._missing_table()
            return
        if there.is_view:
            self._problems.add(self._table.line, "is_view", table=self._table.name)
            return
        missing = [one for one in self._table.columns if one not in there.columns]
        for column in missing:
            self._missing_column(column, there)
        if missing:
            return
        self._finders(there)
        self._ways(there)
        self._key(there)
        self._written_over(there)
        self._kept(there)

    def _missing_table(self) -> None:
        meant = nearest(self._table.name, list(self._shape.tables))
        key = "no_table_meant" if meant else "no_table"
        params = {"meant": meant} if meant else {}
        self._problems.add(self._table.line, key, table=self._table.name, **params)

    def _missing_column(self, column: str, there: TableShape) -> None:
        meant = nearest(column, list(there.columns))
        key = "no_column_meant" if meant else "no_column"
        params = {"meant": meant} if meant else {}
        self._say(column, key, **params)

    def _say(self, column: str, key: str, **params: str | int) -> None:
        line = self._table.line_of(column)
        self._problems.add(line, key, table=self._table.name, column=column, **params)

    def _finders(self, there: TableShape) -> None:
        found = self._table.found_by
        wrong = [one for one in (*found.email, *found.name) if not _may_be_text(there.columns[one])]
        numbers = (*found.external_id, *found.phone)
        wrong += [one for one in numbers if isinstance(there.columns[one].type, _NO_TEXT)]
        for column in wrong:
            self._say(column, "wrong_type", type=str(there.columns[column].type))

    def _ways(self, there: TableShape) -> None:
        for way in self._table.found_by.ways:
            other = self._shape.tables.get(way.table)
            if other is None:
                continue
            for own, their in way.columns:
                if their not in other.columns:
                    params = {"table": way.table, "column": their}
                    self._problems.add(way.line, "no_column", **params)
                elif there.columns[own].is_number != other.columns[their].is_number:
                    self._say(own, "way_type", other=f"{way.table}.{their}")
            mapped = self._map.tables.get(way.table)
            if not other.tells_apart(way.theirs, mapped.key if mapped else ()):
                params = {"table": self._table.name, "other": way.table}
                self._problems.doubt(way.line, "way_not_unique", **params)
            if not _has_key(self._shape, self._table.name, way):
                params = {"table": self._table.name, "other": way.table}
                self._problems.doubt(way.line, "way_without_key", **params)

    def _key(self, there: TableShape) -> None:
        own = self._table.key
        is_one = len(own) == 1 and there.columns[own[0]].is_unique
        if own and not is_one and set(own) != set(there.primary_key):
            self._problems.doubt(self._table.line, "key_not_unique", table=self._table.name)
        if not own and not there.primary_key:
            for column, text in self._table.masks.items():
                if KEY_GAP in text:
                    self._say(column, "mask_without_key")

    def _written_over(self, there: TableShape) -> None:
        changed = self._table.all_personal if self._is_changed() else ()
        stays = self._table.is_kept or any(self._inherits())
        changed += kept_columns(self._table) if stays else ()
        for name in dict.fromkeys(changed):
            column = there.columns[name]
            if column.is_generated:
                self._say(name, "generated")
            elif name not in self._table.masks and needs_own_mask(column):
                self._say(name, "needs_mask", type=str(column.type))
            else:
                self._mask(there, column)
        for name, text in self._table.masks.items():
            try:
                mask_of(there.columns[name], text.replace(KEY_GAP, ""))
            except ValueError:
                self._say(name, "mask_unfit", type=str(there.columns[name].type))

    def _mask(self, there: TableShape, column: ColumnShape) -> None:
        """What is written holds nothing personal, and differs where the database wants that."""
        action = self._table.action if self._is_changed() else PlanAction.NULL
        text = mask_text(self._table, column, action)
        if text is None:
            return
        key = self._table.key or there.primary_key
        personal = [one for one in key if one in self._table.all_personal]
        if KEY_GAP in text and personal:
            self._say(column.name, "mask_of_personal_key", own=", ".join(personal))
        elif column.is_unique and KEY_GAP not in text:
            self._say(column.name, "mask_not_unique")
        if "{" in (rest := text.replace(KEY_GAP, "")) or "}" in rest:
            self._say(column.name, "mask_unknown_gap", given=text)

    def _is_changed(self) -> bool:
        return self._table.action in (PlanAction.MASK, PlanAction.NULL)

    def _inherits(self) -> Iterator[bool]:
        """Whether rows that a law keeps hang on its own."""
        for other in self._map.tables.values():
            leads = any(way.table == self._table.name for way in other.found_by.ways)
            yield other.is_kept and leads

    def _kept(self, there: TableShape) -> None:
        kept = self._table.kept
        if kept is None:
            return
        for name in kept.anchor:
            if not _may_be_day(there.columns[name], self._shape.backend):
                self._say(name, "anchor_not_date", type=str(there.columns[name].type))
        if found_again := address_kept(self._table):
            params = {"table": self._table.name, "columns": ", ".join(found_again)}
            self._problems.doubt(kept.line, "kept_by_address", **params)
        if kept.rule.confirm:
            params = {"table": self._table.name, "law": kept.rule.law["en"]}
            self._problems.doubt(kept.line, "confirm_law", **params)


def _order(data_map: DataMap, shape: Shape, problems: Problems) -> None:
    try:
        children_first(data_map, shape)
    except CycleError as error:
        path = [str(one) for one in error.args[1]]
        line = data_map.tables[path[0]].line
        problems.add(line, "foreign_keys_in_a_circle", path=" -> ".join(path))


def _foreign_keys(data_map: DataMap, shape: Shape, problems: Problems) -> None:
    """Whatever points to a row that goes must go, be emptied, or be let go."""
    for table in data_map.tables.values():
        for key in shape.onto(table.name) if is_dropped(table) else ():
            child = data_map.tables.get(key.child)
            params = {"table": table.name, "child": key.child, "column": ", ".join(key.columns)}
            if child is None:
                problems.add(table.line, "undeclared_child", **params)
            elif key.child != table.name and not is_dropped(child) and not _lets_go(child, key):
                problems.add(child.line, "child_stays", **params)


def _lets_go(child: MappedTable, key: ForeignKey) -> bool:
    """The column is emptied with the rest, or where the row that it points to goes."""
    return child.empties(key.columns) or child.detaches(key.columns)


def _undeclared(data_map: DataMap, shape: Shape, problems: Problems) -> None:
    """What looks personal and stands nowhere in the map, though it would stay."""
    for name, there in shape.tables.items():
        table = data_map.tables.get(name)
        if there.is_view or name in data_map.ignored:
            continue
        if table is None:
            looks = [one for one in there.columns if personal_kind(one)]
            if looks:
                shown = ", ".join(looks)
                problems.doubt(data_map.line, "undeclared_table", table=name, columns=shown)
        elif table.action is not PlanAction.DELETE or table.is_kept:
            _undeclared_columns(table, there, problems)


def _undeclared_columns(table: MappedTable, there: TableShape, problems: Problems) -> None:
    named = {*table.columns, *there.primary_key}
    for column in there.columns:
        if column not in named and personal_kind(column):
            problems.doubt(table.line, "undeclared_column", table=table.name, column=column)


def _has_key(shape: Shape, table: str, way: Way) -> bool:
    pairs = set(way.columns)
    back = {(their, own) for own, their in way.columns}
    there = [
        set(zip(one.columns, one.parent_columns, strict=True))
        for one in shape.between(table, way.table)
    ]
    other = [
        set(zip(one.columns, one.parent_columns, strict=True))
        for one in shape.between(way.table, table)
    ]
    return any(pairs <= one for one in there) or any(back <= one for one in other)


def _may_be_text(column: ColumnShape) -> bool:
    return not column.is_number and not isinstance(column.type, _NO_TEXT)


def _may_be_day(column: ColumnShape, backend: str) -> bool:
    """SQLite keeps dates as text or numbers."""
    if backend == "sqlite":
        return not isinstance(column.type, types.LargeBinary | types.Boolean)
    return column.is_date or isinstance(column.type, types.Integer)
