"""The response clocks of a ticket: first answer, next answer, resolution."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.addresses import TicketId


class Metric(StrEnum):
    """What is being waited for."""

    FIRST = "first"
    NEXT = "next"
    RESOLVE = "resolve"


class ClockState(StrEnum):
    """Where a response clock stands."""

    RUNNING = "running"
    PAUSED = "paused"  # while waiting on the client or asleep
    MET = "met"
    WARNED = "warned"  # 75 % of the time is gone; still running
    BREACHED = "breached"


@dataclass(kw_only=True)
class ServiceClock:
    """One clock. `left` is the working time still allowed while it is paused."""

    ticket: TicketId
    metric: Metric
    state: ClockState
    started_at: datetime
    due_at: datetime
    left_seconds: int = 0
