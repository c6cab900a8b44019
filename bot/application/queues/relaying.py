"""What a courier needs to know of a message when it carries it."""

from dataclasses import dataclass

from bot.application.ports import UnitOfWork
from bot.domain.addresses import AccountId, MessageId
from bot.domain.clients.people import Account
from bot.domain.tickets.message import Message


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message, the account it is for or from, and where its parts stand on that platform."""

    message: Message
    account: Account
    links: tuple[str, ...]
    replied_to: str
    """The platform's id of the message it answers; empty: none."""


async def account_of(work: UnitOfWork, *, account: AccountId) -> Account:
    """Raises NotFound."""
    return await work.accounts.get(account)


async def spoken(work: UnitOfWork, *, message: MessageId) -> Spoken:
    """Raises NotFound."""
    said = await work.messages.get(message)
    account = await work.accounts.get(said.account)
    surface = account.address.surface
    links = await work.messages.links(message, surface)
    answered = await work.messages.links(said.reply_to, surface) if said.reply_to else []
    return Spoken(
        message=said,
        account=account,
        links=tuple(remote for _, remote in links),
        replied_to=answered[0][1] if answered else "",
    )
