"""Troubles that stand, as every process and every view sees them."""

from collections.abc import Sequence
from datetime import timedelta

from bot.application.outbound.to_staff import Alert
from bot.application.ports.troubles import StandingTrouble
from bot.application.ports.unit_of_work import UnitOfWork
from bot.wording import say
from bot.wording.times import moment

FRESH = timedelta(minutes=2)
"""What its process has not confirmed for so long stands no more: the process is dead."""
CONFIRM_EVERY = timedelta(seconds=30)


async def keep_troubles(
    work: UnitOfWork, *, instance: str, standing: Sequence[StandingTrouble]
) -> None:
    """Keep what stands for one process now; what a dead one left behind is dropped."""
    now = work.clock.now()
    await work.troubles.keep(instance, standing, now)
    await work.troubles.forget_before(now - FRESH)


async def standing_troubles(work: UnitOfWork) -> list[StandingTrouble]:
    """What stands in the way now, the oldest first."""
    return await work.troubles.seen_since(work.clock.now() - FRESH)


async def post_head(work: UnitOfWork, *, rows: int, head: str) -> None:
    """In the privacy channel, once a day: a trail that was cut is known by it."""
    now = work.clock.now()
    day = now.astimezone(work.rules.zone).date()
    text = say(
        "desk.audit_head",
        work.rules.staff_language,
        at=moment(now, work.rules.zone, work.rules.staff_language),
        rows=rows,
        head=head,
    )
    await work.outbox.put(Alert("privacy", text), key=f"head:{day.isoformat()}")
