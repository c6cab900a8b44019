"""Places at which a store may be, and is not yet."""

from pathlib import Path

import pytest

from storage.bootstrap import StoreLocation
from tests.support.stores.postgres import Server
from tests.support.stores.stages import postgres_place, sqlite_place


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
