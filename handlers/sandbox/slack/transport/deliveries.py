"""Carries events and interactions to the app, and holds it to its three seconds.

Events are tried four times in all (at once, at once, +1 min, +5 min); interactions once.
"""

import asyncio
import time
import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from handlers.sandbox.slack import limits
from handlers.sandbox.slack.clock import Clock
from handlers.sandbox.slack.record import Record

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is carried: its kind is `events_api`, `interactive` or `slash_commands`."""

    kind: str
    payload: Json
    answer_wanted: bool = False
    attempt: int = 0
    reason: str = ""
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def name(self) -> str:
        """Say what it is, for the record: `message`, `block_actions`, `/desk`."""
        inner = self.payload.get("event", self.payload)
        return str(inner.get("command") or inner.get("type"))


@dataclass(frozen=True, slots=True)
class Ack:
    """The app's acknowledgement and what it answered with it."""

    payload: Json | None = None


class NotAcked(Exception):
    """The envelope was not acknowledged; `reached` is true when the app had it in hand."""

    def __init__(self, reason: str, *, reached: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.reached = reached


class Transport(Protocol):
    """Socket Mode or signed HTTP."""

    async def carry(self, envelope: Envelope) -> Ack:
        """Carry it and wait for its acknowledgement; raises NotAcked."""
        ...


class Deliveries:
    """Sends, waits, tries again, and can misbehave when told to."""

    def __init__(self, transport: Transport, record: Record, clock: Clock) -> None:
        self._transport = transport
        self._record = record
        self._clock = clock
        self._tasks: set[asyncio.Task[Any]] = set()
        self._timers: set[asyncio.Task[Any]] = set()
        self._held: list[Envelope] | None = None
        self.retry_speed = 1.0  # 60 makes the minute between two tries a second
        self.duplicate_events = 0
        self.duplicate_interactions = 0
        self.drop_acks = 0

    def event(self, payload: Json) -> None:
        """Send an event on its way; it is retried in the background."""
        envelope = Envelope("events_api", payload)
        if self._held is not None:
            self._held.append(envelope)
            return
        self._start(self._carry_event(envelope))

    async def interaction(self, kind: str, payload: Json, *, answer_wanted: bool) -> Ack | None:
        """Deliver what a person did; None when nobody acknowledged it in time."""
        envelope = Envelope(kind, payload, answer_wanted)
        try:
            ack = await self._carry(envelope)
        except NotAcked as lost:
            self._record.nobody_acked(kind, lost.reason, payload)
            if lost.reached:
                self._record.violation("operation_timeout", envelope.name, lost.reason)
            return None
        for _ in range(self.duplicate_interactions):
            self._start(self._carry_again(replace(envelope, id=str(uuid.uuid4()))))
        return ack

    def hold(self) -> None:
        """Keep events back until release."""
        self._held = []

    async def release(self, *, reverse: bool = False) -> None:
        """Send what was held, in order or from the last to the first."""
        held, self._held = self._held or [], None
        for envelope in reversed(held) if reverse else held:
            self._start(self._carry_event(envelope))
            await asyncio.sleep(0)
        await self.settled()

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Do something once the clock has moved on."""
        timer = asyncio.ensure_future(self._act_later(seconds, act))
        self._timers.add(timer)
        timer.add_done_callback(self._timers.discard)

    async def settled(self) -> None:
        """Wait until nothing is on its way."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def stop(self) -> None:
        left = self._tasks | self._timers
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _act_later(self, seconds: float, act: Callable[[], None]) -> None:
        await self._clock.sleep(seconds)
        act()

    async def _carry_event(self, envelope: Envelope) -> None:
        for attempt, wait in enumerate((None, *limits.EVENT_RETRIES)):
            if wait is not None:
                await self._clock.sleep(wait / self.retry_speed)
            try:
                await self._carry(envelope)
            except NotAcked as lost:
                self._note(envelope, lost)
                envelope = _again(envelope, attempt + 1, lost.reason)
                continue
            for number in range(self.duplicate_events):
                await self._carry_again(_again(envelope, number + 1, "timeout"))
            return
        self._record.nobody_acked("events_api", envelope.reason, envelope.payload)

    async def _carry_again(self, envelope: Envelope) -> None:
        try:
            await self._carry(envelope)
        except NotAcked as lost:
            self._note(envelope, lost)

    async def _carry(self, envelope: Envelope) -> Ack:
        started = time.perf_counter()
        try:
            ack = await self._transport.carry(envelope)
        except NotAcked as lost:
            self._record.failed_tries[lost.reason] += 1
            raise
        self._record.ack_seconds.append(time.perf_counter() - started)
        if self.drop_acks > 0:
            self.drop_acks -= 1
            raise NotAcked("timeout", reached=False)
        return ack

    def _note(self, envelope: Envelope, lost: NotAcked) -> None:
        if lost.reached:
            self._record.violation("not_acked", envelope.name, lost.reason)


def _again(envelope: Envelope, attempt: int, reason: str) -> Envelope:
    return replace(envelope, id=str(uuid.uuid4()), attempt=attempt, reason=reason)
