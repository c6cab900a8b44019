"""How fast each method may be called: as fast as it goes, until Slack says that it is too fast.

Slack's limits are guidance (about one post a second in a channel with short bursts, 20 to 100 calls
a minute of a method), and a workspace may allow more. So a lane is open at first, with a few calls
at a time; after a 429 it keeps to the published rate and tries later, with one call at a time,
whether it may go faster again. What waits longer than a moment is handed back to the outbox, so
that one busy channel does not hold up the others.
"""

import asyncio
import heapq
import itertools
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

MARGIN = 1.05
"""Stay a little below the published rate."""
OPEN_AT_ONCE, PROBING_AT_ONCE = 2, 1
MAX_WAIT_SECONDS = 3.0
"""Seconds to wait in line; whoever would wait longer comes back."""
LONGEST_RETURN = 60.0
FIRST_CALM, LONGEST_CALM = 300.0, 1200.0
"""Seconds at the published rate before the lane is tried faster; doubled each time in vain."""
MINUTE = 60.0
TIER_2, TIER_3, TIER_4 = 20, 50, 100
POSTS = 60
PER_MINUTE = {
    "apps.connections.open": TIER_3,
    "auth.test": TIER_4,
    "bots.info": TIER_3,
    "chat.delete": TIER_3,
    "chat.postEphemeral": TIER_4,
    "chat.postMessage": POSTS,
    "chat.update": TIER_3,
    "conversations.history": TIER_3,
    "conversations.info": TIER_3,
    "conversations.join": TIER_3,
    "conversations.list": TIER_2,
    "conversations.members": TIER_4,
    "conversations.open": TIER_3,
    "conversations.replies": TIER_3,
    "files.completeUploadExternal": TIER_4,
    "files.delete": TIER_3,
    "files.getUploadURLExternal": TIER_4,
    "files.info": TIER_4,
    "reactions.add": TIER_3,
    "reactions.get": TIER_3,
    "reactions.remove": TIER_2,
    "team.info": TIER_3,
    "usergroups.list": TIER_2,
    "usergroups.users.list": TIER_2,
    "users.info": TIER_4,
    "users.list": TIER_2,
    "views.open": TIER_4,
    "views.publish": TIER_4,
    "views.push": TIER_4,
    "views.update": TIER_4,
}
"""Each method's published tier: calls a minute of the workspace, chat.postMessage's of a channel
(docs.slack.dev; auth.test has a limit of its own, of hundreds)."""
UNKNOWN = TIER_2
"""A method that is not on the list is called slowly rather than refused."""
REMEMBERED = 1_000
Now = Callable[[], float]
Later = Callable[[float, Callable[[], None]], object]
"""Calls something after so many seconds."""


class TooBusy(Exception):
    """There is a line; come back after that time."""

    def __init__(self, wait: float) -> None:
        super().__init__(wait)
        self.retry_after = timedelta(seconds=wait)


@dataclass
class _Waiting:
    """Somebody in line."""

    ready: asyncio.Future[None]


class Lane:
    """The calls of one method, or of one method in one channel."""

    def __init__(self, per_minute: int, now: Now, later: Later | None = None) -> None:
        self._interval = MINUTE / per_minute * MARGIN
        self._now = now
        self._line: list[tuple[int, int, _Waiting]] = []
        self._count = itertools.count()
        self._on_way = 0
        self._at_once = OPEN_AT_ONCE
        self._paced_until = 0.0
        self._calm = FIRST_CALM
        self._next_at = 0.0
        self._return_at = 0.0
        self._later = later or asyncio.get_running_loop().call_later
        self._has_timer = False

    @property
    def is_paced(self) -> bool:
        return self._now() < self._paced_until

    @asynccontextmanager
    async def turn(self, rank: int) -> AsyncGenerator[None]:
        """Wait for one's turn, lower ranks first. Raises TooBusy instead of waiting long."""
        await self._enter(rank)
        try:
            yield
        finally:
            self._on_way -= 1
            self._let_in()

    def slow_down(self, wait: float) -> None:
        """Slack said 429: nothing for that long, then the published rate."""
        now = self._now()
        self._next_at = max(self._next_at, now + wait)
        if not self.is_paced:
            self._calm = (
                self._calm if self._at_once == OPEN_AT_ONCE else min(self._calm * 2, LONGEST_CALM)
            )
            self._paced_until = now + self._calm
            self._at_once = PROBING_AT_ONCE

    async def _enter(self, rank: int) -> None:
        if self._is_free() and not self._line:
            self._go()
            return
        self._turn_away(rank)
        waiting = _Waiting(asyncio.get_running_loop().create_future())
        heapq.heappush(self._line, (rank, next(self._count), waiting))
        self._let_in()
        try:
            await waiting.ready
        except asyncio.CancelledError:
            self._leave(waiting)
            raise

    def _is_free(self) -> bool:
        return self._on_way < self._at_once and self._now() >= self._next_at

    def _go(self) -> None:
        self._on_way += 1
        if self.is_paced:
            self._next_at = max(self._next_at, self._now()) + self._interval

    def _turn_away(self, rank: int) -> None:
        now = self._now()
        ahead = sum(1 for other, _, _ in self._line if other <= rank)
        wait = max(0.0, self._next_at - now) + (ahead * self._interval if self.is_paced else 0.0)
        if wait <= MAX_WAIT_SECONDS:
            return
        self._return_at = min(
            max(self._return_at, now + MAX_WAIT_SECONDS) + self._interval, now + LONGEST_RETURN
        )
        raise TooBusy(max(wait, self._return_at - now) if rank > 1 else wait)

    def _let_in(self) -> None:
        while self._line and self._is_free():
            _, _, waiting = heapq.heappop(self._line)
            if not waiting.ready.done():
                self._go()
                waiting.ready.set_result(None)
        if self._line and self._on_way < self._at_once and not self._has_timer:
            wait = max(0.0, self._next_at - self._now())
            self._has_timer = True
            self._later(wait, self._time_is_up)

    def _time_is_up(self) -> None:
        self._has_timer = False
        self._let_in()

    def _leave(self, waiting: _Waiting) -> None:
        if waiting.ready.done() and not waiting.ready.cancelled():
            self._on_way -= 1
            self._let_in()


class Paces:
    """The lanes of a workspace."""

    def __init__(self, now: Now | None = None, later: Later | None = None) -> None:
        self._now = now or (lambda: asyncio.get_running_loop().time())
        self._later = later
        self._lanes: dict[str, Lane] = {}

    def lane(self, method: str, channel: str = "") -> Lane:
        """Posts have a lane for each channel."""
        name = f"{method}:{channel}" if method == "chat.postMessage" else method
        lane = self._lanes.get(name)
        if lane is None:
            if len(self._lanes) >= REMEMBERED:
                self._lanes.pop(next(iter(self._lanes)))
            lane = self._lanes[name] = Lane(PER_MINUTE.get(method, UNKNOWN), self._now, self._later)
        return lane
