"""The numbers that tickets and data requests are given, one after another."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.ext.asyncio import AsyncSession

from storage import statements
from storage.guarding.guard import guard_of
from storage.models.audit import CounterRow
from storage.models.seals import seal_of


@dataclass(frozen=True, slots=True)
class Counted:
    """A counter's row as it stood before it was counted on."""

    name: str
    value: int
    seal: bytes | None


async def next_serial(session: AsyncSession, name: str) -> int:
    """The next number of a kind; gaps appear only where a transaction failed."""
    row: Any = (await session.execute(_counting_on(), {"of": name})).first()
    if row is None:
        await guard_of(session).check_missing(CounterRow, {"name": name})
        if await statements.add_new(session, CounterRow, {"name": name, "value": 1}):
            return 1
        return await next_serial(session, name)
    await guard_of(session).check(CounterRow, Counted(name, row.value - 1, row.seal))
    guard_of(session).renew(CounterRow, {"name": name, "value": row.value})
    return row.value


@cache
def _counting_on() -> Any:  # noqa: ANN401  # an UPDATE that returns
    table = statements.core(CounterRow)
    counted: Any = statements.update(CounterRow).where(table.c.name == bindparam("of"))
    counted = counted.values(value=table.c.value + 1)
    return counted.returning(table.c.value, seal_of(CounterRow).label("seal"))
