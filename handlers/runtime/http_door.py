"""The desk's HTTP port, open to anybody: nobody can hold it, and nobody fills the log through it.

aiohttp takes as many connections as come and waits an hour for the first header, so that some
hundred idle ones leave the desk no descriptor for its store and for its own calls
(docs/design/security.md, "Bodies from strangers").
"""

import asyncio
import errno
import logging
import os
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from typing import Any, cast

from aiohttp import web

from bot.domain.errors import Refused
from handlers.log_setup import log
from handlers.runtime.http_caller import Caller

try:
    import resource
except ImportError:  # a system without such limits
    resource = None

MAX_BODY_BYTES = 1_048_576
"""Bytes; what is larger is refused before it is parsed."""
MOST_CONNECTIONS, FEWEST_CONNECTIONS = 1_000, 8
ENOUGH_DESCRIPTORS = 65_536
SHARE = 3
"""The door takes this part of the descriptors; calls, sockets and the store need the rest."""
WAITING_LINE = 1_024
PAUSE_SECONDS = 0.05
STOP_SECONDS = 10.0
LINGER_SECONDS = 1.0
"""For whoever still sends what was refused already."""
Receive = Callable[[web.Request], Awaitable[web.StreamResponse]]


def connections_allowed() -> int:
    """How many connections may be open at once, by what the system lets this process have."""
    if resource is None:
        return MOST_CONNECTIONS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, ENOUGH_DESCRIPTORS)
    if resource.RLIM_INFINITY != soft < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
    if soft == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return max(FEWEST_CONNECTIONS, min(MOST_CONNECTIONS, soft // SHARE))


class HttpDoor:
    """Listens, and keeps the connections few: the oldest that sent no whole request goes first."""

    def __init__(self, host: str, port: int, *, most: int = MOST_CONNECTIONS) -> None:
        self._host, self._port, self._most = host, port, most
        self._app = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=[self._check])
        self._early = set[str]()
        self._callers: dict[Caller, None] = {}
        self._by_transport: dict[asyncio.BaseTransport | None, Caller] = {}
        self._joining = set[asyncio.Task[None]]()
        self.is_ready = False
        """Until the desk is up, a platform is asked to come again: 503."""
        self.port = 0
        """Where it listens."""

    def serve(self, path: str, receive: Receive, *, is_early: bool = False) -> None:
        """Take what is posted to `path`; `is_early`: also before the desk is up."""
        self._app.router.add_post(path, receive)
        if is_early:
            self._early.add(path)

    @asynccontextmanager
    async def listening(self) -> AsyncGenerator[None]:
        """Listen only where something is to be received.

        Raises:
            Refused: the port is taken, or the address is not this machine's.
        """
        if not len(self._app.router.resources()):
            yield
            return
        listening = await self._bound()
        runner = web.AppRunner(
            self._app,
            access_log=None,
            auto_decompress=False,
            lingering_time=LINGER_SECONDS,
            shutdown_timeout=STOP_SECONDS,
        )
        await runner.setup()
        server = cast("web.Server", runner.server)
        tasks = [asyncio.create_task(self._accept(one, server)) for one in listening]
        try:
            yield
        finally:
            await self._close(tasks, listening, runner)

    async def probe(self) -> None:
        """Whether it could listen now. Raises as `listening`."""
        for one in await self._bound():
            one.close()

    async def _bound(self) -> list[socket.socket]:
        loop = asyncio.get_running_loop()
        bound: list[socket.socket] = []
        try:
            found = await loop.getaddrinfo(
                self._host, self._port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )
            for family, kind, protocol, _, address in dict.fromkeys(found):
                bound.append(_listen(family, kind, protocol, address))
        except OSError as error:
            for one in bound:
                one.close()
            key = "console.port_taken" if error.errno == errno.EADDRINUSE else "console.no_port"
            why = errno.errorcode.get(error.errno or 0, type(error).__name__)
            raise Refused(key, host=self._host, port=self._port, error=why) from error
        self.port = bound[0].getsockname()[1]
        return bound

    async def _accept(self, listening: socket.socket, server: web.Server) -> None:
        loop = asyncio.get_running_loop()
        while True:
            if len(self._callers) >= self._most:
                await asyncio.sleep(0 if self._drop_one() else PAUSE_SECONDS)
                continue
            try:
                arrived, _ = await loop.sock_accept(listening)
            except OSError as error:
                why = errno.errorcode.get(error.errno or 0, type(error).__name__)
                log(__name__, "not_accepted", logging.WARNING, error=why)
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            caller = Caller(server(), self._came, self._gone)
            self._callers[caller] = None
            joining = asyncio.create_task(self._join(caller, arrived))
            self._joining.add(joining)
            joining.add_done_callback(self._joining.discard)

    async def _join(self, caller: Caller, arrived: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.connect_accepted_socket(lambda: caller, arrived)
        except OSError as error:
            log(__name__, "not_accepted", logging.WARNING, error=type(error).__name__)
            arrived.close()
            self._gone(caller)

    def _came(self, caller: Caller) -> None:
        self._by_transport[caller.transport] = caller

    def _gone(self, caller: Caller) -> None:
        self._callers.pop(caller, None)
        self._by_transport.pop(caller.transport, None)

    def _drop_one(self) -> bool:
        """The oldest without a whole request; whoever never sent a good one goes first."""
        waiting = [one for one in self._callers if one.may_be_dropped]
        if not waiting:
            return False
        oldest = min(waiting, key=lambda one: (one.is_known, one.since))
        log(__name__, "half_open_dropped", logging.WARNING, connections=len(self._callers))
        oldest.drop()
        return True

    @web.middleware
    async def _check(self, request: web.Request, handler: Receive) -> web.StreamResponse:
        caller = self._by_transport.get(request.transport)
        if caller is None:  # it hung up meanwhile
            return refusal(HTTPStatus.BAD_REQUEST)
        caller.began(request)
        try:
            answer = await self._answer(request, handler)
            caller.is_known |= answer.status == HTTPStatus.OK
        finally:
            caller.answered()
        return answer

    async def _answer(self, request: web.Request, handler: Receive) -> web.StreamResponse:
        if is_encoded(request):
            return refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        if request.match_info.http_exception is not None:
            return refusal(HTTPStatus(request.match_info.http_exception.status))
        if not (self.is_ready or request.path in self._early):
            return refusal(HTTPStatus.SERVICE_UNAVAILABLE)
        try:
            return await handler(request)
        except (web.RequestPayloadError, ConnectionError):  # no body, or it hung up in the middle
            return refusal(HTTPStatus.BAD_REQUEST)

    async def _close(
        self, tasks: list[asyncio.Task[None]], listening: list[socket.socket], runner: web.AppRunner
    ) -> None:
        for task in (*tasks, *self._joining):
            task.cancel()
        await asyncio.gather(*tasks, *self._joining, return_exceptions=True)
        for one in listening:
            one.close()
        for caller in tuple(self._callers):
            if caller.may_be_dropped:
                caller.drop()
        await runner.cleanup()


def is_encoded(request: web.Request) -> bool:
    """Neither platform packs what it sends; to unpack what strangers packed is a risk."""
    named = ",".join(request.headers.getall("Content-Encoding", []))
    return any(one.strip().lower() not in ("", "identity") for one in named.split(","))


def refusal(status: HTTPStatus) -> web.Response:
    """A refusal that also hangs up, so that the rest of a body is never read."""
    response = web.Response(status=status)
    response.force_close()
    return response


def _listen(family: int, kind: int, protocol: int, address: tuple[Any, ...]) -> socket.socket:
    made = socket.socket(family, kind, protocol)
    try:
        made.setblocking(False)  # noqa: FBT003  # its only parameter
        if hasattr(socket, "IPPROTO_IPV6") and family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if os.name == "posix":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(WAITING_LINE)
    except OSError:
        made.close()
        raise
    return made
