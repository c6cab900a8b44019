"""--sandbox: a command finds the store, the settings and the time of the sandbox in its folder."""

import json
from asyncio import to_thread
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from bot.domain.errors import Refused
from handlers.cli.cli import cli
from handlers.runtime.composition import premises
from handlers.runtime.desk_start import sandbox_desk
from handlers.sandbox.environment import sandbox_environment
from handlers.sandbox.own_store import keep_offset, keep_settings, kept_offset, kept_settings
from handlers.settings import Settings

WITHOUT = (
    "bench answers",
    "bench calibrate",
    "bench train",
    "certificate verify",
    "policy check",
    "policy show",
    "policy translations",
    "run",
    "sources suggest",
    "tour",
)
"""Commands that open no store, or bring their own."""


def called(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def every_command(group: click.Group = cli, path: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from every_command(command, f"{path}{name} ")
        else:
            yield f"{path}{name}", command


@pytest.fixture
async def ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a sandbox that ran and has ended."""
    monkeypatch.chdir(tmp_path)
    settings = Settings(_env_file=None)  # pyright: ignore[reportCallIssue]
    async with sandbox_environment(with_page=False) as world, sandbox_desk(settings, world):
        world.clock.advance(timedelta(days=3))
    return tmp_path / ".sandbox"


def test_every_command_that_opens_a_store_has_it():
    lacking = [
        path
        for path, command in every_command()
        if not any("--sandbox" in option.opts for option in command.params)
    ]

    assert lacking == sorted(WITHOUT)


@pytest.mark.usefixtures("own_folder")
@pytest.mark.parametrize("command", ["tickets list", "audit verify", "doctor", "heal", "ask how"])
def test_where_no_sandbox_ever_ran_it_is_said(command: str, tmp_path: Path):
    refused = called(*command.split(), "--sandbox")

    assert refused.exit_code == 1
    assert "No sandbox has run in this folder" in refused.stderr
    assert list(tmp_path.iterdir()) == []


async def test_a_command_works_on_what_the_sandbox_left(ran: Path):
    listed = await to_thread(called, "clients", "list", "--sandbox")
    verified = await to_thread(called, "audit", "verify", "--sandbox")

    assert listed.output.count("C-100") == 3
    assert (listed.exit_code, verified.exit_code) == (0, 0)
    assert not (ran.parent / "privacydesk.db").exists()


async def test_the_companys_rows_are_previewed_at_the_time_of_the_sandbox(ran: Path):
    shown = await to_thread(called, "sources", "preview", "C-1001", "--sandbox", "--json")

    assert shown.exit_code == 0
    (plan,) = json.loads(shown.output)
    assert plan["source"] == "padma-net"
    assert ran.exists()


async def test_without_it_the_store_of_the_settings_is_meant(ran: Path):
    refused = await to_thread(called, "clients", "list")

    assert refused.exit_code == 1
    assert ran.exists()


@pytest.mark.usefixtures("ran")
async def test_a_command_lives_at_the_time_of_the_sandbox():
    there = premises(in_sandbox=True)

    assert there.clock is not None
    assert there.clock.offset == timedelta(days=3)
    assert premises(in_sandbox=False).clock is None


@pytest.mark.usefixtures("ran")
async def test_the_settings_of_the_sandbox_count_and_its_tokens_are_its_owners():
    there = premises(in_sandbox=True)

    assert there.settings.slack_approvers == ("U0JAMIL", "U0SALMA")
    assert there.settings.telegram_api_base_url.startswith("http://127.0.0.1:")
    assert (Path(".sandbox") / "settings.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("kept", ["", "[]", "{", "null"])
def test_what_is_left_and_is_not_whole_is_no_sandbox(kept: str, tmp_path: Path):
    (tmp_path / "desk.db").touch()
    (tmp_path / "settings.json").write_text(kept, "utf-8")

    with pytest.raises(Refused, match="never_ran"):
        kept_settings(tmp_path)


def test_settings_and_clock_are_read_as_they_were_kept(tmp_path: Path):
    (tmp_path / "desk.db").touch()
    keep_settings(tmp_path, {"SMTP_URL": "smtp://127.0.0.1:1"})

    assert kept_settings(tmp_path) == {"SMTP_URL": "smtp://127.0.0.1:1"}
    assert kept_offset(tmp_path) == timedelta(0)
    keep_offset(tmp_path, timedelta(days=3, hours=1))
    assert kept_offset(tmp_path) == timedelta(days=3, hours=1)
