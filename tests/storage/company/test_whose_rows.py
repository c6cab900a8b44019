"""Whose rows of a company's database are a subject's; what may be another's is left alone."""

import pytest

from bot.domain.errors import Refused
from bot.domain.fulfilment.identifiers import IdentifierKind, Identifiers
from tests.support.builders.company_database import (
    AFTER_ALL,
    MAP,
    NOW,
    RAHIMA,
    Provider,
    an_order,
    known_by,
    rows_by_place,
)


@pytest.mark.parametrize(
    ("kind", "value", "people"),
    [
        (IdentifierKind.EXTERNAL_ID, "C-1", 1),
        (IdentifierKind.EXTERNAL_ID, "C-", 0),
        (IdentifierKind.EMAIL, "rahima@mail.example", 1),
        (IdentifierKind.EMAIL, "ahima@mail.example", 0),
        (IdentifierKind.PHONE, "+8801712345678", 1),
        (IdentifierKind.PHONE, "+8801812345678", 1),
        (IdentifierKind.NAME, "Rahima Khatun", 0),
    ],
)
async def test_a_subject_is_found_by_what_is_theirs_alone(
    provider: Provider, kind: IdentifierKind, value: str, people: int
):
    plan = await provider.source().plan(known_by((kind, value)), NOW)

    assert plan.subjects == people


@pytest.mark.parametrize(
    "spelled",
    ["8801712345678", "+880 1712 345678", "(01712) 345.678", "০১৭১২৩৪৫৬৭৮", "x, 01712345678"],
)
async def test_a_phone_is_found_however_it_is_spelled(provider: Provider, spelled: str):
    provider.run(f"UPDATE customer SET phone = '{spelled}' WHERE id = 1")

    plan = await provider.source().plan(known_by((IdentifierKind.PHONE, "+8801712345678")), NOW)

    assert plan.subjects == 1


async def test_another_customer_with_the_same_address_is_seen_and_not_touched(provider: Provider):
    provider.run("UPDATE customer SET phone = '+8801712345678' WHERE id = 2")
    source = provider.source()
    before = provider.rows("SELECT * FROM customer WHERE id = 2")

    plan = await source.plan(RAHIMA, NOW)
    await source.erase(an_order(plan))

    assert plan.subjects == 2
    assert provider.rows("SELECT * FROM customer WHERE id = 2") == before
    assert provider.rows("SELECT count(*) FROM invoice WHERE customer_id = 2") == [(1,)]


async def test_another_subject_than_was_approved_is_refused(provider: Provider):
    source = provider.source()
    order = an_order(await source.plan(RAHIMA, NOW))
    provider.run("UPDATE customer SET phone = '+8801712345678' WHERE id = 2")
    before = provider.everything()

    with pytest.raises(Refused, match=r"company\.another_subject"):
        await source.erase(order)

    assert provider.everything() == before


async def test_a_number_that_is_anothers_when_a_hold_lapses_takes_none_of_their_rows(
    provider: Provider,
):
    by_number = """
  call_log:
    find: {phone: called}
    action: delete
"""
    provider.run("CREATE TABLE call_log (called TEXT, at TIMESTAMP)")
    source = provider.source(MAP + by_number.lstrip("\n"))
    approved = await source.plan(RAHIMA, NOW)
    await source.erase(an_order(approved))
    calls = ", ".join(["('01712345678', NULL)"] * 500)
    provider.run(f"INSERT INTO call_log VALUES {calls}")

    with pytest.raises(Refused, match=r"company\.rows_grown"):
        await source.erase(an_order(approved, now=AFTER_ALL, turn=2))

    assert provider.rows("SELECT count(*) FROM call_log") == [(500,)]


async def test_what_is_found_only_by_a_shared_address_is_left_alone(provider: Provider):
    provider.run("INSERT INTO customer (id, code, full_name, email) VALUES"
        " (9, 'C-9', 'Her Husband', 'rahima@mail.example')")  # fmt: skip
    source = provider.source()

    plan = await source.plan(RAHIMA, NOW)
    await source.erase(an_order(plan))

    assert plan.subjects == 2
    assert rows_by_place(plan)["newsletter.delete"] == 0
    assert provider.rows("SELECT email FROM newsletter WHERE customer_code IS NULL") == [
        ("RAHIMA@mail.example",),
        (None,),
    ]
    assert provider.rows("SELECT full_name FROM customer WHERE id IN (1, 9) ORDER BY id") == [
        ("erased",),
        ("Her Husband",),
    ]
    assert await source.verify(an_order(plan)) == ()


CONTACTS = """
  contact:
    find: {email: email, via: {customer_id: customer.id}}
    action: delete
    person: false
  visit:
    find: {email: signed_by, via: {contact_id: contact.id}}
    action: delete
"""

MORE = ("contact", "visit")


@pytest.mark.parametrize("who", [known_by((IdentifierKind.EMAIL, "rahima@mail.example")), RAHIMA])
async def test_a_row_belongs_to_whom_its_key_leads_to_whatever_address_it_bears(
    provider: Provider, who: Identifiers
):
    provider.run(
        "CREATE TABLE contact (id INTEGER PRIMARY KEY, email TEXT,"
        " customer_id INTEGER REFERENCES customer (id))",
        "CREATE TABLE visit (id INTEGER PRIMARY KEY, signed_by TEXT,"
        " contact_id INTEGER REFERENCES contact (id))",
        "INSERT INTO contact VALUES (1, 'office@mail.example', 1), (2, 'RAHIMA@mail.example', 2),"
        " (3, 'rahima@mail.example', NULL), (4, 'karim@mail.example', 2)",
        "INSERT INTO visit VALUES (1, 'x@mail.example', 1), (2, 'rahima@mail.example', 4),"
        " (3, 'rahima@mail.example', 3), (4, 'rahima@mail.example', NULL)",
    )
    source = provider.source(MAP + CONTACTS)
    plan = await source.plan(who, NOW)
    held = [(place, row["id"]) async for place, row in source.export(who) if place in MORE]

    await source.erase(an_order(plan, who))

    assert plan.subjects == 1
    assert sorted(held) == [
        ("contact", 1), ("contact", 3), ("visit", 1), ("visit", 3), ("visit", 4),
    ]  # fmt: skip
    assert rows_by_place(plan)["contact.delete"] == 2
    assert provider.rows("SELECT * FROM contact ORDER BY id") == [
        (2, "RAHIMA@mail.example", 2),
        (4, "karim@mail.example", 2),
    ]
    assert provider.rows("SELECT * FROM visit") == [(2, "rahima@mail.example", 4)]
    assert await source.verify(an_order(plan, who)) == ()


@pytest.mark.parametrize("who", [known_by((IdentifierKind.PHONE, "+8801712345678")), RAHIMA])
async def test_several_of_whom_no_number_says_which_are_refused(
    provider: Provider, who: Identifiers
):
    provider.run("UPDATE customer SET phone = '+8801712345678', code = '' WHERE id = 2")
    source = provider.source()
    plan = await source.plan(who, NOW)
    before = provider.everything()

    with pytest.raises(Refused, match=r"company\.another_subject"):
        await source.erase(an_order(plan, who))

    assert plan.subjects == 2
    assert provider.everything() == before
