"""Opening a store: its key, its mark, and two that open it at once."""

import asyncio
import sqlite3
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from storage import bootstrap, migrate
from storage.bootstrap import StoreLocation, StoreMode, default_key_file
from storage.database import Database
from storage.sqlite.driver import SqliteDriver
from tests.storage.opening.opened_stores import OTHER_KEY, opened, refused
from tests.support.stores.postgres import Server
from tests.support.stores.stages import MASTER_KEY, postgres_place


class TestTheKey:
    async def test_a_new_store_makes_a_key_that_only_its_owner_may_read(
        self, place: StoreLocation, file: Path
    ):
        store = await opened(place)

        key = default_key_file(store.database)
        assert key == file.with_name("desk.db.key")
        assert key is not None
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert [entry.name for entry in file.parent.iterdir() if "key" in entry.name] == [key.name]

    async def test_the_same_key_opens_the_store_again(self, place: StoreLocation):
        first = await opened(place)
        second = await opened(place)

        assert first.keys == second.keys

    async def test_a_named_key_file_is_made_where_it_was_named(self, file: Path, tmp_path: Path):
        named = tmp_path / "secrets.txt"

        await opened(StoreLocation(url=f"sqlite:///{file}", master_key_file=named))

        assert named.exists()
        assert not file.with_name("desk.db.key").exists()

    async def test_a_store_without_its_key_is_refused_and_nothing_is_overwritten(
        self, place: StoreLocation, file: Path
    ):
        await opened(place)
        key = file.with_name("desk.db.key")
        key.unlink()
        before = file.read_bytes()

        assert await refused(place) == "store.master_key_missing"

        assert file.read_bytes() == before
        assert not key.exists()

    async def test_a_wrong_key_is_told_from_a_missing_one(self, empty: StoreLocation):
        await opened(empty)

        assert await refused(replace(empty, master_key=OTHER_KEY)) == "store.wrong_master_key"

    @pytest.mark.parametrize("content", ["", "short", "x" * 60, "ключ", MASTER_KEY[:-1] + "!"])
    async def test_what_is_no_key_is_refused(self, file: Path, tmp_path: Path, content: str):
        named = tmp_path / "key"
        named.write_text(content, encoding="utf-8")

        found = await refused(StoreLocation(url=f"sqlite:///{file}", master_key_file=named))

        assert found in ("store.master_key_malformed", "store.master_key_unreadable")

    async def test_where_the_key_of_the_settings_is_none_no_database_is_made(self, file: Path):
        found = await refused(StoreLocation(url=f"sqlite:///{file}", master_key="short"))

        assert found == "store.master_key_malformed"
        assert not file.exists()

    async def test_a_folder_is_no_key(self, file: Path, tmp_path: Path):
        place = StoreLocation(url=f"sqlite:///{file}", master_key_file=tmp_path)

        assert await refused(place) == "store.master_key_unreadable"

    async def test_a_key_that_cannot_be_made_is_said(self, file: Path, tmp_path: Path):
        place = StoreLocation(
            url=f"sqlite:///{file}", master_key_file=tmp_path / "no" / "folder" / "key"
        )

        assert await refused(place) == "store.cannot_make"

    async def test_postgresql_needs_a_key_from_outside(self, server: Server):
        name = server.new_database()

        assert await refused(StoreLocation(url=server.url(name))) == "store.master_key_required"

    async def test_postgresql_never_makes_a_key(self, server: Server, tmp_path: Path):
        place = StoreLocation(
            url=server.url(server.new_database()), master_key_file=tmp_path / "key"
        )

        assert await refused(place) == "store.master_key_missing"
        assert not (tmp_path / "key").exists()

    def test_a_place_never_prints_its_secrets(self):
        place = StoreLocation(url="postgresql://desk:hunter2@host/desk", master_key=MASTER_KEY)

        assert MASTER_KEY not in repr(place)
        assert "hunter2" not in repr(place)


class TestTheMark:
    @pytest.mark.parametrize("born", StoreMode)
    @pytest.mark.parametrize("wanted", StoreMode)
    async def test_a_store_serves_only_what_it_was_made_for(
        self, empty: StoreLocation, born: StoreMode, wanted: StoreMode
    ):
        await opened(replace(empty, mode=born))

        if born is wanted:
            assert (await opened(replace(empty, mode=wanted))).mode is born
        else:
            assert await refused(replace(empty, mode=wanted)) == "store.other_mark"

    async def test_of_two_founders_at_once_the_second_is_told(
        self, empty: StoreLocation, monkeypatch: pytest.MonkeyPatch
    ):
        upgrade = migrate.upgrade

        async def overtaken(founded: Database) -> None:
            monkeypatch.setattr(migrate, "upgrade", upgrade)
            await upgrade(founded)
            await opened(empty)

        monkeypatch.setattr(migrate, "upgrade", overtaken)

        assert await refused(replace(empty, master_key=OTHER_KEY)) == "store.wrong_master_key"
        assert not (await opened(empty)).is_new


class TestTwoAtOnce:
    async def test_two_openers_of_a_new_file_agree_on_one_key(self, place: StoreLocation):
        first, second = await asyncio.gather(opened(place), opened(place))

        assert first.keys == second.keys

    @pytest.mark.parametrize("driver", SqliteDriver)
    async def test_who_opens_a_new_file_waits_for_whoever_writes_its_first_page(
        self, place: StoreLocation, file: Path, driver: SqliteDriver
    ):
        """`busy_timeout` does not hold for the change to a log: SQLite says at once that it is
        locked.
        """
        file.touch()
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        opening = asyncio.create_task(opened(replace(place, sqlite_driver=driver)))
        await asyncio.sleep(0.2)
        assert not opening.done()
        other.execute("ROLLBACK")
        assert (await opening).is_new
        other.close()

    async def test_two_openers_of_a_new_postgresql_agree(self, server: Server):
        place = postgres_place(server, server.new_database())

        first, second = await asyncio.gather(opened(place), opened(place))

        assert first.keys == second.keys

    def test_a_key_file_is_whole_or_not_there(self, file: Path):
        """Half a key, seen by a second process, would be refused as no key."""
        assert not file.exists()
        before = set(file.parent.iterdir())
        bootstrap.write_master_key(file)
        assert bootstrap.write_master_key(file) == file.read_text(encoding="ascii")
        assert set(file.parent.iterdir()) - before == {file}
