"""How a company's database is built: tables, columns, keys; as the database itself says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, inspect, text, types
from sqlalchemy.engine.interfaces import ReflectedForeignKeyConstraint
from sqlalchemy.engine.reflection import Inspector, ObjectKind, ObjectScope

from storage.company.connected import unknown_types_allowed

_NOT_COMPANY = ("information_schema", "pg_catalog", "pg_toast")
_PG_BUILT = """
SELECT md5(coalesce(string_agg(one, ',' ORDER BY one), '')) FROM (
  SELECT 'c' || c.oid || ' ' || c.xmin AS one FROM pg_class c
    WHERE c.relnamespace::regnamespace::text !~ '^pg_' AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  UNION ALL SELECT 'a' || a.attrelid || ' ' || a.attnum || ' ' || a.xmin FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace::regnamespace::text !~ '^pg_' AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  UNION ALL SELECT 'k' || k.oid || ' ' || k.xmin FROM pg_constraint k
) AS every
"""
"""Each row of the catalogue with the transaction that wrote it."""
Key = tuple[str | None, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """From a child's columns to those of its parent."""

    child: str
    columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...]
    on_delete: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnShape:
    """One column."""

    name: str
    type: types.TypeEngine[Any]
    is_nullable: bool = True
    is_generated: bool = False
    is_unique: bool = False

    @property
    def is_text(self) -> bool:
        return isinstance(self.type, types.String)

    @property
    def is_number(self) -> bool:
        return isinstance(self.type, types.Integer | types.Numeric)

    @property
    def is_date(self) -> bool:
        return isinstance(self.type, types.Date | types.DateTime)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableShape:
    """One table."""

    name: str
    """With its schema before it where that is not the database's own."""
    schema: str | None
    bare_name: str
    columns: Mapping[str, ColumnShape]
    primary_key: tuple[str, ...] = ()
    is_view: bool = False
    table: Table = field(repr=False)

    def column(self, name: str) -> Column[Any]:
        return self.table.c[name]

    def tells_apart(self, columns: Iterable[str], key: Iterable[str] = ()) -> bool:
        """Whether no two rows bear the same there. `key`: the one that a data map names."""
        named = set(columns)
        is_unique = any(self.columns[one].is_unique for one in named & self.columns.keys())
        return is_unique or named in (set(self.primary_key), set(key))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The whole database."""

    backend: str
    tables: Mapping[str, TableShape]
    foreign_keys: tuple[ForeignKey, ...] = ()

    def between(self, child: str, parent: str) -> list[ForeignKey]:
        return [one for one in self.foreign_keys if (one.child, one.parent) == (child, parent)]

    def onto(self, parent: str) -> list[ForeignKey]:
        """Those that point to this table."""
        return [one for one in self.foreign_keys if one.parent == parent]


class KnownShape:
    """The shape of one database, read again only when it was built otherwise meanwhile."""

    def __init__(self, backend: str) -> None:
        self._backend = backend
        self._built: object = None
        self._shape: Shape | None = None

    def at(self, connection: Connection) -> Shape:
        built = _built(connection, self._backend)
        if self._shape is None or built is None or built != self._built:
            self._shape, self._built = reflect(connection, self._backend), built
        return self._shape


def _built(connection: Connection, backend: str) -> object:
    """Something that is another after every change of tables, columns or keys; None: unknown."""
    asked = {"sqlite": "PRAGMA schema_version", "postgresql": _PG_BUILT}.get(backend)
    return connection.exec_driver_sql(asked).scalar() if asked else None


def reflect(connection: Connection, backend: str) -> Shape:
    """Read it from the database."""
    with unknown_types_allowed():
        inspector = inspect(connection)
        parts = _partitions(connection) if backend == "postgresql" else set[Key]()
        tables: dict[str, TableShape] = {}
        keys: list[ForeignKey] = []
        for schema in _schemas(inspector, backend):
            found = _of_schema(inspector, schema)
            tables |= {one.name: one for one in found if (schema, one.bare_name) not in parts}
            keys += _foreign_keys(inspector, schema)
        known = [one for one in map(_Names(tables).of, keys) if one is not None]
        return Shape(backend=backend, tables=tables, foreign_keys=tuple(known))


class _Names:
    """Names as they stand in the database: SQLite takes any case in a foreign key."""

    def __init__(self, tables: Mapping[str, TableShape]) -> None:
        self._tables = {one.casefold(): one for one in tables}
        self._columns = {
            name: {one.casefold(): one for one in table.columns} for name, table in tables.items()
        }

    def of(self, key: ForeignKey) -> ForeignKey | None:
        """None: a table or column of it is not there."""
        child = self._tables.get(key.child.casefold())
        parent = self._tables.get(key.parent.casefold())
        if child is None or parent is None:
            return None
        columns = tuple(self._columns[child].get(one.casefold(), "") for one in key.columns)
        others = tuple(self._columns[parent].get(one.casefold(), "") for one in key.parent_columns)
        if not all((*columns, *others)) or len(columns) != len(others):
            return None
        return replace(key, child=child, columns=columns, parent=parent, parent_columns=others)


def _schemas(inspector: Inspector, backend: str) -> list[str | None]:
    if backend != "postgresql":
        return [None]
    names = inspector.get_schema_names()
    others = [one for one in names if not one.startswith(_NOT_COMPANY)]
    return [None if one == inspector.default_schema_name else one for one in others]


def _of_schema(inspector: Inspector, schema: str | None) -> list[TableShape]:
    every = ObjectKind.ANY
    wanted: dict[str, Any] = {"schema": schema, "kind": every, "scope": ObjectScope.DEFAULT}
    columns = inspector.get_multi_columns(**wanted)
    keys = inspector.get_multi_pk_constraint(**wanted)
    # SQLite's own indexes too: what is UNIQUE is not always told from the text of its table.
    own: dict[str, Any] = (
        {"include_auto_indexes": True} if inspector.dialect.name == "sqlite" else {}
    )
    indexes = inspector.get_multi_indexes(**wanted, **own)
    uniques = inspector.get_multi_unique_constraints(**wanted)
    views = {*inspector.get_view_names(schema)}
    found: list[TableShape] = []
    for place, reflected in columns.items():
        alone = {
            tuple(one["column_names"])
            for one in [*indexes.get(place, []), *uniques.get(place, [])]
            if one.get("unique", True)
        }
        key = tuple((keys.get(place) or {}).get("constrained_columns") or ())
        shapes = _columns(reflected, {*alone, key})
        found.append(_table(place, shapes, key, is_view=place[1] in views))
    return found


def _columns(reflected: Iterable[Any], alone: set[Any]) -> dict[str, ColumnShape]:
    return {
        one["name"]: ColumnShape(
            name=one["name"],
            type=one["type"],
            is_nullable=bool(one.get("nullable", True)),
            is_generated=bool(one.get("computed")),
            is_unique=(one["name"],) in alone,
        )
        for one in reflected
    }


def _table(
    place: Key, columns: dict[str, ColumnShape], key: tuple[str, ...], *, is_view: bool
) -> TableShape:
    schema, bare = place
    made = Table(
        bare, MetaData(), *(Column(one.name, one.type) for one in columns.values()), schema=schema
    )
    return TableShape(
        name=_named(schema, bare),
        schema=schema,
        bare_name=bare,
        columns=columns,
        primary_key=key,
        is_view=is_view,
        table=made,
    )


def _foreign_keys(inspector: Inspector, schema: str | None) -> list[ForeignKey]:
    found: list[ForeignKey] = []
    for (place, name), keys in inspector.get_multi_foreign_keys(schema=schema).items():
        found += [_foreign_key(place, name, one) for one in keys if one["referred_table"]]
    return found


def _foreign_key(
    schema: str | None, name: str, reflected: ReflectedForeignKeyConstraint
) -> ForeignKey:
    return ForeignKey(
        child=_named(schema, name),
        columns=tuple(reflected["constrained_columns"]),
        parent=_named(reflected["referred_schema"], reflected["referred_table"]),
        parent_columns=tuple(reflected["referred_columns"]),
        on_delete=str(reflected.get("options", {}).get("ondelete", "")).upper(),
    )


def _named(schema: str | None, bare: str) -> str:
    return f"{schema}.{bare}" if schema else bare


def _partitions(connection: Connection) -> set[Key]:
    """Parts of a table, which are read with the whole."""
    asked = text(
        "SELECT n.nspname, n.nspname = current_schema(), c.relname FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relispartition"
    )
    return {(None if own else schema, name) for schema, own, name in connection.execute(asked)}
