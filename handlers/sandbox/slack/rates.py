"""Slack's rate limits as token buckets: full at first, refilled as time passes."""

import math
from dataclasses import dataclass

from handlers.sandbox.slack import limits
from handlers.sandbox.slack.clock import Clock

SECONDS_IN_MINUTE = 60


@dataclass(slots=True)
class Bucket:
    """So many calls at once, then so many a second."""

    capacity: float
    per_second: float
    left: float
    seen: float

    def wait(self, now: float) -> float:
        """Take one call; gives 0, or the seconds until one is free."""
        self.left = min(self.capacity, self.left + (now - self.seen) * self.per_second)
        self.seen = now
        if self.left >= 1:
            self.left -= 1
            return 0.0
        return (1 - self.left) / self.per_second


class Rates:
    """One bucket a method and workspace; for chat.postMessage one a channel."""

    def __init__(self, clock: Clock, *, on: bool) -> None:
        self.on = on
        self._clock = clock
        self._buckets: dict[str, Bucket] = {}

    def retry_after(self, method: str, tier: str, channel: str) -> int:
        """Take one call; gives 0 when it may pass, else whole seconds for Retry-After."""
        if not self.on:
            return 0
        if method == "chat.postMessage":
            return self._take(f"{method}:{channel}", limits.POSTS_BURST, 1.0)
        a_minute = limits.TIER_PER_MINUTE.get(tier)
        if a_minute is None:
            return 0
        return self._take(method, a_minute, a_minute / SECONDS_IN_MINUTE)

    def _take(self, name: str, capacity: float, per_second: float) -> int:
        now = self._clock.now()
        bucket = self._buckets.get(name)
        if bucket is None:
            bucket = self._buckets[name] = Bucket(capacity, per_second, capacity, now)
        return math.ceil(bucket.wait(now))
