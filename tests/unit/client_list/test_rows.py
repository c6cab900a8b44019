"""Reading a client list: what cannot be right is refused by name, and nothing else is lost."""

import csv
import io

import pytest
from hypothesis import given, settings, strategies as st

from bot.application.client_list.importer import RowReader
from bot.application.client_list.rows import COLUMNS, ClientRow, Fault, RawRow, read_csv, read_row
from bot.domain.addresses import Language
from bot.domain.errors import Refused
from tests.volume import volume

HEADER = ",".join(COLUMNS)


def rows(text: str) -> list[RawRow]:
    return list(read_csv(io.StringIO(text, newline="")))


def one(*cells: str) -> ClientRow | Fault:
    file = io.StringIO(newline="")
    csv.writer(file).writerow(cells)
    return read_row(rows(f"{HEADER}\n{file.getvalue()}")[0])


def fault(*cells: str) -> tuple[str, str]:
    found = one(*cells)
    assert isinstance(found, Fault)
    return found.reason, found.what


def test_a_row_becomes_a_client():
    row = one(" C-1 ", "Rahima  Khatun", "Meghna", "a@b.co; c@d.org;", "01712345678", "BN", "gdpr")

    assert isinstance(row, ClientRow)
    assert (row.external_id, row.name, row.language, row.regime) == (
        "C-1",
        "Rahima Khatun",
        Language.BN,
        "gdpr",
    )
    assert [(c.kind, c.value) for c in row.contacts] == [
        ("email", "a@b.co"),
        ("email", "c@d.org"),
        ("phone", "+8801712345678"),
    ]


def test_the_same_address_twice_is_one():
    row = one("C-1", "A", "", "a@b.co;A@B.CO", "01712345678;+8801712345678", "", "")

    assert isinstance(row, ClientRow)
    assert len(row.contacts) == 2


def test_columns_may_stand_in_any_order_beside_others():
    text = "Regime,language,phone,email,company,name,external_id,notes\n,,,,,A,C-1,secret\n"

    row = read_row(rows(text)[0])

    assert isinstance(row, ClientRow)
    assert (row.external_id, row.language, row.regime) == ("C-1", None, "")


def test_a_byte_order_mark_and_empty_lines_are_nothing():
    assert len(rows(f"\ufeff{HEADER}\n\n,,,,,,\nC-1,A,,,,,\n")) == 1


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("", "A", "", "", "", "", ""), ("empty", "external_id")),
        (("C-1", " ", "", "", "", "", ""), ("empty", "name")),
        (("C-1", "A", "", "nobody", "", "", ""), ("not_an_email", "email")),
        (("C-1", "A", "", "a@b", "", "", ""), ("not_an_email", "email")),
        (("C-1", "A", "", "a b@c.de", "", "", ""), ("not_an_email", "email")),
        (("C-1", "A", "", f"{'x' * 65}@b.co", "", "", ""), ("not_an_email", "email")),
        (("C-1", "A", "", f"x@{'y' * 260}.co", "", "", ""), ("not_an_email", "email")),
        (("C-1", "A", "", "", "12", "", ""), ("not_a_phone", "phone")),
        (("C-1", "A", "", "", "call me", "", ""), ("not_a_phone", "phone")),
        (("C-1", "A", "", "", "", "xx", ""), ("language", "language")),
        (("C-1", "A", "", "", "", "", "mars"), ("regime", "regime")),
        (("C-1", "A\x00B", "", "", "", "", ""), ("control_character", "name")),
        (("C-1\x1b", "A", "", "", "", "", ""), ("control_character", "external_id")),
        (("C" * 101, "A", "", "", "", "", ""), ("too_long", "external_id")),
        (("C-1", "A" * 301, "", "", "", "", ""), ("too_long", "name")),
        (("C-1", "A", "B" * 301, "", "", "", ""), ("too_long", "company")),
        (("C-1", "A" * 5_000_000, "", "", "", "", ""), ("too_long", "name")),
        (
            ("C-1", "A", "", ";".join(f"a{n}@b.co" for n in range(21)), "", "", ""),
            ("too_many", "email"),
        ),
        (("C-1", "A", "", "", ""), ("cells", "")),
        (("C-1", "A", "", "", "", "", "", "more"), ("cells", "")),
    ],
)
def test_what_cannot_be_right_is_refused_by_name(cells: tuple[str, ...], expected: tuple[str, str]):
    assert fault(*cells) == expected


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "external_id;name;company\n1;2;3\n"])
def test_missing_columns_are_named(text: str):
    with pytest.raises(Refused, match="columns_missing"):
        rows(text)


def test_a_column_that_stands_twice_is_named():
    with pytest.raises(Refused, match="columns_twice"):
        rows(f"{HEADER},email\n")


def test_a_quote_that_never_closes_ends_the_import_with_its_line():
    with pytest.raises(Refused, match="csv_broken"):
        rows(f'{HEADER}\nC-1,"A,,,,,\nC-2,B,,,,,\n')


def test_a_number_that_stood_before_is_refused_and_shared_addresses_are_counted():
    reader = RowReader()
    text = f"{HEADER}\nC-1,A,,a@b.co,,,\nC-1,B,,,,,\nC-2,C,,A@B.co,,,\nC-3,D,,x,,,\n"

    good, faults = reader.read(rows(text))

    assert [row.external_id for row in good] == ["C-1", "C-2"]
    assert [(f.line, f.reason) for f in faults] == [(3, "twice"), (5, "not_an_email")]
    assert [(c.value, count) for c, count in reader.shared()] == [("a@b.co", 2)]


def test_the_reader_leaves_no_trace_in_the_csv_module():
    before = csv.field_size_limit()

    rows(f"{HEADER}\n")

    assert csv.field_size_limit() == before


CELL = st.text(max_size=60)


@given(st.lists(st.tuples(*[CELL] * 7), max_size=8))
@settings(max_examples=volume(150, 3000), deadline=None)
def test_any_text_is_read_as_a_client_or_refused_and_no_row_is_lost(
    table: list[tuple[str, ...]],
):
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows(table)

    found = [read_row(raw) for raw in rows(file.getvalue())]

    written = [row for row in table if any(cell.strip() for cell in row)]
    assert len(found) == len(written)
    for row in found:
        if isinstance(row, ClientRow):
            assert row.external_id
            assert row.name
            assert "\x00" not in f"{row.external_id}{row.name}{row.company}"
