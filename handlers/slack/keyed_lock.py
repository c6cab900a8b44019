"""A lock for each name: whoever works on a card has it alone, and others wait."""

import asyncio
from weakref import WeakValueDictionary


class KeyedLock:
    """A lock for each name, which lives as long as somebody holds it or waits for it."""

    def __init__(self) -> None:
        self._locks = WeakValueDictionary[str, asyncio.Lock]()

    def of(self, name: str) -> asyncio.Lock:
        return self._locks.setdefault(name, asyncio.Lock())
