"""What decides is held against what the desk wrote of it: single statements of a stranger.

Each table is struck in each way that one statement can: any sealed column of a row is changed,
emptied or exchanged with another row's; the row is taken away, copied, or put back as it was.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import (
    Boolean,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    String,
    and_,
    delete,
    insert,
    literal_column,
    select,
    update as change,
)
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from bot.application.ports.reports import TamperedRow
from bot.domain.addresses import SYSTEM
from bot.domain.errors import DeskError, Tampered
from storage import statements
from storage.bootstrap import open_store
from storage.checks.first_seal import guarded_tables
from storage.checks.state_check import find_tampered
from storage.guarding.guard import AlteredRow, sealed_columns
from storage.models.seals import GUARD, guarding
from storage.models.tickets import TicketRow
from storage.types import Table
from tests.support.builders.guarded_rows import USES, fill_every_table
from tests.support.stores.stages import Stage, a_ticket, an_account
from tests.volume import sampled

TABLES = {table.__tablename__: table for table in guarded_tables()}
Row = dict[str, Any]
UNREAD = frozenset({"inbox", "outbox", "counter", "budget_tally", "card_ref", "signed_link"})
"""Nobody reads a copy under another key, or looks for what is gone: such a row does nothing."""


@dataclass(frozen=True)
class Strike:
    """One statement, and which row is read then."""

    what: str
    statement: Any
    row: Row


async def execute(stage: Stage, *strikes: Any) -> None:  # statements
    """As somebody who can write to the database and has no key."""
    async with stage.context.database.engine.begin() as connection:
        for each in strikes:
            await connection.execute(each)


async def findings(stage: Stage) -> list[AlteredRow]:
    async with stage.context.database.session(writes=False) as session:
        return await find_tampered(session, stage.context.keys.state)


async def kept_rows(stage: Stage, table: type[Table]) -> list[Row]:
    core = statements.core(table)
    async with stage.context.database.session(writes=False) as session:
        rows = (await session.execute(select(*core.c).order_by(*core.primary_key))).all()
    ends = guarding(table).ends
    return [
        dict(row._mapping)  # noqa: SLF001  # how SQLAlchemy names it
        for row in rows
        if not ends or getattr(row, ends) is not None
    ]


def at(table: type[Table], row: Row) -> Any:  # a comparison
    core = statements.core(table)
    return and_(*(core.c[column.name] == row[column.name] for column in core.primary_key))


def kind_of(column: Any) -> Any:  # a column
    """Its type in the database."""
    return getattr(column.type, "impl", column.type)


def respelled(column: Any) -> Any:  # a column
    """What SQLite finds otherwise, and a careless reader reads as it was; None: nothing is."""
    match kind_of(column):
        case Boolean():
            return literal_column("2")
        case DateTime():
            return literal_column(f"replace({column.name}, '-', '')")
        case String():
            return literal_column(f"{column.name} || char(0)")
        case _:
            return None


def forged(column: Any, value: object) -> object:  # a column
    match kind_of(column):
        case Boolean():
            return not value
        case Integer():
            return 7_777 if value is None else int(str(value)) + 1
        case Date():
            return date(2031, 1, 1)
        case LargeBinary():
            return b"forged"
        case DateTime():
            return None if value is None else value + timedelta(days=9)  # pyright: ignore[reportOperatorIssue]
        case _:
            return "forged"


def strikes_on(table: type[Table], rows: list[Row], *, spells: bool) -> Iterator[Strike]:
    """`spells`: the database takes the same value in other spellings."""
    core, name = statements.core(table), table.__tablename__
    row = rows[0]
    keys = {column.name for column in core.primary_key}
    for column in (core.c[one] for one in sealed_columns(table) if one not in keys):
        news = [forged(column, row[column.name]), *(other[column.name] for other in rows[1:])]
        news += [None] if column.nullable else []
        for new in {repr(new): new for new in news if new != row[column.name]}.values():
            statement = change(core).where(at(table, row)).values({column.name: new})
            yield Strike(f"UPDATE {name}.{column.name}", statement, row)
        new = respelled(column) if spells else None
        if new is not None and row[column.name] is not None:
            statement = change(core).where(at(table, row)).values({column.name: new})
            yield Strike(f"UPDATE {name}.{column.name}, spelled otherwise", statement, row)
    yield Strike(f"DELETE {name}", delete(core).where(at(table, row)), row)
    own = {column.name for column in core.columns if column.unique} | keys
    copied = row | {one: forged(core.c[one], row[one]) for one in own}
    yield Strike(f"INSERT {name}", insert(core).values(copied), copied)


async def put_back(stage: Stage, table: type[Table], row: Row, strike: Strike) -> None:
    core = statements.core(table)
    gone = [delete(core).where(at(table, each)) for each in (row, strike.row)]
    await execute(stage, *gone, insert(core).values(row))


async def is_refused(stage: Stage, name: str, row: Row) -> bool:
    told: list[TamperedRow] = []
    context = replace(stage.context, alarm=told.append)
    try:
        async with context.open_work(SYSTEM, writes=True) as work:
            await USES[name](work, row)
    except Tampered:
        return True
    except (DeskError, SQLAlchemyError, ValueError):
        return bool(told)
    return bool(told)


@pytest.mark.parametrize("name", sorted(USES))
async def test_no_single_statement_goes_unnoticed(name: str, stored: Stage):
    await fill_every_table(stored)
    table = TABLES[name]
    rows = await kept_rows(stored, table)
    assert await findings(stored) == []
    missed: list[str] = []

    strikes = list(strikes_on(table, rows, spells=stored.context.database.is_sqlite))
    for strike in sampled(strikes, 6):
        try:
            await execute(stored, strike.statement)
        except (IntegrityError, DataError):
            continue  # the database itself refuses it
        if not await findings(stored):
            missed.append(f"{strike.what}: not found")
        is_read = strike.what.startswith("UPDATE") or name not in UNREAD
        if is_read and not await is_refused(stored, name, strike.row):
            missed.append(f"{strike.what}: used")
        await put_back(stored, table, rows[0], strike)

    assert missed == []
    assert await findings(stored) == []


def test_every_guarded_table_is_struck():
    assert sorted(TABLES) == sorted({*USES, "holder_key", "ticket_link"})


async def test_a_ticket_that_was_given_to_another_client_is_named(stored: Stage):
    async with stored.writing() as work:
        ticket, other = await a_ticket(work), await an_account(work)

    await execute(stored, change(statements.core(TicketRow)).values(account=other.id))

    assert await findings(stored) == [AlteredRow("ticket", ticket.id, "changed")]
    with pytest.raises(Tampered):
        async with stored.reading() as work:
            await work.tickets.get(ticket.id)


async def test_an_older_row_that_is_put_back_is_refused(stored: Stage):
    async with stored.writing() as work:
        ticket = await a_ticket(work)
    [before] = await kept_rows(stored, TicketRow)
    async with stored.writing() as work:
        (await work.tickets.get(ticket.id)).close("staff", work.clock.now())

    await execute(stored, change(statements.core(TicketRow)).values(before))

    assert await findings(stored) == [AlteredRow("ticket", ticket.id, "changed")]
    with pytest.raises(Tampered):
        async with stored.reading() as work:
            await work.tickets.get(ticket.id)


async def test_a_change_never_seals_what_somebody_else_wrote(stored: Stage):
    async with stored.writing() as work:
        account, person = await an_account(work), "p" * 32

    await execute(stored, change(statements.core(TABLES["account"])).values(person=person))

    with pytest.raises(Tampered):
        async with stored.writing() as work:
            await work.accounts.save(account)


async def test_who_takes_the_seals_away_gets_no_new_ones(stored: Stage):
    async with stored.writing() as work:
        await a_ticket(work)

    await execute(stored, delete(GUARD))

    with pytest.raises(Tampered) as refused:
        await open_store(stored.place)
    assert refused.value.key == "store.seals_gone"
