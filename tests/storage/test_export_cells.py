"""Cells of an export: no formula for a spreadsheet, nothing cut in silence, all reads back."""

import csv
import io
import json

import pytest

from storage.spreadsheet_cells import LONGEST, RISKY, guarded
from storage.types import mended
from tests.inputs import hostile_strings
from tests.support.builders.exports import as_records, as_rows, exported, one_worked_ticket
from tests.support.stores.stages import Stage, a_message, a_ticket, an_account
from tests.volume import sampled

SIGNS = tuple("=+-@＝＋－＠")
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x"]


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
async def test_no_cell_is_a_formula(stored: Stage, text: str):
    async with stored.writing() as work:
        ticket = await a_ticket(work, await an_account(work, name=text), subject=text)
        ticket.set_tags([text, "x"])

    (row,) = await as_rows(stored, personal=True)

    assert row["client"] == row["subject"] == guarded(text)
    assert row["client"].startswith("'")
    assert not [name for name, cell in row.items() if cell.startswith(RISKY)]


async def test_whatever_people_write_reads_back_from_csv_and_jsonl(stored: Stage):
    known = map(mended, sampled(hostile_strings(), 300))
    strings = [*FORMULAS, "\0", "a\0b", "\u2028", '"', "'=1", ",", "\r\n", *known]
    async with stored.writing() as work:
        account = await an_account(work)
        for text in strings:
            await a_ticket(work, account, subject=text)

    rows = await as_rows(stored, personal=True)
    text = await exported(stored, form="jsonl", personal=True)
    records = [json.loads(line) for line in text.split("\n")[:-1]]

    assert [record["subject"] for record in records] == strings
    assert [row["subject"] for row in rows] == [guarded(text) for text in strings]
    assert text.encode()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
async def test_no_cell_is_a_formula_by_whatever_separator(stored: Stage, separator: str):
    torn = [f"wrong total{sign}{gap}=1+2" for sign in ";|\t\n\r" for gap in ("", " ", '"', "' ")]
    async with stored.writing() as work:
        for text in (*torn, "=1+1;@SUM(1)", "a;=1;=2", "x\t＝1"):
            ticket = await a_ticket(work, await an_account(work, name=text), subject=text)
            await a_message(work, ticket, text)
            ticket.set_tags([text, "-x"])

    text = await exported(stored, form="csv", personal=True)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))

    bare = [cell.lstrip(' "') for row in rows for cell in row]
    assert not [cell for cell in bare if cell.startswith(SIGNS)]


async def test_every_cell_below_the_heading_is_quoted(stored: Stage):
    await one_worked_ticket(stored)

    _, line, _ = (await exported(stored, form="csv")).split("\r\n")

    assert line.startswith('"T-000001","support",')
    assert all(cell[0] == cell[-1] == '"' for cell in line.split(","))


async def test_a_cell_is_cut_with_a_mark_where_spreadsheets_cut_it_in_silence(stored: Stage):
    async with stored.writing() as work:
        ticket = await a_ticket(work)
        for _ in range(12):
            await a_message(work, ticket, "🙂" * 1800)

    (row,) = await as_rows(stored, personal=True)
    (record,) = await as_records(stored, personal=True)

    assert len(row["talk"].encode("utf-16-le")) // 2 in (LONGEST - 1, LONGEST)
    assert "more characters would not fit" in row["talk"][-120:]
    assert sum(len(word["text"]) for word in record["talk"]) == 12 * 1800
