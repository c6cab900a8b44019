"""Who is at work on the store: only who is alone may take over what a dead process had in hand."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy import func, select

from storage.database import Database

PRESENCE = 7_310_217
"""The advisory lock that every process at work on PostgreSQL shares; it ends with its session."""


@asynccontextmanager
async def hold(database: Database) -> AsyncGenerator[bool]:
    """Hold a place among those at work; whether nobody else was there when this process came.

    A SQLite file has one desk. On PostgreSQL the leases of a dead process run out for those that
    were there already; a process that comes alone need not wait for that.

    Raises:
        Unavailable: the database cannot be reached.
    """
    if database.is_sqlite:
        yield True
        return
    async with database.session(writes=True) as session:
        connection = await session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        is_alone = bool(await connection.scalar(select(func.pg_try_advisory_lock(PRESENCE))))
        await connection.execute(select(func.pg_advisory_lock_shared(PRESENCE)))
        if is_alone:
            await connection.execute(select(func.pg_advisory_unlock(PRESENCE)))
        try:
            yield is_alone
        finally:
            await connection.invalidate()
