"""`privacydesk staff` and `privacydesk heal`, from the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from handlers.cli.cli import cli

NEEDED = (
    "TELEGRAM_BOT_TOKEN",
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SUPPORT_CHANNEL",
    "SLACK_PRIVACY_CHANNEL",
)


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of its own, and no setting from outside."""
    monkeypatch.chdir(tmp_path)
    for name in NEEDED:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///desk.db")


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, words)


def listed() -> dict[str, str]:
    rows = json.loads(run("staff", "list", "--json").stdout)
    return {row["slack_user"]: row["role"] for row in rows}


def test_the_list_of_staff_is_kept_from_one_command_to_the_next():
    run("staff", "add", "U0BOB")
    run("staff", "add", "U0SAL", "--role", "approver", "--as", "U0BOB")
    run("staff", "role", "U0BOB", "approver", "--as", "U0BOB")
    run("staff", "remove", "U0SAL", "--as", "U0BOB")

    assert listed() == {"U0BOB": "approver"}
    assert "U0BOB" in run("staff", "list").stdout


def test_somebody_who_is_not_on_the_list_is_refused_with_a_sentence():
    run("staff", "add", "U0BOB")

    refused = run("staff", "remove", "U0NOT", "--as", "U0BOB")

    assert refused.exit_code == 1
    assert "not on the list" in refused.stderr


def test_heal_names_all_that_it_lacks():
    refused = run("heal")

    assert refused.exit_code == 1
    assert [name for name in NEEDED if f"{name}: missing" not in refused.stderr] == []
