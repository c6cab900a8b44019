"""What the page shows of the company's rows: which are whose, which went, which stay and why."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handlers.sandbox.company.tables import GONE_SECONDS, CompanyTables

NUSRAT, RAFIQUL = "C-1001", "C-1002"
NOW = datetime(2026, 10, 5, 9, 30, tzinfo=UTC)


class Company:
    """The tables of a provider whose database somebody else writes to."""

    def __init__(self, file: Path) -> None:
        self.file, self.seconds = file, 0.0
        self.told = 0
        self.tables = CompanyTables(lambda: NOW, lambda: self.seconds)
        self.tables.settle(file)
        self.tables.subscribe(self._hear)

    def writes(self, *statements: str) -> None:
        with closing(sqlite3.connect(self.file)) as other, other:
            for statement in statements:
                other.execute(statement)
        self.tables.look()

    def rows(self, table: str, client: str = NUSRAT, *, only: bool = True) -> list[dict]:
        return self.tables.shown(table, client, only_theirs=only)["table"]["rows"]

    def count(self, table: str, client: str = NUSRAT) -> tuple[int, int]:
        counts = self.tables.shown("", client, only_theirs=True)["tables"]
        one = next(each for each in counts if each["name"] == table)
        return one["theirs_left"], one["theirs_total"]

    def _hear(self) -> None:
        self.told += 1


@pytest.fixture
def company(tmp_path: Path):
    made = Company(tmp_path / "company.db")
    yield made
    made.tables.close()


def test_before_the_desk_starts_there_is_nothing_to_see():
    nothing = CompanyTables(lambda: NOW)

    nothing.look()

    assert nothing.shown("invoices", NUSRAT, only_theirs=True) == {"tables": [], "table": None}


def test_a_client_sees_their_own_rows_and_all_of_them_on_demand(company: Company):
    own, everybodys = company.rows("invoices"), company.rows("invoices", only=False)

    assert {row["is_theirs"] for row in own} == {True}
    assert len(own) < len(everybodys)
    assert len(own) == sum(row["is_theirs"] for row in everybodys)


def test_rows_of_payments_are_whose_the_invoice_is(company: Company):
    assert company.count("payments")[1] in (
        company.count("invoices")[1],
        company.count("invoices")[1] - 1,
    )


def test_staff_are_shown_to_everybody(company: Company):
    assert len(company.rows("staff")) == 4


def test_a_table_that_is_not_there_shows_the_first(company: Company):
    assert company.tables.shown("secrets", NUSRAT, only_theirs=True)["table"]["name"] == "customers"


def test_a_row_that_went_is_shown_as_gone_for_a_while_and_only_by_its_key(company: Company):
    left, total = company.count("server_access")

    company.writes("DELETE FROM server_access WHERE customer_id = 1")

    (gone,) = company.rows("server_access")
    assert gone == {"key": 1, "is_theirs": True, "state": "gone"}
    assert company.count("server_access") == (left - 1, total)
    company.seconds = GONE_SECONDS + 1
    company.tables.look()
    assert company.rows("server_access") == []
    assert company.count("server_access") == (left - 1, total)


def test_a_row_that_lost_its_person_and_that_a_law_keeps_is_shown_as_kept(company: Company):
    newest = company.rows("invoices")[-1]

    company.writes(f"UPDATE invoices SET billed_to = NULL WHERE id = {newest['key']}")

    row = company.rows("invoices")[-1]
    assert (row["state"], row["law"]) == ("kept", "bd-vat-2012")
    assert row["until"] > NOW.date().isoformat()
    assert None in row["cells"]


def test_a_customer_on_whom_kept_invoices_hang_is_kept_as_long_as_the_last_of_them(
    company: Company,
):
    company.writes("UPDATE customers SET name = NULL WHERE id = 1")

    (row,) = company.rows("customers")
    last = max(one["until"] for one in company.rows("payments") if "until" in one)
    assert (row["state"], row["law"], row["until"]) == ("kept", "bd-vat-2012", last)


def test_a_row_that_changed_and_that_no_law_keeps_is_only_changed(company: Company):
    company.writes("UPDATE server_access SET router = 'POP-9' WHERE customer_id = 1")

    (row,) = company.rows("server_access")
    assert row["state"] == "changed"
    assert "law" not in row


def test_other_peoples_rows_stay_as_they_were(company: Company):
    before = company.rows("invoices", RAFIQUL)

    company.writes(
        "DELETE FROM payments WHERE invoice_id IN (SELECT id FROM invoices WHERE customer_id = 1)",
        "DELETE FROM invoices WHERE customer_id = 1",
    )

    assert company.rows("invoices", RAFIQUL) == before


def test_whoever_watches_is_told_once_for_each_change(company: Company):
    company.writes("DELETE FROM support_notes WHERE customer_id = 1")
    company.tables.look()

    assert company.told == 1


def test_a_writer_that_is_at_it_is_waited_for(company: Company):
    with closing(sqlite3.connect(company.file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        other.execute("DELETE FROM support_notes WHERE customer_id = 1")
        company.tables.look()
        assert company.told == 0
        other.execute("COMMIT")

    company.tables.look()

    assert company.told == 1
