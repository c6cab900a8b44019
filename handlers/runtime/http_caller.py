"""One connection to the desk's HTTP port: passes everything on, knows how far a request is."""

import asyncio
from collections.abc import Callable
from typing import cast

from aiohttp import web

HEADERS_SECONDS = 10.0
"""From the first moment to the last header of the first request."""
IDLE_SECONDS = 60.0
"""The same for each request after an answer: platforms keep their connections open."""


class Caller(asyncio.Protocol):
    """Hung up on when no whole header comes in time."""

    def __init__(self, handler: asyncio.Protocol, came: "Tell", gone: "Tell") -> None:
        self._handler = handler
        self._came, self._gone = came, gone
        self._loop = asyncio.get_running_loop()
        self._request: web.BaseRequest | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self.transport: asyncio.Transport | None = None
        self.since = self._loop.time()
        """When it came, or was answered last."""
        self.is_known = False
        """It has sent a request that was taken."""

    @property
    def may_be_dropped(self) -> bool:
        """It has not sent the whole of a request that is not answered yet."""
        is_whole = self._request is not None and self._request.content.is_eof()
        return self.transport is not None and not is_whole

    def began(self, request: web.BaseRequest) -> None:
        """All headers of a request are there."""
        self._request = request
        self._wait(None)

    def answered(self) -> None:
        self._request = None
        self.since = self._loop.time()
        self._wait(IDLE_SECONDS)

    def drop(self) -> None:
        if self.transport is not None:
            self.transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._came(self)
        self._wait(HEADERS_SECONDS)
        self._handler.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        self._handler.data_received(data)

    def eof_received(self) -> bool | None:
        return self._handler.eof_received()

    def pause_writing(self) -> None:
        self._handler.pause_writing()

    def resume_writing(self) -> None:
        self._handler.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait(None)
        self._handler.connection_lost(exc)
        self._gone(self)
        self.transport = None

    def _wait(self, seconds: float | None) -> None:
        """Hang up after so long; None: do not."""
        if self._deadline is not None:
            self._deadline.cancel()
        is_there = seconds is not None and self.transport is not None
        self._deadline = self._loop.call_later(seconds or 0.0, self.drop) if is_there else None


Tell = Callable[[Caller], None]
