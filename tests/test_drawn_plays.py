"""The gate draws some of its long plays, and plays whatever is asked for by name."""

from dataclasses import dataclass

import pytest

from tests.drawn_plays import IN_THE_GATE, drawn
from tests.volume import IS_NIGHT, IS_WHOLE, ROOT


@dataclass(frozen=True)
class Item:
    """What is collected, as far as it is drawn by."""

    nodeid: str


def a_run(*names: str) -> tuple[list[str], list[str]]:
    played, left_out = drawn([Item(one) for one in names])  # pyright: ignore[reportArgumentType]
    return [one.nodeid for one in played], [one.nodeid for one in left_out]


@pytest.mark.skipif(IS_NIGHT or IS_WHOLE, reason="a night plays all of them")
def test_of_many_plays_as_many_are_played_as_the_gate_has_room_for():
    plays = [f"tests/journeys/erasures/test_{n}.py::test_it" for n in range(9)]
    others = ["tests/journeys/test_mailbox.py::test_mail", "tests/unit/test_text.py::test_words"]

    played, left_out = a_run(others[0], *plays, others[1])

    assert sorted([*played, *left_out]) == sorted([*plays, *others])
    assert len(left_out) == len(plays) - IN_THE_GATE["tests/journeys/erasures/*"]
    assert [one for one in plays if one in played] == [one for one in played if one not in others]
    assert set(others) <= set(played)


def test_a_few_that_are_asked_for_are_all_played():
    few = [f"tests/journeys/erasures/test_{n}.py::test_it" for n in range(2)]

    assert a_run(*few) == (few, [])


@pytest.mark.parametrize("names", IN_THE_GATE)
def test_what_is_drawn_is_there(names: str):
    assert (ROOT / names.partition("::")[0].removesuffix("*")).exists()
