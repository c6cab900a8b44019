"""Migrations: they make what the models say, up and down, and only one process makes it."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from bot.application.ports.card_refs import CardKind, CardRef, FileUpload
from bot.domain.addresses import MessageId, RequestId, StaffId, TicketId
from bot.domain.clients.people import AccountLink
from bot.domain.errors import Refused
from storage import migrate, schema
from storage.bootstrap import StoreLocation, open_store
from storage.database import Database
from tests.support.stores.postgres import Server
from tests.support.stores.seals import seal_anew
from tests.support.stores.stages import MASTER_KEY, Stage, a_ticket, an_account

ROOT = Path(__file__).parent.parent.parent
VERSIONS = Path("storage", "migrations", "versions")
RELEASED = {
    "0001_make_the_tables.py": "5c2da5a082afb503cd1ff5eed62f4ce1614f4bd5f86188f40e493d2904176287",
}
"""Each revision that is out in the field, by the SHA-256 of its bytes. A release adds its own."""
RELEASED_LAST = max(RELEASED)[:4]
NEW_TABLE = """

class OddityRow(Table):
    __tablename__ = "oddity"
    id: Mapped[int] = column(SERIAL, primary_key=True, autoincrement=True)
"""


async def test_the_migrations_make_what_the_models_say(stored: Stage):
    assert await schema.drift(stored.context.database) == []


async def test_a_drift_would_be_seen(stored: Stage):
    await execute(stored.context.database, "ALTER TABLE timer ADD COLUMN odd INTEGER")

    assert len(await schema.drift(stored.context.database)) == 1


async def test_the_way_down_leaves_nothing_and_the_way_up_leads_back(stored: Stage):
    made = stored.context.database
    before = await migrate.current(made)

    await schema.downgrade(made, to="base")
    at_the_bottom = await migrate.current(made)
    tables = await table_names(made)
    await schema.upgrade(made)

    assert (before, at_the_bottom) == (migrate.newest(), "")
    assert tables <= {"alembic_version"}
    assert await schema.drift(made) == []


OLD_CARDS = {
    f"slack.card:{'a' * 32}": '{"channel": "C1", "ts": "1.0"}',
    f"slack.card:{'b' * 32}": 'lost:{"channel": "C1", "ts": "2.0"}',
    f"slack.request_card:{'c' * 32}": '{"channel": "G1", "ts": "3.0"}',
    "slack.request_at:G1:3.0": "c" * 32,
    "slack.refused:C1:4.0": "refused",
    f"slack.file:{'d' * 32}:0": "done",
    f"slack.file:{'d' * 32}:1": "F0LIGHT",
    "slack.heard_until": "1764000000",
}
"""What a release before 0.2 kept of cards in the key-value store; the last is no card's."""
OF_NO_USE = {
    f"slack.request_card:{'e' * 32}": "",
    "slack.request_at:G1:2.5": "e" * 32,
}
"""A request's card that was removed."""


async def test_cards_move_out_of_the_key_value_store(stored: Stage):
    await with_facts_of_before(stored, {**OLD_CARDS, **OF_NO_USE})

    await schema.upgrade(stored.context.database)
    await seal_anew(stored)

    async with stored.reading() as work:
        cards, threads, message = work.cards, work.staff_threads, MessageId("d" * 32)
        removed = await cards.standing(CardKind.REQUEST, RequestId("e" * 32))
        assert await cards.standing(CardKind.TICKET, TicketId("a" * 32)) == CardRef("C1", "1.0")
        assert await cards.lost(CardKind.TICKET, TicketId("b" * 32)) == CardRef("C1", "2.0")
        assert await cards.request_at(CardRef("G1", "3.0")) == RequestId("c" * 32)
        assert removed is None
        assert await threads.was_refused("C1", "4.0")
        assert await threads.upload(message, 0) == FileUpload("", is_done=True)
        assert await threads.upload(message, 1) == FileUpload("F0LIGHT", is_done=False)
    assert await slack_facts(stored) == {"slack.heard_until": "1764000000"}


async def test_the_way_down_puts_cards_back_into_the_key_value_store(stored: Stage):
    await with_facts_of_before(stored, OLD_CARDS)
    await schema.upgrade(stored.context.database)

    await schema.downgrade(stored.context.database, to=RELEASED_LAST)

    assert await slack_facts(stored) == OLD_CARDS


async def test_every_step_can_be_taken_alone(stored: Stage):
    made = stored.context.database
    for _ in schema.revisions():
        await schema.downgrade(made, to="-1")
    for _ in schema.revisions():
        await schema.upgrade(made, to="+1")

    assert await migrate.current(made) == migrate.newest()


async def test_a_bar_stands_on_the_way_down_and_on_the_way_up_again(stored: Stage):
    made = stored.context.database
    async with stored.writing() as work:
        account, other = await an_account(work), await an_account(work)
        account.link.bar(work.clock.now())
        account.link.lift_bar(StaffId("staff-ann"), set())
        await work.accounts.save_link(account)

    await schema.downgrade(made, to="0001")
    below = await texts(made, "SELECT name || '=' || value FROM fact WHERE name LIKE 'account.%'")
    await schema.upgrade(made)
    await seal_anew(stored)

    assert sorted(below) == [
        f"account.frozen:{account.id}={stored.clock.now().isoformat()}",
        f"account.relink:{account.id}=staff-ann",
    ]
    assert await texts(made, "SELECT name FROM fact WHERE name LIKE 'account.%'") == []
    async with stored.reading() as work:
        assert (await work.accounts.get(account.id)).link == account.link
        assert (await work.accounts.get(other.id)).link == AccountLink()


def test_the_newest_revision_is_told_without_alembic():
    assert schema.revisions()[0] == migrate.NEWEST


def test_a_released_revision_is_never_rewritten():
    kept = {
        name: hashlib.sha256((ROOT / VERSIONS / name).read_bytes()).hexdigest() for name in RELEASED
    }

    assert kept == RELEASED, "write a new revision instead: make migration NAME=..."


def test_each_revision_follows_the_one_before_it():
    numbers = schema.revisions()[::-1]

    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    assert [file.name[:4] for file in sorted((ROOT / VERSIONS).glob("0*.py"))] == numbers


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what a migration is written from."""
    for package in ("bot", "storage"):
        ignored = shutil.ignore_patterns("__pycache__", "data")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=ignored)
    return tmp_path


def test_a_change_of_the_models_becomes_a_revision_after_the_newest(tree: Path):
    before = files(tree)
    model = tree / "storage" / "models" / "queue.py"
    model.write_text(model.read_text(encoding="utf-8") + NEW_TABLE, encoding="utf-8")

    done = revise(tree, "Keep", "the oddities")

    new = tree / VERSIONS / f"{int(migrate.NEWEST) + 1:04}_keep_the_oddities.py"
    assert Path(done.stdout.strip()) == new, done.stderr
    assert f"storage.migrate.NEWEST to {new.name[:4]!r}" in done.stderr
    written = new.read_text(encoding="utf-8")
    assert f"down_revision = {migrate.NEWEST!r}" in written
    assert written.count("create_table") == written.count("drop_table") == 1
    assert {name: kept for name, kept in files(tree).items() if name != new.name} == before


def test_no_revision_is_written_where_nothing_changed(tree: Path):
    before = files(tree)

    done = revise(tree, "Change", "nothing")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "The tables are what the models say: there is nothing to write.\n"
    assert files(tree) == before


def test_a_revision_is_not_written_without_a_name(tree: Path):
    done = revise(tree, "")

    assert (done.returncode, done.stdout) == (1, "")
    assert 'make migration NAME="' in done.stderr


async def test_an_up_to_date_store_is_opened_without_alembic(stored: Stage):
    program = f"""
import asyncio, sys
from storage.bootstrap import StoreMode, StoreLocation, open_store

async def main():
    place = StoreLocation(url={url(stored)!r}, master_key={MASTER_KEY!r}, mode=StoreMode.TESTING)
    store = await open_store(place)
    await store.database.close()

asyncio.run(main())
assert not [name for name in sys.modules if "alembic" in name]
"""

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )

    assert done.stderr == ""


async def test_a_newer_releases_database_is_refused_and_left_alone(stored: Stage):
    async with stored.writing() as work:
        await a_ticket(work)
    await execute(stored.context.database, "UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(Refused) as refusal:
        await open_store(place(stored))

    assert (refusal.value.key, refusal.value.params) == (
        "store.made_by_newer_release",
        {"revision": "9999"},
    )
    assert await migrate.current(stored.context.database) == "9999"


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_processes_that_start_at_once_make_one_store(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
):
    where = f"sqlite:///{tmp_path / 'desk.db'}"
    if kind == "postgresql":
        server: Server = request.getfixturevalue("server")
        where = server.url(server.new_database())
    program = f"""
import asyncio
from storage.bootstrap import StoreLocation, open_store

async def main():
    store = await open_store(StoreLocation(url={where!r}, master_key={MASTER_KEY!r}))
    await store.database.close()

asyncio.run(main())
"""

    running = [
        subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    said = [process.communicate()[1] for process in running]

    assert said == ["", "", ""]
    assert [process.returncode for process in running] == [0, 0, 0]


def revise(tree: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "storage.migrations.revise", *words],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    )


def files(tree: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (tree / VERSIONS).glob("*.py")}


def url(stage: Stage) -> str:
    return stage.context.database.url.render_as_string(hide_password=False)


def place(stage: Stage) -> StoreLocation:
    assert stage.store is not None
    return StoreLocation(url=url(stage), master_key=MASTER_KEY, mode=stage.store.mode)


async def execute(made: Database, statement: str) -> None:
    async with made.engine.begin() as connection:
        await connection.execute(text(statement))


async def texts(made: Database, query: str) -> list[str]:
    async with made.session(writes=False) as session:
        return [str(row) for row in await session.scalars(text(query))]


async def with_facts_of_before(stage: Stage, facts: dict[str, str]) -> None:
    """The schema of the last release, with these key-values in it."""
    await schema.downgrade(stage.context.database, to=RELEASED_LAST)
    async with stage.context.database.engine.begin() as connection:
        for name, value in facts.items():
            row = {"name": name, "value": value}
            await connection.execute(text("INSERT INTO fact VALUES (:name, :value)"), row)


async def slack_facts(stage: Stage) -> dict[str, str]:
    async with stage.context.database.session(writes=False) as session:
        found = await session.execute(
            text("SELECT name, value FROM fact WHERE name LIKE 'slack.%'")
        )
        return {str(row.name): str(row.value) for row in found}


async def table_names(made: Database) -> set[str]:
    async with made.session(writes=False) as session:
        connection = await session.connection()
        return await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))
