"""Fires what is due. What fires re-reads the state: moved or closed, nothing happens."""

import asyncio
import logging

from bot.use_cases.timers import fire_due

from bot.addresses import SYSTEM
from bot.bus import Bus
from bot.errors import DeskError
from handlers.logs import log

LOOK_EVERY = 1.0


async def run_timers(bus: Bus) -> None:
    """Until cancelled; due timers fire within a second."""
    while True:
        if not await _fire(bus):
            await asyncio.sleep(LOOK_EVERY)


async def _fire(bus: Bus) -> bool:
    """Whether anything was due; a failure counts as nothing, so that it is tried again later."""
    try:
        return bool(await bus.handle(SYSTEM, fire_due))
    except DeskError as error:
        log(__name__, "timer_failed", logging.WARNING, error=error.key)
    except Exception as error:  # noqa: BLE001  # the one boundary of the timers
        log(__name__, "timer_failed", logging.ERROR, error=type(error).__name__)
    return False
