"""What goes and what stays in a company's database, and that nothing else is touched."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.application.fulfilment.plan_words import told_to_client
from bot.domain.addresses import Language
from bot.domain.errors import Refused, Unavailable
from bot.domain.fulfilment.identifiers import IdentifierKind, Identifiers
from bot.domain.fulfilment.plan import Plan, PlanAction
from storage.company import connected
from tests.support.builders.company_database import (
    MAP,
    NOW,
    RAHIMA,
    Provider,
    an_order,
    known_by,
    rows_by_place,
)
from tests.support.fakes.sources import FakePatterns

AFTER_ALL = datetime(2040, 1, 1, tzinfo=UTC)
FOREIGN = {"customer", "invoice", '"order"', "ticket", "session_log", "newsletter"}


async def test_the_plan_says_what_goes_and_what_a_law_keeps(provider: Provider):
    plan = await provider.source().plan(RAHIMA, NOW)

    assert plan.subjects == 1
    assert rows_by_place(plan) == {
        "customer.delete": 0,
        "customer.keep": 1,
        "invoice.delete": 1,
        "invoice.keep": 1,
        "order.delete": 1,
        "order.keep": 1,
        "session_log.delete": 1,
        "session_log.keep": 1,
        "ticket.delete": 2,
        "newsletter.delete": 1,
    }
    kept = next(
        one for one in plan.items if (one.place, one.action) == ("invoice", PlanAction.KEEP)
    )
    assert kept.law == "bd-vat-2012"
    assert kept.until == datetime(2031, 1, 11, tzinfo=UTC)


async def test_what_approvers_approve_does_not_change_as_time_passes(provider: Provider):
    source = provider.source()

    hashes = {
        Plan(sources=(await source.plan(RAHIMA, NOW + timedelta(days=days)),)).hash
        for days in (0, 40, 900, 9000)
    }

    assert len(hashes) == 1


async def test_only_the_subjects_rows_go_and_a_kept_row_is_minimised(provider: Provider):
    source = provider.source()
    before = provider.everything()

    erased = await source.erase(an_order(await source.plan(RAHIMA, NOW)))

    after = provider.everything()
    assert erased.rows["invoice.delete"] == 1
    assert erased.kept_until == datetime(2027, 5, 21, tzinfo=UTC)
    assert await source.verify(an_order(await source.plan(RAHIMA, NOW))) == ()
    assert provider.rows(
        "SELECT code, full_name, email, phone, nid FROM customer WHERE id = 1"
    ) == [("C-1", "erased", "erased-1", None, None)]
    assert provider.rows("SELECT bill_name, bill_address FROM invoice WHERE customer_id = 1") == [
        ("gone 1-2", None)
    ]
    for table in FOREIGN:
        mine = {row for row in before[table] if _is_hers(table, row)}
        rest = [row for row in before[table] if row not in mine]
        assert [row for row in after[table] if not _is_hers(table, row)] == rest


def _is_hers(table: str, row: tuple[object, ...]) -> bool:
    match table:
        case "customer":
            return row[0] == 1
        case "invoice":
            return row[2] == 1
        case '"order"':
            return row[0] in (1, 2)
        case "ticket":
            return row[1] == 1
        case "session_log":
            return row[0] == "C-1"
        case _:
            return str(row[0]).lower() == "rahima@mail.example"


async def test_doing_it_again_does_nothing_more(provider: Provider):
    source = provider.source()
    order = an_order(await source.plan(RAHIMA, NOW))
    first = await source.erase(order)
    once = provider.everything()

    again = await source.erase(order)

    assert provider.everything() == once
    assert {name: count for name, count in again.rows.items() if not name.endswith("keep")} == {}
    assert again.kept_until == first.kept_until


async def test_the_rest_goes_when_the_last_hold_has_lapsed(provider: Provider):
    source = provider.source()
    approved = await source.plan(RAHIMA, NOW)
    await source.erase(an_order(approved))

    erased = await source.erase(an_order(approved, now=AFTER_ALL, turn=2))

    assert erased.kept_until is None
    assert provider.rows("SELECT id FROM customer ORDER BY id") == [(2,), (3,), (4,)]
    assert provider.rows("SELECT count(*) FROM session_log") == [(2,)]
    assert provider.rows('SELECT id FROM "order"') == [(3,)]
    assert [one async for one in source.export(RAHIMA)] == []


async def test_an_export_holds_every_row_of_theirs_and_nobody_elses(provider: Provider):
    rows = [(place, dict(row)) async for place, row in provider.source().export(RAHIMA)]

    assert {place for place, _ in rows} == {
        "customer", "invoice", "order", "session_log", "ticket", "newsletter",
    }  # fmt: skip
    assert len(rows) == 10
    assert next(row for place, row in rows if place == "customer")["nid"] == "1990"


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


async def test_many_more_rows_than_were_approved_are_refused(provider: Provider):
    source = provider.source()
    order = an_order(await source.plan(RAHIMA, NOW))
    more = ", ".join(f"({number}, 1, NULL, 'again')" for number in range(100, 130))
    provider.run(f"INSERT INTO ticket VALUES {more}")

    with pytest.raises(Refused, match=r"company\.rows_grown"):
        await source.erase(order)


async def test_a_changed_map_is_refused(provider: Provider):
    order = an_order(await provider.source().plan(RAHIMA, NOW))

    with pytest.raises(Refused, match=r"company\.map_changed"):
        await provider.source(f"{MAP}# another\n").erase(order)


async def test_somebody_elses_row_that_hangs_on_one_that_goes_is_let_go(provider: Provider):
    provider.run("UPDATE ticket SET parent_id = 2 WHERE id = 3")
    source = provider.source()

    await source.erase(an_order(await source.plan(RAHIMA, NOW)))

    assert provider.rows("SELECT customer_id, parent_id, body FROM ticket WHERE id = 3") == [
        (2, None, "Mine too")
    ]


async def test_rows_of_a_table_that_nobody_declared_do_not_go_along(provider: Provider):
    source = provider.source()
    order = an_order(await source.plan(RAHIMA, AFTER_ALL), now=AFTER_ALL)
    provider.run(
        "CREATE TABLE gift (id INTEGER PRIMARY KEY,"
        " customer_id INTEGER REFERENCES customer (id) ON DELETE CASCADE)",
        "INSERT INTO gift VALUES (1, 1)",
    )
    before = provider.everything()

    with pytest.raises(Refused, match=r"company\.others_hang_on_it.*child=gift"):
        await source.erase(order)

    assert provider.everything() == before
    assert provider.rows("SELECT count(*) FROM gift") == [(1,)]


async def test_a_trigger_that_keeps_rows_is_found_out(sqlite_provider: Provider):
    sqlite_provider.run(
        "CREATE TRIGGER keep BEFORE DELETE ON ticket BEGIN SELECT RAISE(IGNORE); END"
    )
    source = sqlite_provider.source()
    before = sqlite_provider.everything()

    with pytest.raises(Refused, match=r"company\.(counts_differ|rows_stayed)"):
        await source.erase(an_order(await source.plan(RAHIMA, NOW)))

    assert sqlite_provider.everything() == before


async def test_a_locked_database_is_tried_again_later(
    sqlite_provider: Provider, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(connected, "CONNECT_SECONDS", 0)
    source = sqlite_provider.source()
    order = an_order(await source.plan(RAHIMA, NOW))
    other = sqlite3.connect(sqlite_provider.url.removeprefix("sqlite:///"))
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(Unavailable, match=r"company\.locked"):
        await source.erase(order)

    other.close()


async def test_a_database_that_is_away_is_tried_again_later(sqlite_provider: Provider):
    source = sqlite_provider.source()
    (sqlite_provider.folder / "company.db").rename(sqlite_provider.folder / "elsewhere.db")

    with pytest.raises(Unavailable, match=r"company\.cannot_open"):
        await source.plan(RAHIMA, NOW)


async def test_a_row_that_should_have_gone_is_read_back(provider: Provider):
    source = provider.source()
    plan = await source.plan(RAHIMA, NOW)

    left = await source.verify(an_order(plan))

    assert {one.place: one.rows for one in left} == {
        "customer": 1, "invoice": 2, "order": 1, "session_log": 1, "ticket": 2, "newsletter": 1,
    }  # fmt: skip


async def test_an_undated_row_is_kept_and_said(provider: Provider):
    provider.run("UPDATE invoice SET issued_on = NULL WHERE number = 1 AND tenant = 1")
    source = provider.source()

    erased = await source.erase(an_order(await source.plan(RAHIMA, NOW)))

    assert "company.stated_no_date" in erased.stated
    assert provider.rows("SELECT count(*) FROM invoice WHERE customer_id = 1") == [(2,)]


async def test_nothing_of_an_erased_row_is_left_in_the_file(sqlite_provider: Provider):
    sqlite_provider.run("PRAGMA journal_mode=WAL")
    source = sqlite_provider.source()

    await source.erase(an_order(await source.plan(RAHIMA, AFTER_ALL), now=AFTER_ALL))

    files = sqlite_provider.folder.glob("company.db*")
    whole = b"".join(one.read_bytes() for one in files).lower()
    assert b"rahima@mail" not in whole
    assert b"my line is dead" not in whole


async def test_fewer_rows_than_were_approved_are_no_reason_to_stop(provider: Provider):
    source = provider.source()
    approved = await source.plan(RAHIMA, NOW)
    provider.run("DELETE FROM ticket WHERE id = 2")

    erased = await source.erase(an_order(replace(approved)))

    assert erased.rows["ticket.delete"] == 1


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


async def test_nothing_is_read_back_or_searched_by_another_map(provider: Provider):
    order = an_order(await provider.source().plan(RAHIMA, NOW))
    await provider.source().erase(order)
    other = provider.source(MAP + "# changed\n")

    with pytest.raises(Refused, match=r"company\.map_changed"):
        await other.verify(order)
    with pytest.raises(Refused, match=r"company\.map_changed"):
        await other.look(order, FakePatterns(RAHIMA), masks=False)


async def test_a_client_reads_what_the_map_calls_a_table(sqlite_provider: Provider):
    named = MAP.replace(
        "action: delete\n  invoice:",
        "action: delete\n    category: {en: Your contract, bn: আপনার চুক্তি}\n  invoice:",
    )
    plan = Plan(sources=(await sqlite_provider.source(named).plan(RAHIMA, NOW),))

    told = told_to_client(plan, Language.EN, ZoneInfo("Asia/Dhaka"))

    assert "Your contract (1)" in told
    assert "customer" not in told


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


async def test_rows_of_others_that_hang_on_one_that_goes_are_said_before_anybody_approves(
    provider: Provider,
):
    provider.run(
        "CREATE TABLE payment (id INTEGER PRIMARY KEY, payer INTEGER REFERENCES customer (id))",
        "INSERT INTO payment VALUES (1, 2)",
    )
    source, hers = provider.source(), known_by((IdentifierKind.EXTERNAL_ID, "c-1"))
    assert (await source.plan(hers, NOW)).subjects == 1

    provider.run("INSERT INTO payment VALUES (2, 3)")

    with pytest.raises(Refused, match=r"company\.others_hang_on_it.*payment.*payer"):
        await source.plan(hers, NOW)


FRIENDS = """
  friend:
    find: {email: email}
    action: delete
"""


async def test_a_table_that_points_to_itself_says_what_becomes_of_the_others(provider: Provider):
    provider.run(
        "CREATE TABLE friend (id INTEGER PRIMARY KEY, email TEXT,"
        " brought_by INTEGER REFERENCES friend (id))",
        "INSERT INTO friend VALUES (1, 'rahima@mail.example', NULL), (2, 'x@mail.example', 1)",
    )

    with pytest.raises(Refused, match=r"company\.others_hang_on_it.*friend.*brought_by"):
        await provider.source(MAP + FRIENDS).plan(RAHIMA, NOW)
    source = provider.source(f"{MAP}{FRIENDS}    detach: brought_by\n")
    await source.erase(an_order(await source.plan(RAHIMA, NOW)))

    assert provider.rows("SELECT * FROM friend") == [(2, "x@mail.example", None)]


BY_ADDRESS = """
  contract:
    find: {email: email}
    personal: [email, holder]
    action: delete
    retention: {law: bd-vat-2012, anchor: signed_on, minimise: [email, holder]}
"""


async def test_an_address_that_stays_in_a_kept_row_is_said_before_and_after(provider: Provider):
    provider.run(
        "CREATE TABLE contract (id INTEGER PRIMARY KEY, email TEXT, holder TEXT, signed_on DATE)",
        "INSERT INTO contract VALUES (1, 'rahima@mail.example', 'Rahima', '2026-01-10')",
    )
    source = provider.source(MAP + BY_ADDRESS)

    plan = await source.plan(RAHIMA, NOW)
    erased = await source.erase(an_order(plan))

    kept = [one for one in plan.items if (one.place, one.action) == ("contract", PlanAction.KEEP)]
    assert [one.columns for one in kept] == [("holder",)]
    assert provider.rows("SELECT email, holder FROM contract") == [("rahima@mail.example", None)]
    assert "company.stated_address_kept" in erased.stated


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
