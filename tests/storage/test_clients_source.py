"""A CRM's database as the source of the client list: read only, one SELECT, clear refusals."""

import sqlite3
from pathlib import Path

import psycopg
import pytest

from bot.domain.errors import Refused, Unavailable
from storage import clients_source
from storage.clients_source import ClientsSource
from tests.support.stores.postgres import Server

COLUMNS = "external_id, name, company, email, phone, language, regime"
QUERY = f"SELECT {COLUMNS} FROM clients ORDER BY external_id"
TABLE = "CREATE TABLE clients (external_id text, name text, company text, email text, phone text, "
TABLE += "language text, regime text, secret text)"
ROWS = [(f"C-{place}", "Zoë", None, "z@x.org", "", "bn", "gdpr", "s") for place in range(5)]


@pytest.fixture
def sqlite_crm(tmp_path: Path) -> str:
    file = tmp_path / "crm.db"
    with sqlite3.connect(file) as connection:
        connection.execute(TABLE)
        connection.executemany("INSERT INTO clients VALUES (?,?,?,?,?,?,?,?)", ROWS)
    connection.close()
    return f"sqlite:///{file}"


@pytest.fixture
def postgres_crm(server: Server) -> str:
    url = server.url(server.new_database())
    with psycopg.connect(url) as connection:
        connection.execute(TABLE)
        connection.cursor().executemany(
            "INSERT INTO clients VALUES (%s,%s,%s,%s,%s,%s,%s,%s)", ROWS
        )
    return url


@pytest.fixture(params=["sqlite_crm", "postgres_crm"])
def crm(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue(request.param)


async def read(url: str, query: str = QUERY) -> list[tuple[int, dict[str, str]]]:
    batches = ClientsSource(url, query).batches()
    return [(row.line, dict(row.cells or {})) async for batch in batches for row in batch]


async def test_rows_come_numbered_with_their_columns_as_text(crm: str):
    rows = await read(crm)

    assert [line for line, _ in rows] == [1, 2, 3, 4, 5]
    assert rows[0][1] == {
        "external_id": "C-0",
        "name": "Zoë",
        "company": "",
        "email": "z@x.org",
        "phone": "",
        "language": "bn",
        "regime": "gdpr",
    }


async def test_batches_are_numbered_on(crm: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clients_source, "AT_ONCE", 2)

    batches = [batch async for batch in ClientsSource(crm, QUERY).batches()]

    assert [[row.line for row in batch] for batch in batches] == [[1, 2], [3, 4], [5]]


async def test_a_closing_semicolon_and_a_with_are_fine(crm: str):
    assert (
        len(await read(crm, f"WITH one AS (SELECT * FROM clients) SELECT {COLUMNS} FROM one;")) == 5
    )


@pytest.mark.parametrize(
    "query", ["DELETE FROM clients", "SELECT 1; DROP TABLE clients", "  update clients set x=1"]
)
def test_only_one_select_is_taken(query: str):
    with pytest.raises(Refused) as refusal:
        ClientsSource("sqlite:///x.db", query)

    assert refusal.value.key == "clients.source_query_refused"


def test_a_source_needs_a_query():
    with pytest.raises(Refused) as refusal:
        ClientsSource("sqlite:///x.db", " ; ".strip(" ;"))

    assert refusal.value.key == "clients.source_without_query"


async def test_a_write_hidden_in_a_select_fails(postgres_crm: str):
    query = f"WITH gone AS (DELETE FROM clients RETURNING *) SELECT {COLUMNS} FROM gone"
    with pytest.raises(Unavailable):
        await read(postgres_crm, query)

    assert len(await read(postgres_crm)) == 5


async def test_a_missing_column_is_refused(crm: str):
    with pytest.raises(Refused):
        await read(crm, "SELECT external_id FROM clients")


async def test_a_crm_that_cannot_be_read_is_said(tmp_path: Path):
    missing = tmp_path / "none.db"

    with pytest.raises(Unavailable) as trouble:
        await read(f"sqlite:///{missing}")

    assert trouble.value.key == "clients.source_broken"
    assert not missing.exists()
