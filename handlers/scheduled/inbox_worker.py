"""Works through the inbox: what came in was kept, then acknowledged, and is dealt with here."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence

from bot.addresses import SYSTEM
from bot.bus import Bus, FinishingBus
from bot.errors import DeskError, Stale, Unavailable
from bot.ports import Arrival
from bot.use_cases.carrying import (
    accept_arrivals,
    claim_arrivals,
    finish_arrival,
    put_arrival_off,
)
from handlers.logs import log

Handle = Callable[[Arrival, FinishingBus], Awaitable[None]]
"""Deals with one update: at most one intent, which also finishes the update's inbox row."""
AT_ONCE = 16
POLL_SECONDS = 1.0
"""How often to look for work that another process left, such as a command line."""


class InboxWorker:
    """Accepts, claims and deals with updates, in order within a conversation."""

    def __init__(self, bus: Bus, handlers: Mapping[str, Handle]) -> None:
        self._bus = bus
        self._handlers = handlers
        self._wake = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: list[tuple[Sequence[Arrival], asyncio.Future[int]]] = []
        self._accepting: asyncio.Task[None] | None = None

    async def accept(self, arrivals: Sequence[Arrival]) -> int:
        """Keep updates; when this returns they are safe and may be acknowledged.

        Calls that come while a commit is under way share the next one.

        Raises:
            Unavailable: they could not be kept; do not acknowledge.
        """
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrivals, done))
        if self._accepting is None or self._accepting.done():
            self._accepting = asyncio.create_task(self._accept_waiting())
        return await done

    async def run(self) -> None:
        """Until cancelled."""
        try:
            while True:
                self._wake.clear()
                if not await self._start_some():
                    await self._pause()
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept_waiting(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                arrivals = [arrival for group, _ in batch for arrival in group]
                await self._bus.handle(SYSTEM, accept_arrivals, arrivals)
            except DeskError as error:
                for _, done in batch:
                    if not done.cancelled():
                        done.set_exception(error)
            else:
                self._wake.set()
                for group, done in batch:
                    if not done.cancelled():
                        done.set_result(len(group))

    async def _start_some(self) -> bool:
        free = AT_ONCE - len(self._tasks)
        if free <= 0:
            return False
        try:
            arrivals = await self._bus.handle(SYSTEM, claim_arrivals, free)
        except Unavailable as error:
            log(__name__, "inbox_unreachable", logging.WARNING, error=error.key)
            return False
        for arrival in arrivals:
            task = asyncio.create_task(self._deal_with(arrival))
            self._tasks.add(task)
            task.add_done_callback(self._one_done)
        return bool(arrivals)

    def _one_done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        self._wake.set()

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _deal_with(self, arrival: Arrival) -> None:
        bus = self._bus.finishing(arrival.key)
        try:
            await self._handlers[arrival.source](arrival, bus)
            if not bus.is_finished:
                await self._bus.handle(SYSTEM, finish_arrival, arrival.key)
        except Unavailable as error:
            log(__name__, "update_waits", logging.WARNING, key=arrival.key, error=error.key)
        except Exception as error:  # noqa: BLE001  # the one boundary of the inbox
            await self._put_off(arrival, error)

    async def _put_off(self, arrival: Arrival, error: Exception) -> None:
        kind = type(error).__name__
        if isinstance(error, Stale) and error.key == "store.already_done":
            return
        bound = {"key": arrival.key, "kind": kind}
        logging.getLogger(__name__).error("update_failed", exc_info=error, extra={"bound": bound})
        try:
            is_kept = await self._bus.handle(SYSTEM, put_arrival_off, arrival.key, kind)
        except DeskError:
            return
        if not is_kept:
            log(__name__, "update_put_aside", logging.ERROR, key=arrival.key, kind=kind)
