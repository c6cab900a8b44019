"""Each minute: is what decides as the desk wrote it? Each day all of it, and the head is told."""

import asyncio
import logging
from collections.abc import Callable
from datetime import date

from bot.application.bus import Bus
from bot.application.config import DeskConfig
from bot.application.ports.desk import Clock
from bot.application.ports.reports import StoreReports, TamperedRow
from bot.application.ports.troubles import Trouble, TroubleKind, Troubles
from bot.application.standing_troubles import post_head
from bot.domain.addresses import SYSTEM
from bot.domain.errors import DeskError
from handlers.log_setup import log

LOOK_EVERY_SECONDS = 60.0
LONGEST_PLACE = 60
"""Characters of what names a row, in an alert."""


class StateWatch:
    """It finds what nobody reads: a timer that was put off, a role that waits for its use."""

    def __init__(
        self, records: StoreReports, bus: Bus, troubles: Troubles, clock: Clock, rules: DeskConfig
    ) -> None:
        self._records = records
        self._bus = bus
        self._troubles = troubles
        self._clock = clock
        self._zone = rules.zone
        self._day = self._today()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            try:
                await self.look()
            except DeskError as error:
                log(__name__, "state_unreachable", logging.WARNING, error=error.key)

    async def look(self) -> None:
        """The small tables; once a new day has begun, everything, and the head is told."""
        if (today := self._today()) == self._day:
            self._tell(await self._records.tampered_small())
            return
        report = await self._records.verify_audit("")
        self._tell(report.tampered)
        if report.first_bad is not None:
            row = TamperedRow("event", str(report.first_bad), "changed")
            self._troubles.began(tampered_trouble(row))
        elif not report.tampered:
            await self._bus.handle(SYSTEM, post_head, rows=report.rows, head=report.head)
        self._day = today

    def _tell(self, rows: list[TamperedRow] | tuple[TamperedRow, ...]) -> None:
        for row in rows:
            self._troubles.began(tampered_trouble(row))

    def _today(self) -> date:
        return self._clock.now().astimezone(self._zone).date()


def tell_tampered(troubles: Troubles) -> Callable[[TamperedRow], None]:
    """Says of each such row that it stands in the way."""
    return lambda row: troubles.began(tampered_trouble(row))


def tampered_trouble(row: TamperedRow) -> Trouble:
    """One trouble a kind of row: it stands until somebody has looked and the desk starts anew."""
    error = f"{row.row[:LONGEST_PLACE]} ({row.how})"
    return Trouble(kind=TroubleKind.TAMPERED, about=row.table, error=error)
