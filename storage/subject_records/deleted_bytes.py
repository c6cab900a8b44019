"""What the database keeps of rows that were taken away, and what of that nobody here can change."""

import asyncio

from sqlalchemy import text

from storage import statements
from storage.database import Database
from storage.models.people import HolderKeyRow
from storage.models.seals import GuardRow
from storage.subject_records.own_rows import TABLES

TRIES, PAUSE_SECONDS = 20, 0.1
"""A reader is done in a moment; one that is not keeps SQLite's log from being emptied."""
TOUCHED = (*TABLES.values(), GuardRow, HolderKeyRow)


async def clear_deleted(database: Database) -> tuple[str, ...]:
    """Overwrite or free what can be, outside of any transaction; wording keys of what stays.

    SQLite overwrites freed bytes in the file itself (`secure_delete`); its log still holds them
    until it is folded and emptied. PostgreSQL frees dead rows and overwrites nothing: what was
    sealed stays unreadable in all of these once its key is destroyed.
    """
    if database.is_sqlite:
        is_empty = await _fold(database)
        return ("traces.copies",) if is_empty else ("traces.log_is_read", "traces.copies")
    await _vacuum(database)
    return ("traces.dead_rows", "traces.shipped_log", "traces.copies")


async def _fold(database: Database) -> bool:
    """False: somebody reads from the log, so that it could not be emptied."""
    for _ in range(TRIES):
        async with database.session(writes=False) as session:
            connection = await session.connection()
            await connection.exec_driver_sql("ROLLBACK")
            folded = await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            is_held = bool(folded.one()[0])
            await connection.exec_driver_sql("BEGIN")
        if not is_held:
            return True
        await asyncio.sleep(PAUSE_SECONDS)
    return False


async def _vacuum(database: Database) -> None:
    names = ", ".join(sorted(statements.core(table).name for table in TOUCHED))
    engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"VACUUM (ANALYZE) {names}"))
