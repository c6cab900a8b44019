"""What happened: every call, every broken rule, every acknowledgement, in order."""

import math
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from handlers.sandbox.slack.clock import Clock

CALLS_KEPT = 200_000


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule of the platform that the app broke; tests fail on any."""

    at: float
    rule: str
    where: str
    detail: str


@dataclass(slots=True)
class Call:
    """One Web API call as it arrived and as it was answered."""

    at: float
    method: str
    args: dict[str, Any]
    error: str | None = None
    status: int = 200
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Undelivered:
    """An envelope nobody acknowledged, after all its tries."""

    at: float
    kind: str
    reason: str
    payload: dict[str, Any]


@dataclass
class Record:
    """The log that tests and benchmarks read."""

    clock: Clock
    violations: list[Violation] = field(default_factory=list)
    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=CALLS_KEPT))
    counts: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    failed_tries: Counter[str] = field(default_factory=Counter)
    undelivered: list[Undelivered] = field(default_factory=list)
    ack_seconds: list[float] = field(default_factory=list)

    def violation(self, rule: str, where: str, detail: str = "") -> None:
        self.violations.append(Violation(self.clock.now(), rule, where, detail))

    def call(self, call: Call) -> None:
        self.calls.append(call)
        self.counts[call.method] += 1
        if call.error:
            self.errors[f"{call.method}:{call.error}"] += 1

    def nobody_acked(self, kind: str, reason: str, payload: dict[str, Any]) -> None:
        self.undelivered.append(Undelivered(self.clock.now(), kind, reason, payload))

    def ack_percentile(self, percent: float) -> float:
        """Seconds within which so many per cent of envelopes were acknowledged (nearest rank)."""
        if not self.ack_seconds:
            return 0.0
        ordered = sorted(self.ack_seconds)
        return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]
