"""The key-value store and the event log in the database."""

from dataclasses import replace

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.application.wire_names import EVENTS
from bot.domain.addresses import Actor
from bot.domain.events import Recorded
from storage import audit_chain, statements
from storage.codec import decode
from storage.keys import BrokenSeal
from storage.models.audit import FactRow
from storage.vault import Vault


class SqlKeyValues:
    """Small things the desk must remember."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, name: str) -> str | None:
        row = await statements.one(self._session, FactRow, name=name)
        return None if row is None else row.value

    async def put(self, name: str, value: str) -> None:
        await statements.put(self._session, FactRow, {"name": name}, {"value": value})


class SqlEventLog:
    """Every timeline, read from the audit trail."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    async def of(self, stream: str) -> list[Recorded]:
        rows = await audit_chain.timeline(self._session, self._vault.keys, stream)
        await self._vault.load(row["holder"] for row in rows)
        return [self._recorded(row) for row in rows]

    def _recorded(self, row: audit_chain.Row) -> Recorded:
        """The event is None where its key is gone, or this release does not know its kind."""
        kind = EVENTS.get(row["type"])
        label = f"event:{row['stream']}:{row['type']}"
        try:
            text = self._vault.readable_event(row["holder"], label, row["payload"])
            event = decode(kind, text) if kind is not None and text else None
        except (BrokenSeal, ValidationError):
            event = None
        actor = replace(Actor.parse(row["actor"]), os_user=row["os_user"] or "")
        return Recorded(row["seq"], row["at"], actor, row["type"], event)
