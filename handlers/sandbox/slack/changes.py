"""Who wants to know that something visible changed: people who wait, and the page."""

import asyncio
from collections.abc import Callable
from typing import Any

Change = dict[str, Any]
Listener = Callable[[Change], None]
Found = Callable[[Change | None], Any]  # None: look at everything; else only at what changed


class Changes:
    """Tells listeners of each change, and wakes those who wait for something to be true."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._waiting: list[tuple[Found, asyncio.Future[Any]]] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call the listener with every change; returns what ends the subscription."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def tell(self, kind: str, **what: object) -> None:
        change = {"kind": kind, **what}
        for listener in tuple(self._listeners):
            listener(change)
        for found, future in tuple(self._waiting):
            if not future.done() and (result := found(change)):
                future.set_result(result)

    async def until(self, found: Found, timeout_seconds: float = 5.0) -> Any:  # noqa: ANN401 - it gives what was found
        """Wait until it finds something true and return it; TimeoutError after the limit."""
        if now := found(None):
            return now
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        entry = (found, future)
        self._waiting.append(entry)
        try:
            return await asyncio.wait_for(future, timeout_seconds)
        finally:
            self._waiting.remove(entry)
