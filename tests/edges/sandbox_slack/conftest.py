import logging
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from handlers.sandbox.slack import SetClock, SlackServer

BOT_TOKEN = "xoxb-sandbox"
APP_TOKEN = "xapp-sandbox"
SECRET = "signing-secret"


def furnished(**how):
    slack = SlackServer(BOT_TOKEN, APP_TOKEN, SECRET, **how)
    slack.add_channel("#support", channel_id="C0SUPPORT")
    slack.add_channel("#privacy", private=True, channel_id="G0PRIVACY")
    slack.add_user("U0BOB", "bob", email="bob@example.test")
    slack.add_user("U0ANN", "ann", email="ann@example.test")
    slack.add_group("S0AGENTS", "agents", ["U0BOB"])
    return slack


@pytest.fixture(autouse=True)
def quiet():
    logging.getLogger("slack_bolt").setLevel(logging.CRITICAL)
    logging.getLogger("slack_sdk").setLevel(logging.CRITICAL)


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    """A workspace in real time; a test that provokes violations clears them itself."""
    server = furnished()
    await server.start()
    yield server
    await server.stop()
    assert server.violations == []


@pytest.fixture
async def timed() -> AsyncIterator[SlackServer]:
    """A workspace whose clock moves only when told."""
    server = furnished(clock=SetClock())
    await server.start()
    yield server
    await server.stop()
    assert server.violations == []


@pytest.fixture
def client(slack) -> AsyncWebClient:
    return AsyncWebClient(token=BOT_TOKEN, base_url=slack.api_url)


@pytest.fixture
def timed_client(timed) -> AsyncWebClient:
    return AsyncWebClient(token=BOT_TOKEN, base_url=timed.api_url)


def bolt_app(server: SlackServer) -> AsyncApp:
    bot = AsyncWebClient(token=BOT_TOKEN, base_url=server.api_url)
    return AsyncApp(client=bot, signing_secret=SECRET)


async def connected(server: SlackServer, app: AsyncApp) -> AsyncSocketModeHandler:
    web_client = AsyncWebClient(token=APP_TOKEN, base_url=server.api_url)
    handler = AsyncSocketModeHandler(app, APP_TOKEN, web_client=web_client, ping_interval=0.1)
    await handler.connect_async()
    await server.connected()
    return handler


@pytest.fixture
async def app(slack) -> AsyncIterator[AsyncApp]:
    """The real slack-bolt, connected over Socket Mode."""
    bolt = bolt_app(slack)
    handler = await connected(slack, bolt)
    yield bolt
    await handler.close_async()


@pytest.fixture
async def http_slack() -> AsyncIterator[SlackServer]:
    server = furnished(mode="http")
    await server.start()
    yield server
    await server.stop()
    assert server.violations == []


@pytest.fixture
async def http_app(http_slack) -> AsyncIterator[AsyncApp]:
    """The real slack-bolt, listening on /slack/events."""
    bolt = bolt_app(http_slack)
    runner = web.AppRunner(bolt.server(port=1, path="/slack/events").web_app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    http_slack.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield bolt
    await runner.cleanup()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session
