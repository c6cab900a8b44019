"""The response clocks of tickets in the database."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.addresses import TicketId
from bot.domain.tickets.service_clock import ClockState, Metric, ServiceClock
from storage import statements
from storage.checks import row_sets
from storage.guarding.guard import guard_of
from storage.models.tickets import ServiceClockRow
from storage.sqlite.driver import SHORT

CLOCKS = (
    select(*statements.columns_of(ServiceClockRow))
    .where(ServiceClockRow.ticket == bindparam("of"))
    .order_by(ServiceClockRow.metric)
    .execution_options(**SHORT)
)


class SqlServiceClocks:
    """The response clocks of tickets."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of(self, ticket: TicketId) -> list[ServiceClock]:
        rows: Any = (await self._session.execute(CLOCKS, {"of": ticket})).all()
        await guard_of(self._session).check_all(ServiceClockRow, rows, {"ticket": ticket})
        return [_clock(row) for row in rows]

    async def save(self, clock: ServiceClock) -> None:
        values = {
            "state": clock.state,
            "started_at": clock.started_at,
            "due_at": clock.due_at,
            "left_seconds": clock.left_seconds,
            "stopped_at": clock.stopped_at,
        }
        key = {"ticket": clock.ticket, "metric": clock.metric}
        await statements.put(self._session, ServiceClockRow, key, values)

    async def due_before(
        self, at: datetime, *, limit: int = 50, offset: int = 0
    ) -> list[ServiceClock]:
        query = select(ServiceClockRow).where(*_ticking_until(at))
        query = query.order_by(ServiceClockRow.due_at, ServiceClockRow.ticket)
        query = query.limit(limit).offset(offset)
        return [
            _clock(row) for row in await row_sets.checked(self._session, ServiceClockRow, query)
        ]

    async def count_due_before(self, at: datetime) -> int:
        query = select(func.count()).select_from(ServiceClockRow).where(*_ticking_until(at))
        return await self._session.scalar(query) or 0


def _ticking_until(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        ServiceClockRow.stopped_at.is_(None),
        ServiceClockRow.state != ClockState.PAUSED,
        ServiceClockRow.due_at < at,
    )


def _clock(row: ServiceClockRow) -> ServiceClock:
    return ServiceClock(
        ticket=TicketId(row.ticket),
        metric=Metric(row.metric),
        state=ClockState(row.state),
        started_at=row.started_at,
        due_at=row.due_at,
        left_seconds=row.left_seconds,
        stopped_at=row.stopped_at,
    )
