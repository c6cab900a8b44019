"""The subject's own records: found, counted, fenced, erased, looked for again."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.addresses import RequestId
from bot.domain.fulfilment.identifiers import Identifiers
from bot.domain.requests.record import Subject
from storage import statements
from storage.models.people import AccountRow, HolderKeyRow, PersonRow
from storage.models.queue import OutboxRow
from storage.models.requests import RequestRow
from storage.repositories.requests import FACTS, SqlRequests
from storage.subject_records.bulk_removal import count, remove_all
from storage.subject_records.fence import Fence, end_updates
from storage.subject_records.found_by import FoundBy
from storage.subject_records.leftovers import Leftovers
from storage.subject_records.opened_rows import opened_rows
from storage.subject_records.own_rows import TABLES, OwnRows, nobodys
from storage.vault import Vault


class SqlSubjectRecords:
    """The one door to erasing: requests go through it, and retention does."""

    def __init__(self, session: AsyncSession, vault: Vault, requests: SqlRequests) -> None:
        self._session = session
        self._vault = vault
        self._requests = requests

    async def identifiers(self, subject: Subject) -> Identifiers:
        return await FoundBy(self._session, self._vault).gather(subject)

    async def counts(self, who: Identifiers) -> Mapping[str, int]:
        own = await self._own(who)
        found = {
            place: await count(self._session, table, own.of(place))
            for place, table in TABLES.items()
            if table is not RequestRow
        }
        return found | {"data_request": len(await self._with_digests(own))}

    async def fence(self, who: Identifiers, at: datetime) -> None:
        await Fence(self._session, self._vault).draw(who, at)

    async def in_flight(self, who: Identifiers, at: datetime) -> int:
        own, row = await self._own(who), statements.core(OutboxRow).c
        taken = sa.and_(row.state == "sending", row.lease_until > at)
        return await count(self._session, OutboxRow, sa.and_(taken, own.deliveries))

    async def erase(self, who: Identifiers, at: datetime) -> Mapping[str, int]:
        """In one transaction, children before parents."""
        own = await self._own(who)
        found: dict[str, int] = {}
        for place, table in TABLES.items():
            match place:
                case "inbox":
                    found[place] = await end_updates(self._session, own.of(place), at)
                case "data_request":
                    found[place] = await self._forget_digests(own)
                case "person":
                    found[place] = await self._make_tombstones(own, at)
                case _:
                    theirs, hang = own.of(place), nobodys(place)
                    where = theirs if hang is None else sa.or_(theirs, hang)
                    found[place] = await remove_all(self._session, table, where)
        return found

    async def left(self, who: Identifiers) -> Mapping[str, int]:
        own = await self._own(who)
        found = await Leftovers(self._session, own).by_place()
        digests = len(await self._with_digests(own))
        return found | ({"data_request": digests} if digests else {})

    async def destroy_keys(self, who: Identifiers, at: datetime) -> int:
        destroyed = 0
        for holder in who.holders:
            row = await statements.one_locked(self._session, HolderKeyRow, holder=holder)
            if row is not None and row.destroyed_at is None:
                await self._vault.destroy(holder, at)
                destroyed += 1
        return destroyed

    async def are_erased(self, who: Identifiers) -> bool:
        rows = [
            await statements.one(self._session, HolderKeyRow, holder=holder)
            for holder in who.holders
        ]
        return all(row is not None and row.destroyed_at is not None for row in rows)

    async def export(self, who: Identifiers) -> AsyncGenerator[tuple[str, Mapping[str, object]]]:
        own = await self._own(who)
        async for place, row in opened_rows(self._session, self._vault, own):
            yield place, row

    async def addresses(self, who: Identifiers) -> Sequence[str]:
        found: list[str] = []
        for account in who.accounts:
            row = await statements.one(self._session, AccountRow, id=account)
            if row is not None:
                await self._vault.load((account,))
                label = f"account.address:{account}"
                found.append(self._vault.readable(account, label, row.address))
        return [one for one in found if one]

    async def _own(self, who: Identifiers) -> OwnRows:
        """With since when they are fenced; what a chat brought after that is a new person's."""
        key: Any = statements.core(HolderKeyRow).c
        since = sa.select(sa.func.min(key.fenced_at)).where(key.holder.in_(who.holders))
        return OwnRows(who, self._vault.keys, await self._session.scalar(since))

    async def _with_digests(self, own: OwnRows) -> list[RequestId]:
        """Requests about them that still hold keyed digests of what was shown."""
        await self._requests.flush()
        row: Any = statements.core(RequestRow).c
        query = sa.select(row.id, row.facts).where(own.of("data_request")).order_by(row.serial)
        rows: list[Any] = list((await self._session.execute(query)).all())
        proofs = {one.id: FACTS.validate_json(one.facts).proofs for one in rows}
        return [RequestId(one) for one, has in proofs.items() if has.mailboxes or has.phone]

    async def _forget_digests(self, own: OwnRows) -> int:
        """The record of a request keeps ids, codes and times. It is changed where it is in use."""
        found = await self._with_digests(own)
        for one in found:
            request = await self._requests.get(one)
            proofs = replace(request.facts.proofs, mailboxes=(), phone="")
            request.facts = replace(request.facts, proofs=proofs)
        await self._requests.flush()
        return len(found)

    async def _make_tombstones(self, own: OwnRows, at: datetime) -> int:
        """What stays of a record says only that whoever had this number was erased."""
        row: Any = statements.core(PersonRow).c
        named = sa.select(row.id, row.erased_at).where(own.of("person"))
        people: list[Any] = list((await self._session.execute(named)).all())
        for one in people:
            blank = {"external_id": None, "name": None, "company": None}
            blank |= {"erased_at": one.erased_at or at}
            await statements.change(self._session, PersonRow, {"id": one.id}, blank)
        return len(people)
