"""The provider's database: whole, the same at every start, old enough and young enough."""

import re
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.fulfilment.retention import retention_rules
from handlers.sandbox.company.customers import MENTIONS, customers
from handlers.sandbox.company.held_rows import HELD, held_until
from handlers.sandbox.company.provider_database import make_database
from handlers.sandbox.company.provider_schema import SCHEMA, TABLES, WHOSE
from handlers.sandbox.sample_people import CLIENTS

NOW = datetime(2026, 10, 5, 9, 30, tzinfo=UTC)
MAP = Path("handlers/sandbox/company/data_map.yaml").read_text("utf-8")


def rows(file: Path, query: str) -> list[tuple]:
    with closing(sqlite3.connect(file)) as made:
        return made.execute(query).fetchall()


@pytest.fixture
def made(tmp_path: Path) -> Path:
    file = tmp_path / "company.db"
    make_database(file, NOW)
    return file


def test_it_is_whole_and_its_owners_alone(made: Path):
    assert rows(made, "PRAGMA integrity_check") == [("ok",)]
    assert rows(made, "PRAGMA foreign_key_check") == []
    assert made.stat().st_mode & 0o777 == 0o600
    assert all(rows(made, f"SELECT count(*) FROM {name}")[0][0] for name in TABLES)


def test_it_is_the_same_at_every_start_of_a_day(tmp_path: Path, made: Path):
    make_database(tmp_path / "again.db", NOW)

    for name in TABLES:
        query = f"SELECT * FROM {name} ORDER BY id"
        assert rows(made, query) == rows(tmp_path / "again.db", query)


def test_the_clients_of_the_chat_are_customers_as_the_client_list_knows_them(made: Path):
    known = {
        row[0]: row[1:]
        for row in rows(made, "SELECT customer_no, name, email, phone FROM customers")
    }

    for one in CLIENTS:
        assert known[one.external_id] == (one.name, one.email, one.listed_phone)


@pytest.mark.parametrize("table", HELD)
def test_some_rows_of_a_client_are_kept_by_law_and_some_no_longer(made: Path, table: str):
    anchor, key = HELD[table].anchor, CLIENTS[0].external_id
    whose = dict(rows(made, WHOSE[table]))
    customer = dict(rows(made, "SELECT customer_no, id FROM customers"))[key]
    found = rows(made, f"SELECT id, {anchor} FROM {table}")
    dates = [at for row, at in found if whose[row] == customer]

    held = [held_until(table, {anchor: at}, NOW) is not None for at in dates]

    assert True in held
    assert False in held


def test_no_row_is_of_tomorrow(made: Path):
    for table, held in HELD.items():
        newest = rows(made, f"SELECT max({held.anchor}) FROM {table}")[0][0]
        assert str(newest)[:10] <= NOW.date().isoformat()


def test_other_customers_notes_speak_of_clients_in_several_spellings(made: Path):
    notes = " ".join(note for (note,) in rows(made, "SELECT note FROM support_notes"))

    assert all(text in notes for _, text in MENTIONS)
    assert "nusrat@clients.example" in notes
    assert CLIENTS[1].phone not in notes
    assert "01811-000102" in notes


def test_names_alone_tell_nobody_apart():
    names = [one.name for one in customers()]

    assert sum("Nusrat Jahan" in name for name in names) == 2
    assert any(not name.isascii() for name in names)


def test_a_row_is_kept_through_the_last_day_of_its_time():
    row = {"issued_on": "2021-10-05"}

    assert held_until("invoices", row, NOW) == date(2026, 10, 5)
    assert held_until("invoices", row, NOW + timedelta(days=1)) is None


@pytest.mark.parametrize("table", HELD)
def test_a_row_is_kept_as_long_as_the_desks_own_rule_says(table: str):
    lapses = retention_rules()[HELD[table].law].lapses(date(2024, 2, 29))
    row = {HELD[table].anchor: "2024-02-29"}

    assert held_until(table, row, lapses - timedelta(seconds=1)) is not None
    assert held_until(table, row, lapses) is None


def test_the_page_goes_by_the_laws_of_the_data_map():
    """Read without a YAML reader: the map is our own, one retention a line."""
    said = re.findall(
        r"^  (\w+):$(?:(?!^  \w).*\n)*?    retention: \{law: ([\w-]+), anchor: (\w+)",
        MAP,
        re.MULTILINE,
    )

    assert {table: (law, anchor) for table, law, anchor in said} == {
        table: (held.law, held.anchor) for table, held in HELD.items()
    }


def test_the_data_map_names_every_table_that_is_somebodys():
    mapped = re.findall(r"^  (\w+):$", MAP.partition("\ntables:\n")[2], re.MULTILINE)

    assert set(mapped) == set(WHOSE)
    for column in re.findall(r"personal: \[([^\]]*)\]", MAP):
        assert all(f"{name} " in SCHEMA for name in column.split(", "))
