"""The sandbox's folder: one sandbox at a time, and a sentence where it cannot be used."""

import asyncio
import errno
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.domain.errors import Refused
from handlers.cli.cli import cli
from handlers.sandbox import start
from handlers.sandbox.start import own_folder

HOLD = """
import sys
from pathlib import Path
from handlers.sandbox.start import own_folder
with own_folder(Path(sys.argv[1])):
    print("mine", flush=True)
    sys.stdin.readline()
"""


async def test_a_second_sandbox_is_refused_until_the_first_died_however_it_died(tmp_path: Path):
    folder = tmp_path / ".sandbox"
    first = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", HOLD, str(folder)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert first.stdout is not None
    assert await first.stdout.readline() == b"mine\n"
    (folder / "desk.db").write_text("the first one's store")

    with pytest.raises(Refused, match="runs_already"), own_folder(folder):
        pass
    assert (folder / "desk.db").exists()

    first.kill()
    await first.wait()
    with own_folder(folder):
        assert not (folder / "desk.db").exists()


@pytest.mark.skipif(start.fcntl is None, reason="this system has no such locks")
def test_a_folder_whose_file_system_has_no_locks_is_used_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "no locks here")

    monkeypatch.setattr(start.fcntl, "flock", refuse)

    with own_folder(tmp_path / ".sandbox"):
        assert (tmp_path / ".sandbox").is_dir()


def test_a_file_in_the_folders_place_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    for name in ("TELEGRAM_BOT_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".sandbox").write_text("mine", encoding="utf-8")

    refused = CliRunner().invoke(cli, ["run"])

    assert refused.exit_code == 1
    assert ".sandbox is a file" in refused.stderr
    assert (tmp_path / ".sandbox").read_text(encoding="utf-8") == "mine"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path):
    with pytest.raises(Refused, match="not_writable"), own_folder(tmp_path / "no" / "where"):
        pass
