"""Fixtures of the command line's tests."""

from pathlib import Path

import pytest

from tests.edges.cli.desk_commands import Commands, commands_at


@pytest.fixture
def commands(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Commands:
    return commands_at(sqlite_template, tmp_path, monkeypatch)


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of its own, and no token from outside."""
    monkeypatch.chdir(tmp_path)
    for name in ("TELEGRAM_BOT_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        monkeypatch.delenv(name, raising=False)
