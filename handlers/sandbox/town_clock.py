"""The one clock of a sandbox, which its page moves forward: the desk, Telegram, Slack and mail."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from handlers.sandbox.not_possible import NotPossible
from handlers.system_clock import SystemClock

FindDue = Callable[[], Awaitable[datetime | None]]
"""The soonest due date of an open request that is still to come."""


class Step(StrEnum):
    """How far the page moves it."""

    HOUR = "hour"
    DAYS = "days"
    DUE = "due"


STEPS: Final = {Step.HOUR: timedelta(hours=1), Step.DAYS: timedelta(days=3)}
LAST_HOUR: Final = timedelta(hours=1)
FARTHEST: Final = timedelta(days=20 * 365)
"""Beyond it dates are no longer what anybody tries out."""


class TownClock(SystemClock):
    """Only forward: what was due does not become undue. Timers look at it every second.

    It is made where a sandbox is made and given to its desk there; a live desk has no way to it.
    """

    offset: timedelta
    """How far it was moved."""

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        super().__init__(offset)
        self.find_due: FindDue = _nothing_due
        self._watchers: list[Callable[[], None]] = []

    def seconds(self) -> float:
        """Since the epoch, as Telegram and the mailbox write dates."""
        return self.now().timestamp()

    def subscribe(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Calls back with every move; returns what ends that."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def advance(self, by: timedelta) -> None:
        """Raises NotPossible: backwards, or farther than is of any use."""
        if by <= timedelta(0) or self.offset + by > FARTHEST:
            raise NotPossible
        self.offset += by
        for watcher in tuple(self._watchers):
            watcher()

    async def step(self, step: Step) -> None:
        """Move as far as a button says. Raises NotPossible: nothing is due any more."""
        self.advance(STEPS[step] if step in STEPS else await self._until_due())

    async def _until_due(self) -> timedelta:
        """To the last hour of the due day; from there to its end, after which it is too late."""
        due = await self.find_due()
        if due is None:
            raise NotPossible
        left = due - self.now()
        return left - LAST_HOUR if left > LAST_HOUR else left


class SlackTime:
    """The same clock as the workspace reads it; it waits in real time."""

    def __init__(self, clock: TownClock) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock.seconds()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def _nothing_due() -> datetime | None:
    return None
