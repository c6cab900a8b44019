"""How long a law keeps a row: calendar years and months, to the end of the last day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.fulfilment.retention import retention_rules


@pytest.mark.parametrize(
    ("code", "anchor", "lapses"),
    [
        ("bd-vat-2012", date(2024, 2, 29), datetime(2029, 3, 1, tzinfo=UTC)),
        ("bd-vat-2012", date(2021, 12, 31), datetime(2027, 1, 1, tzinfo=UTC)),
        ("bd-companies-1994", date(2020, 5, 5), datetime(2032, 5, 6, tzinfo=UTC)),
        ("bd-btrc-isp-2020", date(2026, 11, 30), datetime(2027, 3, 1, tzinfo=UTC)),
        ("none", date(2026, 1, 1), datetime(2026, 1, 2, tzinfo=UTC)),
    ],
)
def test_a_row_may_go_when_the_last_day_is_over(code: str, anchor: date, lapses: datetime):
    assert retention_rules()[code].lapses(anchor) == lapses


@pytest.mark.parametrize("code", sorted(retention_rules()))
@pytest.mark.parametrize("day", range(0, 800, 7))
def test_the_rows_that_have_lapsed_are_those_before_one_day(code: str, day: int):
    rule, now = retention_rules()[code], datetime(2027, 1, 1, 9, tzinfo=UTC) + timedelta(days=day)

    first_kept = rule.lapsed_before(now)

    assert rule.lapses(first_kept) > now
    assert rule.lapses(first_kept - timedelta(days=1)) <= now


def test_what_rests_on_secondary_text_says_so():
    assert {one.code for one in retention_rules().values() if not one.confirm} == {"none"}
