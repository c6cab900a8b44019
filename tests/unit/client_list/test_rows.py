"""Reading a client list: what cannot be right is refused by name, and nothing else is lost."""

import csv
import io

import pytest
from hypothesis import given, settings, strategies as st

from bot.application.client_list.headings import COLUMNS
from bot.application.client_list.importer import RowReader
from bot.application.client_list.rows import ClientRow, Fault, RawRow, read_csv, read_row
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
    assert (row.external_id, row.language, row.regime) == ("C-1", None, None)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_what_separates_the_cells_is_found_in_the_heading_line(separator: str):
    text = "external_id,name,email,phone\nC-1,Ana One,a@b.co,+8801711000001\n"

    row = read_row(rows(text.replace(",", separator))[0])

    assert isinstance(row, ClientRow)
    assert (row.name, row.emails, row.phones) == ("Ana One", ("a@b.co",), ("+8801711000001",))


def test_the_line_in_which_a_spreadsheet_states_the_separator_is_no_row():
    found = rows("sep=;\r\nexternal_id;name\r\nC-1;A\r\n;B\r\n")

    refused = read_row(found[1])

    assert [raw.cells and raw.cells["name"] for raw in found] == ["A", "B"]
    assert isinstance(refused, Fault)
    assert refused.line == 4


@pytest.mark.parametrize("above", ["\n", "\r\n\r\n", ",,\n", "\ufeff\n"])
def test_what_is_blank_above_the_heading_is_no_heading(above: str):
    found = rows(f'{above}"external_id",name\nC-1,A\n,B\n')

    refused = read_row(found[1])

    assert [raw.cells and raw.cells["name"] for raw in found] == ["A", "B"]
    assert isinstance(refused, Fault)
    assert refused.line == above.count("\n") + 3


def test_a_number_that_a_spreadsheet_was_told_to_leave_is_that_number():
    (raw,) = rows('external_id,name\n="C-1",A\n')

    assert read_row(raw) == ClientRow(line=2, external_id="C-1", name="A")


def test_several_addresses_may_stand_in_a_cell_of_a_list_with_semicolons():
    row = read_row(
        rows('external_id;name;email\nC-1;A;"a@b.co;c@d.co"\nC-2;B;"a@b.co, c@d.co"\n')[1]
    )

    assert isinstance(row, ClientRow)
    assert row.emails == ("a@b.co", "c@d.co")


def test_a_blank_cell_says_nothing_and_a_dash_takes_away():
    blank = one("C-1", "A", "", " ", "\u200b", "", "")
    removed = one("C-1", "A", "-", "-", " - ", "", "-")

    assert isinstance(blank, ClientRow)
    assert isinstance(removed, ClientRow)
    assert (blank.company, blank.emails, blank.phones, blank.regime) == (None, None, None, None)
    assert (removed.company, removed.emails, removed.phones, removed.regime) == ("", (), (), "")


@pytest.mark.parametrize(
    "odd", ["\u200b", "\u202a", "\u2060", "\u00ad", "\ufeff", "\u202c", "\u2066"]
)
@pytest.mark.parametrize("place", ["{}zoe@x.org", "zoe@x.org{}", "zo{}e@x.org", "zoe@x{}.org"])
def test_an_invisible_character_never_becomes_part_of_what_is_found_by(odd: str, place: str):
    row = one(
        f"{odd}C-{odd}1", f"Zoe{odd}", "", place.format(odd), f"{odd}01712345678{odd}", "", ""
    )

    assert isinstance(row, ClientRow)
    assert (row.external_id, row.name) == ("C-1", "Zoe")
    assert (row.emails, row.phones) == (("zoe@x.org",), ("+8801712345678",))


def test_a_joiner_within_a_bangla_name_is_spelling_and_stays():
    row = one("C-1", "র\u200d্যাহিম", "", "", "", "", "")

    assert isinstance(row, ClientRow)
    assert row.name == "র\u200d্যাহিম"


def test_numbers_to_which_a_spreadsheet_gave_decimals_are_read():
    row = one("1001.0", "A", "", "", "8801712345678.00", "", "")

    assert isinstance(row, ClientRow)
    assert (row.external_id, row.phones) == ("1001", ("+8801712345678",))


def test_both_spellings_of_a_domain_are_one_address():
    row = one("C-1", "A", "", "mal@bücher.test;mal@xn--bcher-kva.test", "", "", "")

    assert isinstance(row, ClientRow)
    assert row.emails == ("mal@xn--bcher-kva.test",)


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
        (("C-1", "A", "", "", "8.80171E+12", "", ""), ("bent", "phone")),
        (("8.8E+15", "A", "", "", "", "", ""), ("bent", "external_id")),
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


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "external_id;company\n1;3\n"])
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


HEADINGS = {
    "E-mail;Client No;Full Name;Mobile": ("email", "external_id", "name", "phone"),
    "External ID,NAME,e-mail,Phone": ("external_id", "name", "email", "phone"),
    "external-id\tName\tE mail\tPhone No.": ("external_id", "name", "email", "phone"),
    "id,নাম,ইমেইল,মোবাইল": ("external_id", "name", "email", "phone"),
    "external_id,name,Email Address,Telephone": ("external_id", "name", "email", "phone"),
    "\ufeffCustomer Number;Customer Name;Mail;Lang": ("external_id", "name", "email", "language"),
    "external_id,id,name": ("external_id", "id", "name"),
}


@pytest.mark.parametrize("heading", HEADINGS)
def test_columns_are_known_however_people_spell_them(heading: str):
    separator = max(",;\t", key=heading.count)

    (raw,) = rows(f"{heading}\n{separator.join('abcd'[: heading.count(separator) + 1])}\n")

    assert raw.cells is not None
    assert tuple(raw.cells) == HEADINGS[heading]


def test_two_columns_that_mean_the_same_are_named():
    with pytest.raises(Refused, match="columns_twice"):
        rows("external_id,name,mobile,telephone\n")


READ = {
    ("external_id", "'1001"): "1001",
    ("external_id", "\u00a01001.0 "): "1001",
    ("name", "Rahima\u00a0 Khatun"): "Rahima Khatun",
    ("email", "Rahima Khatun <rahima@x.org>"): ("rahima@x.org",),
    ("email", "mailto:rahima@x.org"): ("rahima@x.org",),
    ("email", "rahima@x.org."): ("rahima@x.org",),
    ("email", "rahima @ x.org"): ("rahima@x.org",),
    ("email", "a@b.co c@d.co"): ("a@b.co", "c@d.co"),
    ("email", "a@b.co | c@d.co"): ("a@b.co", "c@d.co"),
    ("email", "a@b.co；c@d.co，e@f.co"): ("a@b.co", "c@d.co", "e@f.co"),
    ("phone", "০১৭১২৩৪৫৬৭৮"): ("+8801712345678",),
    ("phone", "'01712345678"): ("+8801712345678",),
    ("phone", "01712-345 678 / +880 1812 345678"): ("+8801712345678", "+8801812345678"),
    ("phone", "1712345678"): ("+8801712345678",),
    ("phone", "tel:+8801712345678"): ("+8801712345678",),
    ("phone", "008801712345678"): ("+8801712345678",),
    ("language", "Bangla"): Language.BN,
    ("language", "বাংলা"): Language.BN,
    ("language", "bn_BD"): Language.BN,
    ("language", "en-GB"): Language.EN,
    ("language", "English"): Language.EN,
    ("regime", "BD PDPA 2026"): "bd-pdpa-2026",
    ("regime", "GDPR"): "gdpr",
}
FIELDS = {"email": "emails", "phone": "phones"}


@pytest.mark.parametrize(("column", "written"), READ)
def test_cells_are_read_as_people_and_spreadsheets_write_them(column: str, written: str):
    cells = {"external_id": "C-1", "name": "A"} | {column: written}

    row = one(*(cells.get(name, "") for name in COLUMNS))

    assert isinstance(row, ClientRow), row
    assert getattr(row, FIELDS.get(column, column)) == READ[column, written]


def test_all_mistakes_of_a_row_are_told_at_once():
    found = one("C-1", "", "", "nobody", "8.8E+12", "xx", "mars")

    assert isinstance(found, Fault)
    assert found.external_id == "C-1"
    assert set(found.mistakes) == {
        ("empty", "name"),
        ("not_an_email", "email"),
        ("bent", "phone"),
        ("not_a_phone", "phone"),
        ("language", "language"),
        ("regime", "regime"),
    }


def test_blank_cells_behind_the_last_column_are_a_spreadsheets():
    (raw,) = rows("external_id,name,,\nC-1,A,,,,,\n")

    assert isinstance(read_row(raw), ClientRow)
