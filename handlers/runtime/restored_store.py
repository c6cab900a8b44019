"""At every start: whether a backup was put back, and what must be made good before serving."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress

from bot.application.bus import Bus
from bot.application.fulfilment.after_restore import Returned, make_good, who_returned
from bot.application.queues.unsent import set_unsent_aside
from bot.domain.addresses import SYSTEM
from bot.domain.errors import DeskError
from handlers.log_setup import log
from handlers.open_desk import DeskLedger

SEEN_EVERY_SECONDS = 30.0


async def make_good_at_start(
    bus: Bus, ledger: DeskLedger, *, is_command: bool, was_restored: bool = False
) -> None:
    """Erase again whoever a backup brought back, and set aside what it had not sent.

    A command asks only where the store does not know the newest line of the ledger.

    Raises:
        Refused: the ledger is damaged, or somebody's rows could not all be erased.
        Unavailable: the store cannot be written to.
    """
    was_put_back = was_restored or await ledger.was_put_back()
    if is_command and not was_put_back and await ledger.knows_store():
        return
    found = await _returned(bus, ledger)
    if any(one.is_to_go for one in found):
        tombstones = [one.tombstone for one in found]
        await bus.handle(SYSTEM, make_good, tombstones=tombstones, digest=ledger.digest)
        log(__name__, "erased_again", count=sum(one.is_to_go for one in found))
        was_put_back = True
    if was_put_back:
        log(__name__, "unsent_set_aside", count=await bus.handle(SYSTEM, set_unsent_aside))
    await ledger.keep_head()
    if was_put_back or not is_command:
        await ledger.keep_seen()


async def still_there(bus: Bus, ledger: DeskLedger) -> list[Returned]:
    """Whoever the ledger calls erased and can be read here. Pure reading."""
    return await _returned(bus, ledger)


async def watching(watch: Coroutine[None, None, None], ledger: DeskLedger) -> None:
    """Until cancelled: `watch`, and note beside the ledger how far the store has come."""

    async def keep() -> None:
        while True:
            await asyncio.sleep(SEEN_EVERY_SECONDS)
            with suppress(DeskError):
                await ledger.keep_seen()

    await asyncio.gather(watch, keep())


async def _returned(bus: Bus, ledger: DeskLedger) -> list[Returned]:
    tombstones = await ledger.entries()
    return await bus.look(who_returned, tombstones=tombstones, digest=ledger.digest)
