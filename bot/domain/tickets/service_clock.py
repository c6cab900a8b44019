"""The response clocks of a ticket: first answer, next answer, resolution."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.addresses import TicketId


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
    BREACHED = "breached"  # its time is over; answered late or not yet
    DROPPED = "dropped"  # the ticket went away (merged, spam) before the end


@dataclass(frozen=True, slots=True)
class Targets:
    """What is promised, in working time."""

    first: timedelta
    next: timedelta
    resolve: timedelta

    def of(self, metric: Metric) -> timedelta:
        match metric:
            case Metric.FIRST:
                return self.first
            case Metric.NEXT:
                return self.next
            case Metric.RESOLVE:
                return self.resolve


@dataclass(kw_only=True)
class ServiceClock:
    """One clock; a ticket has one of each metric at most, and a new wait starts it anew."""

    ticket: TicketId
    metric: Metric
    state: ClockState
    started_at: datetime
    due_at: datetime
    left_seconds: int = 0
    """The working time that was still allowed when it was paused or stopped."""
    stopped_at: datetime | None = None
    """When the wait was over, met or breached."""

    @property
    def is_ticking(self) -> bool:
        return self.stopped_at is None and self.state is not ClockState.PAUSED
