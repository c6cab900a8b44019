"""Times and periods as people read them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.addresses import Language
from bot.wording.times import day, moment, period, short_moment, zone_name

AT = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
DHAKA = ZoneInfo("Asia/Dhaka")


def test_a_moment_names_its_zone():
    assert moment(AT, DHAKA, Language.EN) == "23 November 2026, 00:30 (Dhaka time)"


def test_a_moment_in_bangla_has_bangla_digits_and_months():
    assert moment(AT, DHAKA, Language.BN) == "২৩ নভেম্বর ২০২৬, ০০:৩০ (ঢাকার সময়)"


def test_a_day_is_the_day_of_the_zone():
    assert day(AT, DHAKA, Language.EN) == "23 November 2026"
    assert short_moment(AT, DHAKA, Language.EN) == "23 Nov 00:30"


@pytest.mark.parametrize(
    ("key", "name"),
    [("Asia/Dhaka", "Dhaka time"), ("America/New_York", "New York time"), ("UTC", "UTC")],
)
def test_a_zone_is_called_by_its_city(key: str, name: str):
    assert zone_name(ZoneInfo(key), Language.EN) == name


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (730, "2 years"),
        (365, "one year"),
        (60, "2 months"),
        (30, "one month"),
        (45, "45 days"),
        (1, "one day"),
    ],
)
def test_a_period_is_said_in_its_longest_whole_unit(days: int, said: str):
    assert period(days, Language.EN) == said
