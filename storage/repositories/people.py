"""Accounts, flows and staff in the database."""

import json

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.addresses import AccountId, ClientAddress, Language, PersonId, Role, StaffId, Surface
from bot.clients import Account, AccountStatus
from bot.errors import NotFound
from bot.ports import Flow
from bot.staff import Staff
from storage import upsert
from storage.models.people import AccountRow, FlowRow, StaffRow
from storage.vault import Vault


class SqlAccounts:
    """Chat accounts; the platform's id is found by blind index and read only with the key."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    async def get(self, account: AccountId) -> Account:
        row = await self._session.get(AccountRow, account)
        if row is None:
            raise NotFound("clients.no_such_account")
        return await self._account(row)

    async def at(self, address: ClientAddress) -> Account | None:
        index = self._vault.keys.exact_index("account", str(address))
        row = await self._session.scalar(
            select(AccountRow).where(AccountRow.address_index == index)
        )
        return None if row is None else await self._account(row)

    async def add(self, account: Account) -> None:
        await self._vault.create(account.holder, account.created_at)
        row = AccountRow(
            id=account.id,
            address_index=self._vault.keys.exact_index("account", str(account.address)),
            created_at=account.created_at,
        )
        await self._fill(row, account)
        self._session.add(row)
        await self._session.flush()

    async def save(self, account: Account) -> None:
        row = await self._session.get(AccountRow, account.id)
        if row is None:
            raise NotFound("clients.no_such_account")
        await self._fill(row, account)
        await self._session.flush()

    async def _fill(self, row: AccountRow, account: Account) -> None:
        label = f"account.address:{account.id}"
        row.address = await self._vault.seal(account.holder, label, str(account.address))
        label = f"account.display_name:{account.id}"
        row.display_name = await self._vault.seal(account.holder, label, account.display_name)
        row.language = account.language
        row.language_chosen = account.language_chosen
        row.person = account.person
        row.status = account.status
        row.told_of_throttle_at = account.told_of_throttle_at

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
            person=None if row.person is None else PersonId(row.person),
            status=AccountStatus(row.status),
            told_of_throttle_at=row.told_of_throttle_at,
            created_at=row.created_at,
        )


class SqlFlows:
    """Where each client stands in a guided talk."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    async def of(self, account: AccountId) -> Flow | None:
        row = await self._session.get(FlowRow, account, populate_existing=True)
        if row is None:
            return None
        await self._vault.load((account,))
        data = self._vault.readable(account, f"flow.data:{account}", row.data)
        if not data:
            return None
        return Flow(name=row.name, step=row.step, data=json.loads(data), expires_at=row.expires_at)

    async def put(self, account: AccountId, flow: Flow) -> None:
        data = await self._vault.seal(account, f"flow.data:{account}", json.dumps(flow.data))
        values = {
            "name": flow.name,
            "step": flow.step,
            "data": data,
            "expires_at": flow.expires_at,
        }
        await upsert.put(self._session, FlowRow, {"account": account}, values)

    async def clear(self, account: AccountId) -> None:
        await self._session.execute(delete(FlowRow).where(FlowRow.account == account))


class SqlStaff:
    """The people who work the desk."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, staff: StaffId) -> Staff:
        row = await self._session.get(StaffRow, staff, populate_existing=True)
        if row is None:
            raise NotFound("staff.no_such_person")
        return _staff(row)

    async def on_slack(self, slack_user: str) -> Staff | None:
        query = select(StaffRow).where(StaffRow.slack_user == slack_user)
        row = await self._session.scalar(query.execution_options(populate_existing=True))
        return None if row is None else _staff(row)

    async def everyone(self) -> list[Staff]:
        query = select(StaffRow).order_by(StaffRow.slack_user)
        rows = await self._session.scalars(query.execution_options(populate_existing=True))
        return [_staff(row) for row in rows]

    async def put(self, staff: Staff) -> None:
        values = {
            "slack_user": staff.slack_user,
            "role": staff.role,
            "source": staff.source,
            "active": staff.active,
            "away_until": staff.away_until,
            "deputy": staff.deputy,
        }
        await upsert.put(self._session, StaffRow, {"id": staff.id}, values)


def _staff(row: StaffRow) -> Staff:
    return Staff(
        id=StaffId(row.id),
        slack_user=row.slack_user,
        role=Role(row.role),
        source=row.source,
        active=row.active,
        away_until=row.away_until,
        deputy=None if row.deputy is None else StaffId(row.deputy),
    )
