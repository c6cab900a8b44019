"""Which rows of the provider a law keeps, for the eyes of whoever looks at the page.

The desk goes by the data map and its own rules; tests hold this to the map.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bot.domain.fulfilment.retention import retention_rules


@dataclass(frozen=True, slots=True)
class Held:
    """From its anchor on a law keeps a row; for how long, the desk's own rules say."""

    law: str
    anchor: str


HELD: Final = {
    "invoices": Held("bd-vat-2012", "issued_on"),
    "payments": Held("bd-vat-2012", "paid_on"),
    "connection_log": Held("bd-btrc-isp-2020", "ended_at"),
}


HANGS_ON: Final = (
    ("payments", "invoices", "invoice_id"),
    ("invoices", "customers", "customer_id"),
    ("connection_log", "customers", "customer_id"),
)
"""Whose row must stay while one of these stays; from the leaves to the root."""
Row = Mapping[str, object]
Holds = dict[int, tuple[date, str]]
"""Until which day, and by which law, a row of that key is kept."""


def held_rows(tables: Mapping[str, Sequence[Row]], now: datetime) -> dict[str, Holds]:
    """What is kept in each table: by its own date, or because a row that is kept hangs on it."""
    held = {name: _by_own_date(name, rows, now) for name, rows in tables.items()}
    for name, parent, column in HANGS_ON:
        for row in tables.get(name, ()):
            hold = held[name].get(_number(row["id"]))
            if hold is not None:
                key = _number(row[column])
                held[parent][key] = max(hold, held[parent].get(key, hold))
    return held


def held_until(table: str, row: Row, now: datetime) -> date | None:
    """The last day on which the law keeps a row by its own date; None: none keeps it any more."""
    rule = HELD.get(table)
    anchor = str(row.get(rule.anchor) or "") if rule is not None else ""
    if rule is None or not anchor:
        return None
    law, day = retention_rules()[rule.law], date.fromisoformat(anchor[:10])
    return law.keep.after(day) if law.lapses(day) > now else None


def _by_own_date(table: str, rows: Sequence[Row], now: datetime) -> Holds:
    untils = ((_number(row["id"]), held_until(table, row, now)) for row in rows)
    return {key: (until, HELD[table].law) for key, until in untils if until is not None}


def _number(cell: object) -> int:
    return int(str(cell))
