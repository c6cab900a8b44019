"""Standing troubles in the database."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.application.ports.troubles import StandingTrouble, Trouble, TroubleKind
from storage import statements
from storage.models.workspace import TroubleRow

ABOUT_LENGTH, ERROR_LENGTH = 80, 200
KINDS = frozenset(TroubleKind)


class SqlStandingTroubles:
    """One row for each trouble that a process sees."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def keep(self, instance: str, standing: Sequence[StandingTrouble], at: datetime) -> None:
        await self._session.execute(delete(TroubleRow).where(TroubleRow.instance == instance))
        for one in standing:
            key = {
                "instance": instance,
                "kind": one.trouble.kind,
                "about": one.trouble.about[:ABOUT_LENGTH],
            }
            seen = {"error": one.trouble.error[:ERROR_LENGTH], "since": one.since, "seen_at": at}
            await statements.put(self._session, TroubleRow, key, seen)

    async def seen_since(self, moment: datetime) -> list[StandingTrouble]:
        query = select(TroubleRow).where(TroubleRow.seen_at >= moment)
        rows = await self._session.scalars(query.order_by(TroubleRow.since, TroubleRow.about))
        found = dict[tuple[str, str], StandingTrouble]()
        for row in rows:
            if row.kind in KINDS:
                found.setdefault((row.kind, row.about), _standing(row))
        return list(found.values())

    async def forget_before(self, moment: datetime) -> None:
        await self._session.execute(delete(TroubleRow).where(TroubleRow.seen_at < moment))


def _standing(row: TroubleRow) -> StandingTrouble:
    trouble = Trouble(kind=TroubleKind(row.kind), about=row.about, error=row.error)
    return StandingTrouble(trouble=trouble, since=row.since)
