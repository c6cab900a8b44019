"""Reads the client list from the CRM's database, again and again; never during a chat."""

import asyncio
import logging

from bot.application.client_list.importer import Removal, RowReader, Summary
from bot.application.client_list.whole_list import ListPlan, bring_in
from bot.application.ports.troubles import Trouble, TroubleKind
from bot.domain.addresses import SYSTEM
from bot.domain.errors import DeskError
from handlers.log_setup import log
from handlers.open_desk import ClientList, Desk

EVERY_SECONDS = 3600.0


async def keep_clients(desk: Desk, source: ClientList) -> None:
    """Until cancelled: at the start, and every hour."""
    while True:
        await read_clients(desk, source)
        await asyncio.sleep(EVERY_SECONDS)


async def read_clients(desk: Desk, source: ClientList) -> Summary | None:
    """Once. None: it could not be read, or would take too much away; the list stays as it was."""
    reader = RowReader(Removal(desk.settings.clients_remove))
    plan = ListPlan(source="database")
    try:
        summary = await bring_in(desk.own_bus, SYSTEM, source.batches(), reader, plan)
    except DeskError as error:
        log(__name__, "clients_not_read", logging.ERROR, error=error.key)
        _tell(desk, error)
        return None
    desk.troubles.ended(TroubleKind.CLIENT_LIST)
    counts = {"added": summary.added, "changed": summary.changed, "refused": len(summary.faults)}
    log(__name__, "clients_read", **counts)
    return summary


def _tell(desk: Desk, error: DeskError) -> None:
    """Staff hear once of a list that would take contacts away from many."""
    if error.key == "clients.too_many_removed":
        counts = f"{error.params['count']} / {error.params['known']}"
        desk.troubles.began(Trouble(kind=TroubleKind.CLIENT_LIST, error=counts))
