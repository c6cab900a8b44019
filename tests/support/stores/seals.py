"""Seals for rows that a test wrote past the desk: by a migration, or as an earlier release did."""

from storage.checks.first_seal import seal_all
from tests.support.stores.stages import Stage


async def seal_anew(stage: Stage) -> None:
    """From now on all that stands in the rows is what the desk wrote."""
    async with stage.context.database.session(writes=True) as session:
        await seal_all(session, stage.context.keys)
        await session.commit()
