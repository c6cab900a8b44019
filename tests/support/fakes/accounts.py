"""An in-memory double of the chat accounts."""

from dataclasses import replace

from bot.domain.addresses import (
    AccountId,
    ClientAddress,
)
from bot.domain.clients.people import Account, AccountLink
from bot.domain.errors import NotFound
from tests.support.fakes.store import Store


class FakeAccounts:
    def __init__(self, store: Store) -> None:
        self._rows, self._fenced = store.accounts, store.fenced

    async def get(self, account: AccountId) -> Account:
        if account not in self._rows:
            raise NotFound("clients.no_such_account")
        return _copied(self._rows[account])

    async def at(self, address: ClientAddress) -> Account | None:
        found = (row for row in self._rows.values() if row.address == address)
        return next((_copied(row) for row in found if row.id not in self._fenced), None)

    async def add(self, account: Account) -> None:
        self._rows[account.id] = _copied(account)

    async def save(self, account: Account) -> None:
        stored = await self.get(account.id)
        self._rows[account.id] = replace(account, link=stored.link)

    async def renew_link(self, account: Account) -> AccountLink:
        account.link = (await self.get(account.id)).link
        return account.link

    async def save_link(self, account: Account) -> None:
        stored = await self.get(account.id)
        self._rows[account.id] = replace(stored, link=replace(account.link))


def _copied(account: Account) -> Account:
    return replace(account, link=replace(account.link))
