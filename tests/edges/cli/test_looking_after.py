"""What an operator is told: by `doctor`, by `audit verify`, and of a file that is not there."""

import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from handlers.cli.cli import cli


@pytest.fixture(autouse=True)
def at_home(own_folder: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    monkeypatch.setenv("DATABASE_URL", "sqlite:///desk.db")


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, words)


def test_doctor_says_with_which_settings_run_would_not_start(monkeypatch: pytest.MonkeyPatch):
    without = run("doctor")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1:half")
    half = run("doctor")

    assert "ok    settings" in without.stdout
    assert half.exit_code == 1
    assert "SLACK_BOT_TOKEN: missing" in half.stdout


def test_a_broken_chain_is_named_by_its_row_and_gives_no_head():
    run("staff", "add", "U0BOB")
    whole = run("audit", "verify")
    with sqlite3.connect("desk.db") as store:
        store.execute("update event set actor = 'x' where seq = 2")

    broken = run("audit", "verify")

    assert len(whole.stdout.strip()) == 64
    assert broken.exit_code == 1
    assert broken.stdout == ""
    assert "Row 2" in broken.stderr


@pytest.mark.parametrize("expected", ["", "  ", "none", "5f0c", "g" * 64])
def test_a_head_that_is_none_is_no_pass(expected: str):
    run("staff", "add", "U0BOB")

    verified = run("audit", "verify", "--expect", expected)

    assert verified.exit_code == 1
    assert "is no head of the audit chain" in verified.stderr


@pytest.mark.parametrize("first", ["0", "1"])
def test_the_head_of_an_empty_chain_proves_nothing(first: str):
    run("staff", "add", "U0BOB")

    verified = run("audit", "verify", "--expect", "0" * 63 + first)

    assert verified.exit_code == 1
    assert verified.stdout == ""
    assert "proves nothing" in verified.stderr


def test_questions_that_cannot_be_read_are_refused_with_a_sentence():
    refused = run("ask", "--batch", "nosuch.jsonl")

    assert refused.exit_code == 1
    assert "nosuch.jsonl cannot be read" in refused.stderr


def test_a_damaged_row_is_refused_with_what_to_do(tmp_path: Path):
    (tmp_path / "list.csv").write_text(
        "external_id,name,company,email,phone,language,regime\nC-1,Ann,,ann@mail.example,,en,gdpr\n",
        encoding="utf-8",
    )
    run("clients", "import", "list.csv")
    with sqlite3.connect("desk.db") as store:
        store.execute("update person set name = x'0102030405060708090a0b0c0d0e0f10'")

    refused = run("clients", "list")

    assert refused.exit_code == 1
    assert "changed its records" in refused.stderr
    assert "audit verify" in refused.stderr
    assert "backup" in refused.stderr
