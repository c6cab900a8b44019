"""Write the migrations anew from the models: `make migration`.

While nothing is released there is one revision, and it is replaced. Once a release is out, delete
`_forget` and give `revision` a new number: databases in the field need every step in between.
"""

import asyncio
import tempfile
from pathlib import Path

from alembic import command

from storage import schema
from storage.database import Database, parse_url

VERSIONS = Path(__file__).parent / "versions"


def _forget() -> None:
    for file in VERSIONS.glob("0*.py"):
        file.unlink()


async def _write(folder: str) -> None:
    database = Database(parse_url(f"sqlite:///{folder}/new.db"))
    async with database.engine.begin() as connection:
        await connection.run_sync(
            lambda sync: command.revision(
                schema.config(sync), "Make the tables", autogenerate=True, rev_id="0001"
            )
        )
    await database.close()


if __name__ == "__main__":
    _forget()
    with tempfile.TemporaryDirectory() as scratch:
        asyncio.run(_write(scratch))
