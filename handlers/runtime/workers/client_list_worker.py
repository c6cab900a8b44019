"""Reads the client list from the CRM's database, again and again; never during a chat."""

import asyncio
import logging

from bot.application.bus import Bus
from bot.application.client_list.importer import RowReader, Summary, import_rows, note_import
from bot.domain.addresses import SYSTEM
from bot.domain.errors import DeskError
from handlers.log_setup import log
from handlers.open_desk import ClientList

EVERY_SECONDS = 3600.0


async def keep_clients(bus: Bus, source: ClientList) -> None:
    """Until cancelled: at the start, and every hour."""
    while True:
        await read_clients(bus, source)
        await asyncio.sleep(EVERY_SECONDS)


async def read_clients(bus: Bus, source: ClientList) -> Summary | None:
    """Once. None: it could not be read; the list stays as it was."""
    summary, reader = Summary(), RowReader()
    try:
        async for batch in source.batches():
            rows, faults = reader.read(batch)
            summary.faults.extend(faults)
            summary.take(await bus.handle(SYSTEM, import_rows, rows=rows))
        await bus.handle(SYSTEM, note_import, summary=summary, source="database")
    except DeskError as error:
        log(__name__, "clients_not_read", logging.ERROR, error=error.key)
        return None
    counts = {"added": summary.added, "changed": summary.changed, "refused": len(summary.faults)}
    log(__name__, "clients_read", **counts)
    return summary
