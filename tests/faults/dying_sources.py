"""Two databases of a company, and two platforms in files, at which a desk can die at any act."""

import sqlite3
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.application.ports.sources import Erased, Left, Looked, Order, Patterns
from bot.domain.fulfilment.identifiers import Identifiers
from bot.domain.fulfilment.plan import PlanAction, PlanItem, SourceKind, SourcePlan
from storage.company.sql_source import SqlSource
from tests.faults.workload import Fate
from tests.support.builders.requests import EMAIL

COMPANIES = ("billing", "crm")
MAPS = {
    "billing": """\
name: billing
url: ${{COMPANY}}
tables:
  customers:
    find: {{email: email}}
    personal: [name]
    action: delete
    category: {{en: Who you are, bn: আপনি কে}}
    purpose: {{en: To bill, bn: বিল করতে}}
    origin: {{en: You, bn: আপনি}}
    recipients: {{en: Nobody, bn: কেউ নয়}}
    legal_basis: {{en: Your contract, bn: আপনার চুক্তি}}
  invoices:
    find: {{via: {{customer: customers.id}}}}
    personal: [x]
    action: delete
    category: {{en: Your bills, bn: আপনার বিল}}
    purpose: {{en: To bill, bn: বিল করতে}}
    origin: {{en: Us, bn: আমরা}}
    recipients: {{en: Nobody, bn: কেউ নয়}}
    legal_basis: {{en: Your contract, bn: আপনার চুক্তি}}
""",
    "crm": """\
name: crm
url: ${{COMPANY}}
tables:
  people:
    find: {{email: email}}
    personal: [note]
    action: delete
    category: {{en: What we noted, bn: আমাদের নোট}}
    purpose: {{en: To help you, bn: সাহায্য করতে}}
    origin: {{en: Us, bn: আমরা}}
    recipients: {{en: Nobody, bn: কেউ নয়}}
    legal_basis: {{en: Our interest, bn: আমাদের স্বার্থ}}
""",
}
TABLES = {
    "billing": (
        "CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT, name TEXT)",
        "CREATE TABLE invoices (id INTEGER PRIMARY KEY, customer INTEGER REFERENCES customers, x)",
    ),
    "crm": ("CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, note TEXT)",),
}
ROWS: Mapping[str, Sequence[tuple[str, tuple[object, ...]]]] = {
    "billing": (
        ("customers", (1, EMAIL, "Rahima Khatun")),
        ("customers", (2, "karim@example.com", "Karim")),
        *(("invoices", (at, 1, EMAIL)) for at in range(1, 6)),
        ("invoices", (9, 2, "karim@example.com")),
    ),
    "crm": (("people", (1, EMAIL, "calls often")), ("people", (2, "karim@example.com", "x"))),
}
OTHERS = {"billing": [2, 9], "crm": [2]}
"""Ids that must be left, by database."""


def make_companies(folder: Path) -> None:
    for name in COMPANIES:
        with sqlite3.connect(folder / f"{name}.db") as database:
            for table in TABLES[name]:
                database.execute(table)
            for table, row in ROWS[name]:
                marks = ", ".join("?" * len(row))
                database.execute(f"INSERT INTO {table} VALUES ({marks})", row)
        database.close()
        (folder / f"{name}.yaml").write_text(MAPS[name].format(), encoding="utf-8")


def rows_left(folder: Path) -> dict[str, list[int]]:
    found = dict[str, list[int]]()
    for name in COMPANIES:
        database = sqlite3.connect(folder / f"{name}.db")
        tables = dict.fromkeys(table for table, _ in ROWS[name])
        found[name] = [
            row[0] for table in tables for row in database.execute(f"SELECT id FROM {table}")
        ]
        database.close()
    return found


@dataclass
class DyingSource:
    """A company's database at which the desk can die before and after each act."""

    inner: SqlSource
    fate: Fate
    kind = SourceKind.COMPANY

    @property
    def name(self) -> str:
        return self.inner.name

    async def plan(self, who: Identifiers, now: Any) -> SourcePlan:
        return await self.inner.plan(who, now)

    async def erase(self, order: Order) -> Erased:
        self.fate.pass_by()
        erased = await self.inner.erase(order)
        self.fate.pass_by()
        return erased

    async def verify(self, order: Order) -> tuple[Left, ...]:
        self.fate.pass_by()
        return await self.inner.verify(order)

    async def look(self, order: Order, patterns: Patterns, *, masks: bool) -> Looked:
        self.fate.pass_by()
        return await self.inner.look(order, patterns, masks=masks)

    def export(self, who: Identifiers) -> AsyncGenerator[tuple[str, Mapping[str, object]]]:
        return self.inner.export(who)


@dataclass
class ChatFile:
    """In a platform's place: a file with a line for each of the desk's posts."""

    name: str
    kind: SourceKind
    file: Path
    fate: Fate

    async def plan(self, who: Identifiers, now: object) -> SourcePlan:
        del who, now
        item = PlanItem(place=f"{self.name}.posts", action=PlanAction.DELETE)
        return SourcePlan(source=self.name, kind=self.kind, subjects=1, items=(item,))

    async def erase(self, order: Order) -> Erased:
        del order
        count = 0
        while self.file.exists() and (lines := self.file.read_text("utf-8").splitlines()):
            self.fate.pass_by()
            self.file.write_text("".join(f"{one}\n" for one in lines[1:]), "utf-8")
            count += 1
        return Erased(rows={f"{self.name}.posts.delete": count})

    async def verify(self, order: Order) -> tuple[Left, ...]:
        del order
        count = len(self.file.read_text("utf-8").splitlines()) if self.file.exists() else 0
        return (Left(self.name, count),) if count else ()

    async def look(self, order: Order, patterns: Patterns, *, masks: bool) -> Looked:
        del order, patterns, masks
        return Looked(posts=1)

    async def export(self, who: Identifiers) -> AsyncGenerator[tuple[str, Mapping[str, object]]]:
        del who
        for line in self.file.read_text("utf-8").splitlines():
            yield self.name, {"line": line}
