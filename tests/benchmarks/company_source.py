"""100,000 rows of one subject over 20 tables: `python -m tests.benchmarks.company_source [URL]`.

How long a plan takes, and an erasure beside the bare DELETE statements for the same rows on the
same kind of database. Figures are printed beside their limits, never asserted: machines differ.
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from sqlalchemy import Connection, create_engine, make_url, text

from bot.domain.fulfilment.identifiers import IdentifierKind
from storage.company.sql_source import SqlSource
from storage.company.written_map.map_file import read_map
from tests.support.builders.company_database import NOW, an_order, known_by

TABLES, ROWS, OTHERS = 19, 100_000, 2_000
PLAN_SECONDS, TIMES = 2.0, 3.0
WHO = known_by(
    (IdentifierKind.EXTERNAL_ID, "C-1"),
    (IdentifierKind.EMAIL, "c1@mail.example"),
    (IdentifierKind.PHONE, "+8801712345678"),
)


def fill(connection: Connection) -> None:
    """One table of customers and nineteen that hang on it, indexed as a company would."""
    for number in range(TABLES):
        connection.execute(text(f"DROP TABLE IF EXISTS item_{number}"))
    connection.execute(text("DROP TABLE IF EXISTS customer"))
    connection.execute(
        text(
            "CREATE TABLE customer"
            " (id INTEGER PRIMARY KEY, code TEXT UNIQUE, email TEXT, phone TEXT)"
        )
    )
    people = [
        {"id": one, "code": f"C-{one}", "email": f"c{one}@mail.example", "phone": f"0171{one:07}"}
        for one in range(1, OTHERS + 1)
    ]
    people[0]["phone"] = "01712-345678"
    connection.execute(text("INSERT INTO customer VALUES (:id, :code, :email, :phone)"), people)
    for number in range(TABLES):
        connection.execute(
            text(
                f"CREATE TABLE item_{number} (id INTEGER PRIMARY KEY,"
                " customer_id INTEGER NOT NULL REFERENCES customer (id), note TEXT)"
            )
        )
        mine = ROWS // TABLES
        rows = [
            {"id": one, "customer": 1 if one <= mine else one % (OTHERS - 1) + 2, "note": "x" * 80}
            for one in range(1, mine + OTHERS)
        ]
        connection.execute(text(f"INSERT INTO item_{number} VALUES (:id, :customer, :note)"), rows)
        connection.execute(text(f"CREATE INDEX by_{number} ON item_{number} (customer_id)"))


def data_map(file: Path, url: str) -> SqlSource:
    tables = "".join(
        f"  item_{number}:\n    find: {{via: {{customer_id: customer.id}}}}\n    action: delete\n"
        for number in range(TABLES)
    )
    file.write_text(
        "name: bench\nurl: ${URL}\ndefaults: {purpose: {en: x, bn: x}}\ntables:\n"
        "  customer:\n    find: {external_id: code, email: email, phone: phone}\n"
        f"    action: delete\n{tables}",
        encoding="utf-8",
    )
    found, problems = read_map(file, {"URL": url})
    assert found is not None, problems.found
    return SqlSource(found)


def bare_deletes(url: str) -> float:
    """The statements that a person would type, in one transaction; seconds."""
    engine = create_engine(driver(url))
    with engine.begin() as connection:
        fill(connection)
    started = time.perf_counter()
    with engine.begin() as connection:
        for number in range(TABLES):
            connection.execute(text(f"DELETE FROM item_{number} WHERE customer_id = 1"))
        connection.execute(text("DELETE FROM customer WHERE id = 1"))
    seconds = time.perf_counter() - started
    engine.dispose()
    return seconds


async def by_source(url: str, folder: Path) -> tuple[float, float, int]:
    """Seconds of a plan and of an erasure, and how many rows went."""
    engine = create_engine(driver(url))
    with engine.begin() as connection:
        fill(connection)
    engine.dispose()
    source = data_map(folder / "bench.yaml", url)
    started = time.perf_counter()
    plan = await source.plan(WHO, NOW)
    planned = time.perf_counter() - started
    started = time.perf_counter()
    erased = await source.erase(an_order(plan, WHO))
    return planned, time.perf_counter() - started, sum(erased.rows.values())


def driver(url: str) -> str:
    address = make_url(url)
    name = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql"}.get(address.drivername)
    return (address.set(drivername=name) if name else address).render_as_string(hide_password=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", nargs="?", help="an empty database; default: a new SQLite file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = options.url or f"sqlite:///{folder}/company.db"
        bare = min(bare_deletes(url) for _ in range(3))
        runs = [asyncio.run(by_source(url, Path(folder))) for _ in range(3)]
    planned, erased = min(one[0] for one in runs), min(one[1] for one in runs)
    print(f"{runs[0][2]} rows of one subject in {TABLES + 1} tables")
    print(f"plan {planned:.2f} s (limit {PLAN_SECONDS:.0f} s)")
    print(
        f"erase {erased:.2f} s, bare deletes {bare:.2f} s: {erased / bare:.1f} times"
        f" (limit {TIMES:.0f} times)"
    )


if __name__ == "__main__":
    main()
