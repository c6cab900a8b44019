"""Times and periods as people read them; a time is always shown with its zone."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.addresses import Language
from bot.wording import in_digits, say

_YEAR, _MONTH = 365, 30
_LAPSES = (("day", 1_440), ("hour", 60), ("minute", 1))


def moment(at: datetime, zone: ZoneInfo, language: Language) -> str:
    """A day and a time, such as `22 November 2026, 10:00 (Dhaka time)`."""
    local = at.astimezone(zone)
    return say(
        "times.moment",
        language,
        day=_day(local, language),
        time=in_digits(f"{local:%H:%M}", language),
        zone=zone_name(zone, language),
    )


def moment_utc(at: datetime, language: Language) -> str:
    """A day and a time as documents say them that are read anywhere."""
    zone = ZoneInfo("UTC")
    time = in_digits(f"{at.astimezone(zone):%H:%M}", language)
    return say("times.moment", language, day=day(at, zone, language), time=time, zone="UTC")


def day(at: datetime, zone: ZoneInfo, language: Language) -> str:
    """A day in the zone, such as `22 November 2026`."""
    return _day(at.astimezone(zone), language)


def due_day(on: date, language: Language) -> str:
    """A due date: in English as cards and commands write it, elsewhere as the language does."""
    return on.isoformat() if language is Language.EN else _day(on, language)


def short_moment(at: datetime, zone: ZoneInfo, language: Language) -> str:
    """A day and a time within a list whose heading names the zone."""
    local = at.astimezone(zone)
    month = say(f"times.short_{local.month}", language)
    return in_digits(f"{local.day} {month} {local:%H:%M}", language)


def zone_name(zone: ZoneInfo, language: Language) -> str:
    """`Dhaka time`; a zone without a city by its own name."""
    if zone.key == "Asia/Dhaka":
        return say("times.dhaka", language)
    city = zone.key.rpartition("/")[2].replace("_", " ")
    return say("times.city", language, city=city) if "/" in zone.key else zone.key


def period(days: int, language: Language) -> str:
    """Days as the longest whole unit: 730 is two years, 60 is two months, 45 is 45 days."""
    unit, size = next(
        (name, size)
        for name, size in (("year", _YEAR), ("month", _MONTH), ("day", 1))
        if days % size == 0
    )
    count = days // size
    key = f"times.{unit}" if count == 1 else f"times.{unit}s"
    return say(key, language, count=in_digits(str(count), language))


def lapse(time: timedelta, language: Language) -> str:
    """How long something lasts, in the largest whole unit up to days."""
    minutes = time // timedelta(minutes=1)
    if minutes < 1:
        return say("times.moments", language)
    unit, size = next(each for each in _LAPSES if minutes >= each[1])
    count = minutes // size
    key = f"times.{unit}" if count == 1 else f"times.{unit}s"
    return say(key, language, count=in_digits(str(count), language))


def _day(local: date, language: Language) -> str:
    month = say(f"times.month_{local.month}", language)
    return in_digits(f"{local.day} {month} {local.year}", language)
