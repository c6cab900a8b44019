"""Rows that hang on one that goes: whose they are, and what becomes of them."""

import pytest

from bot.domain.errors import Refused
from bot.domain.fulfilment.identifiers import IdentifierKind
from tests.support.builders.company_database import (
    AFTER_ALL,
    MAP,
    NOW,
    RAHIMA,
    Provider,
    an_order,
    known_by,
)


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
