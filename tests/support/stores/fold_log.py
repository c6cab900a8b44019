"""Empties SQLite's write-ahead log, so that the file alone is the store."""

from storage.database import Database


async def fold_log(database: Database) -> None:
    """Fold the log into the file and empty it.

    Until then the log may hold bytes that were overwritten in the file
    (docs/design/security.md, "Bytes that were deleted").
    """
    if database.is_sqlite:
        async with database.session(writes=False) as session:
            connection = await session.connection()
            await connection.exec_driver_sql("ROLLBACK")
            await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            await connection.exec_driver_sql("BEGIN")
