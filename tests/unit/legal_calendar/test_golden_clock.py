"""The legal clock against dated cases that a lawyer can read (tests/golden/clock)."""

import csv
import runpy
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from bot.domain.legal_calendar.clock import LegalClock
from bot.domain.legal_calendar.clock_facts import ClockFacts, Pause
from bot.domain.legal_calendar.places import Jurisdiction, parse_place
from bot.domain.legal_calendar.regimes import regime, regimes

GOLDEN = Path(__file__).parents[2] / "golden" / "clock"


def rows():
    tables = sorted(GOLDEN.glob("*.csv"))
    texts = [table.read_text(encoding="utf-8").splitlines() for table in tables]
    return [row for text in texts for row in csv.DictReader(text)]


def noon(place: Jurisdiction, day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(12), place.zone).astimezone(UTC)


def clock_of(row) -> LegalClock:
    text = (GOLDEN / "places" / f"{row['calendar']}.toml").read_text(encoding="utf-8")
    return LegalClock(regime(row["regime"]), parse_place(text))


def facts_of(row, place: Jurisdiction) -> ClockFacts:
    since, _, until = row["paused"].partition(" to ")
    pauses = (Pause("clarification", noon(place, since), noon(place, until)),) if since else ()
    return ClockFacts(
        received_at=noon(place, row["received"]),
        identity_at=noon(place, row["identity"]) if row["identity"] else None,
        pauses=pauses,
        extended=row["extended"] == "yes",
    )


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["id"])
def test_the_due_date_is_the_one_in_the_table(row):
    clock = clock_of(row)

    due = clock.due(facts_of(row, clock.place))

    assert str(due.on) == row["due"], row["comment"]
    assert clock.place.local_day(due.at) == due.on
    assert due.steps[-1].on == due.on


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["id"])
def test_receipt_is_acknowledged_by_the_day_in_the_table(row):
    clock = clock_of(row)

    day = clock.acknowledge_by(noon(clock.place, row["received"]))

    assert str(day or "") == row["acknowledge"]


def test_the_second_opinion_agrees_with_every_row_of_the_tables():
    oracle = runpy.run_path(str(GOLDEN / "oracle.py"))

    wrong = [
        row["id"]
        for row in rows()
        if str(oracle["due"](row)) != row["due"]
        or str(oracle["acknowledge"](row) or "") != row["acknowledge"]
    ]

    assert wrong == []


def test_the_tables_hold_three_hundred_cases_of_all_laws_each_with_comment_and_source():
    cases = rows()

    assert len(cases) >= 300
    assert len({row["id"] for row in cases}) == len(cases)
    assert {row["regime"] for row in cases} == set(regimes())
    assert all(row["comment"] and row["source"] for row in cases)
