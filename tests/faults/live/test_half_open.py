"""Hundreds of connections that never send a whole request, at a desk with few descriptors.

The desk is a process of its own with `ulimit -n 256`; both platforms reach it by HTTP, as they
would through a proxy.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from handlers.sandbox.slack import SlackServer
from handlers.sandbox.slack.workspace import Message as Posted
from handlers.sandbox.telegram import TelegramServer, VirtualUser
from tests.support.drivers.live_desk import LiveDesk, free_port
from tests.support.drivers.office import SUPPORT, a_workspace
from tests.support.drivers.rig import TOKEN
from tests.volume import volume

DESCRIPTORS = 256
HALF_OPEN = 320
ROUNDS = volume(2, 10, 40)
"""How often clients write meanwhile, and every dropped connection comes again."""
PATIENCE = 20
LOG_BYTES = 1_000_000
KEY = "k" * 40
BEFORE_IT_RUNS = (
    "import resource, runpy, sys;"
    f"resource.setrlimit(resource.RLIMIT_NOFILE, ({DESCRIPTORS}, {DESCRIPTORS}));"
    "sys.argv = sys.argv[2:];"
    "runpy.run_module('handlers', run_name='__main__', alter_sys=True)"
)
LIMITED = ("-c", BEFORE_IT_RUNS)
HEAD = b"POST /telegram/hook HTTP/1.1\r\nHost: desk.example\r\n"
SIGNED = (
    b"POST /slack/events HTTP/1.1\r\nHost: desk.example\r\nContent-Length: 1000\r\n"
    b"X-Slack-Request-Timestamp: 1795000000\r\nX-Slack-Signature: v0=" + b"0" * 64 + b"\r\n\r\n"
)
FIRST_WORDS = {
    "no byte": b"",
    "half a header": HEAD,
    "half a body": SIGNED + b"{",
    "the first of a handshake": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x07" * 32,
    "no request": b"\x00\xff garbage\r\n\r\n",
}
"""And some of them drip: a letter of a header a round."""


@dataclass
class Crowd:
    """Strangers at the port, who come again when they are hung up on."""

    port: int
    writers: list[asyncio.StreamWriter] = field(default_factory=list[asyncio.StreamWriter])
    came: int = 0

    async def come(self) -> None:
        """Until as many as there should be are connected, as far as they can know."""
        self.writers = [one for one in self.writers if not one.is_closing()]
        while len(self.writers) < HALF_OPEN:
            words = list(FIRST_WORDS.values())[self.came % len(FIRST_WORDS)]
            self.came += 1
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.write(words)
            self.writers.append(writer)

    def drip(self) -> None:
        for writer in self.writers:
            if not writer.is_closing():
                writer.write(b"X")

    async def go(self) -> None:
        for writer in self.writers:
            writer.transport.abort()
        await asyncio.sleep(0)


@dataclass
class Town:
    telegram: TelegramServer
    slack: SlackServer
    desk: LiveDesk
    alice: VirtualUser
    crowd: Crowd


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    telegram = TelegramServer(TOKEN, limits_on=False)
    slack = a_workspace("http")
    await telegram.start()
    await slack.start()
    port = free_port()
    more = {
        "TELEGRAM_MODE": "webhook",
        "TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram/hook",
        "TELEGRAM_WEBHOOK_SECRET": KEY,
    }
    desk = LiveDesk(tmp_path, telegram, slack, more=more, under=LIMITED, port=port)
    await desk.start()
    alice = telegram.user(4_503_599_627_370_001, "Alice", language_code="en")
    yield Town(telegram, slack, desk, alice, crowd := Crowd(port))
    await crowd.go()
    await desk.stop()
    await slack.stop()
    await telegram.stop()


@pytest.mark.skipif(sys.platform == "win32", reason="it has no such limit")
async def test_clients_and_staff_are_heard_while_hundreds_hold_half_a_request(town: Town):
    alice, bob = town.alice, town.slack.people["U0BOB"]
    await alice.start()
    await alice.expect(button="English", timeout_seconds=PATIENCE)
    await town.crowd.come()

    await alice.say("/new")
    await alice.expect(button="Technical problem", timeout_seconds=PATIENCE)
    await alice.tap("Technical problem")
    await alice.expect("happened", timeout_seconds=PATIENCE)
    await alice.say("No internet since morning")
    await alice.expect(button="Send", timeout_seconds=PATIENCE)
    await alice.tap("Send")
    await alice.expect("is open", timeout_seconds=PATIENCE)
    await town.slack.state.changes.until(lambda _: cards(town), PATIENCE)
    for number in range(ROUNDS):
        town.crowd.drip()
        await town.crowd.come()
        await bob.say(SUPPORT, f">> Answer {number}", thread_ts=cards(town)[0].ts)
        await alice.expect(f"Answer {number}", timeout_seconds=PATIENCE)

    assert town.crowd.came > HALF_OPEN
    assert "Too many open files" not in town.desk.said
    assert "EMFILE" not in town.desk.said
    assert len(town.desk.said.encode()) < LOG_BYTES
    print(f"{town.crowd.came} connections, {len(town.desk.said.encode())} bytes of log")


def cards(town: Town) -> list[Posted]:
    posted = town.slack.channel(SUPPORT).messages.values()
    return [one for one in posted if not one.is_reply and one.metadata]
