"""An internet provider's database with what real ones have, and its data map."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from bot.application.ports.sources import Order
from bot.domain.addresses import PersonId, RequestId
from bot.domain.fulfilment.identifiers import Identifier, IdentifierKind, Identifiers
from bot.domain.fulfilment.plan import SourcePlan
from bot.domain.requests.record import Subject
from storage.company.sql_source import SqlSource
from storage.company.written_map.map_file import read_map

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
AFTER_ALL = datetime(2040, 1, 1, tzinfo=UTC)
"""When no law keeps anything any more."""
RAHIMA = Identifiers(
    subject=Subject(person=PersonId("rahima")),
    values=(
        Identifier(IdentifierKind.EXTERNAL_ID, "C-1"),
        Identifier(IdentifierKind.EMAIL, "rahima@mail.example"),
        Identifier(IdentifierKind.PHONE, "+8801712345678"),
        Identifier(IdentifierKind.NAME, "Rahima Khatun"),
    ),
)
TABLES = """
CREATE TABLE district (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
CREATE TABLE customer (
  id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, full_name TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE, phone TEXT, "বাড়ির ঠিকানা" TEXT, nid TEXT UNIQUE,
  district_id INTEGER REFERENCES district (id),
  folded TEXT GENERATED ALWAYS AS (lower(email)) STORED
);
CREATE TABLE invoice (
  tenant INTEGER NOT NULL, number INTEGER NOT NULL, customer_id INTEGER REFERENCES customer (id),
  issued_on DATE, bill_name TEXT NOT NULL, bill_address TEXT, total NUMERIC(10, 2) NOT NULL,
  PRIMARY KEY (tenant, number)
);
CREATE TABLE "order" (
  id INTEGER PRIMARY KEY, tenant INTEGER, number INTEGER, "select" TEXT,
  FOREIGN KEY (tenant, number) REFERENCES invoice (tenant, number) ON DELETE CASCADE
);
CREATE TABLE session_log (customer_code TEXT, started TIMESTAMP NOT NULL, ip TEXT);
CREATE TABLE ticket (
  id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer (id) ON DELETE SET NULL,
  parent_id INTEGER REFERENCES ticket (id), body TEXT
);
CREATE TABLE newsletter (email TEXT, customer_code TEXT, asked_at TIMESTAMP);
CREATE TABLE audit_log (id INTEGER PRIMARY KEY, note TEXT, payload JSON, raw {blob});
CREATE VIEW people AS SELECT code, email FROM customer;
INSERT INTO district VALUES (1, 'Dhaka');
INSERT INTO customer (id, code, full_name, email, phone, "বাড়ির ঠিকানা", nid, district_id) VALUES
  (1, 'C-1', 'Rahima Khatun', 'Rahima@Mail.example', '01712-345678', 'Road 3', '1990', 1),
  (2, 'C-2', 'Karim Uddin', 'karim@mail.example', '+880 1812 345678', 'Road 4', NULL, 1),
  (3, 'c-1', 'Case Twin', 'twin@mail.example', NULL, NULL, NULL, NULL),
  (4, 'C-4', 'Rahima Khatun', 'namesake@mail.example', NULL, NULL, NULL, NULL);
INSERT INTO invoice VALUES
  (1, 1, 1, '2020-01-10', 'Rahima Khatun', 'Road 3', 500),
  (1, 2, 1, '2026-01-10', 'Rahima Khatun', 'Road 3', 600),
  (1, 3, 2, '2026-01-10', 'Karim Uddin', 'Road 4', 700),
  (2, 1, NULL, NULL, 'Nobody', NULL, 1);
INSERT INTO "order" VALUES (1, 1, 1, 'router'), (2, 1, 2, 'cable'), (3, 1, 3, 'router');
INSERT INTO session_log VALUES
  ('C-1', '2026-10-01 10:00:00', '10.0.0.1'), ('C-1', '2027-02-20 10:00:00', '10.0.0.1'),
  ('C-2', '2027-02-20 10:00:00', '10.0.0.2'), (NULL, '2027-02-20 10:00:00', '10.0.0.9');
INSERT INTO ticket VALUES (1, 1, NULL, 'My line is dead'), (2, 1, 1, 'Still dead'),
  (3, 2, NULL, 'Mine too'), (4, NULL, NULL, NULL);
INSERT INTO newsletter VALUES ('RAHIMA@mail.example', NULL, NULL),
  ('karim@mail.example', 'C-2', NULL), (NULL, NULL, NULL);
INSERT INTO audit_log VALUES (1, 'nothing', NULL, NULL);
"""
MAP = """
name: provider
url: ${PROVIDER_URL}
ignored: {audit_log: machine words}
defaults:
  purpose: {en: To serve customers, bn: গ্রাহকদের সেবা}
tables:
  customer:
    find: {external_id: code, email: email, phone: phone, name: full_name}
    personal: ["বাড়ির ঠিকানা", nid]
    action: delete
  invoice:
    find: {via: {customer_id: customer.id}}
    personal: [bill_name, bill_address]
    action: delete
    mask: {bill_name: "gone {key}"}
    retention: {law: bd-vat-2012, anchor: issued_on, minimise: [bill_name, bill_address]}
  order:
    find: {via: {tenant: invoice.tenant, number: invoice.number}}
    action: delete
    retention: {with: invoice, minimise: []}
  session_log:
    find: {via: {customer_code: customer.code}}
    personal: ip
    action: delete
    retention: {law: bd-btrc-isp-2020, anchor: started, minimise: []}
  ticket:
    find: {via: {customer_id: customer.id}}
    personal: body
    action: delete
    detach: parent_id
  newsletter:
    find: {email: email, external_id: customer_code}
    action: delete
    person: false
"""


@dataclass
class Provider:
    """The database, with a door of its own beside the source's."""

    url: str
    engine: Engine
    folder: Path

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    def run(self, *statements: str) -> None:
        with self.engine.begin() as connection:
            for one in statements:
                connection.exec_driver_sql(one)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table."""
        tables = [
            line.split()[2] for line in TABLES.splitlines() if line.startswith("CREATE TABLE")
        ]
        return {one: sorted(self.rows(f"SELECT * FROM {one}"), key=repr) for one in tables}

    def source(self, map_text: str = MAP) -> SqlSource:
        file = self.folder / "provider.yaml"
        file.write_text(map_text, encoding="utf-8")
        data_map, problems = read_map(file, {"PROVIDER_URL": self.url})
        assert data_map is not None, problems.found
        return SqlSource(data_map)


def provider_at(url: str, folder: Path) -> Provider:
    is_sqlite = url.startswith("sqlite")
    address = url if is_sqlite else url.replace("postgresql://", "postgresql+psycopg://")
    made = Provider(url, create_engine(address, poolclass=NullPool), folder)
    script = TABLES.format(blob="BLOB" if is_sqlite else "BYTEA")
    made.run(*(one for one in script.split(";") if one.strip()))
    return made


def an_order(
    plan: SourcePlan, who: Identifiers = RAHIMA, *, now: datetime = NOW, turn: int = 1
) -> Order:
    return Order(request=RequestId("r"), round=turn, who=who, plan=plan, now=now)


def known_by(*values: tuple[IdentifierKind, str]) -> Identifiers:
    subject = Subject(person=PersonId("somebody"))
    return Identifiers(subject=subject, values=tuple(Identifier(*one) for one in values))


def rows_by_place(plan: SourcePlan) -> dict[str, int]:
    """`customer.delete` and how many."""
    return {f"{one.place}.{one.action}": one.rows for one in plan.items}


def others(before: dict[str, Sequence[Any]], after: dict[str, Sequence[Any]]) -> set[str]:
    """Tables in which a row stands now that did not stand there so before."""
    return {
        name
        for name, rows in after.items()
        if not set(map(repr, rows)) <= set(map(repr, before[name]))
    }
