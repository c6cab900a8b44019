"""Fixtures of the command line's tests."""

from pathlib import Path

import pytest

from tests.edges.console.desk_commands import Commands, commands_at


@pytest.fixture
def commands(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Commands:
    return commands_at(sqlite_template, tmp_path, monkeypatch)
