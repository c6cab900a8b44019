"""Opening a store: its key, its mark, and every way in which it can be out of reach."""

import asyncio
import sqlite3
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.domain.addresses import Language
from bot.domain.errors import DeskError, Refused, Unavailable
from bot.wording import say
from storage import bootstrap, database, migrate
from storage.bootstrap import Store, StoreLocation, StoreMode, default_key_file, open_store
from storage.database import Database, parse_url
from tests.support.stores.postgres import Server
from tests.support.stores.stages import MASTER_KEY, postgres_place, sqlite_place

OTHER_KEY = "b3RoZXIgc2VjcmV0cyBhcmUgbWFkZSB1cCBhcyB3ZWw"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "desk.db"


@pytest.fixture
def place(file: Path) -> StoreLocation:
    """A live store that makes its own key."""
    return StoreLocation(url=f"sqlite:///{file}")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, file: Path) -> StoreLocation:
    """A place of each kind, with a key from outside, at which nothing is yet."""
    if request.param == "sqlite":
        return sqlite_place(file)
    server: Server = request.getfixturevalue("server")
    return postgres_place(server, server.new_database())


async def opened(place: StoreLocation) -> Store:
    """Open and close again."""
    store = await open_store(place)
    await store.database.close()
    return store


async def refused(place: StoreLocation, kind: type[DeskError] = Refused) -> str:
    """The wording key of the refusal, which must have words in both languages."""
    with pytest.raises(kind) as refusal:
        await opened(place)
    for language in Language:
        assert say(refusal.value.key, language, **refusal.value.params)
    return refusal.value.key


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


async def execute(url: str, statement: str) -> None:
    some = Database(parse_url(url))
    async with some.engine.begin() as connection:
        await connection.exec_driver_sql(statement)
    await some.close()


class TestTwoAtOnce:
    async def test_two_openers_of_a_new_file_agree_on_one_key(self, place: StoreLocation):
        first, second = await asyncio.gather(opened(place), opened(place))

        assert first.keys == second.keys

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
