"""How replies arrive: what the carrier found out, and what a person knows better."""

from collections.abc import Sequence

from bot.application.people import block_account, unblock_account
from bot.application.permission import may_work_tickets
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.staff_desk.queries import the_message
from bot.domain.addresses import AccountId, MessageId
from bot.domain.clients.people import Account
from bot.domain.errors import Refused
from bot.domain.tickets.message import DeliveryStatus

OUTCOMES = (
    DeliveryStatus.SENT,
    DeliveryStatus.FAILED,
    DeliveryStatus.BLOCKED,
    DeliveryStatus.UNCERTAIN,
)
EDIT_FAILED = "edit_failed"


async def record_delivery(
    work: UnitOfWork,
    *,
    message: MessageId,
    outcome: DeliveryStatus,
    error: str = "",
    parts: Sequence[tuple[str, str]] = (),
) -> None:
    """Keep how a reply's delivery ended; `parts` are (place, remote id) of what now stands there.

    Raises:
        ValueError: not an outcome; a mistake of the carrier.
    """
    if outcome not in OUTCOMES:
        raise ValueError(outcome)
    said, ticket = await the_message(work, message)
    account = await work.accounts.get(said.account)
    for part, (place, remote) in enumerate(parts):
        await work.messages.link(message, account.address.surface, place, remote, part)
    if said.delivery is outcome:
        return
    said.delivery, said.delivery_error = outcome, error[:80]
    await work.messages.save(said)
    await _note_reachability(work, account, outcome)
    ticket.note_delivery(message, outcome)


async def record_lost_edit(work: UnitOfWork, *, message: MessageId) -> None:
    """An edit or deletion of a reply could not be brought to the client: staff are told."""
    _, ticket = await the_message(work, message)
    ticket.note_delivery(message, EDIT_FAILED)


async def note_blocked(work: UnitOfWork, *, account: AccountId) -> None:
    """Something could not be said because the client blocked the bot."""
    await block_account(work, await work.accounts.get(account))


async def it_arrived(work: UnitOfWork, *, message: MessageId) -> None:
    """A person saw that an uncertain reply is there.

    Raises:
        Refused: nothing is uncertain about it.
    """
    await may_work_tickets(work)
    said, ticket = await the_message(work, message)
    if said.delivery is not DeliveryStatus.UNCERTAIN:
        raise Refused("desk.not_uncertain")
    said.delivery = DeliveryStatus.SENT
    await work.messages.save(said)
    ticket.note_delivery(message, DeliveryStatus.SENT)


async def _note_reachability(work: UnitOfWork, account: Account, outcome: DeliveryStatus) -> None:
    """That a bot is blocked shows only when something is sent; that it is not, likewise."""
    if outcome is DeliveryStatus.BLOCKED:
        await block_account(work, account)
    elif outcome is DeliveryStatus.SENT:
        await unblock_account(work, account)
