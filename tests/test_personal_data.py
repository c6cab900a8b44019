"""Personal data at rest: declared, sealed, blanked when done, and gone with its key."""

import base64
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Column, LargeBinary, select

from bot.application.ports.queues import ANY_LANE, GivenUp
from bot.domain.addresses import HolderId
from bot.domain.clients.people import AccountStatus
from storage.models import Table
from storage.models.queue import InboxRow, OutboxRow
from storage.vault import Vault
from tests.support.builders.personal_data import (
    CANARIES,
    Traces,
    a_flow,
    a_word,
    all_that_can_be_read,
    leave_traces,
)
from tests.support.stores.fold_log import fold_log
from tests.support.stores.stages import Stage

COLUMNS = [column for table in Table.metadata.sorted_tables for column in table.columns]


def ids(column: Column[object]) -> str:
    return str(column)


@pytest.mark.parametrize("column", COLUMNS, ids=ids)
def test_every_column_says_whether_it_is_personal(column: Column[object]):
    assert "personal" in column.info


@pytest.mark.parametrize("column", [one for one in COLUMNS if one.info["personal"]], ids=ids)
def test_a_personal_column_holds_sealed_bytes_or_a_blind_index(column: Column[object]):
    is_sealed = isinstance(column.type, LargeBinary)
    is_blind = column.info["personal"] == "blind index"

    assert is_sealed != is_blind


async def test_no_personal_word_stands_in_plain_in_the_files(sqlite: Stage, tmp_path: Path):
    await leave_traces(sqlite)

    files = {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()}

    assert any(name.endswith("-wal") for name in files)
    assert found_in(b"".join(files.values())) == {}


async def test_no_personal_word_stands_in_plain_in_any_row(stored: Stage):
    await leave_traces(stored)

    rows = b"\n".join([row async for row in dumped(stored)])

    assert found_in(rows) == {}


async def test_the_search_would_find_what_stands_in_plain(stored: Stage):
    async with stored.writing() as work:
        await work.key_values.put("careless", CANARIES["Bangla"])

    rows = b"\n".join([row async for row in dumped(stored)])

    assert found_in(rows) == {"Bangla": "utf-8"}


async def test_everything_reads_back_through_its_repository(stored: Stage):
    traces = await leave_traces(stored)

    async with stored.reading() as work:
        read = await all_that_can_be_read(work, traces)

    missing = [name for name in CANARIES if name not in QUEUED and CANARIES[name] not in read]
    assert missing == []


QUEUED = ("said", "update", "chat", "question", "edited words")
"""Read by carriers and by reviewers, or only as an earlier version."""


async def test_what_is_finished_is_blank(stored: Stage):
    await leave_traces(stored)
    now = stored.clock.now()
    async with stored.writing() as work:
        for inbound in await work.inbox.claim(now, limit=9, lease_until=now):
            await work.inbox.finish(inbound.key, now)
    for _ in range(20):
        async with stored.writing() as work:
            claimed_deliveries = await work.outbox.claim(
                now + timedelta(days=1), limit=99, lease_until=now, lane=ANY_LANE
            )
            for claimed in claimed_deliveries:
                await work.outbox.finish(claimed.id, now)

    async with stored.context.database.session(writes=False) as session:
        inbox = (await session.execute(select(InboxRow.payload, InboxRow.conversation))).all()
        outbox = (await session.scalars(select(OutboxRow.payload))).all()

    assert set(inbox) == {(None, "")}
    assert set(outbox) == {None}


async def test_what_is_withdrawn_or_returned_is_blank(stored: Stage):
    async with stored.writing() as work:
        await work.outbox.put(a_word(CANARIES["said"]), key="a")
        await work.outbox.put(a_word(CANARIES["said"]), key="b")
        await work.outbox.withdraw("a")
        now = stored.clock.now()
        (claimed,) = await work.outbox.claim(now, limit=9, lease_until=now)
        await work.outbox.give_up(claimed.id, now, error="blocked", end=GivenUp.RETURNED)

    async with stored.context.database.session(writes=False) as session:
        outbox = (await session.scalars(select(OutboxRow.payload))).all()

    assert outbox == [None, None]


async def test_nothing_of_a_holder_can_be_read_once_their_key_is_destroyed(stored: Stage):
    traces = await leave_traces(stored)

    await destroy_keys(stored, traces)

    async with stored.reading() as work:
        read = await all_that_can_be_read(work, traces)
    assert [name for name, canary in CANARIES.items() if canary in read] == []


async def test_no_repository_fails_after_a_key_was_destroyed(stored: Stage):
    traces = await leave_traces(stored)
    await destroy_keys(stored, traces)

    async with stored.writing() as work:
        ticket = await work.tickets.get(traces.ticket)
        ticket.close("quiet", work.clock.now())
        message = await work.messages.get(traces.message)
        message.delete(work.clock.now())
        await work.messages.save(message)
        await work.messages.link(message.id, "slack", "C1", "9.9")
        account = await work.accounts.get(traces.account)
        account.status = AccountStatus.ERASED
        await work.accounts.save(account)
        await work.flows.put(account.id, a_flow(work))
        person = await work.people.get(traces.person)
        person.erased_at = work.clock.now()
        await work.people.save(person)

    async with stored.reading() as work:
        assert (await work.tickets.get(traces.ticket)).closed_at is not None
        assert (await work.accounts.get(traces.account)).status is AccountStatus.ERASED
        assert await work.flows.of(traces.account) is None
        known = await work.people.known_as(CANARIES["client number"])
        assert known is not None
        assert known.id == traces.person


async def test_the_key_itself_is_gone_from_the_files(sqlite: Stage, tmp_path: Path):
    traces = await leave_traces(sqlite)
    wrapped = [row async for row in wrapped_keys(sqlite)]

    await destroy_keys(sqlite, traces)
    await fold_log(sqlite.context.database)

    content = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    assert len(wrapped) == 2
    assert [key for key in wrapped if key in content] == []


async def destroy_keys(stage: Stage, traces: Traces) -> None:
    async with stage.context.database.session(writes=True) as session:
        vault = Vault(stage.context.keys, session)
        for holder in (traces.account, traces.person):
            await vault.destroy(HolderId(holder), stage.clock.now())
        await session.commit()


async def dumped(stage: Stage) -> AsyncIterator[bytes]:
    """Every value of every row."""
    async with stage.context.database.session(writes=False) as session:
        for table in Table.metadata.sorted_tables:
            for row in await session.execute(select(table)):
                for value in row:
                    yield value if isinstance(value, bytes) else str(value).encode()


async def wrapped_keys(stage: Stage) -> AsyncIterator[bytes]:
    table = Table.metadata.tables["holder_key"]
    async with stage.context.database.session(writes=False) as session:
        for key in await session.scalars(select(table.c.wrapped)):
            yield key


def found_in(content: bytes) -> dict[str, str]:
    """Which canaries stand in `content`, and in what writing."""
    found: dict[str, str] = {}
    for name, canary in CANARIES.items():
        plain = canary.encode()
        writings = {
            "utf-8": plain,
            "utf-16": canary.encode("utf-16-le"),
            "hexadecimal": plain.hex().encode(),
            "escaped": canary.encode("unicode_escape"),
            # Three alignments would be needed for certainty; a whole value stands at the first.
            "base64": base64.b64encode(plain).rstrip(b"=")[:-2],
        }
        for writing, sought in writings.items():
            if sought in content:
                found.setdefault(name, writing)
    return found
