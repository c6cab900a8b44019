"""kill -9 at every statement, commit and delivery: nothing is lost, nothing happens twice.

R1 of the reliability plan. Pass: every update has its effect exactly once, no event is missing, the
chain holds, and a delivery goes out twice only where it is marked as a repeat.
"""

import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.postgres import Server
from tests.stages import MASTER_KEY
from tests.volume import sampled, volume

TICKETS = {
    "T-000001": ["We are on it.", "Words of u:1", "Words of u:2"],
    "T-000002": ["Words of u:3"],
}
IN_DOUBT = "ReplyDelivered"
"""Told once more where a reply's carrier died: nobody knows whether it arrived."""

Found = dict[str, Any]
Play = Callable[..., Found]


class Playhouse:
    """The one process that plays all cases: its imports cost more than a case."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.workload"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )

    def play(self, url: str, world: Path, deaths: tuple[int, ...]) -> Found:
        case = {"url": url, "world": str(world), "deaths": deaths, "master_key": MASTER_KEY}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(case) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="module")
def playhouse() -> Iterator[Playhouse]:
    house = Playhouse()
    yield house
    house.close()


@pytest.fixture
def on_sqlite(playhouse: Playhouse, sqlite_template: Path, tmp_path: Path) -> Play:
    def play(*deaths: int) -> Found:
        folder = tmp_path / "-".join(map(str, (0, *deaths)))
        folder.mkdir()
        shutil.copy(sqlite_template, folder / "desk.db")
        return playhouse.play(f"sqlite:///{folder / 'desk.db'}", folder / "world", deaths)

    return play


@pytest.fixture
def on_postgresql(
    playhouse: Playhouse, server: Server, postgres_template: str, tmp_path: Path
) -> Play:
    def play(*deaths: int) -> Found:
        name = server.new_database(postgres_template)
        found = playhouse.play(server.url(name), tmp_path / name, deaths)
        server.drop(name)
        return found

    return play


def test_a_day_without_a_death_is_the_measure(on_sqlite: Play):
    found = on_sqlite()

    assert wrong_with(found, found) == []
    assert found["points"] > 200
    assert all(line["repeat"] is False for line in found["world"])


def test_no_death_on_sqlite_loses_or_doubles_anything(on_sqlite: Play):
    whole = on_sqlite()
    points = sampled(range(1, whole["points"] + 1), 25)

    bad = {point: wrong for point in points if (wrong := wrong_with(on_sqlite(point), whole))}

    assert bad == {}


def test_no_death_on_postgresql_loses_or_doubles_anything(on_postgresql: Play):
    whole = on_postgresql()
    points = sampled(range(1, whole["points"] + 1), 8)

    bad = {point: wrong for point in points if (wrong := wrong_with(on_postgresql(point), whole))}

    assert bad == {}


def test_no_two_deaths_lose_or_double_anything(on_sqlite: Play):
    whole, random = on_sqlite(), Random(2)
    pairs = [
        (random.randint(1, whole["points"]), random.randint(1, whole["points"] // 3))
        for _ in range(volume(8, 300))
    ]

    bad = {pair: wrong for pair in set(pairs) if (wrong := wrong_with(on_sqlite(*pair), whole))}

    assert bad == {}


def wrong_with(found: Found, whole: Found) -> list[str]:
    """What is not as it would be without a death."""
    wrong: list[str] = []
    if found["tickets"] != TICKETS:
        wrong.append(f"tickets: {found['tickets']}")
    if found["chain"] or found["integrity"] != "ok":
        wrong.append(f"chain: {found['chain']} integrity: {found['integrity']}")
    if told(found) != told(whole):
        wrong.append(f"events: {found['events']}")
    if set(found["inbox"]) != {"done"} or len(found["inbox"]) != len(whole["inbox"]):
        wrong.append(f"inbox: {found['inbox']}")
    if len(found["outbox"]) < len(whole["outbox"]) or {"sending", "queued"} & set(found["outbox"]):
        wrong.append(f"outbox: {found['outbox']}")
    return [*wrong, *twice(found["world"]), *never(found, whole)]


def told(found: Found) -> dict[str, int]:
    return {kind: count for kind, count in found["events"].items() if kind != IN_DOUBT}


def twice(world: list[dict[str, Any]]) -> list[str]:
    """Deliveries that went out again without being marked as a repeat."""
    seen: set[str] = set()
    wrong: list[str] = []
    for line in world:
        if line["key"] in seen and not line["repeat"]:
            wrong.append(f"twice: {line['key']}")
        seen.add(line["key"])
    return wrong


def never(found: Found, whole: Found) -> list[str]:
    """Kinds of deliveries that went out less often, though nothing waits for a person."""
    expected, went = by_kind(whole), by_kind(found)
    missing = expected - went
    held_for_a_person = found["outbox"].count("dropped") - whole["outbox"].count("dropped")
    return [] if missing.total() <= held_for_a_person else [f"never: {dict(missing)}"]


def by_kind(found: Found) -> Counter[str]:
    """How many of each kind went out; of views, which show what they find, one is enough."""
    deliveries = {(line["key"], line["kind"]) for line in found["world"] if not line["is_view"]}
    views = {line["kind"] for line in found["world"] if line["is_view"]}
    return Counter([kind for _, kind in deliveries]) + Counter(views)
