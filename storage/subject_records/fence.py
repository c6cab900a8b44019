"""The fence: from then on nothing of a subject's is taken, told or carried."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.clients.people import AccountStatus
from bot.domain.fulfilment.identifiers import Identifiers
from storage import statements
from storage.guarding.guard import guard_of
from storage.models.people import AccountRow, PersonRow
from storage.models.queue import InboxRow, OutboxRow
from storage.subject_records.bulk_removal import remove_all
from storage.subject_records.own_rows import TABLES, OwnRows
from storage.vault import Vault

AUTHORITY = ("timer", "budget_spending", "budget_tally", "signed_link", "challenge", "flow")
"""What could still do something in their name: it dies with the fence."""
NOT_TAKEN = ("queued", "held", "dead")
"""Deliveries that nobody carries just now."""
NOWHERE = "erased:"
"""Begins what stands for an address: no blind index, so that nobody who writes is found by it."""
ACCOUNT = statements.core(AccountRow).c


class Fence:
    """Drawn around one subject; drawn again, it changes nothing."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    async def draw(self, who: Identifiers, at: datetime) -> None:
        """The holders first: whoever is adding something for one of them has to end before."""
        since = [await self._vault.fence(holder, at) for holder in sorted(who.holders)]
        fenced_at = min(since, default=at)
        for person in who.persons:
            await self._mark(person, at)
        for account in who.accounts:
            await self._cut_off(account)
        own = OwnRows(who, self._vault.keys, fenced_at)
        await end_updates(self._session, own.of("inbox"), at)
        waits = statements.core(OutboxRow).c.state.in_(NOT_TAKEN)
        await remove_all(self._session, OutboxRow, sa.and_(own.of("outbox"), waits))
        for place in AUTHORITY:
            await remove_all(self._session, TABLES[place], own.of(place))

    async def _mark(self, person: str, at: datetime) -> None:
        """They prove nothing from now on, and an import refuses their row."""
        row = await statements.one_locked(self._session, PersonRow, id=person)
        if row is not None and row.erased_at is None:
            await statements.change(self._session, PersonRow, {"id": person}, {"erased_at": at})

    async def _cut_off(self, account: str) -> None:
        """Whoever writes at the address from now on is somebody new; it stays for the last word."""
        row = await statements.one_locked(self._session, AccountRow, id=account)
        if row is None or row.status == AccountStatus.ERASED:
            return
        kept = {column.name: getattr(row, column.name) for column in ACCOUNT if column.name != "id"}
        values: dict[str, Any] = kept | {
            "status": AccountStatus.ERASED,
            "address_index": f"{NOWHERE}{account}",
            "link_barred_since": None,
            "link_first_approver": None,
        }
        guard_of(self._session).drop(AccountRow, row)  # it is named by what changes
        await statements.change(self._session, AccountRow, {"id": account}, values)


async def end_updates(session: AsyncSession, where: sa.ColumnElement[bool], at: datetime) -> int:
    """Updates of a chat that wait or are being worked on come to nothing; how many they were.

    Their keys stay, so that none of them is taken in again; whoever works on one finds it ended,
    and what they did for it is rolled back.
    """
    query = sa.select(statements.core(InboxRow).c.key).where(where)
    keys = list(await session.scalars(query))
    done = {"state": "done", "payload": None, "conversation": "", "done_at": at}
    for key in keys:
        await statements.end(session, InboxRow, {"key": key}, done)
    return len(keys)
