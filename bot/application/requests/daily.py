"""Once a day every open request's card is drawn anew: the days that are left have changed."""

from datetime import UTC, datetime, time, timedelta

from bot.application.outbound.messages import ShowRequestCard
from bot.application.ports import Timer, UnitOfWork

TIMER = "request_cards"
SHOWN = 500
MORNING = time(0, 5)
"""Soon after the day began, in the desk's own zone."""


async def draw_cards(work: UnitOfWork, ref: str) -> None:
    """Draw them, and look again tomorrow while anything is open."""
    del ref
    requests = await work.requests.find(live_only=True, limit=SHOWN)
    for request in requests:
        await work.outbox.put(ShowRequestCard(request.id), holder=request.subject.holder)
    if requests:
        await draw_tomorrow(work)


async def draw_tomorrow(work: UnitOfWork) -> None:
    """Nothing happens where tomorrow's turn is set already."""
    if await work.timers.get(TIMER) is None:
        await work.timers.put(
            Timer(key=TIMER, kind=TIMER, ref="", due_at=_tomorrow(work, work.clock.now()))
        )


def _tomorrow(work: UnitOfWork, now: datetime) -> datetime:
    zone = work.rules.zone
    day = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, MORNING, zone).astimezone(UTC)
