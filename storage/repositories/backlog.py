"""The queues as a whole: what waits, what was given up, what was put aside."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.application.outbound.delivery import Delivery
from bot.application.outbound.to_staff import RefreshHome
from bot.application.ports.backlog import Unsettled, UpdateAside, WaitingWords
from bot.application.wire_names import DELIVERIES, name_of
from bot.domain.tickets.message import DeliveryStatus
from bot.domain.tickets.states import LIVE, TicketState
from storage import statements
from storage.models.queue import InboxRow, OutboxRow
from storage.models.tickets import MessageRow, TicketRow

REPLY, ID_LENGTH = "relay:", 32
"""How the key of a reply's row begins, before the id of its message."""
BACK = (DeliveryStatus.FAILED, DeliveryStatus.UNCERTAIN, DeliveryStatus.BLOCKED)
NOT_OVER = (*LIVE, TicketState.RESOLVED)
ARRIVING = (
    select(InboxRow.source, func.count(), func.min(InboxRow.received_at))
    .where(InboxRow.state == "pending")
    .group_by(InboxRow.source)
)
LEAVING = (
    select(OutboxRow.kind, func.count(), func.min(OutboxRow.created_at))
    .where(OutboxRow.state.in_(("queued", "sending")), OutboxRow.kind != name_of(RefreshHome))
    .group_by(OutboxRow.kind)
)
DEAD = select(func.count(), func.min(func.coalesce(OutboxRow.done_at, OutboxRow.created_at))).where(
    OutboxRow.state == "dead"
)
ASIDE = select(func.count(), func.min(InboxRow.received_at)).where(InboxRow.state == "poison")
CAME_BACK = (
    select(MessageRow.id, MessageRow.delivery, func.max(OutboxRow.done_at).label("at"))
    .select_from(OutboxRow)
    .join(MessageRow, MessageRow.id == func.substr(OutboxRow.key, len(REPLY) + 1, ID_LENGTH))
    .join(TicketRow, TicketRow.id == MessageRow.ticket)
    .where(
        OutboxRow.state == "returned",
        OutboxRow.key.like(f"{REPLY}%"),
        MessageRow.delivery.in_(BACK),
        MessageRow.deleted_at.is_(None),
        TicketRow.state.in_(NOT_OVER),
    )
    .group_by(MessageRow.id, MessageRow.delivery)
    .subquery()
)
"""One row a reply, however often it came back; what arrived at last is not among them."""
REPLIES_BACK = select(CAME_BACK.c.delivery, func.count(), func.min(CAME_BACK.c.at)).group_by(
    CAME_BACK.c.delivery
)


class SqlBacklog:
    """What has not come to its end."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def waiting(self) -> list[WaitingWords]:
        return [
            WaitingWords(queue=queue, lane=lane(kind), kind=kind, count=count, since=since)
            for queue, lane, query in (("inbox", str, ARRIVING), ("outbox", _lane, LEAVING))
            for kind, count, since in await self._rows(query)
        ]

    async def dead(self) -> Unsettled:
        return await self._unsettled(DEAD)

    async def replies_back(self) -> Mapping[str, Unsettled]:
        return {
            delivery: Unsettled(count, since)
            for delivery, count, since in await self._rows(REPLIES_BACK)
        }

    async def aside(self) -> Unsettled:
        return await self._unsettled(ASIDE)

    async def updates_aside(self, limit: int = 20) -> list[UpdateAside]:
        query = select(InboxRow.id, InboxRow.source, InboxRow.error, InboxRow.received_at)
        query = query.where(InboxRow.state == "poison").order_by(InboxRow.id).limit(limit)
        return [
            UpdateAside(id=row, source=source, error=error, since=since)
            for row, source, error, since in await self._rows(query)
        ]

    async def take_up(self, update: int, at: datetime) -> bool:
        query = (
            statements.update(InboxRow)
            .where(InboxRow.id == update, InboxRow.state == "poison")
            .values(state="pending", tries=0, error="", next_at=at)
        )
        return await self._session.scalar(query.returning(InboxRow.id)) is not None

    async def _unsettled(self, query: Executable) -> Unsettled:
        [(count, since)] = await self._rows(query)
        return Unsettled(count, since)

    async def _rows(self, query: Executable) -> Sequence[Any]:
        return (await self._session.execute(query)).all()


def _lane(kind: str) -> str:
    """Of a kind that this release does not know: as of any, until it is found unreadable."""
    return DELIVERIES.get(kind, Delivery).carried_by
