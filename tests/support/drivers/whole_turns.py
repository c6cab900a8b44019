"""What the desk's workers do in several transactions, done for a test in one."""

from collections.abc import Sequence

from bot.application.ports.queues import ANY_LANE, ClaimedDelivery, Outcome
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.queues.outbox import LaneCapacity, settle_and_hand_out
from bot.application.timers.scheduler import due_timers, fire


async def fire_due(work: UnitOfWork, *, limit: int = 20) -> int:
    """Fire what is due, all in this transaction; how many fired."""
    keys = await due_timers(work, limit=limit)
    return sum([await fire(work, key=key) for key in keys])


async def settle_and_claim(
    work: UnitOfWork, endings: Sequence[tuple[ClaimedDelivery, Outcome]], limit: int
) -> list[ClaimedDelivery]:
    """As `settle_and_hand_out`, for a carrier of everything."""
    turn = await settle_and_hand_out(work, endings, [LaneCapacity(ANY_LANE, limit)])
    return turn.taken[0]
