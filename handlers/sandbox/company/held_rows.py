"""Which rows of the provider a law keeps, for the eyes of whoever looks at the page.

The desk goes by the data map and its own rules; tests hold this to the map.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bot.domain.legal_calendar.months import Period


@dataclass(frozen=True, slots=True)
class Held:
    """So long after the anchor a row must still be there."""

    law: str
    anchor: str
    keep: Period


HELD: Final = {
    "invoices": Held("bd-vat-2012", "issued_on", Period(months=60)),
    "payments": Held("bd-vat-2012", "paid_on", Period(months=60)),
    "connection_log": Held("bd-btrc-isp-2020", "ended_at", Period(months=3)),
}


def law_of(table: str) -> str:
    """By its code in the product's own rules."""
    return HELD[table].law


def held_until(table: str, row: Mapping[str, object], now: datetime) -> date | None:
    """The last day on which the law keeps a row; None: none keeps it any more."""
    rule = HELD.get(table)
    anchor = str(row.get(rule.anchor) or "") if rule is not None else ""
    if rule is None or not anchor:
        return None
    until = rule.keep.after(date.fromisoformat(anchor[:10]))
    return until if until >= now.date() else None
