"""Fixtures that more than one folder needs."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.house_rules import HouseRules
from storage.opening import open_store
from tests.fakes import FakeClock, FakeStorage
from tests.postgres import Server, a_server
from tests.stages import (
    Stage,
    on_postgresql,
    on_sqlite,
    postgres_place,
    sqlite_place,
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first: two cores then end together."""
    items.sort(key=lambda item: "tests/faults/" not in item.path.as_posix())


def apart(work: Coroutine[Any, Any, None]) -> None:
    """Run `work` in a thread of its own: a test's loop may be running here already."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL of this test process."""
    with a_server() as running:
        yield running


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store's file, made once."""
    file = tmp_path_factory.mktemp("template") / "desk.db"

    async def make() -> None:
        store = await open_store(sqlite_place(file))
        await store.database.fold_log()
        await store.database.close()

    apart(make())
    return file


@pytest.fixture(scope="session")
def postgres_template(server: Server) -> str:
    """A store's database, made once."""
    name = server.new_database()

    async def make() -> None:
        store = await open_store(postgres_place(server, name))
        await store.database.close()

    apart(make())
    return name


@pytest.fixture
async def sqlite(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Stage]:
    async with on_sqlite(sqlite_template, tmp_path) as stage:
        yield stage


@pytest.fixture
async def postgresql(server: Server, postgres_template: str) -> AsyncIterator[Stage]:
    async with on_postgresql(server, postgres_template) as stage:
        yield stage


@pytest.fixture
def fake() -> Stage:
    clock = FakeClock()
    return Stage("fake", FakeStorage(clock, HouseRules()).open_work, clock)


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """Each in turn: what holds here holds on the fake and on both databases."""
    async with _staged(request) as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
async def stored(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """Both databases in turn."""
    async with _staged(request) as made:
        yield made


@asynccontextmanager
async def _staged(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    need = request.getfixturevalue
    match request.param:
        case "fake":
            yield need("fake")
        case "sqlite":
            async with on_sqlite(need("sqlite_template"), need("tmp_path")) as made:
                yield made
        case _:
            async with on_postgresql(need("server"), need("postgres_template")) as made:
                yield made
