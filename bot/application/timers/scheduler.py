"""Timers: rows that say when to look at something. What fires re-reads the state before it acts.

The scheduled edge asks `due_timers`, then fires each key in a transaction of its own, so that one
that fails (it is postponed) holds up no other.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from bot.application.conversation.routing import unplaced_words
from bot.application.fulfilment import manual_steps
from bot.application.ports.desk import Timer
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests import scheduling
from bot.application.requests.verification import codes
from bot.application.timers import sla, ticket_timers

Fire = Callable[[UnitOfWork, str], Awaitable[None]]

FIRES: Mapping[str, Fire] = {
    sla.TIMER: sla.check,
    ticket_timers.SNOOZE: ticket_timers.wake_when_due,
    ticket_timers.QUIET: ticket_timers.close_when_quiet,
    ticket_timers.STARS: ticket_timers.remind_of_stars,
    scheduling.TIMER: scheduling.fire,
    scheduling.CARDS_TIMER: scheduling.draw_cards,
    manual_steps.MANUAL_TIMER: manual_steps.remind,
    codes.TIMER: codes.forget,
    unplaced_words.TOO_FAST_TIMER: unplaced_words.ask_after_flood,
    unplaced_words.UNPLACED_TIMER: unplaced_words.place,
}
"""What each kind of timer does; it is given what the timer is about."""
POSTPONED = timedelta(minutes=5)


async def due_timers(work: UnitOfWork, *, limit: int = 20) -> list[str]:
    """The keys of timers whose time has come, the oldest first."""
    return [timer.key for timer in await work.timers.due(work.clock.now(), limit)]


async def fire(work: UnitOfWork, *, key: str) -> bool:
    """Fire one timer; False: it is gone, or was moved to a later time."""
    timer = await work.timers.get(key)
    if timer is None or timer.due_at > work.clock.now():
        return False
    if timer.kind not in FIRES:
        await _postpone(work, timer)
        return False
    await work.timers.cancel(key)
    await FIRES[timer.kind](work, timer.ref)
    return True


async def postpone(work: UnitOfWork, *, key: str) -> None:
    """What it does failed: look again in five minutes."""
    timer = await work.timers.get(key)
    if timer is not None:
        await _postpone(work, timer)


async def _postpone(work: UnitOfWork, timer: Timer) -> None:
    await work.timers.put(replace(timer, due_at=work.clock.now() + POSTPONED))
