"""A well-known shop's database, where it lies beside the project: mapped as a newcomer would."""

import re
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from bot.domain.fulfilment.identifiers import IdentifierKind
from storage.company.map_files import MapFiles
from storage.company.sql_source import SqlSource
from storage.company.written_map.map_file import read_map
from tests.inputs import BESIDE
from tests.support.builders.company_database import NOW, an_order, known_by

SCRIPTS = BESIDE / "schemas" / "chinook"
WHO = known_by((IdentifierKind.EMAIL, "luisg@embraer.com.br"))
COUNTED = {"customer": 58, "invoice": 405, "invoiceline": 2202, "employee": 8, "track": 3503}

pytestmark = pytest.mark.skipif(
    not SCRIPTS.exists(), reason="the schemas beside the project are not there"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        found = f"sqlite:///{tmp_path / 'chinook.db'}"
        script = (SCRIPTS / "Chinook_Sqlite.sql").read_text("utf-8-sig")
        engine = create_engine(found, poolclass=NullPool)
        with engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.executescript(script)
        return found
    server = request.getfixturevalue("server")
    found = server.url(server.new_database())
    script = (SCRIPTS / "Chinook_PostgreSql.sql").read_text("utf-8-sig")
    script = re.sub(r"^(DROP DATABASE|CREATE DATABASE|\\c).*$", "", script, flags=re.MULTILINE)
    with engine_of(found).begin() as connection:
        connection.exec_driver_sql(script.replace("%", "%%"))
    return found


def engine_of(url: str):
    return create_engine(url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)


def everything(url: str) -> dict[str, list[str]]:
    """Every row of every table, by the table's name without its spelling."""
    with engine_of(url).connect() as connection:
        asked = "SELECT name FROM sqlite_master WHERE type = 'table'"
        if not url.startswith("sqlite"):
            asked = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        names = [name for (name,) in connection.execute(text(asked))]
        return {
            name.lower().replace("_", ""): sorted(
                str(tuple(row)) for row in connection.execute(text(f'SELECT * FROM "{name}"'))
            )
            for name in names
        }


async def mapped(url: str, folder: Path, *, with_law: bool) -> SqlSource:
    file = folder / "chinook.yaml"
    maps = MapFiles([file], {})
    draft = await maps.draft(url)
    if not with_law:
        draft = re.sub(r"    retention:\n(      .*\n)+", "", draft)
    file.write_text(draft.replace("phone_region: BD", "phone_region: BR"), encoding="utf-8")
    assert (await maps.check())[0].is_good
    data_map, problems = read_map(file, {})
    assert data_map is not None, problems.found
    return SqlSource(data_map)


async def test_the_draft_finds_one_customer_with_all_that_hangs_on_it(url: str, tmp_path: Path):
    source = await mapped(url, tmp_path, with_law=False)

    plan = await source.plan(WHO, NOW)

    assert plan.subjects == 1
    assert [one.rows for one in plan.items] == [1, 7, 38]


async def test_an_erasure_leaves_every_other_row_as_it_was(url: str, tmp_path: Path):
    source = await mapped(url, tmp_path, with_law=False)
    before = everything(url)

    await source.erase(an_order(await source.plan(WHO, NOW), WHO))

    after = everything(url)
    assert {name: len(after[name]) for name in COUNTED} == COUNTED
    assert all(set(rows) <= set(before[name]) for name, rows in after.items())
    assert await source.verify(an_order(await source.plan(WHO, NOW), WHO)) == ()


async def test_with_a_law_the_books_stay_whole_and_say_less(url: str, tmp_path: Path):
    source = await mapped(url, tmp_path, with_law=True)
    before = everything(url)

    await source.erase(an_order(await source.plan(WHO, NOW), WHO))

    after = everything(url)
    assert {name: len(rows) for name, rows in after.items()} == {
        name: len(rows) for name, rows in before.items()
    }
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"customer", "invoice"}
    assert len(set(after["customer"]) - set(before["customer"])) == 1
    assert len(set(after["invoice"]) - set(before["invoice"])) == 7
