"""kill -9 at every statement, commit and delivery: nothing is lost, nothing happens twice.

Pass: every update has its effect exactly once, no event is missing, the chain holds, and a delivery
goes out twice only where it is marked as a repeat (docs/design/engine.md, "When nobody knows").
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

from tests.support.stores.postgres import Server
from tests.support.stores.stages import MASTER_KEY
from tests.volume import sampled, seed, volume

TICKETS = {
    "T-000001": ["We are on it.", "Words of u:1", "Words of u:2"],
    "T-000002": ["Words of u:3"],
}
WORDS = ("PostMessage", "Relay")
"""Deliveries that carry what somebody said; all others show how things stand."""
KNOWN = ((185, 101), (189, 134), (197, 126), (213, 126))
"""Pairs that a night called lost: the reply was back with staff, one card showed two changes."""
IN_DOUBT = "ReplyDelivered"
"""Told once more where a reply's carrier died: nobody knows whether it arrived."""

Found = dict[str, Any]
Play = Callable[..., Found]


class PlayGround:
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
def playground() -> Iterator[PlayGround]:
    context = PlayGround()
    yield context
    context.close()


@pytest.fixture
def on_sqlite(playground: PlayGround, sqlite_template: Path, tmp_path: Path) -> Play:
    def play(*deaths: int) -> Found:
        folder = tmp_path / "-".join(map(str, (0, *deaths)))
        folder.mkdir()
        shutil.copy(sqlite_template, folder / "desk.db")
        return playground.play(f"sqlite:///{folder / 'desk.db'}", folder / "world", deaths)

    return play


@pytest.fixture
def on_postgresql(
    playground: PlayGround, server: Server, postgres_template: str, tmp_path: Path
) -> Play:
    def play(*deaths: int) -> Found:
        name = server.new_database(postgres_template)
        found = playground.play(server.url(name), tmp_path / name, deaths)
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
    points = sampled(range(1, whole["points"] + 1), 25, 200)

    bad = {point: wrong for point in points if (wrong := wrong_with(on_sqlite(point), whole))}

    assert bad == {}


def test_no_death_on_postgresql_loses_or_doubles_anything(on_postgresql: Play):
    whole = on_postgresql()
    points = sampled(range(1, whole["points"] + 1), 8, 120)

    bad = {point: wrong for point in points if (wrong := wrong_with(on_postgresql(point), whole))}

    assert bad == {}


def test_no_two_deaths_lose_or_double_anything(on_sqlite: Play):
    whole, random = on_sqlite(), Random(seed())
    drawn = [
        (random.randint(1, whole["points"]), random.randint(1, whole["points"] // 3))
        for _ in range(volume(4, 30))
    ]

    pairs = {*KNOWN, *drawn}
    bad = {pair: wrong for pair in pairs if (wrong := wrong_with(on_sqlite(*pair), whole))}

    assert bad == {}


def test_a_reply_that_may_have_arrived_is_staff_s_to_decide_whatever_dies_then(on_sqlite: Play):
    """The first death while the reply is on its way, the second anywhere in the next life."""
    whole = on_sqlite()
    first = Random(seed()).choice(whole["carrying"]["Relay"])
    once = on_sqlite(first)
    pairs = [(first, second) for second in sampled(range(1, once["points"] + 1), 4, 30)]

    found = {pair: on_sqlite(*pair) for pair in pairs}

    assert once["outbox"].count("returned") == 1
    assert {pair: wrong for pair in pairs if (wrong := wrong_with(found[pair], whole))} == {}
    assert {pair for pair in pairs if found[pair]["outbox"].count("returned") != 1} == set()


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
    wrong += [*unended(found, whole), *unseen(found)]
    return [*wrong, *twice(found["world"]), *never(found, whole)]


def unended(found: Found, whole: Found) -> list[str]:
    """Words that were not put, or did not come to an end that somebody knows of.

    A view that waits shows later news too, so there may be fewer of them than without a death.
    """
    wrong: list[str] = []
    if any(found["put"].get(kind) != whole["put"].get(kind) for kind in WORDS):
        wrong.append(f"put: {found['put']}")
    if set(found["outbox"]) - {"done", "returned"}:
        wrong.append(f"outbox: {found['outbox']}")
    if found["outbox"].count("returned") != found["replies"].count("uncertain"):
        wrong.append(f"returned unsaid: {found['outbox']} {found['replies']}")
    return wrong


def unseen(found: Found) -> list[str]:
    """Tickets whose last event no card or post in Slack can have shown."""
    shown: dict[str, int] = {}
    for line in found["world"]:
        shown[line["stream"]] = max(shown.get(line["stream"], 0), line["known"])
    last = found["last"].items()
    return [f"unseen: {stream} {seq}" for stream, seq in last if shown.get(stream, 0) < seq]


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
    """Kinds of deliveries that went out less often; a reply that is back with staff may have."""
    missing = by_kind(whole) - by_kind(found)
    missing -= Counter({"Relay": found["outbox"].count("returned")})
    return [f"never: {dict(missing)}"] if missing else []


def by_kind(found: Found) -> Counter[str]:
    """How many of each kind went out; of views, which show what they find, one is enough."""
    deliveries = {(line["key"], line["kind"]) for line in found["world"] if not line["is_view"]}
    views = {line["kind"] for line in found["world"] if line["is_view"]}
    return Counter([kind for _, kind in deliveries]) + Counter(views)
