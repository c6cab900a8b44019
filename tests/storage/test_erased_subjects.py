"""After an erasure: the chain and the seals hold, nothing is left in the files, nothing fails."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select

from bot.application.bus import Bus
from bot.application.conversation import api
from bot.application.outbound.to_client import Press
from bot.application.ports.tickets import TicketFilter
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reactions import react
from bot.application.staff_desk.delivery_outcomes import note_blocked, record_delivery
from bot.domain.addresses import SYSTEM, ClientAddress, Surface
from bot.domain.clients.events import SubjectErased
from bot.domain.errors import NotFound
from bot.domain.fulfilment.identifiers import Identifiers
from bot.domain.requests.record import Subject
from bot.domain.tickets.message import DeliveryStatus
from storage import audit_chain, statements
from storage.checks.state_against_events import find_contradictions
from storage.checks.state_check import find_tampered, find_unusable_keys
from storage.export import export_tickets
from storage.guarding.guard import AlteredRow
from storage.models.people import AccountRow, PersonRow
from storage.models.seals import GuardRow
from storage.models.tickets import MessageRow, TicketRow
from storage.subject_records.deleted_bytes import clear_deleted
from storage.types import Table
from tests.support.builders.personal_data import CANARIES, Traces, leave_traces
from tests.support.stores.stages import Stage, a_message, a_ticket, an_account

CHAT = ClientAddress(Surface.TELEGRAM, CANARIES["platform id"])


async def erase(stage: Stage, who: Identifiers, *, says_so: bool = True) -> None:
    now = stage.clock.now()
    async with stage.writing() as work:
        await work.records.fence(who, now)
    async with stage.writing() as work:
        gone = await work.records.erase(who, now)
        if says_so:
            work.record(
                SubjectErased(
                    stream="desk",
                    request=None,
                    holders=who.holders,
                    tickets=gone["ticket"],
                    rows=sum(gone.values()),
                )
            )


async def destroy(stage: Stage, who: Identifiers) -> None:
    async with stage.writing() as work:
        await work.records.destroy_keys(who, stage.clock.now())


async def a_subject(stage: Stage) -> tuple[Traces, Identifiers]:
    """Whoever left the canaries, with their record of the client list."""
    traces = await leave_traces(stage)
    async with stage.writing() as work:
        account = await work.accounts.get(traces.account)
        account.link.link(traces.person)
        await work.accounts.save_link(account)
    async with stage.reading() as work:
        return traces, await work.records.identifiers(Subject(person=traces.person))


async def findings(stage: Stage) -> list[AlteredRow]:
    async with stage.context.session(writes=False) as (session, keys):
        chain = await audit_chain.verify(session, keys)
        assert chain.reason == ""
        return [
            *await find_tampered(session, keys.state, at=stage.clock.now()),
            *await find_unusable_keys(session, keys),
            *await find_contradictions(session, keys),
        ]


async def take_away(stage: Stage, table: type[Table], key: str) -> None:
    """A row and its seal, as somebody who can write to the database."""
    core, guard = statements.core(table), statements.core(GuardRow)
    async with stage.context.database.engine.begin() as connection:
        await connection.execute(delete(core).where(core.c.id == key))
        await connection.execute(delete(guard).where(guard.c.place == key))


async def test_nothing_is_missing_that_the_desk_itself_erased(stored: Stage):
    _, who = await a_subject(stored)
    async with stored.writing() as work:
        await a_message(work, await a_ticket(work))

    await erase(stored, who)
    erased = await findings(stored)
    await destroy(stored, who)

    assert erased == []
    assert await findings(stored) == []


@pytest.mark.parametrize("key_is_gone", [False, True])
async def test_a_ticket_that_went_without_an_event_is_missed(stored: Stage, key_is_gone: bool):  # noqa: FBT001  # a case
    traces, who = await a_subject(stored)

    await erase(stored, who, says_so=False)
    if key_is_gone:
        await destroy(stored, who)

    assert AlteredRow("ticket", traces.ticket, "missing") in await findings(stored)


async def test_somebody_elses_ticket_is_missed_beside_an_erasure(stored: Stage):
    _, who = await a_subject(stored)
    async with stored.writing() as work:
        ticket = await a_ticket(work)
    await erase(stored, who)
    await destroy(stored, who)

    await take_away(stored, TicketRow, ticket.id)

    assert await findings(stored) == [AlteredRow("ticket", ticket.id, "missing")]


@pytest.mark.parametrize("table", [TicketRow, AccountRow, PersonRow])
async def test_whoever_is_brought_back_past_the_desk_is_found(stored: Stage, table: type[Table]):
    _, who = await a_subject(stored)
    core, guard = statements.core(table), statements.core(GuardRow)
    ours = guard.c.scope == core.name
    rows, seals = await kept(stored, select(core)), await kept(stored, select(guard).where(ours))
    await erase(stored, who)

    async with stored.context.database.engine.begin() as connection:
        await connection.execute(delete(core))
        await connection.execute(delete(guard).where(ours))
        await connection.execute(insert(core), rows)
        await connection.execute(insert(guard), seals)

    assert "contradicts" in {one.how for one in await findings(stored) if one.table == core.name}


async def kept(stage: Stage, query: Any) -> list[dict[str, Any]]:  # a SELECT
    async with stage.context.database.session(writes=False) as session:
        return [dict(row) for row in (await session.execute(query)).mappings()]


async def test_not_one_byte_of_them_stands_in_any_file(sqlite: Stage, tmp_path: Path):
    _, who = await a_subject(sqlite)
    sealed = [one async for one in sealed_words(sqlite)]

    await erase(sqlite, who)
    await destroy(sqlite, who)
    stated = await clear_deleted(sqlite.context.database)

    files = [file for file in tmp_path.iterdir() if file.name.startswith("desk.db")]
    content = b"".join(file.read_bytes() for file in files)
    assert len(sealed) > 5
    assert [one for one in sealed if one in content] == []
    assert [name for name, one in CANARIES.items() if one.encode() in content] == []
    assert stated == ("traces.copies",)


async def test_a_log_that_somebody_reads_is_said_to_be_kept(
    sqlite: Stage, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("storage.subject_records.deleted_bytes.TRIES", 1)
    _, who = await a_subject(sqlite)
    async with sqlite.reading() as reader:
        await reader.accounts.get(who.accounts[0])
        await erase(sqlite, who)

        stated = await clear_deleted(sqlite.context.database)

    assert "traces.log_is_read" in stated
    assert await clear_deleted(sqlite.context.database) == ("traces.copies",)


async def test_what_postgresql_still_holds_is_said(postgresql: Stage):
    _, who = await a_subject(postgresql)
    await erase(postgresql, who)

    stated = await clear_deleted(postgresql.context.database)

    assert stated == ("traces.dead_rows", "traces.shipped_log", "traces.copies")


async def sealed_words(stage: Stage) -> AsyncIterator[bytes]:
    """What is sealed of them, as it stands in the rows."""
    async with stage.context.database.session(writes=False) as session:
        for column in (MessageRow.body, MessageRow.details, TicketRow.subject, PersonRow.name):
            for sealed in await session.scalars(select(column)):
                if sealed is not None:
                    yield sealed


async def test_whoever_reads_what_was_of_them_goes_on(stored: Stage):
    traces, who = await a_subject(stored)
    await erase(stored, who)
    await destroy(stored, who)

    async with stored.reading() as work:
        log = await work.log.of(f"ticket:{traces.ticket}")
        assert log
        assert {one.event for one in log} == {None}
        assert await work.tickets.find(TicketFilter()) == []
        assert await work.messages.loose(traces.account) == []
    export = export_tickets(stored.context, TicketFilter(), form="jsonl", personal=True)
    assert "".join([piece async for piece in export]) == ""


async def test_outcomes_of_what_is_gone_are_taken_quietly(stored: Stage):
    traces, who = await a_subject(stored)
    await erase(stored, who)
    bus = Bus(stored.open_work, react)

    await bus.handle(SYSTEM, note_blocked, account=traces.account)
    with pytest.raises(NotFound):
        await bus.handle(
            SYSTEM, record_delivery, message=traces.message, outcome=DeliveryStatus.SENT
        )

    async with stored.reading() as work:
        assert await work.records.left(who) == {}


async def test_an_old_button_answers_as_a_stranger_would_be_answered(stored: Stage):
    traces, who = await a_subject(stored)
    async with stored.reading() as work:
        number = (await work.tickets.get(traces.ticket)).number
    await erase(stored, who)
    await destroy(stored, who)
    bus = Bus(stored.open_work, react)
    stranger = ClientAddress(Surface.TELEGRAM, "4711")

    said = [
        await answers(bus, chat, Press(verb, number))
        for chat in (CHAT, stranger)
        for verb in ("ticket.show", "ticket.close", "ticket.transcript")
    ]

    assert said[:3] == said[3:]


async def answers(bus: Bus, chat: ClientAddress, press: Press) -> list[str]:
    """What the desk says to that press."""
    await bus.handle(SYSTEM, api.press, address=chat, press=press)

    async def waiting(work: UnitOfWork) -> list[str]:
        now = work.clock.now()
        claimed = await work.outbox.claim(now, limit=9, lease_until=now)
        for one in claimed:
            await work.outbox.finish(one.id, now)
        return [str(getattr(one.delivery, "reply", None)) for one in claimed]

    return await bus.handle(SYSTEM, waiting)


async def test_a_start_makes_a_new_client(stored: Stage):
    traces, who = await a_subject(stored)
    await erase(stored, who)
    await destroy(stored, who)

    async with stored.writing() as work:
        account = await api.arrive(work, address=CHAT)
        ticket = await a_ticket(work, account)
        await a_message(work, ticket, "Hello")

    assert account.id != traces.account
    async with stored.reading() as work:
        assert (await work.messages.of(ticket.id))[0].body == "Hello"
        assert await work.records.left(who) == {}
    assert await findings(stored) == []


async def test_many_messages_go_in_few_statements(stored: Stage):
    async with stored.writing() as work:
        account = await an_account(work)
        ticket = await a_ticket(work, account)
        for _ in range(450):
            await a_message(work, ticket)
    async with stored.reading() as work:
        who = await work.records.identifiers(Subject(account=account.id))
        exported = [place async for place, _ in work.records.export(who)]

    await erase(stored, who)

    assert exported.count("message") == 450
    assert await findings(stored) == []
