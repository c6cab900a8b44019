"""Short ways to put deliveries into an outbox and to carry them out."""

from datetime import datetime, timedelta

from bot.application.outbound.delivery import Delivery
from bot.application.outbound.to_staff import PostLine
from bot.application.ports.queues import ClaimedDelivery
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import TicketId
from tests.support.stores.stages import Stage

SECOND = timedelta(seconds=1)
A, B = TicketId("a"), TicketId("b")


def line(text: str, ticket: TicketId = A) -> PostLine:
    return PostLine(ticket, text)


async def put(stage: Stage, *deliveries: Delivery, key: str = "") -> None:
    async with stage.writing() as work:
        for delivery in deliveries:
            await work.outbox.put(delivery, key=key)


async def claim(stage: Stage, *, limit: int = 10) -> list[ClaimedDelivery]:
    async with stage.writing() as work:
        return await claim_in(work, limit=limit)


async def claim_in(work: UnitOfWork, *, limit: int = 10) -> list[ClaimedDelivery]:
    now = work.clock.now()
    return await work.outbox.claim(now, limit=limit, lease_until=now + timedelta(seconds=90))


def texts(claimed_deliveries: list[ClaimedDelivery]) -> list[str]:
    return [
        claimed.delivery.text
        for claimed in claimed_deliveries
        if isinstance(claimed.delivery, PostLine)
    ]


async def retry(
    stage: Stage,
    claimed: ClaimedDelivery,
    *,
    after: timedelta = timedelta(0),
    counts: bool = True,
    uncertain: bool = False,
) -> None:
    at: datetime = stage.clock.now() + after
    async with stage.writing() as work:
        await work.outbox.retry(claimed.id, at, error="oops", counts=counts, uncertain=uncertain)
