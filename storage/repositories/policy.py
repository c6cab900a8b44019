"""Policy versions in the database."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.errors import NotFound
from storage import statements
from storage.models.policy import PolicyRow, PublicationRow


class SqlPolicies:
    """The versions of the policy; the one published last is current."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def publish(self, version: str, text: str, at: datetime) -> bool:
        if await self.current() == version:
            return False
        await statements.add_new(self._session, PolicyRow, {"version": version, "text": text})
        publication = {"version": version, "at": at}
        await statements.add(self._session, PublicationRow, publication)
        return True

    async def current(self) -> str | None:
        query = select(PublicationRow.version).order_by(PublicationRow.id.desc())
        return await self._session.scalar(query.limit(1))

    async def text(self, version: str) -> str:
        query = select(PolicyRow.text).where(PolicyRow.version == version)
        text = await self._session.scalar(query)
        if text is None:
            raise NotFound("store.no_such_policy_version")
        return text

    async def history(self) -> list[tuple[str, datetime]]:
        query = select(PublicationRow.version, PublicationRow.at).order_by(PublicationRow.id)
        return [(version, at) for version, at in await self._session.execute(query)]
