"""The desk's HTTP port: what strangers may do with connections and headers, and what follows."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from bot.domain.errors import Refused
from handlers.runtime import http_caller, http_door
from handlers.runtime.http_door import FEWEST_CONNECTIONS, HttpDoor, connections_allowed

PATIENCE_SECONDS = 20
GOOD = b"POST /hook HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
HEAD = b"POST /hook HTTP/1.1\r\nHost: x\r\n"


LINES: "list[Line]" = []


async def _taken(request: web.Request) -> web.Response:
    return web.Response(text=str(len(await request.read())))


@asynccontextmanager
async def opened(*, most: int = 100, is_ready: bool = True) -> AsyncIterator[HttpDoor]:
    door = HttpDoor("127.0.0.1", 0, most=most)
    door.serve("/hook", _taken)
    door.serve("/early", _taken, is_early=True)
    door.is_ready = is_ready
    async with door.listening():
        yield door


class Line:
    """A connection, byte by byte."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def says(self, words: bytes) -> None:
        self._writer.write(words)
        await self._writer.drain()

    async def hears(self) -> bytes:
        """The number of the answer; empty: it was hung up."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            try:
                head = await self._reader.readuntil(b"\r\n\r\n")
            except (asyncio.IncompleteReadError, ConnectionError):
                return b""
            length = next(
                (int(one[15:]) for one in head.split(b"\r\n") if one.startswith(b"Content-Length")),
                0,
            )
            await self._reader.readexactly(length)
            return head.split()[1]

    def hangs_up(self) -> None:
        self._writer.transport.abort()


@pytest.fixture(autouse=True)
async def lines() -> AsyncIterator[list[Line]]:
    """Whoever was called in a test is hung up on after it."""
    LINES.clear()
    yield LINES
    for line in LINES:
        line.hangs_up()
    await asyncio.sleep(0)


async def a_line(door: HttpDoor, words: bytes = b"") -> Line:
    line = Line(*await asyncio.open_connection("127.0.0.1", door.port))
    LINES.append(line)
    await line.says(words)
    return line


async def answer_to(door: HttpDoor, words: bytes) -> bytes:
    line = await a_line(door, words)
    heard = await line.hears()
    line.hangs_up()
    return heard


async def test_whoever_sends_no_whole_header_in_time_is_hung_up_on(monkeypatch):
    monkeypatch.setattr(http_caller, "HEADERS_SECONDS", 0.05)
    async with opened() as door:
        heard = [await answer_to(door, words) for words in (b"", HEAD, b"P")]

    assert heard == [b"", b"", b""]


async def test_a_drip_of_letters_wins_no_time(monkeypatch):
    monkeypatch.setattr(http_caller, "HEADERS_SECONDS", 0.05)
    async with opened() as door:
        line = await a_line(door, HEAD)
        heard = asyncio.ensure_future(line.hears())
        while not heard.done():
            await line.says(b"X")
            await asyncio.wait((heard,), timeout=0.01)

    assert heard.result() == b""


async def test_an_answered_connection_may_rest_and_ask_again(monkeypatch):
    monkeypatch.setattr(http_caller, "HEADERS_SECONDS", 0.05)
    async with opened() as door:
        line = await a_line(door, GOOD)
        first = await line.hears()
        await asyncio.wait((asyncio.ensure_future(asyncio.Event().wait()),), timeout=0.1)
        await line.says(GOOD)
        second = await line.hears()

    assert (first, second) == (b"200", b"200")


async def test_an_answered_connection_does_not_rest_for_ever(monkeypatch):
    monkeypatch.setattr(http_caller, "IDLE_SECONDS", 0.05)
    async with opened() as door:
        line = await a_line(door, GOOD)
        first = await line.hears()
        second = await line.hears()

    assert (first, second) == (b"200", b"")


async def test_at_the_limit_the_oldest_half_request_makes_room():
    async with opened(most=3) as door:
        crowd = [await a_line(door, HEAD) for _ in range(3)]
        heard = await answer_to(door, GOOD)
        oldest = await crowd[0].hears()

    assert heard == b"200"
    assert oldest == b""


async def test_a_half_body_makes_room_as_a_half_header_does():
    async with opened(most=2) as door:
        for _ in range(2):
            await a_line(door, HEAD + b"Content-Length: 9\r\n\r\n{")
        heard = [await answer_to(door, GOOD) for _ in range(5)]

    assert heard == [b"200"] * 5


async def test_who_sent_a_good_request_before_is_hung_up_on_last():
    async with opened(most=3) as door:
        platform = await a_line(door, GOOD)
        first = await platform.hears()
        crowd = [await a_line(door, HEAD) for _ in range(20)]
        while await crowd[-3].hears():
            pass
        await platform.says(GOOD)
        second = await platform.hears()

    assert (first, second) == (b"200", b"200")


@pytest.mark.parametrize("named", ["gzip", "deflate", "br", "zstd", "identity, gzip", "x"])
async def test_a_packed_body_is_refused_before_it_is_read(named: str):
    words = HEAD + f"Content-Encoding: {named}\r\nContent-Length: 999999\r\n\r\nrubbish".encode()
    async with opened() as door:
        heard = await answer_to(door, words)

    assert heard == b"415"


async def test_a_body_that_says_that_it_is_not_packed_is_taken():
    words = HEAD + b"Content-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}"
    async with opened() as door:
        heard = await answer_to(door, words)

    assert heard == b"200"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x07" * 64, b"400"),
        (b"\x00\xff\r\n\r\n", b"400"),
        (b"GET / HTTP/9.9\r\n\r\n", b"400"),
        (HEAD + b"X: " + b"y" * 100_000 + b"\r\n\r\n", b"400"),
        (HEAD + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", b"400"),
        (HEAD + b"Content-Length: -5\r\n\r\n", b"400"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nrubbish", b"400"),
        (b"GET /hook HTTP/1.1\r\nHost: x\r\n\r\n", b"405"),
        (b"POST /elsewhere HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", b"404"),
        (HEAD + b"Expect: the unexpected\r\nContent-Length: 0\r\n\r\n", b"417"),
    ],
    ids=range(10),
)
async def test_what_is_no_request_is_refused_without_an_error_of_ours(
    words: bytes, expected: bytes, caplog: pytest.LogCaptureFixture
):
    async with opened() as door:
        heard = await answer_to(door, words)
        after = await answer_to(door, GOOD)

    assert heard == expected
    assert after == b"200"
    assert [one for one in caplog.records if one.name == "asyncio"] == []


async def test_a_caller_who_hangs_up_in_the_middle_is_no_error(caplog: pytest.LogCaptureFixture):
    async with opened() as door:
        line = await a_line(door, HEAD + b"Content-Length: 9\r\n\r\n{")
        line.hangs_up()
        after = await answer_to(door, GOOD)

    assert after == b"200"
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


async def test_until_the_desk_is_up_a_platform_is_told_to_come_again():
    async with opened(is_ready=False) as door:
        early = await answer_to(door, GOOD.replace(b"/hook", b"/early"))
        before = await answer_to(door, GOOD)
        door.is_ready = True
        after = await answer_to(door, GOOD)

    assert (early, before, after) == (b"200", b"503", b"200")


async def test_a_port_that_is_taken_ends_the_start_with_one_sentence():
    async with opened() as door:
        second = HttpDoor("127.0.0.1", door.port)
        second.serve("/hook", _taken)
        with pytest.raises(Refused) as refusal:
            async with second.listening():
                pass

    assert refusal.value.key == "console.port_taken"
    assert refusal.value.params["port"] == door.port


async def test_an_address_of_another_machine_is_refused_likewise():
    door = HttpDoor("192.0.2.1", 0)
    door.serve("/hook", _taken)

    with pytest.raises(Refused) as refusal:
        async with door.listening():
            pass

    assert refusal.value.key == "console.no_port"


async def test_a_desk_that_serves_nothing_opens_no_port():
    door = HttpDoor("192.0.2.1", 0)

    async with door.listening():
        pass

    assert door.port == 0


async def test_stopping_does_not_wait_for_half_requests():
    async with asyncio.timeout(http_door.STOP_SECONDS / 2), opened() as door:
        lines = [await a_line(door, words) for words in (b"", HEAD)]
        lines += [await a_line(door, HEAD + b"Content-Length: 9\r\n\r\n{")]
        await answer_to(door, GOOD)


async def test_a_platform_that_keeps_its_connection_is_served_on_it():
    async with opened(most=2) as door, aiohttp.ClientSession() as session:
        statuses = []
        for _ in range(20):
            url = f"http://127.0.0.1:{door.port}/hook"
            async with session.post(url, data=b"{}") as answer:
                statuses.append(answer.status)

    assert statuses == [200] * 20


@pytest.mark.parametrize(
    ("soft", "hard", "expected"),
    [(256, 256, 85), (1_024, 1_024, 341), (1_024, 1_048_576, 1_000), (12, 12, FEWEST_CONNECTIONS)],
)
def test_the_port_takes_less_than_half_of_the_descriptors(
    soft: int, hard: int, expected: int, monkeypatch: pytest.MonkeyPatch
):
    given = [soft, hard]
    resource = pytest.importorskip("resource")

    def raised(_which: int, limits: tuple[int, int]) -> None:
        given[:] = limits

    monkeypatch.setattr(resource, "getrlimit", lambda _which: tuple(given))
    monkeypatch.setattr(resource, "setrlimit", raised)

    assert connections_allowed() == expected
    assert given[0] == min(hard, http_door.ENOUGH_DESCRIPTORS)
