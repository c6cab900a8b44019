"""How long a law keeps a row: rules as data, and whether a row's time has lapsed."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib import resources
from typing import Any

from bot.domain.legal_calendar.months import Period

NO_LAW = "none"
"""The rule of what no law keeps."""
_LONGEST_MONTH = 31
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    """One law, and how long it keeps a row from the date that the row bears."""

    code: str
    law: Mapping[str, str]
    """Its name, by language."""
    keep: Period
    source: str = ""
    confirm: bool = False
    """True: secondary text; counsel should confirm it, and the product says so."""

    def lapses(self, anchor: date) -> datetime:
        """When a row of that date may go: at the end of the last day on which it is kept."""
        return datetime.combine(self.keep.after(anchor) + _DAY, time(), UTC)

    def lapsed_before(self, now: datetime) -> date:
        """Rows dated before this day have lapsed, and no others."""
        today = now.astimezone(UTC).date()
        first = _earlier(today, self.keep) - _DAY
        days = range(_LONGEST_MONTH + 2)
        kept = (one for more in days if self.lapses(one := first + more * _DAY) > now)
        return next(kept, today)


@cache
def retention_rules() -> dict[str, RetentionRule]:
    """Every rule that is shipped, by code."""
    file = resources.files("bot.domain.fulfilment") / "retention.toml"
    rows = tomllib.loads(file.read_text(encoding="utf-8"))["rule"]
    return {row["code"]: _rule(row) for row in rows}


def kept_for(*, years: int = 0, months: int = 0, days: int = 0) -> Period:
    """A length of time as a rule states it."""
    return Period(months=years * 12 + months, days=days)


def _rule(row: dict[str, Any]) -> RetentionRule:
    return RetentionRule(
        code=row["code"],
        law={one: row["law"][one] for one in ("en", "bn")},
        keep=kept_for(**row["keep"]),
        source=row["source"],
        confirm=row["confirm"],
    )


def _earlier(day: date, period: Period) -> date:
    """So long before that day, at the latest; some days too early where months differ in length."""
    back = day - timedelta(days=period.days)
    year, month = divmod(back.year * 12 + back.month - 1 - period.months, 12)
    return date(year, month + 1, 1) if year >= 1 else date.min + _DAY
