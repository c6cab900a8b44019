"""The registry of places is whole: a new table, column, index or file fails until it is placed."""

import importlib
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import Any, get_type_hints

import pytest
from sqlalchemy import Column, LargeBinary

from handlers.settings import Settings
from storage.bootstrap import open_store
from storage.file_health import BESIDE
from storage.models import Table
from storage.subject_records import own_rows
from storage.subject_records.place_registry import (
    FILES,
    HANDLING,
    SETTINGS_FILES,
    TABLES,
    Door,
    FilePlace,
    Nothing,
)
from tests.support.stores.stages import sqlite_place

COLUMNS = [column for table in Table.metadata.sorted_tables for column in table.columns]


def unplaced(table: str, columns: Iterable[str]) -> list[str]:
    """Columns of a table that stand in no place."""
    known = TABLES.get(table, {})
    return [f"{table}.{one}" for one in columns if one not in known]


def ids(column: Column[object]) -> str:
    return str(column)


def test_every_table_and_column_has_a_place():
    missing = [
        one
        for table in Table.metadata.sorted_tables
        for one in unplaced(table.name, table.columns.keys())
    ]

    assert missing == []


def test_no_place_is_of_a_column_that_is_gone():
    there = {(column.table.name, column.name) for column in COLUMNS}

    assert {(table, name) for table, columns in TABLES.items() for name in columns} == there


def test_a_new_column_is_in_no_place():
    assert unplaced("person", ["id", "shoe_size"]) == ["person.shoe_size"]
    assert unplaced("shoe", ["id"]) == ["shoe.id"]


@pytest.mark.parametrize("column", [one for one in COLUMNS if one.info["personal"]], ids=ids)
def test_what_is_declared_personal_has_a_door(column: Column[object]):
    assert isinstance(TABLES[column.table.name][column.name], Door)


@pytest.mark.parametrize(
    "column", [one for one in COLUMNS if isinstance(one.type, LargeBinary)], ids=ids
)
def test_bytes_that_have_no_door_are_the_desks_own(column: Column[object]):
    held = TABLES[column.table.name][column.name]

    assert isinstance(held, Door) or held is Nothing.DESK


def test_every_index_is_of_columns_that_have_a_place():
    indexed = {
        (table.name, column.name)
        for table in Table.metadata.sorted_tables
        for index in table.indexes
        for column in index.columns
    }

    assert [one for one in indexed if one[1] not in TABLES[one[0]]] == []


def test_whatever_goes_by_rows_is_found_and_erased_by_rows():
    by_rows = {table for table, columns in TABLES.items() if Door.ROWS in columns.values()}

    assert by_rows - {"guard"} <= own_rows.TABLES.keys()
    assert own_rows.TABLES.keys() <= TABLES.keys()


@pytest.mark.parametrize("door", Door)
def test_whoever_handles_a_door_is_there(door: Door):
    handling = HANDLING[door]

    for named in (handling.finder, handling.exporter, handling.eraser, handling.scanner):
        module, _, path = named.partition(":")
        found: Any = importlib.import_module(module)
        for name in path.split("."):
            found = getattr(found, name)
        assert callable(found)


def placed(name: str, database: str) -> list[FilePlace]:
    patterns = [(one, one.pattern.replace("{db}", database)) for one in FILES]
    return [one for one, pattern in patterns if PurePath(name).match(pattern)]


async def test_every_file_beside_the_store_has_a_place(tmp_path: Path):
    store = await open_store(sqlite_place(tmp_path / "desk.db"))
    files = [file.name for file in tmp_path.iterdir()]
    await store.database.close()

    assert [name for name in files if not placed(name, "desk.db")] == []
    assert [end for end in BESIDE if not placed(f"desk.db{end}", "desk.db")] == []
    assert placed("desk.db.shoes", "desk.db") == []


def test_every_file_that_a_setting_names_has_a_place():
    hints = get_type_hints(Settings)
    named = {name for name in Settings.model_fields if "Path" in str(hints[name])}

    assert named == set(SETTINGS_FILES)
