"""Who is who: persons still on record, and the chat accounts that are proved to be theirs."""

from bot.application.ports import UnitOfWork
from bot.domain.addresses import AccountId, PersonId
from bot.domain.clients.people import Account, AccountStatus


async def own_accounts(work: UnitOfWork, account: Account) -> list[AccountId]:
    """The account itself first, then the others that are proved to be the same person's."""
    others = await accounts_of(work, account.person)
    return [account.id, *(one.id for one in others if one.id != account.id)]


async def accounts_of(work: UnitOfWork, person: PersonId | None) -> list[Account]:
    """None that was erased; nobody's where the record was erased or merged into another."""
    if person is None:
        return []
    found = await work.people.get(person)
    if found.erased_at or found.merged_into:
        return []
    ids = await work.people.accounts_of(person)
    accounts = [await work.accounts.get(one) for one in ids]
    return [one for one in accounts if one.status is not AccountStatus.ERASED]
