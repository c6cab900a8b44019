"""The judged volume of restored backups in short: `make volumes restores` plays it whole."""

from pathlib import Path

from tests.faults.restores import play
from tests.volume import seed, volume


async def test_whoever_was_erased_since_a_backup_stays_erased(tmp_path: Path, bare_ground: str):
    found = await play(tmp_path, bare_ground, erased=3, runs=volume(1, 10), number=seed())

    assert found.back == []
    assert found.wrong == []
