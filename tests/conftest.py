"""Fixtures that more than one folder needs."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from bot.application.config import DeskConfig
from storage.bootstrap import open_store
from tests import both_databases, drawn_plays
from tests.support.fakes.core import FakeStorage
from tests.support.fakes.store import FakeClock
from tests.support.stores.fold_log import fold_log
from tests.support.stores.postgres import Server, a_server, source
from tests.support.stores.stages import (
    Stage,
    on_postgresql,
    on_sqlite,
    postgres_place,
    sqlite_place,
)
from tests.volume import IS_NIGHT, SEED, seed

Grounds = Callable[[], AbstractAsyncContextManager[Stage]]


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """One seed for all that is drawn, in every process of this run."""
    if config.getoption("hypothesis_seed", None) is None:
        config.option.hypothesis_seed = str(seed())


def pytest_report_header() -> list[str]:
    return [f"drawn by {_how_to_repeat()}", f"PostgreSQL: {source().value}"]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: pytest.ExitCode
) -> None:
    if exitstatus:
        terminalreporter.write_line(f"to draw the same cases again: {_how_to_repeat()}")


def _how_to_repeat() -> str:
    night = "PRIVACYDESK_NIGHTLY=1 " if IS_NIGHT else ""
    return f"{night}{SEED}={seed()}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Whole desks stand on SQLite, and on PostgreSQL where `both_databases` says so."""
    for name in both_databases.GROUNDS & {*metafunc.fixturenames}:
        kinds = both_databases.kinds(metafunc.definition.path)
        metafunc.parametrize(name, kinds, indirect=True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long plays are drawn; the longest come first: two cores then end together."""
    items[:], left_out = drawn_plays.drawn(items)
    config.hook.pytest_deselected(items=left_out)
    items.sort(key=lambda item: not _is_long(item.path.as_posix()))


def _is_long(path: str) -> bool:
    return "tests/faults/" in path or "tests/journeys/erasures/" in path


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
        await fold_log(store.database)
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
    return Stage("fake", FakeStorage(clock, DeskConfig()).open_work, clock)


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """Each in turn: what holds here holds on the fake and on both databases."""
    if request.param == "fake":
        yield request.getfixturevalue("fake")
        return
    async with _grounds(request)() as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
async def stored(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """Both databases in turn."""
    async with _grounds(request)() as made:
        yield made


@pytest.fixture
async def ground(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """What a whole desk stands on: see tests/both_databases.py."""
    async with _grounds(request)() as made:
        yield made


@pytest.fixture
def grounds(request: pytest.FixtureRequest) -> Grounds:
    """As `ground`, a new one at each call."""
    return _grounds(request)


@pytest.fixture
def bare_ground(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database in which nothing is yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'desk.db'}"
        return
    server: Server = request.getfixturevalue("server")
    name = server.new_database()
    yield server.url(name)
    server.drop(name)


def _grounds(request: pytest.FixtureRequest) -> Grounds:
    need = request.getfixturevalue
    if request.param == "postgresql":
        server, template = need("server"), need("postgres_template")
        return lambda: on_postgresql(server, template)
    template, folders = need("sqlite_template"), need("tmp_path_factory")
    return lambda: on_sqlite(template, folders.mktemp("store"))
