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
    while True:  # time itself is what is waited for
        try:
            while await bus.handle(SYSTEM, fire_due):
                await asyncio.sleep(0)
        except DeskError as error:
            log(__name__, "timer_failed", logging.WARNING, error=error.key)
        except Exception:  # the one boundary of the timers
            logging.getLogger(__name__).exception("timer_failed")
        await asyncio.sleep(LOOK_EVERY)
