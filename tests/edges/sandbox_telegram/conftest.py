"""A server with its own clock, a real PTB client, a plain HTTP caller and one person."""

import json
from importlib import import_module
from typing import Any

import aiohttp
import pytest
from telegram import Bot

from handlers.sandbox.telegram import TelegramServer
from tests.inputs import bot_api

TOKEN = "777000:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw4"


class TestClock:
    """Seconds since the epoch that only move when told to."""

    __test__ = False

    def __init__(self) -> None:
        self.now = 1_760_000_000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


class Caller:
    """Calls methods over plain HTTP and shows status and body as they are."""

    def __init__(self, server: TelegramServer, session: aiohttp.ClientSession) -> None:
        self._server = server
        self.session = session

    def url(self, method: str) -> str:
        return f"{self._server.root_url}/bot{self._server.token}/{method}"

    async def __call__(self, method: str, **parameters: Any) -> Any:
        """The result of a call that must be taken."""
        status, body = await self.raw(method, **parameters)
        assert status == 200, body
        return body["result"]

    async def raw(self, method: str, **parameters: Any) -> tuple[int, Any]:
        """As PTB does it: form fields, with objects written as JSON."""
        fields = {
            key: value if isinstance(value, str) else json.dumps(value)
            for key, value in parameters.items()
        }
        async with self.session.post(self.url(method), data=fields) as answer:
            return answer.status, await answer.json()

    async def refusal(self, method: str, **parameters: Any) -> str:
        """The description of a refusal, and nothing but a refusal."""
        status, body = await self.raw(method, **parameters)
        assert status == body["error_code"] != 200, body
        return body["description"]

    async def post(self, method: str, **how: Any) -> tuple[int, Any]:
        """Any body at all."""
        async with self.session.post(self.url(method), **how) as answer:
            return answer.status, await answer.json()

    async def get(self, path: str) -> tuple[int, bytes]:
        async with self.session.get(self._server.root_url + path) as answer:
            return answer.status, await answer.read()


@pytest.fixture
def clock():
    return TestClock()


@pytest.fixture
async def server(clock):
    """No test may leave a violation behind that it did not look at and clear."""
    telegram = TelegramServer(TOKEN, clock=clock, limits_on=False)
    await telegram.start()
    yield telegram
    await telegram.stop()
    assert telegram.violations == []


@pytest.fixture
async def call(server):
    async with aiohttp.ClientSession() as session:
        yield Caller(server, session)


@pytest.fixture
async def bot(server, monkeypatch):
    # Without it the library warns of its next version whenever it meets a 429.
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    async with Bot(
        server.token,
        base_url=f"{server.root_url}/bot",
        base_file_url=f"{server.root_url}/file/bot",
    ) as client:
        yield client


@pytest.fixture
async def alice(server):
    person = server.user(4_503_599_627_370_001, "Alice", username="alice", language_code="en")
    await person.start()
    return person


@pytest.fixture
def blamed(server):
    """Takes the violations so far, so that a test can look at those it provoked."""

    def take() -> list[str]:
        found = [one.detail for one in server.violations]
        server.violations.clear()
        return found

    return take


@pytest.fixture(scope="session")
def aiogram():
    """Another maker's models of the Bot API; the import takes seconds, so once."""
    return import_module("aiogram")


@pytest.fixture(scope="session")
def specification():
    return bot_api()
