"""What goes and what stays in a company's database, and that nothing else is touched."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.application.fulfilment.plan_words import told_to_client
from bot.domain.addresses import Language
from bot.domain.errors import Refused, Unavailable
from bot.domain.fulfilment.plan import Plan, PlanAction
from storage.company import connected
from tests.support.builders.company_database import (
    AFTER_ALL,
    MAP,
    NOW,
    RAHIMA,
    Provider,
    an_order,
    rows_by_place,
)
from tests.support.fakes.sources import FakePatterns

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
