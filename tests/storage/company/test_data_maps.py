"""A data map that is wrong is refused with its line, in plain words."""

import re
from pathlib import Path

import pytest

from bot.domain.addresses import Language
from bot.domain.errors import Refused
from bot.wording import say
from storage.company.map_files import MapFiles
from storage.company.written_map.map_file import read_map
from tests.support.builders.company_database import MAP, Provider


def problems_of(text: str, folder: Path, url: str = "sqlite:///x.db") -> dict[str, int]:
    """Each sentence, and its line."""
    file = folder / "map.yaml"
    file.write_text(text, encoding="utf-8")
    _, found = read_map(file, {"PROVIDER_URL": url})
    return {say(one.key, Language.EN, **dict(one.params)): one.line for one in found.found}


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def test_a_map_that_is_right_has_no_problem(tmp_path: Path):
    assert problems_of(MAP, tmp_path) == {}


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("action: delete", "action: delet", "Did you mean delete?"),
        ("personal: ip", "persona: ip", "There is no persona here. Did you mean personal?"),
        ("customer_id: customer.id", "customer_id: custmer.id", "Did you mean customer?"),
        ("customer_id: customer.id", "customer_id: customer", "Table.column"),
        ("law: bd-vat-2012", "law: bd-vat-2021", "Did you mean bd-vat-2012?"),
        ("{law: bd-vat-2012, anchor: issued_on, ", "{law: bd-vat-2012, ", "lacks anchor"),
        ("minimise: [bill_name, bill_address]", "minimise: issued_on", "from which the law counts"),
        ("minimise: [bill_name, bill_address]", "minimise: customer_id", "needed to find the row"),
        ("{email: email, external_id: customer_code}", "{name: email}", "A name alone"),
        ("url: ${PROVIDER_URL}", "url: ${OTHER_URL}", "OTHER_URL is not set"),
        ("url: ${PROVIDER_URL}", "url: postgresql://a:b@h/d", "A password must not stand"),
        ("url: ${PROVIDER_URL}", "url: oracle://h/d", "untested: true"),
        ("name: provider", "name: Provider!", "cannot be the name"),
        ("en: To serve customers, bn: গ্রাহকদের সেবা", "en: To serve", "both languages"),
        ("person: false", "person: maybe", "true or false"),
        ("{with: invoice,", "{with: customer,", "only if via"),
        ("detach: parent_id", "action: delete", "twice"),
    ],
)
def test_a_mistake_is_said_with_its_line(tmp_path: Path, was: str, now: str, says: str):
    assert was in MAP
    text = MAP.replace(was, now, 1)

    found = problems_of(text, tmp_path)

    number = next((line for one, line in found.items() if says in one), 0)
    assert number, found
    first = next(
        n
        for n, (a, b) in enumerate(zip(MAP.splitlines(), text.splitlines(), strict=True), 1)
        if a != b
    )
    assert first - 2 <= number <= first + 1


def test_a_circle_of_ways_is_said(tmp_path: Path):
    text = MAP.replace(
        "find: {external_id: code, email: email, phone: phone, name: full_name}",
        "find: {external_id: code, via: {id: ticket.customer_id}}",
    )

    found = problems_of(text, tmp_path)

    assert any("run in a circle" in one for one in found)


@pytest.mark.parametrize("text", ["a: [1", "- &x 1\n- *x", "", "tables: 3", "\t"])
def test_what_is_no_map_is_refused(tmp_path: Path, text: str):
    assert problems_of(text, tmp_path)


async def sentences(provider: Provider, text: str) -> list[str]:
    file = provider.folder / "map.yaml"
    file.write_text(text, encoding="utf-8")
    checked = await MapFiles([file], {"PROVIDER_URL": provider.url}).check()
    return [
        f"{problem.line}: {say(problem.key, Language.EN, **dict(problem.params))}"
        for one in checked
        for problem in one.problems
        if not problem.is_doubt
    ]


async def test_a_right_map_fits_its_database(provider: Provider):
    assert await sentences(provider, MAP) == []


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("  ticket:", "  tickets:", "The database has no table tickets. Did you mean ticket?"),
        ("  ticket:", "  people:", "people is a view"),
        ("personal: ip", "personal: ipp", "session_log has no column ipp. Did you mean ip?"),
        ("personal: body", "personal: body\n    key: idd", "ticket has no column idd"),
        ("customer_id: customer.id", "customer_id: customer.code", "of different types"),
        ("email: email, phone", "email: district_id, phone", "which cannot be what find says"),
        (
            'personal: ["বাড়ির ঠিকানা", nid]\n    action: delete',
            "personal: folded\n    action: mask",
            "reckoned by the database",
        ),
    ],
)
async def test_what_the_database_has_not_is_said(provider: Provider, was: str, now: str, says: str):
    assert was in MAP

    found = await sentences(provider, MAP.replace(was, now, 1))

    assert any(says in one for one in found), found


async def test_a_table_that_hangs_on_a_row_that_goes_must_be_declared(provider: Provider):
    text = re.sub(r"  ticket:\n(    .*\n)+", "", MAP)

    found = await sentences(provider, text)

    (said,) = found
    assert said.startswith(f"{line_of(text, '  customer:') + 1}: Rows of ticket point to customer")


async def test_foreign_keys_in_a_circle_are_said(provider: Provider):
    provider.run("CREATE TABLE a (id INTEGER PRIMARY KEY, code TEXT, b INTEGER)")
    provider.run("CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER REFERENCES a (id))")
    if provider.is_sqlite:
        provider.run("DROP TABLE a")
        provider.run(
            "CREATE TABLE a (id INTEGER PRIMARY KEY, code TEXT, b INTEGER REFERENCES b (id))"
        )
    else:
        provider.run("ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b (id)")
    more = "  a: {find: {external_id: code}, action: delete}\n"
    more += "  b: {find: {via: {a: a.id}}, action: delete}\n"

    found = await sentences(provider, MAP + more)

    assert any("run in a circle" in one for one in found)


async def test_a_first_map_is_read_and_fits(provider: Provider):
    file = provider.folder / "draft.yaml"
    maps = MapFiles([file], {"PROVIDER_URL": provider.url})

    file.write_text(await maps.draft(provider.url), encoding="utf-8")

    checked = (await maps.check())[0]
    assert checked.is_good, [one for one in checked.problems if not one.is_doubt]
    text = file.read_text(encoding="utf-8")
    assert "external_id: [code]" in text
    assert "law: bd-vat-2012" in text
    assert "detach: [parent_id]" in text


MASKED = """  subscriber: {find: {email: email}, action: mask%s}
"""


@pytest.mark.parametrize(
    ("columns", "more", "says"),
    [
        ("email TEXT NOT NULL PRIMARY KEY, since TEXT", "", "write the row's key (email) back"),
        (
            "email VARCHAR(80) NOT NULL UNIQUE, id INTEGER PRIMARY KEY",
            ", mask: {email: gone}",
            "its mask must differ from row to row",
        ),
        (
            "email TEXT, id INTEGER PRIMARY KEY, since TEXT",
            ", mask: {email: 'x-{since}'}",
            "{key} is all that can be filled in",
        ),
    ],
)
async def test_a_mask_that_cannot_hide_anybody_is_said_beforehand(
    provider: Provider, columns: str, more: str, says: str
):
    provider.run(f"CREATE TABLE subscriber ({columns})")

    found = await sentences(provider, MAP + MASKED % more)

    assert any(says in one for one in found), found


async def test_the_first_map_names_the_address_as_it_was_given(provider: Provider):
    maps = MapFiles([], {"PROVIDER_URL": provider.url})

    assert "\nurl: ${PROVIDER_URL}\n" in await maps.draft("${PROVIDER_URL}")
    with pytest.raises(Refused, match="OTHER_URL"):
        await maps.draft("${OTHER_URL}")


async def test_the_first_map_never_runs_in_a_circle(provider: Provider):
    provider.run(
        "CREATE TABLE address (id INTEGER PRIMARY KEY, street TEXT,"
        " customer_id INTEGER REFERENCES customer (id))",
        "ALTER TABLE customer ADD COLUMN home_id INTEGER REFERENCES address (id)",
    )
    file = provider.folder / "draft.yaml"
    maps = MapFiles([file], {})

    file.write_text(await maps.draft(provider.url), encoding="utf-8")

    checked = (await maps.check())[0]
    assert checked.is_good, [one for one in checked.problems if not one.is_doubt]
    assert "detach: [home_id]" in file.read_text(encoding="utf-8")


async def test_a_way_by_what_several_rows_bear_is_a_doubt(provider: Provider):
    file = provider.folder / "map.yaml"
    text = MAP.replace(
        "{tenant: invoice.tenant, number: invoice.number}", "{tenant: invoice.tenant}"
    )
    file.write_text(text, encoding="utf-8")

    checked = (await MapFiles([file], {"PROVIDER_URL": provider.url}).check())[0]

    doubts = [one.params for one in checked.problems if one.key == "data_map.way_not_unique"]
    assert [dict(one)["table"] for one in doubts] == ["order"]
