"""Embedded Alembic: the schema is moved under a lock, and held against the models."""

from collections.abc import Callable
from importlib import resources

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.errors import Refused
from storage.database import Database
from storage.errors import translate
from storage.models import Table

LOCK = 7_310_215
"""The advisory lock of whoever migrates PostgreSQL; SQLite's own write lock serves there."""


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, from inside the installed package."""
    made = Config()
    made.set_main_option("script_location", str(resources.files("storage") / "migrations"))
    made.attributes["connection"] = connection
    return made


def revisions() -> list[str]:
    """Every revision this release knows, the newest first."""
    scripts = ScriptDirectory.from_config(config()).walk_revisions()
    return [script.revision for script in scripts]


async def upgrade(database: Database, *, to: str = "head") -> None:
    """Bring the schema up to date; several processes starting at once take turns.

    Raises:
        Refused: the database was made by a newer release.
        Unavailable: it cannot be reached or written to.
    """
    await _run(database, lambda connection: command.upgrade(config(connection), to))


async def downgrade(database: Database, *, to: str) -> None:
    await _run(database, lambda connection: command.downgrade(config(connection), to))


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
    except SQLAlchemyError as error:
        raise translate(error) from error


def _locked(connection: Connection, work: Callable[[Connection], None]) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    now = MigrationContext.configure(connection).get_current_revision() or ""
    if now and now not in revisions():
        raise Refused("store.made_by_newer_release", revision=now)
    work(connection)
