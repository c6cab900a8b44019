"""Socket Mode with a watch on it: Slack's socket can fall silent without being closed."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.application.ports.troubles import Trouble, TroubleKind, Troubles
from bot.domain.errors import Refused
from handlers.log_setup import log
from handlers.slack.client import Trouble as CallTrouble, build_client, code_of, is_local
from handlers.slack.platform_refusals import is_final

PING_SECONDS = 5.0
LOOK_SECONDS = 0.25
"""How often to look whether the socket is there: events that come meanwhile wait a minute."""
SILENCE_SECONDS = 3.0
SLACK = "slack"
KEEPALIVE_SECONDS = 60.0
MAX_BACKOFF_SECONDS = 4.0
CONNECT_SECONDS = 8.0
"""For one try: a way that swallows everything would hold the next one up."""


Do = Callable[[], Awaitable[None]]
IsEcho = Callable[[dict[str, Any]], bool]


class Handler(AsyncSocketModeHandler):
    """Bolt's, which spends a millisecond on an event; the desk hears two echoes of every post."""

    is_echo: IsEcho
    is_dropping: IsEcho

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]  # as Bolt does
        if self.is_echo(req.payload) or self.is_dropping(req.payload):
            await client.send_socket_mode_response(SocketModeResponse(req.envelope_id))
        else:
            await super().handle(client, req)


class SocketMode:
    """One connection, opened again as soon as it is gone."""

    def __init__(
        self,
        app: AsyncApp,
        base_url: str,
        app_token: str,
        is_echo: IsEcho,
        is_dropping: IsEcho = lambda _: False,
    ) -> None:
        web = build_client(base_url, app_token, None)
        self._handler = Handler(app, app_token, web_client=web, ping_interval=PING_SECONDS)
        self._handler.is_echo, self._handler.is_dropping = is_echo, is_dropping
        self._client: SocketModeClient = self._handler.client
        if is_local(base_url):
            self._client.proxy = None

    async def run(self, connected: Do, each_minute: Do) -> None:
        """Until cancelled; `connected` follows each connection that was made.

        Raises:
            Refused: at the start Slack refuses the app-level token, or a socket, for good.
        """
        await self._connect(is_start=True)
        await connected()
        next_minute = time.monotonic() + KEEPALIVE_SECONDS
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if not await self._client.is_connected():
                await self._connect()
                await connected()
            if time.monotonic() >= next_minute:
                next_minute = time.monotonic() + KEEPALIVE_SECONDS
                await each_minute()

    async def is_there(self) -> bool:
        """Whether Slack is heard now."""
        return await self._client.is_connected()

    async def close(self) -> None:
        await self._handler.close_async()

    async def _connect(self, *, is_start: bool = False) -> None:
        """Later a refusal is waited out: the app may be installed again, clients go on writing."""
        wait = 0.5
        while not await self._client.is_connected():
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    await self._client.connect_to_new_endpoint()
            except CallTrouble as error:
                log(__name__, "socket_failed", logging.WARNING, error=code_of(error))
                if is_start and is_final(error):
                    raise _refusal(error) from None
            if await self._client.is_connected():
                return
            await asyncio.sleep(wait)
            wait = min(MAX_BACKOFF_SECONDS, wait * 2)


def _refusal(error: BaseException) -> Refused:
    return Refused("slack.app_token_unknown", error=code_of(error))


class Silence:
    """Slack refreshes sockets now and then: only one that is gone at two looks is gone."""

    def __init__(self, is_there: Callable[[], Awaitable[bool]], troubles: Troubles) -> None:
        self._is_there = is_there
        self._troubles = troubles
        self._was_there = True

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(SILENCE_SECONDS)
            await self.look()

    async def look(self) -> None:
        was_there, self._was_there = self._was_there, await self._is_there()
        if self._was_there:
            self._troubles.ended(TroubleKind.HEARING, SLACK)
        elif not was_there:
            trouble = Trouble(kind=TroubleKind.HEARING, about=SLACK, error="no_socket")
            self._troubles.began(trouble)
