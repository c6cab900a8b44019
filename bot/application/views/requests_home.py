"""What the home view says of data requests: what is due first, and what is missing to decide."""

from dataclasses import dataclass

from bot.application.ports.reports import HealthCheck
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.decisions import troubles
from bot.application.views.request_card import RequestCard, card_of

SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestsHome:
    """The open requests, soonest due first, and what is wrong with the desk's set-up."""

    cards: tuple[RequestCard, ...]
    more: int
    troubles: tuple[HealthCheck, ...]


async def requests_home(work: UnitOfWork) -> RequestsHome:
    found = await work.requests.find(live_only=True, limit=SHOWN)
    total = await work.requests.count(live_only=True)
    return RequestsHome(
        cards=tuple([await card_of(work, request) for request in found]),
        more=max(0, total - len(found)),
        troubles=tuple(await troubles(work)),
    )
