"""What the ways of a map lead over, written down before anything goes.

A row is found over another one; once that one is gone or blank, nothing leads to it any more. So
within its transaction an erasure first fixes what each way holds, in a table of its own that ends
with the connection.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, column, select, table as named_table, text

from storage.company.data_map import DataMap, Way
from storage.company.found_rows import SubjectRows, Target


def fix_links(connection: Connection, rows: SubjectRows) -> None:
    """From now on a way leads over what it leads over now."""
    for number, way in enumerate(_ways_from_roots(rows.map)):
        links = rows.links(way)
        if links is not None:
            rows.take_links(way, _kept_apart(connection, rows, way, links, number))


def _kept_apart(
    connection: Connection, rows: SubjectRows, way: Way, links: Select[Any], number: int
) -> Select[Any]:
    other = rows.table(way.table)
    name = f"privacydesk_links_{number}"
    bare = select(*(other.column(one) for one in way.theirs)).where(text("1 = 0"))
    made = str(bare.compile(connection, compile_kwargs={"literal_binds": True}))
    is_postgresql = rows.shape.backend == "postgresql"
    ends = " ON COMMIT DROP" if is_postgresql else ""
    connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {name}{ends} AS {made}")
    columns = [column(one.name, one.type) for one in bare.selected_columns]
    apart = named_table(name, *columns)
    connection.execute(apart.insert().from_select(list(way.theirs), links.distinct()))
    if is_postgresql:
        connection.exec_driver_sql(f"ANALYZE {name}")
    return select(*apart.c)


def _ways_from_roots(data_map: DataMap) -> Iterator[Way]:
    """Each that leads over other columns, after those by which its own other side is found."""
    done: set[str] = set()
    led_over: set[Target] = set()

    def follow(name: str) -> Iterator[Way]:
        if name in done:
            return
        done.add(name)
        for way in data_map.tables[name].found_by.ways:
            yield from follow(way.table)
            if (way.table, way.theirs) not in led_over:
                led_over.add((way.table, way.theirs))
                yield way

    for name in data_map.tables:
        yield from follow(name)
