"""Whose keys stand in the store, by the rows that hold them."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.addresses import HolderId
from storage.models.people import HolderKeyRow


class SqlHolderKeys:
    """Ids only. A key stands as long as its bytes do, whatever is said of it beside."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def standing(self) -> list[HolderId]:
        query = select(HolderKeyRow.holder).where(HolderKeyRow.wrapped.is_not(None))
        found = await self._session.scalars(query.order_by(HolderKeyRow.holder))
        return [HolderId(one) for one in found]

    async def destroyed(self) -> list[tuple[HolderId, datetime]]:
        at = HolderKeyRow.destroyed_at
        query = select(HolderKeyRow.holder, at).where(HolderKeyRow.wrapped.is_(None))
        query = query.where(at.is_not(None)).order_by(at, HolderKeyRow.holder)
        rows = await self._session.execute(query)
        return [(HolderId(row.holder), row.destroyed_at) for row in rows]
