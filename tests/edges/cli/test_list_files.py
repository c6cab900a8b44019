"""`privacydesk clients import`: files as spreadsheets save them, and what the command ends with."""

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.application.client_list.queries import listed_people
from handlers.cli.cli import cli
from handlers.cli.output import Exit
from handlers.runtime.composition import open_desk
from handlers.settings import read_settings

LIST = "external_id;name;email\nC-1;রহিমা Ünal;rahima@mail.example\n"


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///desk.db")


def imported(raw: bytes, *more: str) -> Result:
    Path("list.csv").write_bytes(raw)
    return CliRunner().invoke(cli, ["clients", "import", "list.csv", *more])


def names() -> list[str]:
    listed = CliRunner().invoke(cli, ["clients", "list", "--json"])
    return [one["external_id"] for one in json.loads(listed.stdout)]


async def people() -> list[str]:
    async with open_desk(read_settings()) as desk:
        return [one.name for one in await desk.bus.look(listed_people, limit=10, offset=0)]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-16-be-bom"]
)
def test_a_list_is_read_in_every_encoding_that_can_be_told_for_sure(encoding: str):
    text = LIST.encode("utf-16-be") if encoding == "utf-16-be-bom" else LIST.encode(encoding)
    before = b"\xfe\xff" if encoding == "utf-16-be-bom" else b""

    ended = imported(before + text)

    assert ended.exit_code == Exit.DONE, ended.output
    assert asyncio.run(people()) == ["রহিমা Ünal"]


@pytest.mark.parametrize(
    "raw",
    [
        b"external_id,name\nC-1,Ann\n" * 300 + "C-2,Zoë\n".encode("cp1252"),
        b"PK\x03\x04\x14\x00\xff\xd8",
        b"\xff\xfee\x00x\x00t",
    ],
)
def test_what_cannot_be_told_is_refused_whole_with_the_one_thing_to_do(raw: bytes):
    ended = imported(raw)

    assert ended.exit_code == Exit.REFUSED
    assert 'save it as "CSV UTF-8"' in ended.stderr
    assert names() == []


def test_refused_rows_end_with_one_and_all_their_mistakes_are_told():
    raw = b"external_id,name,email,phone\nC-1,Ann,,\nC-2,,nobody,8.8E+12\n"

    ended = imported(raw)
    told = json.loads(imported(raw, "--json").stdout)["refused"]

    assert ended.exit_code == Exit.REFUSED
    assert names() == ["C-1"]
    assert all(words in ended.stderr for words in ("name is empty", "no e-mail", "cut the number"))
    assert [one["column"] for one in told[0]["mistakes"]] == ["phone", "name", "email", "phone"]


def test_a_dry_run_ends_as_the_import_would():
    assert imported(b"external_id,name\nC-1,\n", "--dry-run").exit_code == Exit.REFUSED
    assert imported(b"external_id,name\nC-1,Ann\n", "--dry-run").exit_code == Exit.DONE


def test_no_bar_is_drawn_where_nobody_looks():
    assert "%" not in imported(LIST.encode()).output
