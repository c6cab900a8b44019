"""Socket Mode: up to ten WebSockets, each envelope to one of them, each to be acknowledged."""

import asyncio
import json
import random
import secrets
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from handlers.sandbox.slack import limits
from handlers.sandbox.slack.changes import Changes
from handlers.sandbox.slack.clock import Clock, done_within
from handlers.sandbox.slack.record import Record
from handlers.sandbox.slack.transport.deliveries import Ack, Envelope, NotAcked
from handlers.sandbox.slack.workspace import APP

Json = dict[str, Any]
PING_SECONDS = 15.0
REMEMBERED = 2000  # acknowledged envelopes, to tell a second ack from a stray one


@dataclass(eq=False)
class Socket:
    """One open connection and the envelopes it has not acknowledged."""

    ws: web.WebSocketResponse
    request: web.Request
    waiting: dict[str, asyncio.Future[Ack]] = field(default_factory=dict)
    leaving: bool = False

    async def tell(self, message: Json) -> None:
        await self.ws.send_str(json.dumps(message))

    def lost(self) -> None:
        for future in self.waiting.values():
            if not future.done():
                future.set_exception(NotAcked("connection_failed", reached=False))


class SocketMode:
    """The transport, and the WebSocket endpoint that apps.connections.open points to."""

    def __init__(self, record: Record, clock: Clock, changes: Changes) -> None:
        self.sockets: list[Socket] = []
        self._record = record
        self._clock = clock
        self._changes = changes
        self._tickets: set[str] = set()
        self._settled: deque[str] = deque(maxlen=REMEMBERED)
        self._late: deque[str] = deque(maxlen=REMEMBERED)
        self._choose = random.Random(1)  # noqa: S311 - it spreads load, it keeps no secret

    def ticket(self) -> str:
        """Give a ticket good for one connection."""
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return ticket

    async def carry(self, envelope: Envelope) -> Ack:
        open_sockets = [s for s in self.sockets if not s.leaving and not s.ws.closed]
        if not open_sockets:
            raise NotAcked("no_active_socket", reached=False)
        socket = self._choose.choice(open_sockets)
        future = socket.waiting[envelope.id] = asyncio.get_running_loop().create_future()
        try:
            await socket.tell(_wire(envelope))
            if not await done_within(self._clock, future, limits.ACK):
                self._late.append(envelope.id)
                raise NotAcked("timeout", reached=True)
            return future.result()
        except ConnectionError as gone:
            raise NotAcked("connection_failed", reached=False) from gone
        finally:
            socket.waiting.pop(envelope.id, None)

    async def endpoint(self, request: web.Request) -> web.StreamResponse:
        """Serve one WebSocket until it closes."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.json_response({"ok": False, "error": "invalid_ticket"}, status=403)
        self._tickets.discard(ticket)
        ws = web.WebSocketResponse(heartbeat=PING_SECONDS)
        await ws.prepare(request)
        socket = Socket(ws, request)
        if len(self.sockets) >= limits.SOCKETS:
            await socket.tell(_goodbye("too_many_websockets"))
            await ws.close()
            return ws
        await self._serve(socket)
        return ws

    async def disconnect(self, *, hard: bool) -> None:
        """Drop every connection: hard as a cable is cut, else as Slack refreshes them."""
        for socket in tuple(self.sockets):
            if hard:
                _cut(socket)
            else:
                await self._refresh(socket)
        await asyncio.sleep(0)

    async def warn(self) -> None:
        """Say ten seconds ahead that connections will be refreshed."""
        for socket in tuple(self.sockets):
            await socket.tell(_goodbye("warning"))

    async def close(self) -> None:
        for socket in tuple(self.sockets):
            await socket.ws.close(code=WSCloseCode.GOING_AWAY)

    async def _refresh(self, socket: Socket) -> None:
        socket.leaving = True
        await socket.tell(_goodbye("refresh_requested"))

    async def _serve(self, socket: Socket) -> None:
        self.sockets.append(socket)
        try:
            await socket.tell(_hello(len(self.sockets)))
            self._changes.tell("sockets", number=len(self.sockets))
            async for message in socket.ws:
                if message.type is WSMsgType.TEXT:
                    self._heard(socket, message.data)
        except ConnectionError:
            pass
        finally:
            self.sockets.remove(socket)
            socket.lost()
            self._changes.tell("sockets", number=len(self.sockets))

    def _heard(self, socket: Socket, text: str) -> None:
        try:
            message = json.loads(text)
            envelope_id = message["envelope_id"]
        except (ValueError, KeyError, TypeError):
            self._record.violation("bad_ack", "socket", "not a JSON object with envelope_id")
            return
        future = socket.waiting.get(envelope_id)
        if future is not None and not future.done():
            self._settled.append(envelope_id)
            future.set_result(Ack(message.get("payload")))
        elif envelope_id in self._settled:
            self._record.violation("double_ack", "socket", envelope_id)
        elif envelope_id not in self._late:
            self._record.violation("unknown_envelope", "socket", str(envelope_id))


def _cut(socket: Socket) -> None:
    if socket.request.transport is not None:
        socket.request.transport.abort()


def _wire(envelope: Envelope) -> Json:
    message: Json = {
        "envelope_id": envelope.id,
        "payload": envelope.payload,
        "type": envelope.kind,
        "accepts_response_payload": envelope.answer_wanted,
    }
    if envelope.kind == "events_api":
        message |= {"retry_attempt": envelope.attempt, "retry_reason": envelope.reason}
    return message


def _hello(number: int) -> Json:
    return {
        "type": "hello",
        "num_connections": number,
        "debug_info": {
            "host": "applink-sandbox",
            "build_number": 1,
            "approximate_connection_time": 18060,
        },
        "connection_info": {"app_id": APP},
    }


def _goodbye(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-sandbox"}}
