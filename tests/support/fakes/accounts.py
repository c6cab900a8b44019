"""An in-memory double of the chat accounts."""

from dataclasses import replace

from bot.domain.addresses import (
    AccountId,
    ClientAddress,
    Language,
    Surface,
)
from bot.domain.clients.people import Account, AccountLink, AccountStatus
from bot.domain.errors import NotFound
from tests.support.fakes.store import BEGINNING, Store


class FakeAccounts:
    def __init__(self, store: Store) -> None:
        self._rows, self._fenced = store.accounts, store.fenced

    async def get(self, account: AccountId) -> Account:
        if account in self._rows:
            return _copied(self._rows[account])
        if account in self._fenced:
            return _erased(account)
        raise NotFound("clients.no_such_account")

    async def at(self, address: ClientAddress) -> Account | None:
        found = (row for row in self._rows.values() if row.address == address)
        return next((_copied(row) for row in found if row.id not in self._fenced), None)

    async def add(self, account: Account) -> None:
        self._rows[account.id] = _copied(account)

    async def save(self, account: Account) -> None:
        stored = self._stored(account)
        self._rows[account.id] = replace(account, link=stored.link)

    async def renew_link(self, account: Account) -> AccountLink:
        account.link = _copied(self._stored(account)).link
        return account.link

    async def save_link(self, account: Account) -> None:
        stored = self._stored(account)
        self._rows[account.id] = replace(stored, link=replace(account.link))

    def _stored(self, account: Account) -> Account:
        if account.id not in self._rows:
            raise NotFound("clients.no_such_account")
        return self._rows[account.id]


def _erased(account: AccountId) -> Account:
    return Account(
        id=account,
        address=ClientAddress(Surface.CONSOLE, ""),
        display_name="",
        language=Language.EN,
        status=AccountStatus.ERASED,
        created_at=BEGINNING,
    )


def _copied(account: Account) -> Account:
    return replace(account, link=replace(account.link))
