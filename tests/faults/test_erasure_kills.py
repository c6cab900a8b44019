"""kill -9 at every point of an erasure with four sources: it completes once, and nothing is back.

Pass: one certificate, one set of notices (a repeat only where it is marked as one), every row of
the subject gone, everybody else's there, no key left, the chain holds, and whoever wrote from the
same chat meanwhile is a new client.
"""

import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.dying_sources import OTHERS
from tests.support.stores.postgres import Server
from tests.support.stores.stages import MASTER_KEY
from tests.volume import sampled

Found = dict[str, Any]
Play = Callable[..., Found]
LAST = ("LastWord", "LastMail")


@pytest.fixture(scope="module")
def playing() -> Iterator[Callable[[str, Path, tuple[int, ...]], Found]]:
    """The one process that plays all cases: its imports cost more than a case."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.erasure_day"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdin is not None
    assert process.stdout is not None
    told, heard = process.stdin, process.stdout

    def play(url: str, folder: Path, deaths: tuple[int, ...]) -> Found:
        case = {"url": url, "folder": str(folder), "deaths": deaths, "master_key": MASTER_KEY}
        told.write(json.dumps(case) + "\n")
        told.flush()
        return json.loads(heard.readline())

    yield play
    process.communicate()


@pytest.fixture
def on_sqlite(playing: Callable[..., Found], sqlite_template: Path, tmp_path: Path) -> Play:
    def play(*deaths: int) -> Found:
        folder = tmp_path / "-".join(map(str, (0, *deaths)))
        folder.mkdir()
        shutil.copy(sqlite_template, folder / "desk.db")
        return playing(f"sqlite:///{folder / 'desk.db'}", folder, deaths)

    return play


@pytest.fixture
def on_postgresql(
    playing: Callable[..., Found], server: Server, postgres_template: str, tmp_path: Path
) -> Play:
    def play(*deaths: int) -> Found:
        folder = tmp_path / "-".join(map(str, (0, *deaths)))
        folder.mkdir()
        name = server.new_database(postgres_template)
        found = playing(server.url(name), folder, deaths)
        server.drop(name)
        return found

    return play


def test_an_erasure_without_a_death_is_the_measure(on_sqlite: Play):
    found = on_sqlite()

    assert wrong_with(found) == []
    assert found["points"] > 40


def test_no_death_on_sqlite_leaves_an_erasure_half_done(on_sqlite: Play):
    points = sampled(range(1, on_sqlite()["points"] + 1), 4, 60)

    bad = {point: wrong for point in points if (wrong := wrong_with(on_sqlite(point)))}

    assert bad == {}


def test_no_death_on_postgresql_leaves_an_erasure_half_done(on_postgresql: Play):
    points = sampled(range(1, on_postgresql()["points"] + 1), 2, 30)

    bad = {point: wrong for point in points if (wrong := wrong_with(on_postgresql(point)))}

    assert bad == {}


def wrong_with(found: Found) -> list[str]:
    """What is not as it should be."""
    said = Counter(one["kind"] for one in found["world"])
    unmarked = Counter(one["kind"] for one in found["world"] if not one["repeat"])
    wrong = {
        "the chain": found["chain"],
        "no certificate, or two": found["certificates"] != 1,
        "it did not end once": (found["fulfilled"], found["state"]) != (1, "fulfilled"),
        "never said": [one for one in LAST if not said[one]],
        "said twice without saying so": [one for one in LAST if unmarked[one] > 1],
        "the request's key": found["request_key"],
        "who it was is known": not (found["is_forgotten"] and found["is_erased"]),
        "rows": found["rows"] if found["rows"] != OTHERS else None,
    }
    return [f"{what}: {how}" for what, how in wrong.items() if how]
