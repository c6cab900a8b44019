"""The bus: one intent, one transaction. Nothing else in the desk commits."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar

from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import SYSTEM, Actor
from bot.domain.events import Event

P = ParamSpec("P")
R = TypeVar("R")

OpenWork = Callable[..., AbstractAsyncContextManager[UnitOfWork]]
"""Opens a unit of work: `open_work(actor, writes=...)`."""
React = Callable[[Event, UnitOfWork], Awaitable[None]]
Committed = Callable[[], None]


class Bus:
    """Carries an intent (a use case and its arguments) through one transaction."""

    def __init__(
        self, open_work: OpenWork, react: React, *, committed: Committed | None = None
    ) -> None:
        self._open_work = open_work
        self._react = react
        self._committed = committed or (lambda: None)

    async def handle(
        self,
        by: Actor,
        use_case: Callable[Concatenate[UnitOfWork, P], Awaitable[R]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Run `use_case` for `by`; its changes, events and deliveries are committed together.

        Raises:
            Refused: the use case says no; nothing was changed.
            Unavailable: the store cannot be written to now; nothing was changed.
        """
        return await self.run("", by, use_case, *args, **kwargs)

    async def look(
        self,
        view: Callable[Concatenate[UnitOfWork, P], Awaitable[R]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Read without changing anything."""
        async with self._open_work(SYSTEM, writes=False) as work:
            return await view(work, *args, **kwargs)

    def on_trial(self) -> "TrialBus":
        """A bus on which everything is taken back again."""
        return TrialBus(self._open_work)

    def finishing(self, inbox_key: str) -> "FinishingBus":
        """A bus whose next transaction also finishes that inbox row."""
        return FinishingBus(self, inbox_key)

    async def run(
        self,
        inbox_key: str,
        by: Actor,
        use_case: Callable[Concatenate[UnitOfWork, P], Awaitable[R]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """As `handle`; where `inbox_key` is set, that inbox row is finished in the same commit."""
        async with self._open_work(by, writes=True) as work:
            result = await use_case(work, *args, **kwargs)
            while events := await work.take_events():
                for event in events:
                    await self._react(event, work)
            if inbox_key:
                await work.inbox.finish(inbox_key, work.clock.now())
            await work.commit()
        self._committed()
        return result


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateEnd:
    """How an update ended, for its one line in the log: codes and ids, never words."""

    route: str
    """Where it went; of Slack, the kind of what was done there."""
    reason: str
    action: str = ""
    """What was pressed, sent or typed, by its name."""
    message: str = ""
    """The id under which the words were stored."""
    refusal: str = ""
    """The key of what the desk refused; whoever wanted it was told."""


class FinishingBus:
    """One update is one transaction: its first intent also finishes the update's inbox row."""

    end: UpdateEnd | None = None
    """How the update ended, as whoever dealt with it says; None: it is not said yet."""

    def __init__(self, bus: Bus, inbox_key: str) -> None:
        self._bus = bus
        self._inbox_key = inbox_key

    @property
    def is_finished(self) -> bool:
        return not self._inbox_key

    async def handle(
        self,
        by: Actor,
        use_case: Callable[Concatenate[UnitOfWork, P], Awaitable[R]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """As `Bus.handle`; the inbox row is finished by the first call that commits."""
        result = await self._bus.run(self._inbox_key, by, use_case, *args, **kwargs)
        self._inbox_key = ""
        return result

    async def look(
        self,
        view: Callable[Concatenate[UnitOfWork, P], Awaitable[R]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """As `Bus.look`."""
        return await self._bus.look(view, *args, **kwargs)


class TrialBus:
    """Asks what an intent would answer: whatever it does is rolled back, and nothing follows."""

    def __init__(self, open_work: OpenWork) -> None:
        self._open_work = open_work

    async def handle(
        self,
        by: Actor,
        use_case: Callable[Concatenate[UnitOfWork, P], Awaitable[R]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """As `Bus.handle`, without a commit.

        Raises:
            Refused: the use case would say no.
            Unavailable: the store cannot be asked now.
        """
        async with self._open_work(by, writes=True) as work:
            return await use_case(work, *args, **kwargs)

    async def look(
        self,
        view: Callable[Concatenate[UnitOfWork, P], Awaitable[R]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """As `Bus.look`."""
        async with self._open_work(SYSTEM, writes=False) as work:
            return await view(work, *args, **kwargs)
