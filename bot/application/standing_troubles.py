"""Troubles that stand, as every process and every view sees them."""

from collections.abc import Sequence
from datetime import timedelta

from bot.application.ports.troubles import StandingTrouble
from bot.application.ports.unit_of_work import UnitOfWork

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
