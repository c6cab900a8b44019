"""One connection to a company's database at a time, with a time-out, and plain refusals.

The drivers wait in a thread of their own. Their words stay inside: they may hold personal data.
"""

import asyncio
import sqlite3
import warnings
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from time import monotonic
from typing import Any, TypeVar
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from bot.domain.errors import Refused, Unavailable

R = TypeVar("R")
CONNECT_SECONDS = 10
MORE_TIME = "more_time"
_STEPS = 20_000
"""Of SQLite's machine, between two looks at the clock."""
_DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
}
_SAID = {
    "locked": "locked",
    "lock timeout": "locked",
    "lock wait timeout": "locked",
    "could not obtain lock": "locked",
    "readonly": "read_only",
    "read-only": "read_only",
    "read only": "read_only",
    "permission denied": "not_permitted",
    "command denied": "not_permitted",
    "interrupted": "too_slow",
    "statement timeout": "too_slow",
    "max_statement_time": "too_slow",
    "maximum statement execution time": "too_slow",
    "deadlock": "collided",
    "could not serialize": "collided",
    "authentication failed": "login_refused",
    "access denied": "login_refused",
    "no password": "login_refused",
    "unable to open": "cannot_open",
    'fatal:  database "': "no_database",
    "unknown database": "no_database",
    'fatal:  role "': "login_refused",
    "does not exist": "changed_shape",
    "no such table": "changed_shape",
    "no such column": "changed_shape",
    "unknown column": "changed_shape",
    "constraint": "constraint",
    "no such module": "changed_shape",
    "full": "full",
    "no space": "full",
}
"""Words of a driver, and the wording key they mean."""
_FOR_A_PERSON = frozenset({"constraint", "not_permitted", "read_only", "changed_shape"})
"""Trying again changes nothing: somebody must act first."""


class CompanyDatabase:
    """The address of a company's database, and how long it may take."""

    def __init__(self, name: str, url: str, seconds: int) -> None:
        self.name = name
        self._url = _with_driver(url)
        self._seconds = seconds
        self._engines: dict[bool, Engine] = {}

    @property
    def backend(self) -> str:
        """`sqlite`, `postgresql`, `mysql` for MariaDB too, or another one's name."""
        found = self._url.get_backend_name()
        return "mysql" if found == "mariadb" else found

    async def run(self, work: Callable[[Connection], R], *, writes: bool = False) -> R:
        """`work` on a connection of its own: all of it, or nothing.

        Raises:
            Unavailable: it is away, locked or slow; it is tried again later.
            Refused: it does not allow it; a person must act.
        """
        return await asyncio.to_thread(self._run, work, writes=writes)

    def _run(self, work: Callable[[Connection], R], *, writes: bool) -> R:
        with self.connected(writes=writes) as connection:
            return work(connection)

    @contextmanager
    def connected(self, *, writes: bool) -> Generator[Connection]:
        """A connection in a transaction; committed where it `writes` and nothing failed."""
        engine = self._engine(writes=writes)
        try:
            with engine.connect() as connection:
                if self.backend == "postgresql":
                    connection.execution_options(postgresql_readonly=not writes)
                yield connection
                if writes:
                    connection.commit()
                else:
                    connection.rollback()
        except SQLAlchemyError as error:
            raise refusal_of(error, self.name) from error

    def fold_log(self) -> bool:
        """Bring SQLite's log into the file and empty it. False: somebody reads from it still."""
        if self.backend != "sqlite":
            return True
        with closing(sqlite3.connect(str(self._url.database), timeout=CONNECT_SECONDS)) as bare:
            try:
                if bare.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                    return True
                return bare.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
            except sqlite3.Error:
                return False

    def _engine(self, *, writes: bool) -> Engine:
        """It holds no connection, but what it compiled before; SQLite's files are opened apart."""
        apart = writes and self.backend == "sqlite"
        if apart not in self._engines:
            self._engines[apart] = self._made(writes=apart)
        return self._engines[apart]

    def _made(self, *, writes: bool) -> Engine:
        try:
            match self.backend:
                case "sqlite":
                    return _sqlite(self._url, self._seconds, writes=writes)
                case "postgresql":
                    return _postgresql(self._url, self._seconds)
                case "mysql":
                    return _mysql(self._url, self._seconds)
                case _:
                    return create_engine(self._url, poolclass=NullPool, hide_parameters=True)
        except (NoSuchModuleError, ModuleNotFoundError, ImportError) as error:
            raise Refused("company.no_driver", source=self.name) from error


def refusal_of(error: SQLAlchemyError, name: str) -> Exception:
    """What the desk says instead; a mistake of ours stays what it is."""
    if not isinstance(error, DBAPIError):
        return error
    said = str(error.orig).lower()
    key = next((key for words, key in _SAID.items() if words in said), "unreachable")
    kind = Refused if key in _FOR_A_PERSON else Unavailable
    return kind(f"company.{key}", source=name)


def _with_driver(text: str) -> URL:
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise Refused("data_map.url_malformed") from None
    bare, _, driver = url.drivername.partition("+")
    return url if driver and bare not in _DRIVERS else url.set(drivername=_DRIVERS.get(bare, bare))


def _sqlite(url: URL, seconds: int, *, writes: bool) -> Engine:
    """What is freed is overwritten; foreign keys are looked after by the erasure itself.

    So the database's own rules of deleting along do not reach rows that nobody declared.
    """
    file = f"file:{quote(str(url.database))}"
    url = url.set(database=file, query={"mode": "rw" if writes else "ro", "uri": "true"})
    engine = create_engine(
        url,
        poolclass=NullPool,
        hide_parameters=True,
        connect_args={"timeout": CONNECT_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def opened(connection: Any, record: Any) -> None:  # noqa: ANN401  # the driver's own connection  # pyright: ignore[reportUnusedFunction]
        ends = [monotonic() + seconds]
        record.info[MORE_TIME] = lambda: ends.__setitem__(0, monotonic() + seconds)
        connection.isolation_level = None
        connection.set_progress_handler(lambda: int(monotonic() > ends[0]), _STEPS)
        for pragma in ("secure_delete=ON", "foreign_keys=OFF", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")
        if not writes:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    @event.listens_for(engine, "before_cursor_execute")
    def asked(connection: Connection, *_others: object) -> None:  # pyright: ignore[reportUnusedFunction]
        give_more_time(connection)

    return engine


def _postgresql(url: URL, seconds: int) -> Engine:
    """One moment throughout; what collides is rolled back and tried again."""
    options = f"-c statement_timeout={seconds}s -c lock_timeout={CONNECT_SECONDS}s"
    return create_engine(
        url,
        poolclass=NullPool,
        hide_parameters=True,
        isolation_level="REPEATABLE READ",
        connect_args={"connect_timeout": CONNECT_SECONDS, "options": options},
    )


def _mysql(url: URL, seconds: int) -> Engine:
    return create_engine(
        url.update_query_dict({"charset": "utf8mb4"}) if "charset" not in url.query else url,
        poolclass=NullPool,
        hide_parameters=True,
        isolation_level="REPEATABLE READ",
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "read_timeout": seconds,
            "write_timeout": seconds,
            "init_command": f"SET SESSION innodb_lock_wait_timeout={CONNECT_SECONDS}",
        },
    )


def give_more_time(connection: Connection) -> None:
    """A long answer that is read piece by piece is not one slow statement."""
    connection.info.get(MORE_TIME, lambda: None)()


@contextmanager
def unknown_types_allowed() -> Generator[None]:
    """A column of a type that SQLAlchemy does not know is read as text, and not complained of."""
    with warnings.catch_warnings(action="ignore"):
        yield
