"""A row and its seal that were put back, or taken away, together: the events say otherwise."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text

from bot.application.bus import Bus
from bot.application.client_list.merge import merge_people
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reactions import react
from bot.application.requests.account_links import attach
from bot.application.requests.protective_actions import freeze
from bot.application.requests.request_context import attempt_of
from bot.application.staff_desk.staff import add_staff, remove_staff, set_role
from bot.domain.addresses import OPERATOR, SYSTEM, AccountId, Actor, PersonId, Role
from bot.domain.requests.states import RequestType
from storage import statements
from storage.checks.state_against_events import find_contradictions
from storage.checks.state_check import find_tampered
from storage.guarding.guard import AlteredRow
from storage.models.people import StaffRow
from storage.models.requests import RequestRow
from storage.models.seals import GuardRow
from storage.models.tickets import TicketRow
from storage.types import Table
from tests.support.builders.requests import a_person, a_request, withdraw
from tests.support.stores.stages import Stage, a_ticket, an_account, played_at

Rows = dict[type[Table], list[dict[str, Any]]]


def seals_of(table: type[Table]) -> Any:  # a comparison
    return statements.core(GuardRow).c.scope.startswith(table.__tablename__, autoescape=True)


async def kept(stage: Stage, table: type[Table]) -> Rows:
    """Its rows and their seals."""
    queries = {
        table: select(*statements.core(table).c),
        GuardRow: select(*statements.core(GuardRow).c).where(seals_of(table)),
    }
    async with stage.context.database.session(writes=False) as session:
        return {
            each: [dict(row) for row in (await session.execute(query)).mappings()]
            for each, query in queries.items()
        }


async def put_back(stage: Stage, rows: Rows) -> None:
    """As one statement could on PostgreSQL, with a WITH for each table."""
    table = next(iter(rows))
    async with stage.context.database.engine.begin() as connection:
        await connection.execute(delete(statements.core(table)))
        await connection.execute(delete(statements.core(GuardRow)).where(seals_of(table)))
        for each, old in rows.items():
            if old:
                await connection.execute(insert(statements.core(each)), old)


async def contradictions(stage: Stage) -> list[AlteredRow]:
    async with stage.context.session(writes=False) as (session, keys):
        assert await find_tampered(session, keys.state) == []
        return await find_contradictions(session, keys)


async def tie(work: UnitOfWork, *, account: AccountId, person: PersonId) -> None:
    """As a proof does."""
    await attach(work, await work.accounts.get(account), await work.people.get(person))


def bus_of(stage: Stage) -> Bus:
    return Bus(stage.open_work, react)


async def test_a_freeze_that_was_put_back_is_found(stored: Stage):
    bus = bus_of(stored)
    request = await a_request(bus)
    staff = await bus.handle(OPERATOR, add_staff, slack_user="U0ANN", role=Role.AGENT)
    before = await kept(stored, RequestRow)
    await bus.handle(Actor.staff(staff.id), freeze, request=request.number)
    assert await contradictions(stored) == []

    await put_back(stored, before)

    assert await contradictions(stored) == [
        AlteredRow("data_request", request.number, "contradicts")
    ]


async def test_a_request_that_was_put_back_is_found(stored: Stage):
    bus = bus_of(stored)
    request = await a_request(bus)
    before = await kept(stored, RequestRow)
    await bus.handle(SYSTEM, withdraw, request=request.id)
    assert await contradictions(stored) == []

    await put_back(stored, before)

    assert await contradictions(stored) == [
        AlteredRow("data_request", request.number, "contradicts")
    ]


async def test_a_role_that_was_put_back_is_found(stored: Stage):
    bus = bus_of(stored)
    staff = await bus.handle(OPERATOR, add_staff, slack_user="U0ANN", role=Role.APPROVER)
    before = await kept(stored, StaffRow)
    await bus.handle(OPERATOR, set_role, slack_user="U0ANN", role=Role.AGENT)
    assert await contradictions(stored) == []

    await put_back(stored, before)

    assert await contradictions(stored) == [AlteredRow("staff", staff.id, "contradicts")]


async def test_somebody_who_was_taken_off_and_is_back_is_found(stored: Stage):
    bus = bus_of(stored)
    staff = await bus.handle(OPERATOR, add_staff, slack_user="U0ANN", role=Role.APPROVER)
    before = await kept(stored, StaffRow)
    await bus.handle(OPERATOR, remove_staff, slack_user="U0ANN")

    await put_back(stored, before)

    assert await contradictions(stored) == [AlteredRow("staff", staff.id, "contradicts")]


async def test_staff_who_were_taken_away_with_their_seal_are_found(stored: Stage):
    bus = bus_of(stored)
    before = await kept(stored, StaffRow)
    staff = await bus.handle(OPERATOR, add_staff, slack_user="U0ANN", role=Role.APPROVER)

    await put_back(stored, before)

    assert await contradictions(stored) == [AlteredRow("staff", staff.id, "missing")]


@pytest.mark.parametrize("goes_on", [False, True])
async def test_a_ticket_of_which_no_event_says_is_found(stored: Stage, goes_on: bool):  # noqa: FBT001  # a case
    async with stored.writing() as work:
        ticket = await a_ticket(work)
    async with stored.context.database.engine.begin() as connection:
        await connection.execute(text("DELETE FROM event"))
        await connection.execute(text("UPDATE audit_head SET seq = 0"))
    if goes_on:
        async with stored.writing() as work:
            await a_ticket(work)

    found = await contradictions(stored)

    assert found == [AlteredRow("ticket", ticket.number, "without_events")]


async def test_events_of_before_an_exchange_of_all_keys_are_held_against_the_rows_too(
    stored: Stage, tmp_path: Path
):
    bus = bus_of(stored)
    request = await a_request(bus)
    before = await kept(stored, RequestRow)
    await bus.handle(SYSTEM, withdraw, request=request.id)
    assert stored.store is not None
    await stored.store.rotation.rotate(
        actor=OPERATOR, at=stored.clock.now(), compromised=True, new_key_file=tmp_path / "new.key"
    )
    place = replace(stored.place, master_key=(tmp_path / "new.key").read_text())
    [old] = before[RequestRow]

    async with played_at(place, stored.name) as stage:
        assert await contradictions(stage) == []
        async with stage.context.session(writes=True) as (session, _):
            values = {name: old[name] for name in ("state", "state_version", "is_live", "facts")}
            await statements.change(session, RequestRow, {"id": request.id}, values)
            await session.commit()

        assert await contradictions(stage) == [
            AlteredRow("data_request", request.number, "contradicts")
        ]


async def test_what_is_done_by_hand_in_review_contradicts_nothing(stored: Stage):
    bus = bus_of(stored)
    request = await a_request(bus, RequestType.RECTIFICATION)
    staff = await bus.handle(OPERATOR, add_staff, slack_user="U0ANN", role=Role.APPROVER)

    async def by_hand(work: UnitOfWork) -> None:
        found = await work.requests.get(request.id)
        found.fulfil_by_hand(await attempt_of(work, Actor.staff(staff.id)))

    stored.clock.go_on(days=2)
    await bus.handle(Actor.staff(staff.id), by_hand)

    assert await contradictions(stored) == []


@pytest.mark.parametrize("proves_again", [False, True])
async def test_two_records_that_became_one_contradict_nothing(stored: Stage, proves_again: bool):  # noqa: FBT001  # a case
    bus = bus_of(stored)
    async with stored.writing() as work:
        account = await an_account(work)
        leaving, staying = await a_person(work, "C-1"), await a_person(work, "C-2")
    await bus.handle(SYSTEM, tie, account=account.id, person=leaving.id)
    await bus.handle(OPERATOR, merge_people, gone="C-1", into="C-2")
    if proves_again:
        await bus.handle(SYSTEM, tie, account=account.id, person=staying.id)

    assert await contradictions(stored) == []


async def test_what_the_desk_does_itself_contradicts_nothing(stored: Stage):
    bus = bus_of(stored)
    await a_request(bus)
    async with stored.writing() as work:
        await a_ticket(work)
    before = await kept(stored, TicketRow)

    await put_back(stored, before)

    assert await contradictions(stored) == []
