"""Fills the provider's database: the same rows at every start, dated back from that day."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

from handlers.sandbox.company.customers import MENTIONS, Customer, customers
from handlers.sandbox.company.provider_schema import SCHEMA
from handlers.sandbox.sample_people import STAFF

SEED: Final = 1971
QUARTER: Final = timedelta(days=91)
SESSIONS: Final = 8
"""Lines of the connection log for each customer, from yesterday to half a year ago."""
SESSION_EVERY: Final = timedelta(days=23)
VAT_PERCENT: Final = 5
PACKAGES: Final = (("Home 20", 1050), ("Home 50", 1575), ("Office 100", 3150))
METHODS: Final = ("bKash", "Nagad", "bank", "cash")
TEAMS: Final = {"Agent": "support", "Agent and approver": "support", "Approver": "privacy"}
OWN_NOTE: Final = {
    True: "{name} rang: slow in the evening. Line tested, all well.",
    False: "{name} ফোন করেছিলেন: সন্ধ্যায় ধীর। লাইন পরীক্ষা করা হয়েছে, সব ঠিক আছে।",
}
"""By whether the name is in Latin letters."""
Row = Sequence[object]


def make_database(file: Path, now: datetime) -> None:
    """Write the whole file, for its owner's eyes only. Raises OSError: it is there already."""
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(file)) as made, made:
        made.executescript(SCHEMA)
        rows = _Rows(now)
        _fill(made, "staff", rows.staff())
        for at, customer in enumerate(customers(), 1):
            _fill(made, "customers", [rows.customer(at, customer)])
            _fill(made, "invoices", rows.invoices(at, customer))
            _fill(made, "payments", rows.payments(customer))
            _fill(made, "connection_log", rows.sessions(at))
            _fill(made, "server_access", [rows.access(at, customer)])
            _fill(made, "support_notes", rows.notes(at, customer))


def _fill(made: sqlite3.Connection, table: str, rows: Sequence[Row]) -> None:
    for row in rows:
        marks = ", ".join("?" * len(row))
        made.execute(f"INSERT INTO {table} VALUES ({marks})", row)  # noqa: S608  # our own names


class _Rows:
    """The rows of one table after the other; keys go on where the last customer's ended."""

    def __init__(self, now: datetime) -> None:
        self._now = now.replace(tzinfo=None, microsecond=0)
        self._chance = Random(SEED)  # noqa: S311  # made-up data, no secret
        self._invoices: list[Row] = []
        self._last: dict[str, int] = {}

    def staff(self) -> list[Row]:
        return [
            (at, one.real_name, one.email, TEAMS.get(one.role, "guest"))
            for at, one in enumerate(STAFF, 1)
        ]

    def customer(self, at: int, one: Customer) -> Row:
        born = date(1968 + 3 * at, 1 + at % 12, 4 + at)
        document = f"{born.year}{2_690_000_000 + 7_919 * at:010d}"
        facts = (one.number, one.name, one.email, one.phone, one.address, document)
        return (at, *facts, born.isoformat(), PACKAGES[at % 3][0], self._joined(one).isoformat())

    def invoices(self, at: int, one: Customer) -> list[Row]:
        """One a quarter, since they joined."""
        price = PACKAGES[at % 3][1] * 3
        to = (one.name, one.address, price, price * VAT_PERCENT // 100)
        self._invoices = [
            (key, at, f"INV-{day.year}-{key:04d}", day.isoformat(), *to)
            for day in self._quarters(one)
            for key in [self._next("invoice")]
        ]
        return self._invoices

    def payments(self, one: Customer) -> list[Row]:
        """Of each of those invoices, a few days later; the newest may be open yet."""
        found: list[Row] = []
        for invoice in self._invoices:
            paid = date.fromisoformat(str(invoice[3])) + timedelta(days=self._chance.randint(2, 20))
            if paid < self._now.date():
                method = self._chance.choice(METHODS)
                phone = one.phone if method in ("bKash", "Nagad") else None
                key = self._next("payment")
                found.append((key, invoice[0], paid.isoformat(), method, phone, invoice[6]))
        return found

    def sessions(self, at: int) -> list[Row]:
        found: list[Row] = []
        for back in range(SESSIONS):
            start = self._now - timedelta(days=1) - back * SESSION_EVERY
            start -= timedelta(minutes=self._chance.randint(0, 600))
            end = start + timedelta(minutes=self._chance.randint(20, 500))
            address = f"10.20.{at}.{self._chance.randint(2, 250)}"
            size = self._chance.randint(80, 9_000)
            found.append((self._next("session"), at, str(start), str(end), address, size))
        return found

    def access(self, at: int, one: Customer) -> Row:
        user = f"pppoe-{one.number.lower().replace('-', '')}"
        card = f"02:1a:4b:{at:02x}:{at * 7 % 256:02x}:{at * 31 % 256:02x}"
        return (at, at, user, f"103.4.{at}.{10 + at}", card, f"POP-{1 + at % 3}")

    def notes(self, at: int, one: Customer) -> list[Row]:
        own = OWN_NOTE[one.name.isascii()].format(name=one.name)
        texts = [own, *(text for number, text in MENTIONS if number == one.number)]
        return [
            (self._next("note"), at, 1 + (at + more) % 2, str(self._day_back(at, more)), text)
            for more, text in enumerate(texts)
        ]

    def _day_back(self, at: int, more: int) -> datetime:
        return self._now - timedelta(days=17 * at + 40 * more, hours=at)

    def _joined(self, one: Customer) -> date:
        return self._now.date() - timedelta(days=365 * one.years + 20)

    def _quarters(self, one: Customer) -> Iterator[date]:
        day, last = self._joined(one) + timedelta(days=10), self._now.date()
        while day < last:
            yield day
            day += QUARTER

    def _next(self, what: str) -> int:
        self._last[what] = self._last.get(what, 0) + 1
        return self._last[what]
