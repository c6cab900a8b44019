"""Who is who: persons still on record, and the chat accounts that are proved to be theirs."""

from collections.abc import Sequence

from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import AccountId, PersonId
from bot.domain.clients.events import ClientBlockedBot, ClientUnblockedBot
from bot.domain.clients.people import Account, AccountStatus, Person
from bot.domain.errors import NotFound


async def resolved(work: UnitOfWork, person: PersonId) -> Person:
    """The record that stands for that person now: where records were merged, the last of them.

    It may have been erased. Nothing that was proved, and no notice, follows a merge by this: what
    the one record had proved proves nothing of the other (`merge_people`).

    Raises:
        NotFound: there was never such a record.
    """
    found = await work.people.get(person)
    while found.merged_into is not None:
        found = await work.people.get(found.merged_into)
    return found


async def person_on_record(work: UnitOfWork, person: PersonId) -> Person | None:
    """That very record; None: it was erased or merged into another, or there is none."""
    try:
        found = await work.people.get(person)
    except NotFound:
        return None
    return found if found.is_on_record else None


async def people_on_record(work: UnitOfWork, people: Sequence[PersonId]) -> list[Person]:
    """Those of them who are still on record."""
    found = [await person_on_record(work, one) for one in people]
    return [one for one in found if one is not None]


async def block_account(work: UnitOfWork, account: Account) -> None:
    """Deliveries rest, and staff see it. Nothing happens where that was known."""
    if account.block():
        await work.accounts.save(account)
        work.record(
            ClientBlockedBot(stream=account.stream, holder=account.holder, account=account.id)
        )


async def unblock_account(work: UnitOfWork, account: Account) -> None:
    """What waited goes out. Nothing happens where the client had not blocked the bot."""
    if account.unblock():
        await work.accounts.save(account)
        work.record(
            ClientUnblockedBot(stream=account.stream, holder=account.holder, account=account.id)
        )


async def own_accounts(work: UnitOfWork, account: Account) -> list[AccountId]:
    """The account itself first, then the others that are proved to be the same person's."""
    others = await accounts_of(work, account.person)
    return [account.id, *(one.id for one in others if one.id != account.id)]


async def accounts_of(work: UnitOfWork, person: PersonId | None) -> list[Account]:
    """None that was erased; nobody's where the record was erased or merged into another."""
    if person is None or await person_on_record(work, person) is None:
        return []
    ids = await work.people.accounts_of(person)
    accounts = [await work.accounts.get(one) for one in ids]
    return [one for one in accounts if one.status is not AccountStatus.ERASED]
