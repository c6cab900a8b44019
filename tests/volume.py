"""How much a seeded test runs: a sample in the gate, everything at night (`make nightly`)."""

import os
from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")
IS_NIGHT = os.environ.get("PRIVACYDESK_NIGHTLY") == "1"


def volume(gate: int, night: int) -> int:
    return night if IS_NIGHT else gate


def sampled(cases: Sequence[T], gate: int, *, seed: int = 1) -> list[T]:
    """`gate` of the cases, always the same ones; all of them at night."""
    if IS_NIGHT or len(cases) <= gate:
        return list(cases)
    places = sorted(Random(seed).sample(range(len(cases)), gate))
    return [cases[place] for place in places]
