"""Cases of what clients send, each looked at in the thread, the transcript and both exports."""

from typing import Any

import pytest

from tests.inputs import telegram_cases
from tests.support.drivers.case_player import CasePlayer

CASES = {case["name"]: case for case in telegram_cases()}
EXPECTED: dict[str, dict[str, Any]] = {
    "f01": {
        "shows": [
            "Internet is down in the whole street since noon",
            "Order 77",
            "Router, 4200 taka",
            "Where is it?",
            "forwarded from Shop",
        ]
    },
    "f02": {"shows": ["My customer number is 4712"], "hides": ["is 4711"]},
    "f03": {"shows": ["Which day suits your technician?", "Monday", "Tuesday"]},
    "f04": {"told": 0, "posts": 0},
    "f05": {"shows": ["Router: red light", "Bill: 4200 taka is wrong", "Receipt of the shop"]},
    "f07": {"shows": ["23.79900, 90.40000"], "hides": ["23.78600"], "posts": 1},
    "f08": {"shows": ["from Courier", "the channel Shop news", "I promise a refund", "from Rahim"]},
    "f10": {"shows": ["this (https://shop.example/order/77) page"]},
    "f12": {"shows": ["Still broken here"], "topic": 555},
    "f13": {"shows": ["👎"]},
}
"""What is right in the cases beside the project, by the first letters of their names."""


@pytest.mark.parametrize("name", CASES)
async def test_a_case_ends_as_it_should(rig, alice, telegram, name):
    case = EXPECTED.get(name.partition("_")[0], {}) | CASES[name]
    player = CasePlayer(rig, telegram, alice)

    seen = await player.plays(case)

    for place in (seen.thread, seen.transcript, seen.csv, seen.jsonl):
        plain = place.replace("\\n", "\n").replace('\\"', '"')
        flat = "\n".join(line.strip() for line in plain.splitlines())
        assert [one for one in case.get("shows", ()) if one not in flat] == []
        assert [one for one in case.get("hides", ()) if one in flat] == []
    for one in case.get("once", ()):
        assert seen.thread.count(one) == 1
    for line in (*seen.transcript.splitlines(), *seen.csv.splitlines()):
        assert not line.startswith(tuple(case.get("unforged", ("\0",))))
    assert len(seen.told) == case.get("told", len(seen.told))
    assert seen.posts == case.get("posts", seen.posts)
    if "topic" in case:
        assert {one.json.get("message_thread_id") for one in seen.told} == {case["topic"]}
