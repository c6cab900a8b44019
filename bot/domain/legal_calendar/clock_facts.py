"""What a due date depends on: when a request came, and the times that a law may not count."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """A time of waiting; it counts only where the regime pauses for that reason."""

    reason: str
    """As the regime rows name it, e.g. `clarification`."""
    since: datetime
    until: datetime | None = None
    """None: it goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFacts:
    """All that a due date depends on."""

    received_at: datetime
    identity_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    extended: bool = False
