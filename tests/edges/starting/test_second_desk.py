"""One desk a SQLite file: a second one is refused by name, and a dead one holds nothing."""

import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.errors import Refused
from storage.instance_lock import only_desk_on
from tests.edges.away import LIVE

NOW = datetime(2026, 11, 29, 9, 30, tzinfo=UTC)
HOLD = """
import sys
from datetime import UTC, datetime
from storage.instance_lock import only_desk_on
with only_desk_on(sys.argv[1], datetime(2026, 11, 29, 9, 30, tzinfo=UTC)):
    print("mine", flush=True)
    sys.stdin.readline()
"""


async def a_desk_on(url: str) -> asyncio.subprocess.Process:
    desk = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", HOLD, url),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert desk.stdout is not None
    assert await desk.stdout.readline() == b"mine\n"
    return desk


async def test_a_second_desk_is_told_which_one_runs_until_that_died_however_it_died(
    tmp_path: Path,
):
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    first = await a_desk_on(url)

    with pytest.raises(Refused, match="runs_already") as refused, only_desk_on(url, NOW):
        pass
    first.kill()
    await first.wait()

    told = refused.value.params
    assert told["pid"] == str(first.pid)
    assert told["host"] == os.uname().nodename
    assert told["since"] == "2026-11-29T09:30:00Z"
    with only_desk_on(url, NOW):
        assert (tmp_path / "desk.db.lock").stat().st_mode & 0o777 == 0o600


async def test_another_way_to_the_same_file_is_the_same_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "desk.db").touch()
    (tmp_path / "link.db").symlink_to(tmp_path / "desk.db")
    (tmp_path / "folder").symlink_to(tmp_path)
    monkeypatch.chdir(tmp_path)
    first = await a_desk_on(f"sqlite:///{tmp_path / 'desk.db'}")

    for way in ("desk.db", "link.db", "folder/desk.db", "../" + tmp_path.name + "/desk.db"):
        with pytest.raises(Refused), only_desk_on(f"sqlite:///{way}", NOW):
            pass

    with only_desk_on("sqlite:///other.db", NOW):
        first.kill()
        await first.wait()


def test_postgresql_may_have_several_desks():
    url = "postgresql://nobody@127.0.0.1:9/none"

    with only_desk_on(url, NOW), only_desk_on(url, NOW):
        pass


async def test_run_beside_a_running_desk_changes_nothing_and_says_why(tmp_path: Path):
    first = await a_desk_on(f"sqlite:///{tmp_path / 'desk.db'}")

    second = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "handlers", "run"),
        cwd=tmp_path,
        env=os.environ | LIVE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        _, said = await second.communicate()
    first.kill()
    await first.wait()

    assert second.returncode == 1
    assert f"process {first.pid} on".encode() in said
    assert [file.name for file in tmp_path.iterdir()] == ["desk.db.lock"]
