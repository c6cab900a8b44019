"""The keys of the store as they lie in it: sealed under the master key, each tied to its place."""

from dataclasses import replace

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.errors import Refused
from storage import statements
from storage.keys import BrokenSeal, KeyPurpose, Keys, MasterKey, StoreKey, seal, unseal
from storage.models.audit import FactRow, StoreKeyRow

CHECK, GENERATION = "keys.check", "keys.generation"
"""Facts: which master key fits, and of which generation the keys in use are."""


async def load(session: AsyncSession, master: MasterKey) -> Keys | None:
    """The keys that lie under `master`; None: another master key is the right one.

    Raises:
        Refused: keys are missing, or were changed or put elsewhere.
    """
    facts = await _facts(session)
    if facts.get(CHECK) != master.check:
        return None
    rows = list(await session.scalars(select(StoreKeyRow)))
    try:
        keys = Keys.of(_opened(master, row) for row in rows)
    except (BrokenSeal, ValueError) as error:
        raise Refused("store.keys_damaged") from error
    if facts.get(GENERATION) != str(keys.generation):
        raise Refused("store.keys_damaged")
    return keys


async def are_kept(session: AsyncSession) -> bool:
    """Whether the store has keys of its own, or had: one of 0.1 had none."""
    has_one = await session.scalar(select(StoreKeyRow.purpose).limit(1)) is not None
    return has_one or GENERATION in await _facts(session)


async def keep(session: AsyncSession, keys: Keys, master: MasterKey) -> None:
    """Put these keys in the place of whatever was there, and say whose they are."""
    await session.execute(delete(StoreKeyRow))
    rows = [
        {
            "purpose": one.purpose,
            "generation": one.generation,
            "wrapped": seal(master.wrapping, _label(one), one.key),
            "made_at": one.made_at,
            "first_event": one.first_event,
        }
        for one in keys.every
    ]
    await session.execute(statements.insert(StoreKeyRow), rows)
    for name, value in ((CHECK, master.check), (GENERATION, str(keys.generation))):
        await statements.put(session, FactRow, {"name": name}, {"value": value})


async def _facts(session: AsyncSession) -> dict[str, str]:
    facts = statements.core(FactRow).c  # not held to their seals yet: those need a key of these
    names = select(facts.name, facts.value).where(facts.name.in_((CHECK, GENERATION)))
    return {row.name: row.value for row in await session.execute(names)}


def _opened(master: MasterKey, row: StoreKeyRow) -> StoreKey:
    found = StoreKey(
        purpose=KeyPurpose(row.purpose),
        generation=row.generation,
        key=b"",
        made_at=row.made_at,
        first_event=row.first_event,
    )
    return replace(found, key=unseal(master.wrapping, _label(found), row.wrapped))


def _label(one: StoreKey) -> str:
    """All that is said of a key, so that none can be put in the place of another."""
    return f"store_key:{one.purpose}:{one.generation}:{one.first_event}:{one.made_at.isoformat()}"
