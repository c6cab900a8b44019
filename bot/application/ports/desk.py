"""What the desk itself must know: time, staff, key values, policies, timers and its log."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.answering.questions import Question, QuestionLink, Wording
from bot.domain.addresses import StaffId
from bot.domain.events import Recorded
from bot.domain.staff import Staff


class Clock(Protocol):
    """The domain's time: aware UTC."""

    def now(self) -> datetime: ...


class StaffTable(Protocol):
    """The people who work the desk."""

    async def get(self, staff: StaffId) -> Staff:
        """Raises NotFound."""
        ...

    async def on_slack(self, slack_user: str) -> Staff | None: ...
    async def everyone(self) -> list[Staff]: ...
    async def put(self, staff: Staff) -> None: ...


class KeyValueStore(Protocol):
    """Small things the desk must remember: ids pinned at the first start, how far it read."""

    async def get(self, name: str) -> str | None: ...
    async def put(self, name: str, value: str) -> None: ...


class Policies(Protocol):
    """The versions of the policy text, by SHA-256."""

    async def publish(self, version: str, text: str, at: datetime) -> bool:
        """Make `version` the current one; False: it is already."""
        ...

    async def current(self) -> str | None: ...
    async def text(self, version: str) -> str:
        """Raises NotFound."""
        ...

    async def history(self) -> list[tuple[str, datetime]]:
        """(version, published at), oldest first."""
        ...


class Questions(Protocol):
    """Questions without who asked."""

    async def add(self, question: Question) -> None: ...
    async def get(self, question: str) -> Question:
        """Raises NotFound."""
        ...

    async def beginning(self, start: str) -> list[Question]:
        """Those whose id begins like this; two at most, which tells that one is not meant."""
        ...

    async def save(self, question: Question) -> None: ...
    async def open_wordings(self, limit: int) -> list[Wording]:
        """What was asked most often without an answer that helped, most frequent first."""
        ...

    async def count_open(self) -> int: ...
    async def settle(self, digests: Collection[str], link: str) -> int:
        """Open questions of these wordings are answered by that link; how many there were."""
        ...

    async def count_settled(self, link: str) -> int:
        """How many questions that link answered."""
        ...

    async def reopen(self, link: str) -> int:
        """What that link settled is open again; how many there were."""
        ...


class Links(Protocol):
    """Approvers' reviewed answers to questions. None is ever deleted."""

    async def add(self, link: QuestionLink) -> None: ...
    async def get(self, link: str) -> QuestionLink:
        """Raises NotFound."""
        ...

    async def save(self, link: QuestionLink) -> None: ...
    async def standing(self) -> list[QuestionLink]:
        """Those that nobody took back, newest first; some may wait for a review."""
        ...

    async def every(self) -> list[QuestionLink]:
        """Those that were taken back too, newest first."""
        ...

    async def count_flagged(self) -> int:
        """How many wait for a review."""
        ...

    async def silent_for(self, digest: str) -> str | None:
        """The link in use that says "not in the policy" of this wording."""
        ...


class EventLog(Protocol):
    """The audit trail, and every timeline."""

    async def of(self, stream: str) -> list[Recorded]:
        """Oldest first.

        Raises:
            Tampered: an event is not as the desk wrote it, or the one before it is gone.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """Something to look at when its time comes. What fires re-reads the state before it acts."""

    key: str
    kind: str
    ref: str
    due_at: datetime


class Timers(Protocol):
    """Timers by key; setting a key again moves it."""

    async def put(self, timer: Timer) -> None: ...
    async def get(self, key: str) -> Timer | None: ...
    async def cancel(self, key: str) -> None: ...
    async def due(self, at: datetime, limit: int = 20) -> list[Timer]:
        """Those whose time has come, the oldest first."""
        ...

    async def next_due(self) -> datetime | None: ...
