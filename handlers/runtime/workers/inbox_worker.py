"""Works through the inbox: what came in was kept, then acknowledged, and is dealt with here."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.application.bus import Bus, FinishingBus, UpdateEnd
from bot.application.ports.queues import InboundUpdate
from bot.application.queues.inbox import (
    LEASE,
    accept_and_claim,
    finish_update,
    put_update_aside,
    put_update_off,
    set_aside,
)
from bot.domain.addresses import SYSTEM
from bot.domain.errors import DeskError, Refused, Stale, Tampered, Unavailable
from bot.domain.tickets.routes import RouteCode, RouteReason
from handlers.log_setup import log
from handlers.update_log import KEY_SHOWN, log_end

Handle = Callable[[InboundUpdate, FinishingBus], Awaitable[None]]
"""Deals with one update: at most one intent, which also finishes the update's inbox row."""
HANDLED, PUT_ASIDE = "handled", "put_aside"
TAMPERED = Tampered.__name__
AT_ONCE = 16
POLL_SECONDS = 1.0
"""How often to look for work that another process left, such as a command line."""
FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS = 0.5, 4.0
"""Between tries while the store is away; doubled each time."""
RETRY_SECONDS = LEASE.total_seconds() - 10
"""So long what was claimed is tried; then its lease runs out, and it is claimed again."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Updates that somebody wants to acknowledge."""

    inbound_updates: Sequence[InboundUpdate]
    safe: "asyncio.Future[int]"


class InboxWorker:
    """Accepts, claims and deals with updates, in order within a conversation.

    `own_bus` carries what is only about the inbox itself, so that it wakes nobody.
    """

    def __init__(self, bus: Bus, own_bus: Bus, handlers: Mapping[str, Handle]) -> None:
        self._bus, self._own_bus = bus, own_bus
        self._handlers = handlers
        self._wake = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: list[_Waiting] = []
        self._turn = asyncio.Lock()
        self._is_running = self._has_more = False
        self._next_in = 0.0

    async def accept(self, inbound_updates: Sequence[InboundUpdate]) -> int:
        """Keep updates; when this returns they are safe and may be acknowledged.

        Calls that come while a commit is under way share the next one.

        Raises:
            Unavailable: they could not be kept; do not acknowledge.
        """
        waiting = _Waiting(inbound_updates, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        async with self._turn:
            if not waiting.safe.done():
                await self._keep_and_start()
        return await waiting.safe

    async def run(self) -> None:
        """Until cancelled; what is in hand then is finished, or left to the next start."""
        self._is_running = True
        try:
            while True:
                self._wake.clear()
                await self._start_more()
                await self._pause()
        finally:
            self._is_running = False
            await self._end()

    async def idle(self) -> None:
        """Deal with everything that is due now; for scripts and tests."""
        self._is_running = True
        await self._start_more()
        while self._tasks:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
            await self._start_more()
        self._is_running = False

    async def _start_more(self) -> None:
        async with self._turn:
            try:
                await self._keep_and_start()
            except Unavailable as error:
                log(__name__, "inbox_unreachable", logging.WARNING, error=error.key)
                self._next_in = POLL_SECONDS

    async def _keep_and_start(self) -> None:
        """One commit: keep what waits to be kept, and claim what there is room for."""
        batch, self._waiting = self._waiting, []
        inbound_updates = [inbound for waiting in batch for inbound in waiting.inbound_updates]
        room = AT_ONCE - len(self._tasks) if self._is_running else 0
        try:
            found = await self._own_bus.handle(SYSTEM, accept_and_claim, inbound_updates, room)
        except asyncio.CancelledError:
            self._waiting = [*batch, *self._waiting]
            raise
        except Exception as error:  # noqa: BLE001  # whoever waits is told below
            await self._not_kept(batch, error)
            return
        for waiting in batch:
            if not waiting.safe.done():
                waiting.safe.set_result(len(waiting.inbound_updates))
        wait = POLL_SECONDS if found.next_in is None else found.next_in.total_seconds()
        self._has_more = wait <= 0
        self._next_in = POLL_SECONDS if wait <= 0 else min(wait, POLL_SECONDS)
        for inbound in found.taken:
            self._start(inbound)

    async def _not_kept(self, batch: Sequence[_Waiting], error: Exception) -> None:
        """The store is away; or one of them cannot be kept: it is set aside, and the others are."""
        is_away = isinstance(error, Unavailable)
        if is_away or not any(waiting.inbound_updates for waiting in batch):
            for waiting in batch:
                _fail(waiting, error)
            raise error
        self._next_in = 0.0
        for waiting in batch:
            try:
                for inbound in waiting.inbound_updates:
                    await self._keep_or_set_aside(inbound)
            except Exception as trouble:  # noqa: BLE001  # whoever brought it is told
                _fail(waiting, trouble)
            if not waiting.safe.done():
                waiting.safe.set_result(len(waiting.inbound_updates))

    async def _keep_or_set_aside(self, inbound: InboundUpdate) -> None:
        try:
            await self._own_bus.handle(SYSTEM, accept_and_claim, [inbound], 0)
        except DeskError:
            raise
        except Exception as error:  # noqa: BLE001  # whatever a driver says of it
            kind = type(error).__name__
            await self._bus.handle(SYSTEM, set_aside, inbound, kind)
            _log_aside(inbound, kind)

    def _start(self, inbound: InboundUpdate) -> None:
        task = asyncio.create_task(self._deal_with(inbound), name=f"inbox {inbound.key}")
        self._tasks.add(task)
        task.add_done_callback(self._one_done)

    def _one_done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if self._has_more:
            self._wake.set()

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(self._next_in):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _end(self) -> None:
        """An update is one short transaction: most end by themselves at once."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=1.0)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _deal_with(self, inbound: InboundUpdate) -> None:
        now, wait = asyncio.get_running_loop().time, FIRST_RETRY_SECONDS
        until = now() + RETRY_SECONDS
        while now() < until:
            try:
                await self._handle(inbound)
            except Unavailable as error:
                if wait == FIRST_RETRY_SECONDS:
                    log(__name__, "update_waits", logging.WARNING, key=inbound.key, error=error.key)
                await asyncio.sleep(wait)
                wait = min(LONGEST_RETRY_SECONDS, wait * 2)
            except Refused as error:
                await self._refused(inbound, error)
                return
            except Tampered:
                await self._set_aside(inbound)
                return
            except Exception as error:  # noqa: BLE001  # the one boundary of the inbox
                await self._put_off(inbound, error)
                return
            else:
                return

    async def _handle(self, inbound: InboundUpdate) -> None:
        bus = self._bus.finishing(inbound.key)
        try:
            await self._handlers[inbound.source](inbound, bus)
        except Exception as error:
            if not bus.is_finished:
                raise
            _log_after_all(inbound, error)
            return
        if not bus.is_finished:
            await self._own_bus.handle(SYSTEM, finish_update, inbound.key)
        _log_end(inbound, bus.end or UpdateEnd(route=HANDLED, reason=HANDLED))

    async def _refused(self, inbound: InboundUpdate, error: Refused) -> None:
        """What is refused once is refused again; only a lost race is worth another try."""
        if isinstance(error, Stale):
            if error.key != "store.already_done":
                await self._put_off(inbound, error)
            return
        try:
            await self._own_bus.handle(SYSTEM, finish_update, inbound.key)
        except DeskError as trouble:
            log(__name__, "update_waits", key=inbound.key, error=trouble.key)
            return
        end = UpdateEnd(route=RouteCode.IGNORED, reason=RouteReason.REFUSED, refusal=error.key)
        _log_end(inbound, end)

    async def _set_aside(self, inbound: InboundUpdate) -> None:
        """No other try finds other records; nothing of it is lost, and a person looks into it."""
        try:
            await self._own_bus.handle(SYSTEM, put_update_aside, inbound.key, TAMPERED)
        except DeskError as trouble:
            log(__name__, "update_waits", key=inbound.key, error=trouble.key)
            return
        _log_aside(inbound, TAMPERED)

    async def _put_off(self, inbound: InboundUpdate, error: Exception) -> None:
        kind = type(error).__name__
        bound = {"key": inbound.key, "kind": kind}
        logging.getLogger(__name__).error("update_failed", exc_info=error, extra={"bound": bound})
        try:
            is_kept = await self._bus.handle(SYSTEM, put_update_off, inbound.key, kind)
        except DeskError:
            return
        if not is_kept:
            _log_aside(inbound, kind)


def _log_end(inbound: InboundUpdate, end: UpdateEnd) -> None:
    log_end(inbound.source, end, key=inbound.key)


def _log_aside(inbound: InboundUpdate, kind: str) -> None:
    log(__name__, "update_put_aside", logging.ERROR, key=inbound.key[:KEY_SHOWN], kind=kind)
    _log_end(inbound, UpdateEnd(route=PUT_ASIDE, reason=kind))


def _log_after_all(inbound: InboundUpdate, error: Exception) -> None:
    """What it was about is committed; what failed came after that and is not tried again."""
    kind = error.key if isinstance(error, DeskError) else type(error).__name__
    bound = {"key": inbound.key[:KEY_SHOWN], "kind": kind}
    logging.getLogger(__name__).error("update_failed", exc_info=error, extra={"bound": bound})
    _log_end(inbound, UpdateEnd(route=HANDLED, reason="cut_off", refusal=kind))


def _fail(waiting: _Waiting, error: Exception) -> None:
    if not waiting.safe.done():
        waiting.safe.set_exception(error)
        waiting.safe.exception()
