"""Embedded Alembic: the schema is brought up to date at start, under a lock."""

from collections.abc import Callable
from importlib import resources

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from bot.errors import Refused, Unavailable
from storage.database import Database, what_is_wrong
from storage.models import Table

LOCK = 7_310_215
"""The advisory lock of whoever migrates PostgreSQL; SQLite's own write lock serves there."""


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files("storage") / "migrations"))
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """The revision this release brings the schema to."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


async def upgrade(database: Database, *, to: str = "head") -> None:
    """Bring the schema up to date; several replicas starting at once take turns.

    Raises:
        Refused: the database was made by a newer release.
        Unavailable: it cannot be reached or written to.
    """
    await _run(database, lambda connection: command.upgrade(_config(connection), to))


async def downgrade(database: Database, *, to: str) -> None:
    await _run(database, lambda connection: command.downgrade(_config(connection), to))


async def current(database: Database) -> str:
    """The revision the schema stands at; empty: none yet."""
    async with database.session(writes=False) as session:
        connection = await session.connection()
        return await connection.run_sync(_revision)


def _revision(connection: Connection) -> str:
    return MigrationContext.configure(connection).get_current_revision() or ""


async def drift(database: Database) -> list[object]:
    """What differs between the tables and the models; nothing is right."""
    async with database.session(writes=False) as session:
        connection = await session.connection()
        return await connection.run_sync(
            lambda sync: list(compare_metadata(MigrationContext.configure(sync), Table.metadata))
        )


async def _run(database: Database, work: Callable[[Connection], None]) -> None:
    try:
        async with database.engine.begin() as connection:
            await connection.run_sync(_locked, work)
    except DBAPIError as error:
        raise Unavailable(what_is_wrong(error)) from error
    except OSError as error:
        raise Unavailable("store.unreachable") from error


def _locked(connection: Connection, work: Callable[[Connection], None]) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if (now := _revision(connection)) and now not in known:
        raise Refused("store.made_by_newer_release", revision=now)
    work(connection)
