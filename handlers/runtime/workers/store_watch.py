"""Watches whether the store takes what it is given, and tells the board."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from bot.application.bus import Bus, OpenWork
from bot.application.key_values import give_room_back, take_room
from bot.application.ports.troubles import Trouble, TroubleKind, Troubles
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import SYSTEM, Actor
from bot.domain.errors import Unavailable

LOOK_SECONDS = 5.0
MOMENTARY: Final = frozenset({"store.collided", "store.already_done"})
"""Two were at one row at once; the next try goes through."""


class StoreWatch:
    """Every unit of work goes by here: one that finds the store away begins the trouble.

    Reading may still work on a full disk, and a small change too: so the trouble ends only when as
    much as an update needs was written.
    """

    def __init__(self, troubles: Troubles) -> None:
        self._troubles = troubles
        self._is_away = asyncio.Event()
        self._failures = 0

    def watched(self, open_work: OpenWork) -> OpenWork:
        """The same, watched."""

        @asynccontextmanager
        async def opened(actor: Actor, *, writes: bool) -> AsyncGenerator[UnitOfWork]:
            try:
                async with open_work(actor, writes=writes) as work:
                    yield work
            except Unavailable as error:
                self._failed(error)
                raise

        return opened

    async def run(self, bus: Bus) -> None:
        """Until cancelled: while the store is away, look whether it is back."""
        while True:
            await self._is_away.wait()
            await self.look(bus)
            if self._is_away.is_set():
                await asyncio.sleep(LOOK_SECONDS)

    async def look(self, bus: Bus) -> None:
        """Try to write; where that works, the trouble is over."""
        failures = self._failures
        try:
            await bus.handle(SYSTEM, take_room)
            await bus.handle(SYSTEM, give_room_back)
        except Unavailable:
            return
        if failures == self._failures:
            self._is_away.clear()
            self._troubles.ended(TroubleKind.STORE)

    def _failed(self, error: Unavailable) -> None:
        if not error.key.startswith("store.") or error.key in MOMENTARY:
            return
        self._failures += 1
        self._troubles.began(Trouble(kind=TroubleKind.STORE, error=error.key))
        self._is_away.set()
