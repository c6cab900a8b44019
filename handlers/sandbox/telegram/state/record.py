"""What the sandbox noticed: mistakes of the bot, the log of its calls, and the counts."""

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Final

CALLS_KEPT: Final = 20_000


@dataclass(frozen=True, slots=True)
class Violation:
    """Something a correct bot never does; tests fail on any."""

    what: str
    method: str
    detail: str


@dataclass(frozen=True, slots=True)
class Call:
    """One request of the bot: `at` is the sandbox clock's seconds, `status` the HTTP status.

    `status` 0 means that no answer reached the bot (a planted reset).
    """

    method: str
    chat_id: int | None
    at: float
    status: int
    description: str = ""


@dataclass(slots=True)
class Record:
    """Violations in order, the last calls, and counts that never forget."""

    violations: list[Violation] = field(default_factory=list[Violation])
    calls: deque[Call] = field(default_factory=lambda: deque[Call](maxlen=CALLS_KEPT))
    by_status: Counter[int] = field(default_factory=Counter[int])
    by_method: Counter[str] = field(default_factory=Counter[str])

    def blame(self, what: str, method: str, detail: str = "") -> None:
        self.violations.append(Violation(what, method, detail))

    def log(self, call: Call) -> None:
        self.calls.append(call)
        self.by_status[call.status] += 1
        self.by_method[call.method] += 1

    @property
    def total(self) -> int:
        return sum(self.by_status.values())

    @property
    def too_many(self) -> int:
        """How often the bot was told 429."""
        return self.by_status[429]

    def of(self, method: str) -> list[Call]:
        """The kept calls of one method, oldest first."""
        return [call for call in self.calls if call.method == method]
