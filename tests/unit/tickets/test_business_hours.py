"""Working time in Dhaka: Sunday to Thursday, nine to six, but for holidays."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from bot.domain.errors import Refused
from bot.domain.tickets.business_hours import BusinessHours, parse_holidays

HOURS = BusinessHours()
HOUR = timedelta(hours=1)


def dhaka(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    """A time in November 2026; the 22nd is a Sunday."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo("Asia/Dhaka"))


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (dhaka(22, 9), True),
        (dhaka(22, 17, 59), True),
        (dhaka(22, 18), False),
        (dhaka(22, 8, 59), False),
        (dhaka(20, 12), False),  # a Friday
        (dhaka(21, 12), False),  # a Saturday
        (dhaka(26, 12), True),  # a Thursday
    ],
)
def test_the_desk_is_staffed_in_working_hours_only(at: datetime, is_open: bool):  # noqa: FBT001
    assert HOURS.is_open(at) is is_open


@pytest.mark.parametrize(
    ("start", "working", "end"),
    [
        (dhaka(22, 10), HOUR, dhaka(22, 11)),
        (dhaka(22, 17), HOUR, dhaka(22, 18)),
        (dhaka(22, 17), 2 * HOUR, dhaka(23, 10)),
        (dhaka(22, 3), HOUR, dhaka(22, 10)),
        (dhaka(22, 22), HOUR, dhaka(23, 10)),
        (dhaka(26, 17), 2 * HOUR, dhaka(29, 10)),  # over Friday and Saturday
        (dhaka(22, 9), 45 * HOUR, dhaka(26, 18)),
        (dhaka(20, 12), timedelta(0), dhaka(22, 9)),
    ],
)
def test_promises_are_counted_in_working_time(start: datetime, working: timedelta, end: datetime):
    assert HOURS.add(start, working) == end


def test_nobody_works_on_a_holiday():
    hours = BusinessHours(holidays=frozenset({date(2026, 11, 23)}))

    assert hours.add(dhaka(22, 17), 2 * HOUR) == dhaka(24, 10)
    assert hours.between(dhaka(22, 9), dhaka(24, 18)) == 18 * HOUR


def test_no_working_time_lies_between_a_time_and_an_earlier_one():
    assert HOURS.between(dhaka(23, 12), dhaka(22, 12)) == timedelta(0)


def test_a_day_on_which_the_clocks_change_has_the_hours_it_has():
    hours = BusinessHours(
        zone=ZoneInfo("Europe/Berlin"),
        weekdays=frozenset(range(7)),
        opens=time(0),
        closes=time(23),
    )
    spring = datetime(2026, 3, 29, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    evening = datetime(2026, 3, 29, 23, tzinfo=ZoneInfo("Europe/Berlin"))

    assert hours.between(spring, evening) == 22 * HOUR
    assert hours.add(spring, 22 * HOUR) == datetime(2026, 3, 29, 21, tzinfo=UTC)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(1, 200 * 60),
)
def test_what_is_added_lies_between(start: datetime, minutes: int):
    working = timedelta(minutes=minutes)

    end = HOURS.add(start, working)

    assert HOURS.between(start, end) == working
    assert HOURS.between(start, end - timedelta(seconds=1)) < working


@pytest.mark.parametrize(
    "wrong",
    [{"weekdays": frozenset[int]()}, {"opens": time(18), "closes": time(9)}, {"opens": time(18)}],
)
def test_hours_without_working_time_are_refused(wrong: dict[str, object]):
    with pytest.raises(Refused, match=r"desk\.no_working_time"):
        BusinessHours(**wrong)  # pyright: ignore[reportArgumentType]


def test_a_calendar_of_holidays_only_is_refused_instead_of_searched_for_ever():
    first = date(2026, 1, 1)
    holidays = frozenset(first + timedelta(days=count) for count in range(5000))

    with pytest.raises(Refused, match=r"desk\.no_working_time"):
        BusinessHours(holidays=holidays).add(dhaka(22, 12), HOUR)


def test_a_holidays_file_holds_dates_and_remarks():
    text = "\ufeff2026-12-16  # Victory Day\n\n# Eid\n2027-03-10\n"

    assert parse_holidays(text) == {date(2026, 12, 16), date(2027, 3, 10)}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("between", [" ", "\t", ",", "; ", ": ", "  # "])
def test_a_holiday_may_have_a_name_however_the_file_was_saved(between: str, end: str):
    text = f"2026-12-16{between}Victory Day{end}2026-12-25{between}Christmas{end}"

    assert parse_holidays(text) == {date(2026, 12, 16), date(2026, 12, 25)}


@pytest.mark.parametrize(
    "line", ["16.12.2026", "2026-13-01 Nothing", "2026-12-161", "Eid 2026-12-16"]
)
def test_a_line_that_is_no_date_is_named(line: str):
    with pytest.raises(Refused) as refused:
        parse_holidays(f"2026-12-16\n{line}\n")

    assert refused.value.params == {"line": 2}
