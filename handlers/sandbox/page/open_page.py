"""One open page: told what changed as soon as it changed, and heard when its person acts."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any, Final, cast

from aiohttp import WSMsgType, web

from handlers.sandbox.not_possible import NotPossible
from handlers.sandbox.page import phone, staff_side
from handlers.sandbox.page.page_context import PageContext
from handlers.sandbox.slack.refusals import ApiRefusal
from handlers.sandbox.telegram import Change, Seen, Unmet
from handlers.sandbox.town_clock import Step

Json = dict[str, Any]

MAX_MESSAGE_BYTES: Final = 1024 * 1024
# Changes come in bursts; a page that draws fifty times a second is quick enough.
_GATHER_SECONDS: Final = 0.02
_PING_SECONDS: Final = 20.0
_CHAT, _CLIENTS, _SLACK, _MAIL = "chat", "clients", "slack", "mail"
_COMPANY, _CLOCK = "company", "clock"
_EVERYTHING: Final = (_CLIENTS, _CHAT, _SLACK, _MAIL, _COMPANY, _CLOCK)
_EXPECTED: Final = (
    NotPossible,
    ApiRefusal,
    Unmet,
    KeyError,
    ValueError,
)

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Look:
    """What this page looks at."""

    client: int
    viewer: str
    channel: str = ""
    thread: str = ""
    table: str = ""
    only: bool = True
    """Only this client's rows of the company's table."""


@dataclass(slots=True)
class Live:
    """The connection of one page. `serve` runs until the page goes away."""

    page_context: PageContext
    look: Look
    socket: web.WebSocketResponse = field(
        default_factory=lambda: web.WebSocketResponse(
            heartbeat=_PING_SECONDS, max_msg_size=MAX_MESSAGE_BYTES
        )
    )
    _stale: set[str] = field(default_factory=lambda: set(_EVERYTHING))
    _news: list[Json] = field(default_factory=list[Json])
    _told: dict[str, str] = field(default_factory=dict[str, str])
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        await self.socket.prepare(request)
        leave = [
            self.page_context.telegram.subscribe(self._in_telegram),
            self.page_context.slack.subscribe(self._in_slack),
            self.page_context.mailbox.subscribe(lambda _: self._is_stale(_MAIL)),
            self.page_context.company.subscribe(lambda: self._is_stale(_COMPANY)),
            self.page_context.clock.subscribe(lambda: self._is_stale(_CLOCK, _COMPANY)),
        ]
        self._news.append({"pane": "cast", **self.page_context.cast()})
        self._is_stale()
        self._begin(self._tell())
        try:
            async for message in self.socket:
                if message.type is WSMsgType.TEXT:
                    self._heard(json.loads(message.data))
        finally:
            for end in leave:
                end()
            for task in tuple(self._tasks):
                task.cancel()
        return self.socket

    def _begin(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("sandbox_page_failed", exc_info=task.exception())

    # What the page is told.

    def _is_stale(self, *panes: str) -> None:
        self._stale.update(panes)
        self._wake.set()

    def _in_telegram(self, change: Change) -> None:
        if change.kind is Seen.TOAST:
            self._news.append({"pane": "toast", "client": change.chat_id, **change.detail})
        self._is_stale(_CLIENTS)
        if change.chat_id in (0, self.look.client):
            self._is_stale(_CHAT)

    def _in_slack(self, change: Json) -> None:
        if change.get("user", self.look.viewer) == self.look.viewer or "ts" in change:
            self._is_stale(_SLACK, _CLOCK)

    async def _tell(self) -> None:
        with suppress(ConnectionError):
            while not self.socket.closed:
                await self._wake.wait()
                await asyncio.sleep(_GATHER_SECONDS)
                self._wake.clear()
                await self._send()

    async def _send(self) -> None:
        """Sends what is new; a pane that looks as it did is not sent again."""
        stale, self._stale = self._stale, set()
        news, self._news = self._news, []
        for one in news:
            await self.socket.send_str(json.dumps(one, ensure_ascii=False))
        for name in sorted(stale):
            text = json.dumps(await self._pane(name), ensure_ascii=False)
            if self._told.get(name) != text:
                self._told[name] = text
                await self.socket.send_str(text)

    async def _pane(self, name: str) -> Json:
        look, page_context = self.look, self.page_context
        match name:
            case "clock":
                data: object = await page_context.time()
            case "company":
                number = page_context.customer_number(look.client)
                data = page_context.company.shown(look.table, number, only_theirs=look.only)
            case "chat":
                data = phone.chat(page_context.telegram, page_context.clients[look.client])
            case "clients":
                data = page_context.client_badges()
            case "slack":
                person = page_context.slack.people[look.viewer]
                data = staff_side.sees(page_context.slack, person, look.channel, look.thread)
            case _:
                data = [mail.to_json() for mail in page_context.mailbox.mails[-100:]]
        return {"pane": name, "look": asdict(look), "data": data}

    # What the page says.

    def _heard(self, what: Json) -> None:
        if what.get("at") == "look":
            self._turn(what)
        else:
            self._begin(self._act(what))

    def _turn(self, what: Json) -> None:
        client, viewer = what["client"], what["viewer"]
        if client in self.page_context.clients and viewer in self.page_context.slack.people:
            named = {name: str(what.get(name, "")) for name in ("channel", "thread", "table")}
            self.look = Look(client, viewer, **named, only=bool(what.get("only", True)))
            self._is_stale(_CHAT, _SLACK, _COMPANY)

    async def _act(self, what: Json) -> None:
        answer: Json = {"pane": "answer", "re": what.get("re")}
        try:
            answer["data"] = await self._done(what)
        except _EXPECTED as refusal:
            # What was on the screen a moment ago is gone: the page says so and shows what is.
            log.info("sandbox_page_refused kind=%s", type(refusal).__name__)
            answer["refused"] = type(refusal).__name__
        self._news.append(answer)
        self._is_stale(_CHAT, _SLACK)

    async def _done(self, what: Json) -> object:
        if what["at"] == "chat":
            return await phone.act(self.page_context.clients[what["client"]], what)
        if what["at"] == "slack":
            person = self.page_context.slack.people[what["viewer"]]
            return await staff_side.act(self.page_context.slack, person, what)
        if what["at"] == "clock":
            return await self.page_context.clock.step(Step(what["do"]))
        raise KeyError(what["at"])


Opened = Callable[[web.Request], Awaitable[web.StreamResponse]]


def opening(page_context: PageContext) -> Opened:
    """The handler of the page's WebSocket."""

    async def live(request: web.Request) -> web.StreamResponse:
        first = Look(
            next(iter(page_context.clients)), cast("str", next(iter(page_context.slack.people)))
        )
        return await Live(page_context, first).serve(request)

    return live
