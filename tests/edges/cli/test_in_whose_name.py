"""`--as`, as an operator types it, and who the operating system says that was."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.addresses import Role
from handlers import os_user as machine
from handlers.os_user import os_user
from tests.edges.cli.desk_commands import Commands, put_on_the_list

WRITTEN = (
    "requests open T-000001 --type access",
    "requests name R-000001 C-1",
    "requests hand-over R-000001 --note x",
    "tickets reply T-000001 hello",
    "tickets note T-000001 hello",
    "tickets assign T-000001 nobody",
    "tickets resolve T-000001 --resolution done --tag x",
    "tickets show T-000001",
    "staff add U0EVE",
    "staff role U0SAL agent",
    "staff remove U0SAL",
    "clients import clients.csv",
    "clients merge C-1 C-2",
    "clients unlock C-1",
    "clients show C-1",
    "questions link q 1",
    "questions silent q",
    "questions keep l",
    "questions unlink l",
    "policy publish",
)


@pytest.fixture
def staffed(commands: Commands) -> Commands:
    commands.on_store(put_on_the_list, slack_user="U0SAL")
    commands.on_store(put_on_the_list, slack_user="U0BOB", role=Role.AGENT)
    commands.write("clients.csv", "external_id,name\nC-1,Ann\n")
    return commands


def events(commands: Commands) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(commands.folder / "desk.db")) as database:
        return database.execute("SELECT type, os_user FROM event ORDER BY seq").fetchall()


@pytest.mark.parametrize("words", WRITTEN)
def test_without_a_name_a_command_is_refused_and_names_the_option(staffed: Commands, words: str):
    refused = staffed.run(*words.split())

    assert refused.exit_code == 1
    assert "--as SLACK_USER" in refused.stderr


def test_every_event_of_a_command_holds_the_user_of_the_machine_and_the_chain_holds(
    staffed: Commands,
):
    done = staffed.run("staff", "add", "U0EVE", "--role", "approver", "--as", "U0SAL")

    assert done.exit_code == 0
    kinds = {kind: user for kind, user in events(staffed) if kind in ("StaffAdded", "ActedAtShell")}
    assert kinds == {"StaffAdded": os_user(), "ActedAtShell": os_user()}
    assert "counts from" in staffed.run("staff", "list").stdout
    assert staffed.run("audit", "verify").exit_code == 0


def test_who_typed_it_cannot_be_taken_out_or_put_in_afterwards(staffed: Commands):
    staffed.run("staff", "add", "U0EVE", "--as", "U0SAL")
    for value in ("NULL", "'alice (1001)'"):
        with closing(sqlite3.connect(staffed.folder / "desk.db")) as database:
            database.execute(f"UPDATE event SET os_user = {value} WHERE type = 'StaffAdded'")
            database.commit()

        assert staffed.run("audit", "verify").exit_code == 1


def test_a_shell_may_say_once_whose_it_is(staffed: Commands, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PRIVACYDESK_AS", "U0SAL")

    assert staffed.run("clients", "import", "clients.csv").exit_code == 0
    assert staffed.run("clients", "show", "C-1", "--as", "U0BOB").exit_code == 0


def test_a_job_imports_and_a_person_and_a_job_at_once_are_wrong_usage(staffed: Commands):
    imported = staffed.run("clients", "import", "clients.csv", "--as-service", "nightly")
    both = staffed.run("clients", "import", "clients.csv", "--as", "U0SAL", "--as-service", "x")

    assert (imported.exit_code, both.exit_code) == (0, 2)


def test_who_became_another_user_is_named_twice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    login = tmp_path / "loginuid"
    monkeypatch.setattr(machine, "LOGIN", login)
    monkeypatch.delenv("SUDO_UID", raising=False)
    plain = os_user()

    login.write_text("54321\n")
    by_kernel = os_user()
    login.unlink()
    monkeypatch.setenv("SUDO_UID", "54321")
    by_sudo = os_user()

    assert plain.endswith(f"({os.getuid()})")
    assert by_kernel == by_sudo == f"{plain}, logged in as ? (54321)"
