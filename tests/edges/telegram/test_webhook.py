"""The webhook's door: who is let in, how much, how slowly, and when it says that it is kept."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest
from aiohttp import web

from bot.domain.errors import Unavailable
from handlers.telegram import webhook as door
from handlers.telegram.webhook import HEADER, MAX_BODY_BYTES, Webhook, path_of
from tests.support.drivers.rig import Rig

SECRET = "k" * 40
UPDATE = {
    "update_id": 1,
    "message": {
        "message_id": 1,
        "date": 1,
        "chat": {"id": 5, "type": "private"},
        "from": {"id": 7, "is_bot": False, "first_name": "Ann"},
    },
}
JSON = "application/json"
PATIENCE_SECONDS = 20


@dataclass
class Door:
    """The receiver on a real port."""

    port: int
    session: aiohttp.ClientSession

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    async def knocks(self, body: bytes | str, secret: str | None = SECRET, kind: str = JSON) -> int:
        headers = {"Content-Type": kind} | ({} if secret is None else {HEADER: secret})
        async with self.session.post(self.url, data=body, headers=headers) as answer:
            return answer.status

    async def knocks_raw(self, head: bytes, body: bytes = b"") -> bytes:
        """The first line of the answer; a door that waits for more of the body has none."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(head + body)
        await writer.drain()
        async with asyncio.timeout(PATIENCE_SECONDS):
            answer = await reader.readline()
        writer.close()
        await writer.wait_closed()
        return answer


@pytest.fixture
async def opened(rig: Rig) -> AsyncIterator[Door]:
    app = web.Application(client_max_size=MAX_BODY_BYTES)
    app.router.add_post("/hook", Webhook(rig.bot, rig.inbox.accept, SECRET).receive)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as session:
        yield Door(runner.addresses[0][1], session)
    await runner.cleanup()


async def kept(rig: Rig) -> bool:
    async with rig.stage.reading() as work:
        return await work.inbox.next_due() is not None


async def test_what_telegram_sends_is_kept_before_it_is_acknowledged(rig, opened):
    assert await opened.knocks(json.dumps(UPDATE)) == 200
    assert await kept(rig)


@pytest.mark.parametrize(
    "secret", [None, "", "k", "k" * 39, "k" * 41, "K" * 40, "ক" * 13, "k" * 39 + "\u00e9"]
)
async def test_nobody_enters_without_the_secret(rig, opened, secret):
    assert await opened.knocks(json.dumps(UPDATE), secret) == 403
    assert not await kept(rig)


async def test_bytes_that_are_no_text_are_not_the_secret(rig, opened):
    head = b"POST /hook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    named = head + HEADER.encode() + b": \xff\xfe\xfd\r\nContent-Length: 2\r\n\r\n"

    answer = await opened.knocks_raw(named, b"{}")

    assert answer.split()[1] in (b"403", b"400")
    assert not await kept(rig)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "image/png"])
async def test_only_json_is_let_in(rig, opened, kind):
    assert await opened.knocks(json.dumps(UPDATE), kind=kind) == 403
    assert not await kept(rig)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"{}",
        b'{"update_id": "1"}',
        b'{"update_id": true}',
        b'{"update_id": -1}',
        b'{"update_id": 1e400}',
        b'{"update_id": 99999999999999999999999999}',
        b"\xff\xfe",
        b"[" * 500_000,
        b'{"update_id":1,"a":' + b"[" * 200_000,
        b'{"a":' * 100_000,
    ],
    ids=range(15),
)
async def test_what_is_no_update_is_refused(rig, opened, body):
    assert await opened.knocks(body) == 403
    assert not await kept(rig)


async def test_a_body_that_is_too_large_is_not_read(rig, opened):
    head = (
        f"POST /hook HTTP/1.1\r\nHost: x\r\nContent-Type: {JSON}\r\n{HEADER}: {SECRET}\r\n"
        f"Content-Length: {100 * MAX_BODY_BYTES}\r\n\r\n"
    )

    assert b"413" in await opened.knocks_raw(head.encode(), b"{")
    assert not await kept(rig)


async def test_a_body_that_does_not_say_how_large_it_is_is_cut_off(rig, opened):
    async def endless():
        for _ in range(40):
            yield b" " * 65_536

    headers = {"Content-Type": JSON, HEADER: SECRET}
    try:
        async with opened.session.post(opened.url, data=endless(), headers=headers) as answer:
            status = answer.status
    except aiohttp.ClientError:
        status = 413
    assert status == 413
    assert not await kept(rig)


async def test_a_large_body_without_the_secret_is_not_read_either(opened):
    head = (
        f"POST /hook HTTP/1.1\r\nHost: x\r\nContent-Type: {JSON}\r\n"
        f"Content-Length: {100 * MAX_BODY_BYTES}\r\n\r\n"
    )

    assert b"403" in await opened.knocks_raw(head.encode(), b"{")


async def test_a_body_that_comes_too_slowly_is_cut_off(rig, opened, monkeypatch):
    monkeypatch.setattr(door, "SLOWEST_SECONDS", 0.05)
    head = (
        f"POST /hook HTTP/1.1\r\nHost: x\r\nContent-Type: {JSON}\r\n{HEADER}: {SECRET}\r\n"
        "Content-Length: 100\r\n\r\n"
    )

    assert b"408" in await opened.knocks_raw(head.encode(), b"{")
    assert not await kept(rig)


async def test_what_cannot_be_kept_is_not_acknowledged(rig, opened, monkeypatch):
    async def full(*_args: object) -> None:
        raise Unavailable("store.full")

    monkeypatch.setattr(rig.inbox, "_keep_and_start", full)
    assert await opened.knocks(json.dumps(UPDATE)) == 503


async def test_the_same_update_twice_is_kept_once(rig, opened):
    statuses = [await opened.knocks(json.dumps(UPDATE)) for _ in range(3)]
    await rig.hear()

    assert statuses == [200, 200, 200]
    assert not await kept(rig)


async def test_many_updates_at_once_share_commits(opened):
    bodies = [json.dumps(UPDATE | {"update_id": number}) for number in range(60)]

    statuses = await asyncio.gather(*(opened.knocks(body) for body in bodies))

    assert set(statuses) == {200}


async def test_a_ticket_by_webhook(rig, telegram, opened):
    """Telegram pushes, the loops run, and a client sees what they would see with polling."""
    await rig.edge.set_webhook(opened.url, SECRET)
    alice = telegram.user(1001, "Alice")
    async with rig.running():
        await alice.start()
        await alice.expect("nothing of it goes away")
        await alice.tap("New ticket")
        await alice.expect("What is it about?")
        await alice.tap("Privacy")
        await alice.expect("Please write")
        await alice.say("Who reads my messages?")
        await alice.expect(button="Send")
        await alice.tap("Send")
        await alice.expect("T-000001 is open")

    assert len(await rig.tickets()) == 1


async def test_going_back_to_polling_takes_the_webhook_away(rig, telegram, opened):
    await rig.edge.set_webhook(opened.url, SECRET)
    await rig.edge.delete_webhook()
    alice = telegram.user(1001, "Alice")
    await alice.start()
    await rig.hear()

    assert "Welcome" in alice.last.text


def test_the_route_is_the_path_of_the_address():
    assert path_of("https://desk.example.com/tg/hook?x=1") == "/tg/hook"
    assert path_of("https://desk.example.com") == "/"
