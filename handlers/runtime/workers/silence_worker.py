"""Each minute: says as a trouble what waits too long, did not arrive or was put aside."""

import asyncio
import logging

from bot.application.bus import Bus
from bot.application.ports.troubles import Troubles
from bot.application.silence import WATCHED, passed_lines, queue_figures
from bot.domain.errors import DeskError
from handlers.log_setup import log

LOOK_EVERY_SECONDS = 60.0


async def watch_for_silence(bus: Bus, troubles: Troubles) -> None:
    """Until cancelled."""
    while True:
        await asyncio.sleep(LOOK_EVERY_SECONDS)
        await look_for_silence(bus, troubles)


async def look_for_silence(bus: Bus, troubles: Troubles) -> None:
    """One look. While the store is away nothing is known, and that is a trouble of its own."""
    try:
        figures = await bus.look(queue_figures)
    except DeskError as error:
        log(__name__, "queues_unreachable", logging.WARNING, error=error.key)
        return
    passed = passed_lines(figures)
    over = {
        (one.trouble.kind, one.trouble.about)
        for one in troubles.standing()
        if one.trouble.kind in WATCHED
    } - {(one.kind, one.about) for one in passed}
    for kind, about in over:
        troubles.ended(kind, about)
    for trouble in passed:
        troubles.began(trouble)
