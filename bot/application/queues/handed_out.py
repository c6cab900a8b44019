"""What a queue hands out: for how long, and when to look for more."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

T = TypeVar("T")
LEASE = timedelta(seconds=90)
"""How long a carrier may take; after that nobody knows whether the delivery arrived."""


@dataclass(frozen=True, slots=True)
class Claimed(Generic[T]):
    """What was handed out, and when to look for more without being told."""

    taken: list[T]
    next_in: timedelta | None
    """Not positive: something waits behind what is in hand; None: nothing waits."""


def wait(due: datetime | None, now: datetime) -> timedelta | None:
    return None if due is None else due - now
