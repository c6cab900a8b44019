"""Write a new revision from what the models say beyond the newest one: `make migration NAME="..."`.

A revision that was released is never touched again: databases in the field have taken that step.
"""

import asyncio
import sys
import tempfile
from contextlib import redirect_stdout
from pathlib import Path
from typing import cast

from alembic import command
from alembic.script import Script

from storage import schema
from storage.database import Database, parse_url


async def revise(message: str) -> Path | None:
    """The file of the new revision; None: the models say nothing new, and nothing is written."""
    with tempfile.TemporaryDirectory() as scratch:
        database = Database(parse_url(f"sqlite:///{scratch}/new.db"))
        try:
            await schema.upgrade(database)
            return await _write(database, message) if await schema.drift(database) else None
        finally:
            await database.close()


async def _write(database: Database, message: str) -> Path:
    number = f"{int(schema.revisions()[0]) + 1:04}"
    async with database.engine.begin() as connection:
        made = await connection.run_sync(
            lambda sync: command.revision(
                schema.config(sync), message, autogenerate=True, rev_id=number
            )
        )
    return Path(cast("Script", made).path)


def main(message: str) -> None:
    """The new file's name to standard output, what else is to be said to standard error."""
    if not message:
        sys.exit('Say what it does: make migration NAME="Add a vendor to a ticket"')
    with redirect_stdout(sys.stderr):  # Alembic tells how far it is
        made = asyncio.run(revise(message))
    if made is None:
        sys.exit("The tables are what the models say: there is nothing to write.")
    number = made.name.partition("_")[0]
    sys.stdout.write(f"{made}\n")
    sys.stderr.write(f"Read {made.name}, mend it, and set storage.migrate.NEWEST to {number!r}.\n")


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]).strip())
