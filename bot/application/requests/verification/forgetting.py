"""Once an hour what counts no more is forgotten, also where no code is ever sent by mail."""

from datetime import timedelta

from bot.application.ports import Timer, UnitOfWork
from bot.application.requests.verification.codes import SECRET_FOR

TIMER = "forgetting"
EVERY = timedelta(hours=1)


async def forget(work: UnitOfWork, ref: str) -> None:
    """Drop codes that ended, and what was spent, more than a day ago; look again in an hour."""
    del ref
    before = work.clock.now() - SECRET_FOR
    await work.challenges.purge(before)
    await work.budgets.purge(before)
    await forget_later(work)


async def forget_later(work: UnitOfWork) -> None:
    """Nothing happens where the next turn is set already."""
    if await work.timers.get(TIMER) is None:
        due = work.clock.now() + EVERY
        await work.timers.put(Timer(key=TIMER, kind=TIMER, ref="", due_at=due))
