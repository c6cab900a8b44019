"""Each minute: is what decides as the desk wrote it? Each day all of it, and the head is told."""

import asyncio
import logging
from collections.abc import Callable
from datetime import date, timedelta

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
LOOK_AGAIN_AFTER = timedelta(minutes=10)
"""All of it is looked through so often while something stands that a quick look does not see."""
UNREADABLE = TamperedRow("store", "?", "changed")
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
        self._looked_on: date | None = None
        self._posted_on: date | None = None
        self._looked_at = clock.now()
        self._by_quick_look = frozenset[str]()
        self._by_whole_look = frozenset[str]()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            try:
                await self.look()
            except DeskError as error:
                log(__name__, "state_unreachable", logging.WARNING, error=error.key)
            except Exception:  # the one boundary of the look: what it met is an alarm too
                logging.getLogger(__name__).exception("state_not_looked_at")
                self._troubles.began(tampered_trouble(UNREADABLE))

    async def look(self) -> None:
        """The small tables; at first and with each new day everything, and the head is told.

        What a look finds no more is over; what only a whole one could find, with the next of those.
        """
        self._quick_look_found(await self._records.tampered_small())
        today = self._today()
        if today == self._looked_on and not self._must_look_again():
            return
        stood = self._standing()
        self._looked_at = self._clock.now()
        report = await self._records.verify_audit("")
        rows = list(report.tampered)
        if report.first_bad is not None:
            rows.append(TamperedRow("event", str(report.first_bad), "changed"))
        elif not rows and today != self._posted_on:
            await self._bus.handle(SYSTEM, post_head, rows=report.rows, head=report.head)
            self._posted_on = today
        self._looked_on = today
        self._by_quick_look = frozenset()
        self._by_whole_look = self._tell(rows)
        self._over(stood - self._by_whole_look)

    def _must_look_again(self) -> bool:
        """Whether something stands of which a quick look cannot say that it is over."""
        is_time = self._clock.now() - self._looked_at >= LOOK_AGAIN_AFTER
        return is_time and not self._standing() <= self._by_quick_look - self._by_whole_look

    def _quick_look_found(self, rows: list[TamperedRow]) -> None:
        before, self._by_quick_look = self._by_quick_look, self._tell(rows)
        self._over(before - self._by_quick_look - self._by_whole_look)

    def _tell(self, rows: list[TamperedRow]) -> frozenset[str]:
        """Say of each row that it is not as written; the kinds of rows that they are of."""
        for row in rows:
            self._troubles.began(tampered_trouble(row))
        return frozenset(row.table for row in rows)

    def _over(self, tables: frozenset[str]) -> None:
        for table in sorted(tables):
            self._troubles.ended(TroubleKind.TAMPERED, table)

    def _standing(self) -> frozenset[str]:
        standing = [one.trouble for one in self._troubles.standing()]
        return frozenset(one.about for one in standing if one.kind is TroubleKind.TAMPERED)

    def _today(self) -> date:
        return self._clock.now().astimezone(self._zone).date()


def tell_tampered(troubles: Troubles) -> Callable[[TamperedRow], None]:
    """Says of each such row that it stands in the way."""
    return lambda row: troubles.began(tampered_trouble(row))


def tampered_trouble(row: TamperedRow) -> Trouble:
    """One trouble a kind of row: it stands until a look finds none of that kind."""
    error = f"{row.row[:LONGEST_PLACE]} ({row.how})"
    return Trouble(kind=TroubleKind.TAMPERED, about=row.table, error=error)
