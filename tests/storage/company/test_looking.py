"""A look goes through every cell of a company's database, declared or not."""

import json
import sqlite3

import pytest

from bot.application.ports.sources import Looked
from storage.company.table_cells import BIG
from tests.support.builders.company_database import NOW, RAHIMA, Provider, an_order
from tests.support.builders.plain_patterns import PlainPatterns

MAIL = "rahima@mail.example"
PATTERNS = PlainPatterns(RAHIMA)


async def look(provider: Provider, *, masks: bool = False) -> Looked:
    source = provider.source()
    order = an_order(await source.plan(RAHIMA, NOW))
    return await source.look(order, PATTERNS, masks=masks)


async def erase(provider: Provider) -> None:
    source = provider.source()
    await source.erase(an_order(await source.plan(RAHIMA, NOW)))


async def test_after_an_erasure_only_what_a_law_keeps_is_passed_over(provider: Provider):
    await erase(provider)

    looked = await look(provider)

    assert [one for one in looked.hits if one.is_strong] == []
    assert [one.place for one in looked.hits] == ["customer.full_name (4)"]
    assert looked.tables == 8
    assert looked.kept > 0
    assert looked.bytes > 0


@pytest.mark.parametrize(
    ("place", "statement"),
    [
        ("audit_log.note (1)", f"UPDATE audit_log SET note = 'from {MAIL} again'"),
        ("audit_log.payload (1)", f"UPDATE audit_log SET payload = '{json.dumps({'a': [MAIL]})}'"),
        ("ticket.body (3)", "UPDATE ticket SET body = 'call +8801712345678 now' WHERE id = 3"),
        ("district.title (1)", f"UPDATE district SET title = '{MAIL}'"),
    ],
)
async def test_what_is_left_anywhere_is_found(provider: Provider, place: str, statement: str):
    await erase(provider)
    provider.run(statement)

    looked = await look(provider)

    assert [one.place for one in looked.hits if one.is_strong] == [place]


async def test_a_big_blob_is_read_in_pieces_that_miss_nothing(provider: Provider):
    await erase(provider)
    blob = b"x" * (BIG - 5) + f" {MAIL} ".encode() + b"y" * BIG + MAIL.encode("utf-16-le")
    value = f"x'{blob.hex()}'" if provider.is_sqlite else f"'\\x{blob.hex()}'"
    provider.run(f"UPDATE audit_log SET raw = {value}")

    looked = await look(provider)

    strong = [one for one in looked.hits if one.is_strong]
    assert [(one.place, one.hits) for one in strong] == [("audit_log.raw (1)", 2)]


async def test_in_others_words_only_the_span_is_overwritten(provider: Provider):
    await erase(provider)
    provider.run(f"UPDATE ticket SET body = 'আমি {MAIL} কে চিনি। Rahima Khatun' WHERE id = 3")
    before = provider.everything()

    looked = await look(provider, masks=True)

    after = provider.everything()
    assert looked.masked == {"ticket.body": 1}
    assert [(one.place, one.is_strong) for one in looked.hits if "ticket" in one.place] == [
        ("ticket.body (3)", False)
    ]
    assert provider.rows("SELECT body FROM ticket WHERE id = 3") == [
        (f"আমি {'*' * len(MAIL)} কে চিনি। Rahima Khatun",)
    ]
    del before["ticket"], after["ticket"]
    assert after == before


async def test_a_cell_that_is_nothing_but_the_identifier_is_a_finding(provider: Provider):
    await erase(provider)
    provider.run(f"UPDATE audit_log SET note = '{MAIL}'")

    looked = await look(provider, masks=True)

    assert looked.masked == {}
    assert [one.place for one in looked.hits if one.is_strong] == ["audit_log.note (1)"]


async def test_a_table_without_a_key_can_be_masked(provider: Provider):
    await erase(provider)
    provider.run(f"INSERT INTO session_log VALUES ('C-2', '2027-02-20 10:00:00', 'for {MAIL}')")

    looked = await look(provider, masks=True)

    assert looked.masked == {"session_log.ip": 1}
    assert provider.rows("SELECT count(*) FROM session_log WHERE ip LIKE 'for *%'") == [(1,)]


async def test_another_customers_own_address_is_never_overwritten(provider: Provider):
    await erase(provider)
    provider.run(f"UPDATE customer SET email = 'old {MAIL}' WHERE id = 2")

    looked = await look(provider, masks=True)

    assert provider.rows("SELECT email FROM customer WHERE id = 2") == [(f"old {MAIL}",)]
    assert [one.place for one in looked.hits if one.is_strong and "email" in one.place] == [
        "customer.email (2)"
    ]


async def test_words_in_a_column_for_numbers_are_found(sqlite_provider: Provider):
    await erase(sqlite_provider)
    sqlite_provider.run(f"UPDATE invoice SET total = 'see {MAIL}' WHERE tenant = 2")

    looked = await look(sqlite_provider)

    assert [one.place for one in looked.hits if one.is_strong] == ["invoice.total (4)"]


async def test_text_that_is_no_utf8_is_looked_through(sqlite_provider: Provider):
    await erase(sqlite_provider)
    with sqlite3.connect(sqlite_provider.folder / "company.db") as bare:
        bare.execute(
            f"UPDATE audit_log SET note = CAST(x'ff{(' ' + MAIL).encode().hex()}' AS TEXT)"
        )
    bare.close()

    looked = await look(sqlite_provider, masks=True)

    assert [one.place for one in looked.hits if one.is_strong] == ["audit_log.note (1)"]


async def test_an_address_that_is_another_customers_too_is_for_a_person_to_judge(
    provider: Provider,
):
    provider.run("UPDATE customer SET phone = '+8801712345678' WHERE id = 2")
    await erase(provider)

    looked = await look(provider, masks=True)

    [hit] = [one for one in looked.hits if one.place == "customer.phone (2)"]
    assert not hit.is_strong
    assert provider.rows("SELECT phone FROM customer WHERE id = 2") == [("+8801712345678",)]
