"""The day that a row bears, in whatever way a database keeps dates."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Date, String, case, cast, func, literal, type_coerce
from sqlalchemy.types import DateTime, Integer, NullType

from storage.company.shape import ColumnShape

_MILLISECONDS = 100_000_000_000
"""A count since 1970 above this is in milliseconds: as seconds it would be after the year 5000."""
_JULIAN = 5_000_000
"""A number below this is a day of the Julian calendar, as SQLite's own functions write it."""


def day_of(column: Column[Any], shape: ColumnShape, backend: str) -> ColumnElement[Any]:
    """The day in UTC; NULL where what stands there is no date."""
    raw = type_coerce(column, NullType())
    if backend == "sqlite":
        return _sqlite_day(raw)
    if isinstance(shape.type, Integer):
        seconds = case((raw > _MILLISECONDS, raw / 1000), else_=raw)
        made = (
            func.to_timestamp(seconds) if backend == "postgresql" else func.from_unixtime(seconds)
        )
        return cast(_in_utc(made, backend), Date)
    if isinstance(shape.type, DateTime) and shape.type.timezone:
        return cast(_in_utc(column, backend), Date)
    return cast(column, Date)


def day_value(day: date, backend: str) -> ColumnElement[Any]:
    """A day to compare it with."""
    return literal(day.isoformat(), String) if backend == "sqlite" else literal(day, Date)


def read_day(value: object) -> date | None:
    """What came of it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).date() if value.tzinfo else value.date()
    if isinstance(value, date):
        return value
    return date.fromisoformat(value) if isinstance(value, str) else None


def _sqlite_day(raw: ColumnElement[Any]) -> ColumnElement[Any]:
    kind = func.typeof(raw)
    counted = case(
        (raw > _MILLISECONDS, func.date(raw / 1000, "unixepoch")),
        (raw > _JULIAN, func.date(raw, "unixepoch")),
        else_=func.date(raw),
    )
    return case((kind.in_(["integer", "real"]), counted), else_=func.date(raw))


def _in_utc(moment: ColumnElement[Any], backend: str) -> ColumnElement[Any]:
    return func.timezone("UTC", moment) if backend == "postgresql" else moment
