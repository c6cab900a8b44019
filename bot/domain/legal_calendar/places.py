"""The working days of a place: its weekend, its holidays and its time zone, read from a file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.errors import Refused

DAY = timedelta(days=1)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Jurisdiction:
    """Where the desk counts its days."""

    name: str
    zone: ZoneInfo
    weekend: frozenset[int]
    """Days of rest as `date.weekday()` numbers them: Monday is 0."""
    every_year: Mapping[tuple[int, int], str]
    """(month, day) to the holiday's name."""
    holidays: Mapping[date, str]
    """Confirmed days only: one left out makes a due date earlier, one wrongly in makes it late."""

    def local_day(self, moment: datetime) -> date:
        """The calendar day on which `moment` falls at this place."""
        return moment.astimezone(self.zone).date()

    def end_of(self, day: date) -> datetime:
        """The last second of `day` here, in UTC: "expiry of the last hour" (1182/71 art. 3)."""
        return datetime.combine(day, time(23, 59, 59), self.zone).astimezone(UTC)

    def morning_of(self, day: date) -> datetime:
        """Nine o'clock of `day` at this place, in UTC: when staff are told things."""
        return datetime.combine(day, time(9), self.zone).astimezone(UTC)

    def holiday_on(self, day: date) -> str | None:
        return self.holidays.get(day) or self.every_year.get((day.month, day.day))

    def is_working_day(self, day: date) -> bool:
        return day.weekday() not in self.weekend and self.holiday_on(day) is None

    def next_working_day(self, day: date) -> date:
        """`day` itself when it is one."""
        while not self.is_working_day(day):
            day += DAY
        return day

    def add_business_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which itself does not count."""
        for _ in range(count):
            day = self.next_working_day(day + DAY)
        return day


def parse_place(text: str) -> Jurisdiction:
    """Read a place from TOML (see places/template.toml).

    Raises:
        Refused: the file lacks a field or holds a value that cannot be meant.
    """
    try:
        return _place(tomllib.loads(text))
    except (KeyError, TypeError, ValueError) as error:
        raise Refused("clock.place_unreadable", problem=type(error).__name__) from error


def shipped_place(name: str) -> Jurisdiction:
    """A place that comes with the product, by its file's name."""
    file = resources.files("bot.domain.legal_calendar") / "places" / f"{name}.toml"
    return parse_place(file.read_text(encoding="utf-8"))


def _place(row: dict[str, Any]) -> Jurisdiction:
    place = Jurisdiction(
        name=str(row["name"]),
        zone=ZoneInfo(row["zone"]),
        weekend=frozenset(_WEEKDAYS.index(name) for name in row["weekend"]),
        every_year={
            _month_and_day(entry["day"]): str(entry["name"]) for entry in row["every_year"]
        },
        holidays={
            _a_date(entry["date"]): str(entry["name"])
            for entry in row["holiday"]
            if entry["confirmed"] is True
        },
    )
    if len(place.weekend) == len(_WEEKDAYS):
        message = "a week without a working day never ends"
        raise ValueError(message)
    return place


def _month_and_day(text: str) -> tuple[int, int]:
    leap_day = date.fromisoformat(f"2000-{text}")  # a leap year, so that 29 February may be named
    return leap_day.month, leap_day.day


def _a_date(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise TypeError
