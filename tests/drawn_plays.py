"""Long plays of which the gate draws some, by the seed of the run; nights and volumes play all.

A play takes a whole desk from the first word to the last, and half a minute. Whoever asks for a
few by name gets those: only where more are collected than the gate plays is anything drawn.
"""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatch

import pytest

from tests.volume import sampled

IN_THE_GATE: Mapping[str, int] = {
    "tests/journeys/erasures/*": 4,
    "tests/journeys/test_tour.py::test_a_tour_ends_well*": 2,
    "tests/faults/live/test_killed_desk.py::*sqlite*": 1,
    "tests/faults/live/test_killed_desk.py::*postgresql*": 1,
}
"""How many of each, by a pattern of their names."""


def drawn(items: Sequence[pytest.Item]) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """Those that are played, in their order, and those that another run plays."""
    left_out = set[pytest.Item]()
    for names, count in IN_THE_GATE.items():
        plays = [item for item in items if fnmatch(item.nodeid, names)]
        left_out |= {*plays} - {*sampled(plays, count)}
    return [one for one in items if one not in left_out], [one for one in items if one in left_out]
