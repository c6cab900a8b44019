"""Only starting and setting up make a database: a mistyped address is refused, or spoken of."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from handlers.cli.cli import cli

HEADER = "external_id,name,company,email,phone,language,regime\n"
WORK = (
    "tickets list",
    "tickets show T-000001",
    "tickets export",
    "requests list",
    "questions list",
    "staff list",
    "staff remove U0BOB",
    "clients list",
    "policy versions",
    "audit verify",
)
SET_UP = ("clients import clients.csv", "staff add U0BOB", "policy publish")


@pytest.fixture(autouse=True)
def at_home(own_folder: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    monkeypatch.setenv("DATABASE_URL", "sqlite:///mistyped.db")
    Path("clients.csv").write_text(HEADER, encoding="utf-8")


def run(words: str) -> Result:
    return CliRunner().invoke(cli, words.split())


@pytest.mark.parametrize("words", WORK)
def test_work_on_a_database_that_is_not_there_is_refused_and_makes_nothing(words: str):
    refused = run(words)

    assert refused.exit_code == 1
    assert "no desk's database at mistyped.db yet" in refused.stderr
    assert "privacydesk run" in refused.stderr
    assert [*Path().glob("mistyped*")] == []


@pytest.mark.parametrize("words", SET_UP)
def test_setting_up_may_come_before_the_first_start_and_says_what_it_made(
    words: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PRIVACYDESK_AS", "U0BOB")
    first, again = run(words), run(words)

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "A new database was made at mistyped.db" in first.stderr
    assert "new database" not in again.stderr


def test_doctor_makes_nothing_and_says_that_there_is_none_yet():
    looked = run("doctor")

    assert looked.exit_code == 0
    assert "no database at mistyped.db yet" in looked.stdout
    assert [*Path().glob("mistyped*")] == []
