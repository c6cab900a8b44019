"""Time as the stand-in keeps it: the wall's by default, set by hand where a rule is tested."""

import asyncio
import heapq
import itertools
import time
from typing import Any, Protocol

TURNS_AFTER_A_NAP = 20  # what a woken task may need before it reaches its next wait


class Clock(Protocol):
    """Unix seconds, and a way to wait for some of them."""

    def now(self) -> float: ...

    async def sleep(self, seconds: float) -> None: ...


class WallClock:
    """Real time."""

    def now(self) -> float:
        return time.time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class SetClock:
    """A clock that moves only when told: three seconds or half an hour pass in no time."""

    def __init__(self, at: float = 1_760_000_000.0) -> None:
        self._at = at
        self._order = itertools.count()
        self._naps: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> float:
        return self._at

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._naps, (self._at + seconds, next(self._order), woken))
        await woken

    async def advance(self, seconds: float) -> None:
        """Let time pass, waking every sleeper at its own moment."""
        until = self._at + seconds
        while self._naps and self._naps[0][0] <= until:
            due, _, woken = heapq.heappop(self._naps)
            self._at = max(self._at, due)
            if not woken.done():
                woken.set_result(None)
                await _let_others_run()
        self._at = until
        await _let_others_run()


async def done_within(clock: Clock, awaited: asyncio.Future[Any], seconds: float) -> bool:
    """Tell whether the future finished within so many seconds of this clock."""
    if awaited.done():
        return True
    nap = asyncio.ensure_future(clock.sleep(seconds))
    try:
        await asyncio.wait({awaited, nap}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        nap.cancel()
    return awaited.done()


async def _let_others_run() -> None:
    for _ in range(TURNS_AFTER_A_NAP):
        await asyncio.sleep(0)
