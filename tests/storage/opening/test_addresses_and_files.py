"""Opening a store: where it is said to be, and what is found there."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.domain.errors import Unavailable
from storage import database
from storage.bootstrap import StoreLocation, StoreMode, open_store
from storage.database import parse_url
from tests.storage.opening.opened_stores import execute, opened, refused
from tests.support.stores.postgres import Server
from tests.support.stores.stages import MASTER_KEY, postgres_place, sqlite_place


class TestAPlaceWithoutADesk:
    async def test_what_may_not_found_a_desk_leaves_nothing_behind(self, file: Path):
        place = StoreLocation(url=f"sqlite:///{file}", may_make=False)

        assert await refused(place) == "store.not_there_yet"
        assert not any(file.parent.iterdir())

    async def test_an_empty_file_is_no_desk(self, file: Path):
        file.touch()

        assert await refused(StoreLocation(url=f"sqlite:///{file}", may_make=False)) == (
            "store.not_there_yet"
        )
        assert not Path(f"{file}.key").exists()

    async def test_an_empty_shared_database_is_no_desk(self, server: Server):
        place = replace(postgres_place(server, server.new_database()), may_make=False)

        assert await refused(place) == "store.not_there_yet"

    @pytest.mark.parametrize("may_make", [True, False])
    async def test_a_desk_whose_check_is_gone_is_one_all_the_same(
        self, empty: StoreLocation, *, may_make: bool
    ):
        store = await open_store(empty)
        async with store.database.engine.begin() as connection:
            await connection.execute(text("DELETE FROM fact WHERE name = 'keys.check'"))
        await store.database.close()

        assert await refused(replace(empty, may_make=may_make)) == "store.check_missing"

    async def test_only_the_first_opening_makes_something_new(self, empty: StoreLocation):
        assert (await opened(empty)).is_new
        assert not (await opened(replace(empty, may_make=False))).is_new


class TestTheAddress:
    @pytest.mark.parametrize(
        ("url", "key"),
        [
            ("", "store.url_malformed"),
            ("desk.db", "store.url_malformed"),
            ("postgresql://host:port/x", "store.url_malformed"),
            ("mysql://host/desk", "store.url_unknown"),
            ("sqlite://", "store.url_without_file"),
            ("sqlite:///:memory:", "store.url_without_file"),
        ],
    )
    async def test_what_is_no_address_is_refused(self, url: str, key: str):
        assert await refused(StoreLocation(url=url)) == key

    @pytest.mark.parametrize(
        ("plain", "driver"),
        [
            ("sqlite:///x.db", "sqlite+onetrip"),
            ("sqlite+aiosqlite:///x.db", "sqlite+onetrip"),
            ("postgres://host/x", "postgresql+psycopg"),
            ("postgresql://host/x", "postgresql+psycopg"),
            ("postgresql+asyncpg://host/x", "postgresql+psycopg"),
        ],
    )
    def test_the_plain_forms_are_taken(self, plain: str, driver: str):
        assert parse_url(plain).drivername == driver

    async def test_nobody_answers(self):
        place = StoreLocation(url="postgresql://desk@127.0.0.1:9/desk", master_key=MASTER_KEY)

        assert await refused(place, Unavailable) == "store.unreachable"

    async def test_a_database_that_is_not_there(self, server: Server):
        place = postgres_place(server, "nothing")

        assert await refused(place, Unavailable) == "store.unreachable"

    async def test_a_folder_that_is_not_there_is_made(self, tmp_path: Path):
        file = tmp_path / "new" / "folder" / "desk.db"

        await opened(sqlite_place(file))

        assert file.exists()

    async def test_a_folder_that_cannot_be_made(self, tmp_path: Path):
        (tmp_path / "file").touch()

        found = await refused(sqlite_place(tmp_path / "file" / "desk.db"))

        assert found == "store.cannot_make"

    async def test_a_name_with_a_nul_cannot_be_made(self, tmp_path: Path):
        assert await refused(sqlite_place(tmp_path / "desk\0.db")) == "store.cannot_make"


class TestTheFile:
    @pytest.mark.parametrize("content", [b"not a database, but long enough" * 40, b"\x00" * 5000])
    async def test_a_garbage_file_is_refused_and_left_alone(self, file: Path, content: bytes):
        file.write_bytes(content)

        assert await refused(sqlite_place(file), Unavailable) == "store.broken_file"
        assert file.read_bytes() == content

    async def test_a_folder_is_no_database(self, tmp_path: Path):
        assert await refused(sqlite_place(tmp_path), Unavailable) == "store.cannot_open"

    async def test_another_programs_file_is_refused_and_left_alone(self, file: Path):
        with sqlite3.connect(file) as connection:
            connection.execute("CREATE TABLE songs (title)")
        connection.close()

        assert await refused(StoreLocation(url=f"sqlite:///{file}")) == "store.not_ours"
        assert not file.with_name("desk.db.key").exists()

    async def test_another_programs_tables_may_share_a_postgresql_database(self, server: Server):
        name = server.new_database()
        await execute(server.url(name), "CREATE TABLE songs (title text)")

        assert (await opened(postgres_place(server, name))).mode is StoreMode.TESTING

    async def test_a_table_of_our_name_is_not_taken_over(self, server: Server):
        name = server.new_database()
        await execute(server.url(name), "CREATE TABLE ticket (price int)")

        assert await refused(postgres_place(server, name)) == "store.not_ours"

    async def test_a_locked_database_is_said_to_be_locked(
        self, file: Path, monkeypatch: pytest.MonkeyPatch
    ):
        await opened(sqlite_place(file))
        monkeypatch.setattr(database, "PATIENCE_SECONDS", 0)
        store = await open_store(sqlite_place(file))
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")

        with pytest.raises(Unavailable) as refusal:
            async with store.database.session(writes=True):
                pass

        assert refusal.value.key == "store.locked"
        other.close()
        await store.database.close()

    async def test_more_writers_than_can_wait_are_told(
        self, file: Path, monkeypatch: pytest.MonkeyPatch
    ):
        await opened(sqlite_place(file))
        monkeypatch.setattr(database, "PATIENCE_SECONDS", 0)
        store = await open_store(sqlite_place(file))

        async with store.database.session(writes=True):
            with pytest.raises(Unavailable) as refusal:
                async with store.database.session(writes=True):
                    pass

        assert refusal.value.key == "store.busy"
        await store.database.close()
