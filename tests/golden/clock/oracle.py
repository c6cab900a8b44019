"""A second opinion on the golden cases: slow, simple, and no line of bot.domain.legal_calendar.

It counts on the fingers: day by day, as a clerk with a wall calendar would. It knows the five laws
as plain sentences below and reads the calendars of places/ by itself.
"""

import tomllib
from datetime import date, timedelta
from pathlib import Path

ONE = timedelta(days=1)
PLACES = Path(__file__).parent / "places"
ISO = {
    "monday": 1,
    "tuesday": 2,
    "wednesday": 3,
    "thursday": 4,
    "friday": 5,
    "saturday": 6,
    "sunday": 7,
}


def days_off(place):
    """Every day of rest from 2023 to 2030, spelled out."""
    book = tomllib.loads((PLACES / f"{place}.toml").read_text(encoding="utf-8"))
    rest = {ISO[name] for name in book["weekend"]}
    yearly = {entry["day"] for entry in book["every_year"]}
    moving = {entry["date"] for entry in book["holiday"] if entry["confirmed"]}
    off, day = set(), date(2023, 1, 1)
    while day.year < 2031:
        if day.isoweekday() in rest or day.isoformat()[5:] in yearly or day in moving:
            off.add(day)
        day += ONE
    return off


def turn_pages(day, months):
    """Turn `months` pages of the calendar, then find the same number, or stop at the page's end."""
    number, page = day.day, day
    for _ in range(months):
        leaving = page.month
        while page.month == leaving:
            page += ONE
        # page is now the first of the next month
    while page.day != number and (page + ONE).month == page.month:
        page += ONE
    return page


def tick_off(day, days):
    for _ in range(days):
        day += ONE
    return day


def first_day_open(day, off):
    while day in off:
        day += ONE
    return day


def due(row):
    """The due date of one row of the tables (a dict of texts)."""
    off = days_off(row["calendar"])
    received = date.fromisoformat(row["received"])
    long = row["extended"] == "yes"
    if row["regime"] == "ccpa":  # 45 calendar days, 90 with the extension; no pause; no moving
        return tick_off(received, 90 if long else 45)
    start = received
    if row["regime"] == "uk" and row["identity"]:  # receipt or identity, whichever is later
        start = max(received, date.fromisoformat(row["identity"]))
    day = turn_pages(start, 3 if long else 1)
    if row["regime"] == "uk" and row["paused"]:  # only the UK stops the clock
        asked, answered = (date.fromisoformat(part) for part in row["paused"].split(" to "))
        asked = max(asked, start)
        if asked <= first_day_open(day, off):
            while asked < answered:
                asked += ONE
                day += ONE
    day = first_day_open(day, off)
    if row["regime"] == "in-dpdp":  # never past the 90th day
        day = min(day, tick_off(received, 90))
    return day


def acknowledge(row):
    """Ten working days after receipt, in California; elsewhere no day is set."""
    if row["regime"] != "ccpa":
        return None
    off, day, seen = days_off(row["calendar"]), date.fromisoformat(row["received"]), 0
    while seen < 10:
        day += ONE
        seen += day not in off
    return day
