"""The audit chain: whatever is done to it behind its back is found, and where is said."""

import pytest
from sqlalchemy import text

from bot.application.test_mode import StartedForTesting
from bot.domain.addresses import SYSTEM, HolderId
from bot.domain.errors import Tampered, Unavailable
from bot.domain.tickets.states import Priority
from storage import audit_chain
from storage.audit_chain import SEALED_GENESIS as GENESIS, ChainReport
from storage.keys import Keys
from storage.vault import Vault
from tests.storage.written_chain import verified, written
from tests.support.stores.stages import Stage, a_ticket


async def tamper(stage: Stage, *statements: str, **values: object) -> None:
    async with stage.context.database.session(writes=True) as session:
        for statement in statements:
            await session.execute(text(statement), values)
        await session.commit()


async def test_an_untouched_chain_holds_and_names_its_head(stored: Stage):
    await written(stored)

    report = await verified(stored)

    assert (report.rows, report.first_bad, report.reason) == (6, None, "")
    assert len(report.head) == 64


async def test_an_empty_chain_holds(stored: Stage):
    report = await verified(stored, expected=GENESIS)

    assert report == ChainReport(0, GENESIS, None, "", is_sealed=True)


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'operator'",
        "type = 'TicketClosed'",
        "stream = 'desk'",
        "holder = NULL",
        "holder = ''",
        "at = '2026-11-22 04:00:01.000001+00:00'",
    ],
)
async def test_an_edited_row_is_named(stored: Stage, change: str):
    await written(stored)

    await tamper(stored, f"UPDATE event SET {change} WHERE seq = 3")

    report = await verified(stored)
    assert (report.first_bad, report.reason) == (3, "store.chain_broken")


async def test_an_edited_payload_is_named(stored: Stage):
    await written(stored)

    await tamper(stored, "UPDATE event SET payload = :new WHERE seq = 2", new=b"\x01new")

    report = await verified(stored)
    assert (report.first_bad, report.reason) == (2, "store.chain_broken")


async def test_a_holder_that_was_nobody_cannot_become_the_empty_one(stored: Stage):
    async with stored.writing() as work:
        work.record(StartedForTesting(stream="desk"))

    await tamper(stored, "UPDATE event SET holder = '' WHERE seq = 1")

    assert (await verified(stored)).first_bad == 1


async def test_a_deleted_row_is_named(stored: Stage):
    await written(stored)

    await tamper(stored, "DELETE FROM event WHERE seq = 4")

    report = await verified(stored)
    assert (report.first_bad, report.reason) == (4, "store.chain_gap")


async def test_a_deletion_that_was_renumbered_is_named(stored: Stage):
    await written(stored)

    await tamper(
        stored,
        "DELETE FROM event WHERE seq = 4",
        "UPDATE event SET seq = 4 WHERE seq = 5",
        "UPDATE event SET seq = 5 WHERE seq = 6",
    )

    report = await verified(stored)
    assert (report.first_bad, report.reason) == (4, "store.chain_broken")


async def test_swapped_rows_are_named(stored: Stage):
    await written(stored)

    await tamper(
        stored,
        "UPDATE event SET seq = 99 WHERE seq = 2",
        "UPDATE event SET seq = 2 WHERE seq = 5",
        "UPDATE event SET seq = 5 WHERE seq = 99",
    )

    report = await verified(stored)
    assert (report.first_bad, report.reason) == (2, "store.chain_broken")


async def test_a_row_put_in_from_outside_is_named(stored: Stage):
    await written(stored)

    await tamper(
        stored,
        "INSERT INTO event (seq, at, actor, type, stream, holder, payload, hash)"
        " SELECT 7, at, actor, type, stream, holder, payload, hash FROM event WHERE seq = 6",
        "UPDATE audit_head SET seq = 7",
    )

    report = await verified(stored)
    assert (report.first_bad, report.reason) == (7, "store.chain_broken")


async def test_rows_taken_from_the_end_are_missed_by_the_head(stored: Stage):
    await written(stored)

    await tamper(stored, "DELETE FROM event WHERE seq > 4")

    report = await verified(stored)
    assert (report.first_bad, report.reason) == (5, "store.chain_head_moved")


async def test_an_end_cut_off_with_its_head_is_found_by_the_head_kept_outside(stored: Stage):
    await written(stored)
    kept_outside = (await verified(stored)).head

    await tamper(
        stored,
        "DELETE FROM event WHERE seq > 4",
        "UPDATE audit_head SET seq = 4, hash = (SELECT hash FROM event WHERE seq = 4)",
    )

    assert (await verified(stored)).reason == ""
    report = await verified(stored, expected=kept_outside)
    assert (report.first_bad, report.reason) == (5, "store.chain_truncated")


async def test_a_head_that_was_kept_before_the_chain_grew_still_fits(stored: Stage):
    await written(stored)
    kept_outside = (await verified(stored)).head
    await written(stored)

    assert (await verified(stored, expected=kept_outside)).reason == ""


async def test_a_wiped_trail_is_found(stored: Stage):
    await written(stored)

    await tamper(stored, "DELETE FROM event", "DELETE FROM audit_head")

    assert (await verified(stored)).reason == "store.chain_head_moved"


async def test_nothing_is_written_to_a_chain_without_a_head(stored: Stage):
    await tamper(stored, "DELETE FROM audit_head")

    with pytest.raises(Unavailable) as refusal:
        await written(stored)

    assert refusal.value.key == "store.chain_headless"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_head SET seq = seq + 1",
        "UPDATE audit_head SET seq = seq - 1",
        "UPDATE audit_head SET hash = 'f'",
        "DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)",
    ],
)
async def test_nothing_is_written_to_a_chain_that_does_not_end_where_its_head_says(
    stored: Stage, change: str
):
    await written(stored)
    await tamper(stored, change)

    with pytest.raises(Unavailable) as refusal:
        await written(stored)

    assert refusal.value.key == "store.chain_cut"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE event SET actor = 'operator' WHERE seq = 3",
        "UPDATE event SET type = 'TicketClosed' WHERE seq = 3",
        "DELETE FROM event WHERE seq = 2",
    ],
)
async def test_no_timeline_is_told_from_events_that_were_changed(stored: Stage, change: str):
    async with stored.writing() as work:
        ticket = await a_ticket(work)
        ticket.set_priority(Priority.P1)
    async with stored.writing() as work:
        (await work.tickets.get(ticket.id)).set_priority(Priority.P2)
    await tamper(stored, change)

    async with stored.reading() as work:
        with pytest.raises(Tampered):
            await work.log.of(ticket.stream)


async def test_another_key_finds_nothing_right(stored: Stage):
    await written(stored)

    async with stored.context.database.session(writes=False) as session:
        report = await audit_chain.verify(session, Keys.derive(b"k" * 32))

    assert report.first_bad == 1


async def test_destroying_a_holders_key_leaves_the_chain_valid(stored: Stage):
    async with stored.writing() as work:
        ticket = await a_ticket(work)
    async with stored.context.database.session(writes=True) as session:
        vault = Vault(stored.context.keys, session)
        await vault.destroy(HolderId(ticket.holder), stored.clock.now())
        await session.commit()
    async with stored.writing() as work:
        (await work.tickets.get(ticket.id)).set_priority(Priority.P1)

    report = await verified(stored)
    async with stored.reading() as work:
        timeline = await work.log.of(ticket.stream)

    assert (report.rows, report.reason) == (2, "")
    assert [(one.type, one.event) for one in timeline] == [
        ("TicketOpened", None),
        ("PriorityChanged", None),
    ]


async def test_a_chain_that_grows_while_it_is_walked_still_holds(stored: Stage):
    await written(stored)

    async with stored.context.database.session(writes=False) as session:
        await session.execute(text("SELECT count(*) FROM event"))
        await written(stored)
        report = await audit_chain.verify(session, stored.context.keys)

    assert (report.rows, report.reason) == (6, "")


async def test_a_reader_may_not_write(stored: Stage):
    async with stored.open_work(SYSTEM, writes=False) as work:
        work.record(StartedForTesting(stream="desk"))
        with pytest.raises(Unavailable):
            await work.commit()
