"""A delivery that was refused for good, or sent on its way again: the cards that show it follow."""

from collections.abc import Sequence

from bot.application.outbound.delivery import Delivery
from bot.application.outbound.to_client import Say, ToClient
from bot.application.outbound.to_mailbox import MailCode, MailNotice
from bot.application.outbound.to_staff import Alert, ShowCard, ShowRequestCard, ToDesk
from bot.application.ports.tickets import TicketFilter
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import AccountId
from bot.domain.errors import NotFound
from bot.domain.identity.challenges import ChallengeId
from bot.domain.requests.record import Subject
from bot.domain.requests.request import DataRequest
from bot.domain.tickets.states import LIVE
from bot.wording import say

CARDS = 20
"""Cards of one client that say so at once."""


async def show_refusal(work: UnitOfWork, delivery: Delivery) -> None:
    """The cards of what it was about show now that it was refused, or no longer."""
    match delivery:
        case ShowCard() | ShowRequestCard():
            await _tell_of_card(work, delivery)
        case ToDesk(ticket=ticket):
            await work.outbox.put(ShowCard(ticket))
        case Say(reply=reply) if reply.about is not None:
            await work.outbox.put(ShowCard(reply.about))
            await _show_requests(work, await work.requests.of_account(delivery.account))
        case ToClient(account=account):
            await _show_all_of(work, account)
        case MailCode(challenge=challenge):
            await _show_code(work, challenge)
        case MailNotice(person=person):
            about = Subject(person=person)
            await _show_requests(work, await work.requests.about(about))
        case _:
            pass


async def _tell_of_card(work: UnitOfWork, delivery: ShowCard | ShowRequestCard) -> None:
    """A card cannot say of itself that it is not there."""
    try:
        if isinstance(delivery, ShowRequestCard):
            channel, number = "privacy", (await work.requests.get(delivery.request)).number
        else:
            channel, number = "support", (await work.tickets.get(delivery.ticket)).number
    except NotFound:
        return
    text = say("desk.refused_card", work.rules.staff_language, number=number)
    await work.outbox.put(Alert(channel, text))


async def _show_all_of(work: UnitOfWork, account: AccountId) -> None:
    which = TicketFilter(states=tuple(LIVE), account=account)
    for ticket in await work.tickets.find(which, limit=CARDS):
        await work.outbox.put(ShowCard(ticket.id))
    await _show_requests(work, await work.requests.of_account(account))


async def _show_code(work: UnitOfWork, challenge: str) -> None:
    try:
        binding = (await work.challenges.get(ChallengeId(challenge))).binding
    except NotFound:
        return
    if binding.request:
        await work.outbox.put(ShowRequestCard(binding.request))
    else:
        await _show_all_of(work, AccountId(binding.chat))


async def _show_requests(work: UnitOfWork, requests: Sequence[DataRequest]) -> None:
    for request in requests[:CARDS]:
        await work.outbox.put(ShowRequestCard(request.id))
