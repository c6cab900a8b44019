"""The judged volume of killed rotations in short: `make volumes rotations` plays it whole."""

from pathlib import Path

from tests.faults.rotation_kills import play
from tests.volume import seed, volume


async def test_a_killed_rotation_loses_nothing_and_leaves_one_key(tmp_path: Path, bare_ground: str):
    found = await play(tmp_path, bare_ground, volume(2, 10), seed())

    assert found.wrong == []
    assert found.whole >= 2
