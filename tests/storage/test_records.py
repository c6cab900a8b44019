"""What scripts and `doctor` see of the store."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.application.outbound.to_staff import PostLine
from bot.application.ports.queues import GivenUp, InboundUpdate
from bot.application.ports.reports import HealthCheck
from bot.application.ports.tickets import TicketFilter
from bot.application.views.queue_health import queue_findings
from bot.domain.addresses import Language, TicketId
from bot.wording import say
from storage.bootstrap import StoreLocation, open_store
from storage.file_health import look_at_store_files
from storage.reports import StoreRecords
from tests.support.stores.stages import Stage, a_ticket, sqlite_place


def records(stage: Stage, place: StoreLocation | None = None) -> StoreRecords:
    return StoreRecords(stage.context, place or sqlite_place(Path("desk.db")))


async def found(stage: Stage, name: str, place: StoreLocation | None = None) -> HealthCheck:
    findings = await records(stage, place).findings()
    for finding in findings:
        for language in Language:
            assert say(finding.key, language, **dict(finding.params))
    return next(finding for finding in findings if finding.name == name)


async def test_a_store_in_order_has_only_good_findings(stored: Stage):
    findings = await records(stored).findings()

    assert [finding.name for finding in findings if not finding.is_good] == []


async def test_an_old_schema_is_found(stored: Stage):
    async with stored.context.database.session(writes=True) as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
        await session.commit()

    finding = await found(stored, "migrations")

    assert (finding.is_good, finding.params) == (False, (("revision", "0000"),))


async def test_dead_letters_and_poison_are_found(stored: Stage):
    async with stored.writing() as work:
        now = work.clock.now()
        await work.outbox.put(PostLine(TicketId("a"), "x"))
        (claimed,) = await work.outbox.claim(now, limit=1, lease_until=now)
        await work.outbox.give_up(claimed.id, now, error="gone", end=GivenUp.DEAD)
        await work.inbox.accept(
            [InboundUpdate(key="1", source="t", conversation="", payload="")], now
        )
        await work.inbox.fail("1", error="broken", next_at=None)

    async with stored.reading() as work:
        findings = {one.name: one for one in await queue_findings(work)}

    dead, poison = findings["dead letters"], findings["updates put aside"]
    assert (dead.is_good, dict(dead.figures)["count"]) == (False, 1)
    assert (poison.is_good, dict(poison.figures)["count"]) == (False, 1)


@pytest.mark.parametrize(
    ("mode", "folder", "key"),
    [
        (0o600, ".", "doctor.key_beside_database"),
        (0o600, "elsewhere", "doctor.key_fits"),
        (0o644, "elsewhere", "doctor.key_file_open"),
    ],
)
async def test_where_and_how_the_key_lies_is_looked_at(
    tmp_path: Path, mode: int, folder: str, key: str
):
    (tmp_path / folder).mkdir(exist_ok=True)
    file = tmp_path / folder / "key"
    place = replace(sqlite_place(tmp_path / "desk.db"), master_key="", master_key_file=file)
    store = await open_store(place)
    file.chmod(mode)
    stage = Stage("sqlite", None, None, store)  # pyright: ignore[reportArgumentType]  # only read

    finding = await found(stage, "master key", place)

    assert (finding.key, finding.is_good) == (key, mode == 0o600)
    await store.database.close()


async def test_a_database_that_others_may_read_is_warned_of_with_its_log(tmp_path: Path):
    tmp_path.chmod(0o700)
    place = sqlite_place(tmp_path / "desk.db")
    store = await open_store(place)
    private = look_at_store_files(place)
    for file in tmp_path.glob("desk.db*"):
        file.chmod(0o640)

    (finding,) = [one for one in look_at_store_files(place) if one.name == "database file"]

    assert [one.key for one in private] == ["doctor.pages_whole"]
    assert (finding.is_good, finding.warns) == (True, True)
    assert str(tmp_path / "desk.db-wal") in str(dict(finding.params)["files"])
    await store.database.close()


@pytest.mark.parametrize("name", ["clients.csv", "out.jsonl", "copy.db", "desk.db.bak", ".env.old"])
def test_what_people_keep_beside_a_desk_is_looked_at_too(tmp_path: Path, name: str):
    tmp_path.chmod(0o777)
    (tmp_path / name).write_text("", encoding="utf-8")
    (tmp_path / name).chmod(0o644)
    (tmp_path / "policy.md").touch(0o644)
    place = replace(sqlite_place(tmp_path / "desk.db"), master_key="")

    found = {one.name: dict(one.params)["files"] for one in look_at_store_files(place)}

    assert found == {"personal files": str(tmp_path / name), "folders": str(tmp_path)}


async def test_the_audit_report_names_the_first_bad_row(stored: Stage):
    async with stored.writing() as work:
        await a_ticket(work)
    whole = await records(stored).verify_audit("")
    missed = await records(stored).verify_audit("f" * 64)

    assert (whole.rows, whole.first_bad, whole.reason) == (1, None, "")
    assert (missed.first_bad, missed.reason) == (2, "store.chain_truncated")


async def test_scripts_export_through_the_records(stored: Stage):
    async with stored.writing() as work:
        await a_ticket(work)

    pieces = records(stored).export_tickets(TicketFilter(), form="jsonl", personal=False)

    assert [len(piece.splitlines()) async for piece in pieces] == [1]
