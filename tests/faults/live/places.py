"""Empty databases for a live desk."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.stores.postgres import a_server

STORES = ("sqlite", "postgresql")


@contextmanager
def a_place(store: str, folder: Path) -> Iterator[str]:
    """The address of one; PostgreSQL's server ends with it."""
    if store == "sqlite":
        yield f"sqlite:///{folder / 'desk.db'}"
        return
    with a_server() as server:
        yield server.url(server.new_database())
