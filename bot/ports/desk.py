"""What the desk itself must know: time, staff, facts, policies, timers and its log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.addresses import StaffId
from bot.events import Recorded
from bot.questions import Question
from bot.staff import Staff


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


class Facts(Protocol):
    """Small things the desk must remember: ids pinned at the first start, where a card stands."""

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

    async def save(self, question: Question) -> None: ...
    async def open_ones(self, limit: int = 200) -> list[Question]:
        """Unanswered or unhelpful and not yet reviewed, newest first."""
        ...


class EventLog(Protocol):
    """The audit trail, and every timeline."""

    async def of(self, stream: str) -> list[Recorded]:
        """Oldest first."""
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
