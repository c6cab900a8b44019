"""Facts: one frozen dataclass each: the timeline, the audit trail, and what reactions start from.

An event holds ids and codes; people's words stay in messages. Its payload is sealed under the key
of the holder it concerns, so destroying that key hides the payload and leaves the chain valid.
"""

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.addresses import Actor, HolderId


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact. `stream` says about what: `ticket:<id>`, `request:<id>`, `account:<id>`, `desk`."""

    stream: str
    holder: HolderId | None = None
    """Whose personal data the payload may touch; None: nobody's."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as the log keeps it. `event` is None once the holder's key is destroyed."""

    seq: int
    at: datetime
    actor: Actor
    type: str
    event: Event | None


@dataclass(kw_only=True)
class Aggregate:
    """Something whose state changes only through its methods, each of which records an event."""

    events: list[Event] = field(default_factory=list[Event], repr=False, compare=False)

    def record(self, event: Event) -> None:
        self.events.append(event)
