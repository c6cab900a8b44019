"""Fires what is due. What fires re-reads the state: moved or closed, nothing happens."""

import asyncio
import logging

from bot.application.bus import Bus
from bot.application.timers.scheduler import due_timers, fire, postpone
from bot.domain.addresses import SYSTEM
from bot.domain.errors import DeskError
from handlers.log_setup import log

LOOK_EVERY = 1.0


async def run_timers(bus: Bus, own_bus: Bus) -> None:
    """Until cancelled; due timers fire within a second. `own_bus`: its commits wake nobody."""
    while True:
        if not await fire_timers(bus, own_bus):
            await asyncio.sleep(LOOK_EVERY)


async def fire_timers(bus: Bus, own_bus: Bus) -> bool:
    """Whether anything fired. Each has a transaction of its own: one that fails holds up none."""
    try:
        keys = await own_bus.handle(SYSTEM, due_timers)
    except DeskError as error:
        log(__name__, "timers_unreachable", logging.WARNING, error=error.key)
        return False
    fired = [await _fire(bus, own_bus, key) for key in keys]
    return any(fired)


async def _fire(bus: Bus, own_bus: Bus, key: str) -> bool:
    try:
        return await bus.handle(SYSTEM, fire, key=key)
    except Exception as error:  # noqa: BLE001  # the one boundary of the timers
        kind = error.key if isinstance(error, DeskError) else type(error).__name__
        log(__name__, "timer_failed", logging.ERROR, error=kind)
    try:
        await own_bus.handle(SYSTEM, postpone, key=key)
    except DeskError as error:
        log(__name__, "timer_not_postponed", logging.WARNING, error=error.key)
    return False
