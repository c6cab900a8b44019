"""Exports: stable columns, personal ones only when asked for, and no formula for a spreadsheet."""

import tracemalloc
from pathlib import Path

import pytest

from bot.application.bus import Bus
from bot.application.ports.tickets import TicketFilter
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.reactions import react
from bot.application.staff_desk.export import TicketsExported, allow_export
from bot.domain.addresses import Actor, HolderId
from bot.domain.tickets.states import TicketState
from storage import export
from storage.export import COLUMNS, PERSONAL_COLUMNS, export_tickets
from storage.vault import Vault
from tests.support.builders.exports import ANN, as_records, as_rows, exported, one_worked_ticket
from tests.support.stores.stages import Stage, a_message, a_ticket, an_account

UNTOUCHED = {
    "direction": "in",
    "files": [],
    "forwarded": "",
    "edited_at": None,
    "deleted_at": None,
    "version": 1,
    "delivery": "none",
    "changes": [],
}
"""What an export says of a client's message to which nothing happened."""


async def test_without_personal_columns_nothing_personal_leaves(stored: Stage):
    await one_worked_ticket(stored)

    (record,) = await as_records(stored)

    assert record == {
        "number": "T-000001",
        "kind": "support",
        "category": "internet",
        "priority": "P3",
        "state": "resolved",
        "waiting_on": "nobody",
        "assignee": "U0ANN",
        "tags": ["line", "cable; cut"],
        "language": "en",
        "opened_at": "2026-11-22T04:00:00+00:00",
        "first_response_at": None,
        "resolved_at": "2026-11-22T04:05:00+00:00",
        "closed_at": None,
        "reopened_count": 0,
        "stars": 5,
        "messages": 2,
    }


async def test_personal_columns_come_when_they_are_asked_for(stored: Stage):
    await one_worked_ticket(stored)

    (record,) = await as_records(stored, personal=True)

    assert {name: record[name] for name in PERSONAL_COLUMNS} == {
        "client": "Zoë Ahmed",
        "subject": 'লাইন নেই, since "today"\nreally',
        "resolution": "Restarted; done",
        "talk": [
            UNTOUCHED | {"at": "2026-11-22T04:00:00+00:00", "text": "First, words"},
            UNTOUCHED | {"at": "2026-11-22T04:05:00+00:00", "text": "=cmd()|x"},
        ],
    }


async def test_csv_holds_the_same_in_cells(stored: Stage):
    await one_worked_ticket(stored)

    (row,) = await as_rows(stored, personal=True)

    assert tuple(row) == (*COLUMNS, *PERSONAL_COLUMNS)
    assert row["tags"] == "line; cable; cut"
    assert row["first_response_at"] == ""
    assert row["subject"] == 'লাইন নেই, since "today"\nreally'
    assert row["talk"].splitlines() == [
        "2026-11-22T04:00:00+00:00 in: First, words",
        "2026-11-22T04:05:00+00:00 in: =cmd()|x",
    ]


async def test_an_empty_export_is_a_heading_or_nothing(stored: Stage):
    assert await exported(stored, form="csv") == ",".join(COLUMNS) + "\r\n"
    assert await exported(stored, form="jsonl") == ""


async def test_filters_narrow_the_export(stored: Stage):
    async with stored.writing() as work:
        for _ in range(3):
            await a_ticket(work)
        (await work.tickets.numbered("T-000002")).claim(ANN, stored.clock.now())

    found = await as_records(stored, TicketFilter(states=(TicketState.OPEN,)))

    assert [record["number"] for record in found] == ["T-000002"]


async def test_pages_follow_each_other_without_gap_or_overlap(
    stored: Stage, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(export, "PAGE", 2)
    async with stored.writing() as work:
        for _ in range(7):
            ticket = await a_ticket(work)
            await a_message(work, ticket, ticket.number)

    found = await as_records(stored, personal=True)

    assert [record["number"] for record in found] == [f"T-{serial:06}" for serial in range(1, 8)]
    assert [[word["text"] for word in record["talk"]] for record in found] == [
        [record["number"]] for record in found
    ]


async def test_a_ticket_opened_while_an_export_runs_is_not_in_it(stored: Stage):
    await one_worked_ticket(stored)

    pieces = export_tickets(stored.context, TicketFilter(), form="jsonl", personal=False)
    first = await anext(pieces)
    await one_worked_ticket(stored)
    rest = [piece async for piece in pieces]

    assert len(first.splitlines()) == 1
    assert rest == []


async def test_what_belongs_to_an_erased_person_is_empty(stored: Stage):
    await one_worked_ticket(stored)
    async with stored.reading() as work:
        (ticket,) = await work.tickets.find(TicketFilter())
    async with stored.context.database.session(writes=True) as session:
        vault = Vault(stored.context.keys, session)
        await vault.destroy(HolderId(ticket.holder), stored.clock.now())
        await session.commit()

    (record,) = await as_records(stored, personal=True)

    assert (record["client"], record["subject"], record["resolution"]) == ("", "", "")
    assert {word["text"] for word in record["talk"]} == {""}


async def test_a_long_export_needs_no_more_memory_than_a_short_one(
    stored: Stage, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(export, "PAGE", 50)

    async def peak() -> int:
        tracemalloc.reset_peak()
        pieces = export_tickets(stored.context, TicketFilter(), form="jsonl", personal=True)
        async for _ in pieces:
            pass
        return tracemalloc.get_traced_memory()[1]

    await fill(stored, export.PAGE)
    tracemalloc.start()
    await peak()
    one_page = await peak()
    await fill(stored, export.PAGE * 5)
    six_pages = await peak()
    tracemalloc.stop()

    assert six_pages < one_page * 2


async def fill(stage: Stage, count: int) -> None:
    async with stage.writing() as work:
        account = await an_account(work)
        for _ in range(count):
            ticket = await a_ticket(work, account, subject="x" * 200)
            ticket.events.clear()


class TestTrace:
    async def test_a_personal_export_is_recorded_before_it_leaves(self, stored: Stage):
        which = TicketFilter(states=(TicketState.OPEN,), since=stored.clock.now())
        await allow(stored, which, personal=True)

        async with stored.reading() as work:
            (recorded,) = await work.log.of("desk")

        assert recorded.actor == Actor.staff(ANN)
        assert recorded.event == TicketsExported(
            stream="desk",
            form="csv",
            states=("open",),
            kinds=(),
            since="2026-11-22T04:00:00+00:00",
            until="",
        )

    async def test_a_plain_export_leaves_no_trace(self, stored: Stage):
        await allow(stored, TicketFilter(), personal=False)

        async with stored.reading() as work:
            assert await work.log.of("desk") == []


async def allow(stage: Stage, which: TicketFilter, *, personal: bool) -> None:
    async def ask(work: UnitOfWork) -> None:
        await allow_export(work, which=which, form="csv", personal=personal)

    await Bus(stage.open_work, react).handle(Actor.staff(ANN), ask)


def test_the_manual_names_every_column_and_no_other():
    manual = (Path(__file__).parents[2] / "docs" / "exports.md").read_text(encoding="utf-8")

    plain, _, personal = manual.partition("## Personal columns")

    assert columns_in(plain) == COLUMNS
    assert columns_in(personal) == PERSONAL_COLUMNS


def columns_in(text: str) -> tuple[str, ...]:
    rows = (line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| `"))
    return tuple(cell.strip("`") for cell in rows)
