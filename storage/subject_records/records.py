"""The subject's own records: found, counted, fenced, erased, looked for again."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.fulfilment.identifiers import Identifiers
from bot.domain.requests.record import Subject
from storage.vault import Vault


class SqlSubjectRecords:
    """The one door to erasing: requests go through it, and retention does."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    async def identifiers(self, subject: Subject) -> Identifiers:
        raise NotImplementedError

    async def counts(self, who: Identifiers) -> Mapping[str, int]:
        raise NotImplementedError

    async def fence(self, who: Identifiers, at: datetime) -> None:
        raise NotImplementedError

    async def in_flight(self, who: Identifiers, at: datetime) -> int:
        raise NotImplementedError

    async def erase(self, who: Identifiers, at: datetime) -> Mapping[str, int]:
        raise NotImplementedError

    async def left(self, who: Identifiers) -> Mapping[str, int]:
        raise NotImplementedError

    async def destroy_keys(self, who: Identifiers, at: datetime) -> int:
        raise NotImplementedError

    async def are_erased(self, who: Identifiers) -> bool:
        raise NotImplementedError

    async def export(self, who: Identifiers) -> AsyncGenerator[tuple[str, Mapping[str, object]]]:
        raise NotImplementedError(who)
        yield  # pragma: no cover

    async def addresses(self, who: Identifiers) -> Sequence[str]:
        raise NotImplementedError
