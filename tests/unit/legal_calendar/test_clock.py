"""The rules of the legal clock that a table of dates does not show."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from bot.domain.addresses import Language
from bot.domain.errors import NotFound, Refused
from bot.domain.legal_calendar import places
from bot.domain.legal_calendar.clock import Alert, LegalClock, legal_clock
from bot.domain.legal_calendar.clock_facts import ClockFacts, Pause
from bot.domain.legal_calendar.months import Period, add_months
from bot.domain.legal_calendar.places import parse_place, shipped_place
from bot.domain.legal_calendar.regimes import Basis, regime, regimes
from bot.wording import say

SHIPPED = sorted(one.stem for one in Path(places.__file__).with_name("places").glob("*.toml"))
PLACE = """
name = "Here"
zone = "Asia/Dhaka"
weekend = ["friday", "saturday"]
every_year = []
holiday = []
"""


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def keys(due):
    return [step.key.removeprefix("clock.") for step in due.steps]


def test_thirty_days_are_not_a_month():
    """Over 2026 a "+30 days" rule is late for 30 receipt dates, and "+45" for all 365."""
    year = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]

    late = sum(day + timedelta(days=30) > add_months(day, 1) for day in year)
    early = sum(day + timedelta(days=30) < add_months(day, 1) for day in year)

    assert (late, early) == (30, 210)
    assert all(day + timedelta(days=45) > add_months(day, 1) for day in year)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 40))
def test_months_land_in_the_right_month_and_never_beyond_the_same_number(day, months):
    later = add_months(day, months)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (
        later.day < day.day and (later + timedelta(days=1)).month != later.month
    )


@given(
    st.sampled_from(sorted(regimes())),
    st.dates(date(2024, 1, 1), date(2028, 1, 1)),
    st.times(),
)
def test_an_extension_never_brings_the_due_date_nearer(code, day, moment):
    received = datetime.combine(day, moment, UTC)
    clock = legal_clock(code)

    plain = clock.due(ClockFacts(received_at=received))
    extended = clock.due(ClockFacts(received_at=received, extended=True))

    assert extended.on >= plain.on > clock.place.local_day(received)
    assert all(say(step.key, lang, **step.params) for step in extended.steps for lang in Language)


def test_the_due_moment_is_the_last_second_of_the_local_day():
    due = legal_clock("bd-pdpa-2026").due(ClockFacts(received_at=at("2026-06-10T03:00")))

    assert due.on == date(2026, 7, 12)  # 10 July is a Friday
    assert due.at == at("2026-07-12T17:59:59")


def test_a_request_in_the_night_counts_from_the_local_day():
    due = legal_clock("bd-pdpa-2026").due(ClockFacts(received_at=at("2026-06-13T19:30")))

    assert due.steps[0].params["day"] == "2026-06-14"


def test_where_the_law_sets_no_days_the_promise_is_called_a_promise():
    due = legal_clock("bd-pdpa-2026").due(ClockFacts(received_at=at("2026-06-10T03:00")))

    assert regime("bd-pdpa-2026").basis is Basis.HOUSE_RULE
    assert "step_house_rule" in keys(due)
    assert "step_source_to_confirm" in keys(due)


def test_a_law_that_knows_no_pause_is_not_paused():
    pause = Pause("clarification", at("2026-06-12T06:00"), at("2026-06-20T06:00"))
    facts = ClockFacts(received_at=at("2026-06-10T06:00"), pauses=(pause,))

    paused = legal_clock("gdpr").due(facts)

    assert paused.on == date(2026, 7, 10)
    assert "step_no_pause" in keys(paused)


def test_an_internal_hold_pauses_no_clock_at_all():
    pause = Pause("internal", at("2026-06-12T06:00"), at("2026-06-20T06:00"))
    facts = ClockFacts(received_at=at("2026-06-10T06:00"), pauses=(pause,))

    for code in regimes():
        with_pause = legal_clock(code).due(facts).on
        assert with_pause == legal_clock(code).due(ClockFacts(received_at=facts.received_at)).on


def test_a_pause_that_goes_on_adds_its_days_only_when_it_ends():
    facts = ClockFacts(
        received_at=at("2026-06-10T06:00"), pauses=(Pause("clarification", at("2026-06-12T06:00")),)
    )

    due = legal_clock("uk").due(facts)

    assert due.on == date(2026, 7, 10)
    assert {"step_paused_now", "step_identity_outstanding"} <= set(keys(due))


def test_staff_are_told_seven_three_one_and_no_days_before_and_when_it_is_over():
    clock = legal_clock("bd-pdpa-2026")

    alerts = {alert: when for when, alert in clock.alerts(date(2026, 7, 12))}

    assert alerts == {
        Alert.DUE_IN_7: at("2026-07-05T03:00"),
        Alert.DUE_IN_3: at("2026-07-09T03:00"),
        Alert.DUE_IN_1: at("2026-07-11T03:00"),
        Alert.DUE_TODAY: at("2026-07-12T03:00"),
        Alert.OVERDUE: at("2026-07-12T18:00"),
    }


def test_days_left_are_counted_on_the_local_calendar():
    clock = legal_clock("bd-pdpa-2026")

    left = [
        clock.days_left(date(2026, 7, 12), at(moment))
        for moment in ("2026-07-05T12:00", "2026-07-11T18:30", "2026-07-12T18:00")
    ]

    assert left == [7, 0, -1]


def test_an_appeal_can_be_lodged_for_thirty_days():
    clock = legal_clock("gdpr")

    until = clock.appeal_until(at("2026-06-01T10:00"))

    assert until == at("2026-07-01T21:59:59")


def test_the_record_of_a_request_is_kept_as_long_as_its_law_says():
    ended = at("2026-06-01T10:00")

    kept = {code: legal_clock(code).keep_record_until(ended).year for code in regimes()}

    assert kept == {"bd-pdpa-2026": 2031, "gdpr": 2028, "uk": 2028, "ccpa": 2028, "in-dpdp": 2027}


@pytest.mark.parametrize("code", sorted(regimes()))
def test_every_regime_names_its_sources_and_a_calendar_that_exists(code):
    row = regime(code)

    assert row.sources
    assert row.place in SHIPPED
    assert any(one.confirm for one in row.sources) is (code in {"bd-pdpa-2026", "in-dpdp"})


def test_an_unknown_regime_is_refused():
    with pytest.raises(NotFound):
        legal_clock("atlantis")


def test_a_holiday_that_nobody_confirmed_is_not_counted():
    place = shipped_place("bangladesh")

    assert place.holiday_on(date(2027, 12, 16)) == "Victory Day"
    assert place.holiday_on(date(2026, 5, 28)) is None


def test_every_shipped_calendar_can_be_read():
    assert "template" in SHIPPED
    assert all(shipped_place(name).name for name in SHIPPED)


def test_the_operator_may_count_by_the_calendar_of_the_own_office():
    place = parse_place(PLACE)

    clock = legal_clock("gdpr", place)

    assert clock == LegalClock(regime("gdpr"), place)
    assert clock.due(ClockFacts(received_at=at("2026-06-10T06:00"))).on == date(2026, 7, 12)


@pytest.mark.parametrize(
    "broken",
    [
        "name = 1",
        "not toml at all",
        PLACE.replace("Asia/Dhaka", "Asia/Nowhere"),
        PLACE.replace('"friday"', '"freitag"'),
        PLACE.replace(
            '"friday", "saturday"',
            '"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"',
        ),
        PLACE.replace(
            "holiday = []", 'holiday = [{date = "2026-01-01", name="x", confirmed=true}]'
        ),
        PLACE.replace("every_year = []", 'every_year = [{day = "02-30", name = "x"}]'),
    ],
)
def test_a_calendar_that_cannot_be_meant_is_refused(broken):
    with pytest.raises(Refused, match=r"clock\.place_unreadable"):
        parse_place(broken)


def test_a_yearly_holiday_on_the_leap_day_may_be_named():
    place = parse_place(
        PLACE.replace("every_year = []", 'every_year = [{day="02-29", name="Leap"}]')
    )

    assert not place.is_working_day(date(2028, 2, 29))


def test_spans_add_up_from_the_first_day():
    whole = Period(months=1).plus(Period(months=2))

    assert whole.after(date(2026, 1, 31)) == date(2026, 4, 30)
