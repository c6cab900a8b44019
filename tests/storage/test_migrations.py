"""Migrations: they make what the models say, up and down, and only one process makes it."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from bot.errors import Refused
from storage import migrate, schema
from storage.database import Database
from storage.opening import Place, open_store
from tests.postgres import Server
from tests.stages import MASTER_KEY, Stage, a_ticket


async def test_the_migrations_make_what_the_models_say(stored: Stage):
    assert await schema.drift(stored.house.database) == []


async def test_a_drift_would_be_seen(stored: Stage):
    await execute(stored.house.database, "ALTER TABLE timer ADD COLUMN odd INTEGER")

    assert len(await schema.drift(stored.house.database)) == 1


async def test_the_way_down_leaves_nothing_and_the_way_up_leads_back(stored: Stage):
    made = stored.house.database
    before = await migrate.current(made)

    await schema.downgrade(made, to="base")
    at_the_bottom = await migrate.current(made)
    tables = await table_names(made)
    await schema.upgrade(made)

    assert (before, at_the_bottom) == (migrate.newest(), "")
    assert tables <= {"alembic_version"}
    assert await schema.drift(made) == []


async def test_every_step_can_be_taken_alone(stored: Stage):
    made = stored.house.database
    for _ in schema.revisions():
        await schema.downgrade(made, to="-1")
    for _ in schema.revisions():
        await schema.upgrade(made, to="+1")

    assert await migrate.current(made) == migrate.newest()


def test_the_newest_revision_is_told_without_alembic():
    assert schema.revisions()[0] == migrate.NEWEST


async def test_an_up_to_date_store_is_opened_without_alembic(stored: Stage):
    program = f"""
import asyncio, sys
from storage.opening import Mark, Place, open_store

async def main():
    place = Place(url={url(stored)!r}, master_key={MASTER_KEY!r}, mark=Mark.TESTING)
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
    await execute(stored.house.database, "UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(Refused) as refusal:
        await open_store(place(stored))

    assert (refusal.value.key, refusal.value.params) == (
        "store.made_by_newer_release",
        {"revision": "9999"},
    )
    assert await migrate.current(stored.house.database) == "9999"


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
from storage.opening import Place, open_store

async def main():
    store = await open_store(Place(url={where!r}, master_key={MASTER_KEY!r}))
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


def url(stage: Stage) -> str:
    return stage.house.database.url.render_as_string(hide_password=False)


def place(stage: Stage) -> Place:
    assert stage.store is not None
    return Place(url=url(stage), master_key=MASTER_KEY, mark=stage.store.mark)


async def execute(made: Database, statement: str) -> None:
    async with made.engine.begin() as connection:
        await connection.execute(text(statement))


async def table_names(made: Database) -> set[str]:
    async with made.session(writes=False) as session:
        connection = await session.connection()
        return await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))
