"""What must hold within a data map, before any database is asked."""

from bot.domain.fulfilment.plan import PlanAction
from storage.company.data_map import DataMap, MappedTable, Way
from storage.company.written_map.map_text import Problems, nearest


def hold_together(data_map: DataMap, problems: Problems) -> None:
    """Ways lead to tables of the map and to a column that finds; actions have what they need."""
    for table in data_map.tables.values():
        for way in table.found_by.ways:
            _lead_somewhere(data_map, table, way, problems)
        _have_columns(table, problems)
        _leave_ways_open(table, problems)
        _stay_with_their_own(table, problems)
    _run_in_no_circle(data_map, problems)
    if data_map.tables and not any(one.found_by.columns for one in data_map.tables.values()):
        problems.add(data_map.line, "way_to_nowhere")


def _lead_somewhere(data_map: DataMap, table: MappedTable, way: Way, problems: Problems) -> None:
    if way.table in data_map.tables:
        return
    meant = nearest(way.table, list(data_map.tables))
    key = "way_to_unmapped_meant" if meant else "way_to_unmapped"
    params = {"meant": meant} if meant else {}
    problems.add(way.line, key, table=table.name, other=way.table, **params)


def _run_in_no_circle(data_map: DataMap, problems: Problems) -> None:
    """Followed to their ends, the ways come to tables that find by themselves."""
    done: set[str] = set()

    def follow(name: str, path: tuple[str, ...]) -> None:
        for way in data_map.tables[name].found_by.ways if name not in done else ():
            whole = (*path, way.table)
            if way.table in path:
                problems.add(way.line, "way_in_a_circle", path=" -> ".join(whole))
            elif way.table in data_map.tables:
                follow(way.table, whole)
        done.add(name)

    for name in data_map.tables:
        follow(name, (name,))


def _have_columns(table: MappedTable, problems: Problems) -> None:
    if table.action is PlanAction.KEEP and not table.is_kept and table.all_personal:
        problems.add(table.line, "kept_without_law", table=table.name)
    if table.action in (PlanAction.MASK, PlanAction.NULL) and not table.all_personal:
        problems.add(table.line, "nothing_personal", table=table.name, action=table.action.value)
    for column in table.masks:
        if column not in table.all_personal:
            problems.add(
                table.line_of(column), "mask_not_personal", table=table.name, column=column
            )


def _stay_with_their_own(table: MappedTable, problems: Problems) -> None:
    """Rows stay with those over which they are found."""
    kept = table.kept_with
    if kept is not None and kept.table not in {way.table for way in table.found_by.ways}:
        problems.add(kept.line, "kept_with_no_way", table=table.name, other=kept.table)


def _leave_ways_open(table: MappedTable, problems: Problems) -> None:
    """A kept row is found again, and a row that stays is still its own."""
    changed = table.all_personal if table.action in (PlanAction.MASK, PlanAction.NULL) else ()
    for column in changed:
        if column in table.key:
            _say(problems, table, column, "key_minimised")
    ways = {own for way in table.found_by.ways for own in way.ours}
    held = table.kept or table.kept_with
    if held is None:
        return
    for column in held.minimise:
        params = {"table": table.name, "column": column}
        if column in table.key or column in ways:
            problems.add(held.line, "key_minimised", **params)
        if table.kept and column in table.kept.anchor:
            problems.add(held.line, "anchor_minimised", **params)


def _say(problems: Problems, table: MappedTable, column: str, key: str) -> None:
    problems.add(table.line_of(column), key, table=table.name, column=column)
