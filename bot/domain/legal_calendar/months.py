"""Counting months as Regulation (EEC, Euratom) No 1182/71 art. 3(1) and 3(2)(c) counts them."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta


def add_months(day: date, months: int) -> date:
    """The same-number day `months` later, or that month's last day where it has no such number.

    The day of receipt itself does not count, so a period that starts on the 15th ends on a 15th.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A length of time as a law states it: months or calendar days, never both."""

    months: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        return add_months(day, self.months) + timedelta(days=self.days)

    def plus(self, other: "Period") -> "Period":
        """Both together, counted from the first day: one month and two more are three months."""
        return Period(months=self.months + other.months, days=self.days + other.days)
