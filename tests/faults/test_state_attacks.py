"""The judged volume of attacks on the state in short: `make volumes tampering` plays it whole."""

from pathlib import Path

import pytest

from tests.faults import state_attacks
from tests.faults.state_attacks import Tally, play
from tests.storage import test_guarded_rows
from tests.support.stores.stages import sqlite_place


async def struck(folder: Path) -> Tally:
    return await play(lambda: sqlite_place(folder / "desk.db"), "sqlite", ["publication"])


async def test_each_statement_is_counted_and_is_found_and_refused(tmp_path: Path):
    tally = await struck(tmp_path)

    assert tally.wrong == []
    assert tally.played == tally.found == tally.refused + tally.idle > 0


async def test_what_is_not_found_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    async def nothing(_: object) -> list[object]:
        return []

    monkeypatch.setattr(state_attacks, "findings", nothing)

    tally = await struck(tmp_path)

    assert tally.found == 0
    assert len(tally.wrong) == tally.played


def test_what_the_gate_plays_in_part_is_there_under_its_name():
    assert hasattr(test_guarded_rows, state_attacks.STRUCK)
