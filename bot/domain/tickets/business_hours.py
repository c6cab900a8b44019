"""Working time: when the desk is staffed, and how promises are counted in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.errors import Refused

DHAKA = ZoneInfo("Asia/Dhaka")
SUNDAY_TO_THURSDAY = frozenset({6, 0, 1, 2, 3})
"""The working week of Bangladesh, as `date.weekday` counts (Monday is 0)."""
HORIZON_DAYS = 3660
"""How far ahead a promise may lie; a calendar with longer gaps is a mistake."""

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?=[\s,;:]|$)")
"""A date in front of a name, or alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessHours:
    """The same hours on every working day that is not a holiday.

    Raises:
        Refused: no working day, or the day ends before it begins.
    """

    zone: ZoneInfo = DHAKA
    weekdays: frozenset[int] = SUNDAY_TO_THURSDAY
    opens: time = time(9)
    closes: time = time(18)
    holidays: frozenset[date] = field(default_factory=frozenset[date])

    def __post_init__(self) -> None:
        if not self.weekdays or not self.opens < self.closes:
            raise Refused("desk.no_working_time")

    def is_open(self, at: datetime) -> bool:
        return any(start <= at < end for start, end in self._shifts(at, days=1))

    def add(self, start: datetime, working: timedelta) -> datetime:
        """The moment at which `working` time has gone by since `start`.

        Raises:
            Refused: the calendar has no such moment within ten years.
        """
        left, start = working, start.astimezone(UTC)
        for begins, ends in self._shifts(start, days=HORIZON_DAYS):
            begins_for_us = max(begins, start)
            if begins_for_us + left <= ends:
                return begins_for_us + left
            left -= ends - begins_for_us
        raise Refused("desk.no_working_time")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from `start` to `end`; none when `end` is not later."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        days = max(0, (end - start).days + 2)
        return sum(
            (
                max(min(ends, end) - max(begins, start), timedelta(0))
                for begins, ends in self._shifts(start, days=days)
            ),
            timedelta(0),
        )

    def _shifts(self, start: datetime, *, days: int) -> Iterator[tuple[datetime, datetime]]:
        """The shifts (in UTC, so that a change of the clocks is counted) that end after `start`."""
        first = start.astimezone(self.zone).date()
        for day in (first + timedelta(days=count) for count in range(days)):
            if day.weekday() not in self.weekdays or day in self.holidays:
                continue
            ends = datetime.combine(day, self.closes, self.zone).astimezone(UTC)
            if ends > start:
                yield datetime.combine(day, self.opens, self.zone).astimezone(UTC), ends


def parse_holidays(text: str) -> frozenset[date]:
    """The days of a holidays file: one date a line, `2026-12-16 Victory Day`; `#` begins a remark.

    Raises:
        Refused: a line does not begin with a date; it is named by its number.
    """
    lines = enumerate(text.removeprefix("\ufeff").splitlines(), start=1)
    written = [(number, line.partition("#")[0].strip()) for number, line in lines]
    return frozenset(_holiday(line, number) for number, line in written if line)


def _holiday(line: str, number: int) -> date:
    day = _DAY.match(line)
    try:
        return date.fromisoformat(day[1] if day else "")
    except ValueError as error:
        raise Refused("desk.bad_holiday", line=number) from error
