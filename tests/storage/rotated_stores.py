"""A store whose keys are exchanged, and what is looked at afterwards."""

from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from bot.domain.addresses import OPERATOR
from storage import audit_chain
from storage.bootstrap import StoreLocation
from storage.models import Table
from tests.support.stores.stages import Stage


async def rotate(stage: Stage, folder: Path, *, compromised: bool) -> StoreLocation:
    """Where the store is from now on."""
    assert stage.store is not None
    file = folder / f"{len(list(folder.iterdir()))}.key"
    await stage.store.rotation.rotate(
        actor=OPERATOR, at=stage.clock.now(), compromised=compromised, new_key_file=file
    )
    return replace(stage.place, master_key=file.read_text())


async def valid(stage: Stage) -> bool:
    async with stage.context.session(writes=False) as (session, keys):
        return (await audit_chain.verify(session, keys)).first_bad is None


async def rows(stage: Stage, table: type[Table]) -> list[dict[str, object]]:
    async with stage.context.database.session(writes=False) as session:
        found = await session.execute(sa.select(table.__table__))
        return [dict(row) for row in found.mappings()]
