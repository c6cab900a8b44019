"""Accounts, flows and staff in the database."""

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.application.ports.tickets import Flow
from bot.domain.addresses import (
    AccountId,
    ClientAddress,
    Language,
    PersonId,
    Role,
    StaffId,
    Surface,
)
from bot.domain.clients.people import Account, AccountLink, AccountStatus
from bot.domain.errors import NotFound
from bot.domain.staff import Staff
from storage import statements
from storage.guarding.guard import guard_of
from storage.models.people import AccountRow, FlowRow, HolderKeyRow, StaffRow
from storage.vault import UnknownHolder, Vault


class SqlAccounts:
    """Chat accounts; the platform's id is found by blind index and read only with the key."""

    def __init__(self, session: AsyncSession, vault: Vault, *, locks: bool) -> None:
        self._session = session
        self._vault = vault
        self._locks = locks

    async def get(self, account: AccountId) -> Account:
        row = await statements.one(self._session, AccountRow, id=account)
        return await self._erased(account) if row is None else await self._account(row)

    async def at(self, address: ClientAddress) -> Account | None:
        index = self._vault.keys.exact_index("account", str(address))
        row = await statements.one(self._session, AccountRow, address_index=index)
        return None if row is None else await self._account(row)

    async def add(self, account: Account) -> None:
        await self._vault.create(account.holder, account.created_at)
        index = self._vault.keys.exact_index("account", str(account.address))
        row = {"id": account.id, "address_index": index, "created_at": account.created_at}
        values = row | await self._values(account) | _columns(account.link)
        await statements.add(self._session, AccountRow, values)

    async def save(self, account: Account) -> None:
        try:
            values = await self._values(account)
        except UnknownHolder:
            raise NotFound("clients.no_such_account") from None
        if not await statements.change(self._session, AccountRow, {"id": account.id}, values):
            raise NotFound("clients.no_such_account")

    async def renew_link(self, account: Account) -> AccountLink:
        look = statements.one_locked if self._locks else statements.one
        row = await look(self._session, AccountRow, id=account.id)
        if row is None:
            raise NotFound("clients.no_such_account")
        account.link = _link(row)
        return account.link

    async def save_link(self, account: Account) -> None:
        key, values = {"id": account.id}, _columns(account.link)
        if not await statements.change(self._session, AccountRow, key, values):
            raise NotFound("clients.no_such_account")

    async def _erased(self, account: AccountId) -> Account:
        """What is left of an account that was erased: that there was one, and since when.

        Raises:
            NotFound: there never was.
        """
        key = await statements.one(self._session, HolderKeyRow, holder=account)
        if key is None or key.fenced_at is None:
            raise NotFound("clients.no_such_account")
        return Account(
            id=account,
            address=ClientAddress(Surface.CONSOLE, ""),
            display_name="",
            language=Language.EN,
            status=AccountStatus.ERASED,
            created_at=key.created_at,
        )

    async def _values(self, account: Account) -> dict[str, Any]:
        sealed = {
            field: await self._vault.seal(account.holder, f"account.{field}:{account.id}", text)
            for field, text in (
                ("address", str(account.address)),
                ("display_name", account.display_name),
            )
        }
        return sealed | {
            "language": account.language,
            "language_chosen": account.language_chosen,
            "status": account.status,
            "told_of_throttle_at": account.told_of_throttle_at,
            "topic": account.topic or None,
        }

    async def _account(self, row: AccountRow) -> Account:
        await self._vault.load((row.id,))
        address = self._vault.readable(row.id, f"account.address:{row.id}", row.address)
        surface, _, user = address.partition(":")
        name = self._vault.readable(row.id, f"account.display_name:{row.id}", row.display_name)
        return Account(
            id=AccountId(row.id),
            address=ClientAddress(Surface(surface or Surface.CONSOLE), user),
            display_name=name,
            language=Language(row.language),
            language_chosen=row.language_chosen,
            link=_link(row),
            status=AccountStatus(row.status),
            told_of_throttle_at=row.told_of_throttle_at,
            topic=row.topic or "",
            created_at=row.created_at,
        )


def _link(row: AccountRow) -> AccountLink:
    first = row.link_first_approver
    return AccountLink(
        person=None if row.person is None else PersonId(row.person),
        barred_since=row.link_barred_since,
        first_approver=None if first is None else StaffId(first),
    )


def _columns(link: AccountLink) -> dict[str, Any]:
    return {
        "person": link.person,
        "link_barred_since": link.barred_since,
        "link_first_approver": link.first_approver,
    }


class SqlFlows:
    """Where each client stands in a guided talk."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    async def of(self, account: AccountId) -> Flow | None:
        row = await statements.one(self._session, FlowRow, account=account)
        if row is None:
            return None
        await self._vault.load((account,))
        data = self._vault.readable(account, f"flow.data:{account}", row.data)
        if not data:
            return None
        return Flow(name=row.name, step=row.step, data=json.loads(data), expires_at=row.expires_at)

    async def put(self, account: AccountId, flow: Flow) -> None:
        await self._vault.refuse_fenced(account)
        data = await self._vault.seal(account, f"flow.data:{account}", json.dumps(flow.data))
        values = {
            "name": flow.name,
            "step": flow.step,
            "data": data,
            "expires_at": flow.expires_at,
        }
        await statements.put(self._session, FlowRow, {"account": account}, values)

    async def clear(self, account: AccountId) -> None:
        await statements.remove(self._session, FlowRow, FlowRow.account == account)


class SqlStaff:
    """The people who work the desk; their names are sealed under the desk's own key."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    async def get(self, staff: StaffId) -> Staff:
        row = await statements.one(self._session, StaffRow, id=staff)
        if row is None:
            raise NotFound("staff.no_such_person")
        return self._staff(row)

    async def on_slack(self, slack_user: str) -> Staff | None:
        row = await statements.one(self._session, StaffRow, slack_user=slack_user)
        if row is None:
            await self.everyone()  # is there really nobody of that name, or was the row changed?
        return None if row is None else self._staff(row)

    async def everyone(self) -> list[Staff]:
        rows = list(await self._session.scalars(select(StaffRow).order_by(StaffRow.slack_user)))
        await guard_of(self._session).check_all(StaffRow, rows, {})
        return [self._staff(row) for row in rows]

    async def put(self, staff: Staff) -> None:
        values = {
            "slack_user": staff.slack_user,
            "role": staff.role,
            "source": staff.source,
            "active": staff.active,
            "away_until": staff.away_until,
            "deputy": staff.deputy,
            "counts_from": staff.counts_from,
            "fault": staff.fault,
            "name": await self._vault.seal(None, f"staff.name:{staff.id}", staff.name),
        }
        await statements.put(self._session, StaffRow, {"id": staff.id}, values)

    def _staff(self, row: StaffRow) -> Staff:
        return Staff(
            id=StaffId(row.id),
            slack_user=row.slack_user,
            role=Role(row.role),
            source=row.source,
            active=row.active,
            away_until=row.away_until,
            deputy=None if row.deputy is None else StaffId(row.deputy),
            counts_from=row.counts_from,
            fault=row.fault,
            name=self._vault.readable(None, f"staff.name:{row.id}", row.name),
        )
