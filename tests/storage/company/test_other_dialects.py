"""What is written for MySQL is MySQL's own; no server of it is asked here."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import ClauseElement, Column, Integer, MetaData, String, Table
from sqlalchemy.dialects import mysql
from sqlalchemy.types import DateTime

from bot.domain.errors import Refused
from bot.domain.fulfilment.plan import PlanAction
from storage.company.blanks import blanks
from storage.company.column_values import exactly
from storage.company.connected import CompanyDatabase
from storage.company.data_map import Finders, MappedTable
from storage.company.dated import day_of, day_value
from storage.company.map_files import MapFiles
from storage.company.shape import ColumnShape, TableShape

SHAPES = {
    "id": ColumnShape(name="id", type=Integer(), is_nullable=False, is_unique=True),
    "email": ColumnShape(name="email", type=String(60), is_nullable=False, is_unique=True),
    "at": ColumnShape(name="at", type=DateTime()),
}
CUSTOMER = TableShape(
    name="customer",
    schema=None,
    bare_name="customer",
    columns=SHAPES,
    primary_key=("id",),
    table=Table("customer", MetaData(), *(Column(one.name, one.type) for one in SHAPES.values())),
)


def written(clause: ClauseElement) -> str:
    compiled: Any = clause.compile(dialect=mysql.dialect(), compile_kwargs={"literal_binds": True})
    return str(compiled)


def test_a_number_is_compared_by_its_bytes_not_by_a_collation():
    assert "hex(CAST(customer.email AS CHAR))" in written(
        exactly(CUSTOMER, SHAPES["email"], ["C-1"], "mysql")
    )


def test_a_unique_column_is_masked_by_the_rows_own_key():
    table = MappedTable(name="customer", found_by=Finders(email=("email",)), action=PlanAction.MASK)

    mask = blanks(table, CUSTOMER, ("email",), PlanAction.MASK)["email"]

    assert "concat" in written(mask)
    assert "CAST(customer.id AS CHAR)" in written(mask)


def test_a_day_is_compared_as_a_date():
    day = day_of(CUSTOMER.column("at"), SHAPES["at"], "mysql")

    assert written(day >= day_value(date(2026, 1, 1), "mysql")) == (
        "CAST(customer.at AS DATE) >= '2026-01-01'"
    )


def test_mariadb_counts_as_mysql():
    assert CompanyDatabase("crm", "mariadb://u@h/d", 10).backend == "mysql"


async def test_a_database_nobody_tried_takes_a_word():
    with pytest.raises(Refused, match=r"company\.url_unknown"):
        await MapFiles([], {}).draft("oracle://h/d")
