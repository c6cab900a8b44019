"""What has not come to its end: words that wait, words given up, updates that were put aside."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingWords:
    """Words of one kind that wait in a queue; what is held on purpose does not wait.

    Nor does a home view that is drawn anew: it says nothing to anybody.
    """

    queue: str
    """`inbox` or `outbox`."""
    lane: str
    """The platform that it came from or goes to: `telegram`, `slack` or `mail`."""
    kind: str
    """The platform that an update came from, or the stored name of a delivery."""
    count: int
    since: datetime
    """When the oldest of them was put there."""


@dataclass(frozen=True, slots=True)
class Unsettled:
    """So many that wait for a person, and since when the oldest does."""

    count: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateAside:
    """An update that could not be dealt with; it is kept as it came."""

    id: int
    source: str
    error: str
    since: datetime


class Backlog(Protocol):
    """The queues, looked at as a whole: counts and times, and nothing of anybody."""

    async def waiting(self) -> list[WaitingWords]: ...
    async def dead(self) -> Unsettled: ...
    async def replies_back(self) -> Mapping[str, Unsettled]:
        """Replies that are back with staff in a ticket that is not over, by their delivery."""
        ...

    async def aside(self) -> Unsettled: ...
    async def updates_aside(self, limit: int = 20) -> list[UpdateAside]:
        """The oldest first."""
        ...

    async def take_up(self, update: int, at: datetime) -> bool:
        """Let an update that was put aside be dealt with again; False: it is not there any more."""
        ...
