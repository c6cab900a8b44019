"""The judged volume of kills in short: `make volumes kills` plays it whole."""

from pathlib import Path

from tests.faults.live.kills import MODES, play
from tests.volume import seed, volume


async def test_kills_and_faults_at_once_lose_and_double_nothing(tmp_path: Path, bare_ground: str):
    mode = MODES[seed() % len(MODES)]

    verdict, kills, _ = await play(tmp_path, bare_ground, mode, seed(), volume(5, 60))

    assert verdict.wrong == {}
    assert kills
