"""How fast a client's word reaches the staff in Slack, measured: never a test, never asserted.

    python -m tests.benchmarks.telegram_load --clients 1000 --rate 20 --seconds 30 [--limits]

`privacydesk run` is a process of its own; Telegram, Slack and the people share this one. A fifth of
the words open a new ticket, the others join one, and staff write a note for every tenth of them.
"""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from handlers.sandbox.slack import SlackServer
from handlers.sandbox.telegram import TelegramServer, VirtualUser
from tests.benchmarks.figures import Seen, figures, seen_in
from tests.support.drivers.live_desk import LiveDesk
from tests.support.drivers.office import SUPPORT, a_workspace
from tests.support.drivers.rig import TOKEN

NEW_EVERY, NOTE_EVERY = 5, 10
WORDS_EACH = 4
"""So many words a client says while measured: the order is only seen where there are several."""
AT_ONCE = 100
"""Clients who press at the same time while the tickets are opened."""
PATIENCE = 120
QUIET_SECONDS = 6


@dataclass
class Load:
    """The town, the desk in it, and what was said when."""

    telegram: TelegramServer
    slack: SlackServer
    people: Sequence[VirtualUser]
    said: dict[int, float] = field(default_factory=dict[int, float])
    by: dict[int, int] = field(default_factory=dict[int, int])

    async def open_tickets(self, newcomers: int) -> None:
        """Everybody has a ticket open but the newcomers: those have yet to press Send."""
        for first in range(0, len(self.people), AT_ONCE):
            some = self.people[first : first + AT_ONCE]
            await asyncio.gather(*(self._open(one) for one in some))
        for one in self.people[newcomers:]:
            await one.tap("Send")
        await self._until(lambda: len(self._cards()) >= len(self.people) - newcomers)
        await self._quiet()

    async def _quiet(self) -> None:
        """What the opening left to do is done: it belongs to no word that is measured."""
        seen = -1
        while seen != len(self.slack.record.calls):
            seen = len(self.slack.record.calls)
            await asyncio.sleep(QUIET_SECONDS)

    async def _open(self, person: VirtualUser) -> None:
        await person.start()
        await person.expect(button="English", timeout_seconds=PATIENCE)
        await person.say("/new")
        await person.expect(button="Technical problem", timeout_seconds=PATIENCE)
        await person.tap("Technical problem")
        await person.expect(timeout_seconds=PATIENCE)
        await person.say(f"The router blinks red, number {person.id}.")
        await person.expect(button="Send", timeout_seconds=PATIENCE)

    def forget(self) -> None:
        """What was counted before the measuring."""
        for record in (self.telegram.record, self.slack.record):
            record.calls.clear()
        self.telegram.record.by_status.clear()
        self.telegram.record.by_method.clear()
        self.slack.record.ack_seconds.clear()
        for person in self.people:
            person.forget()

    async def talk(self, count: int, rate: int, newcomers: int) -> None:
        """The words, at their rate, and notes of staff between them."""
        waiting = list(self.people[:newcomers])
        talkers = self.people[newcomers:][: max(1, count // WORDS_EACH)]
        cards = self._cards()
        began = time.monotonic()
        for number in range(count):
            await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
            if number % NEW_EVERY == 0 and waiting:
                await self._press_send(waiting.pop())
            else:
                await self._say(talkers[number % len(talkers)], number)
            if number % NOTE_EVERY == 0:
                note = f"note {number}"
                await self.slack.people["U0BOB"].say(SUPPORT, note, thread_ts=cards[0])

    async def _press_send(self, person: VirtualUser) -> None:
        self.said[person.id] = time.time()
        await person.tap("Send")

    async def _say(self, person: VirtualUser, number: int) -> None:
        self.said[number], self.by[number] = time.time(), person.id
        await person.say(f"It is still dead, number {number}.")

    async def drained(self, patience: float) -> Seen:
        """Until every word is in Slack and the last edit is done, or patience ends."""
        until = time.monotonic() + patience
        quiet = 0
        while time.monotonic() < until and quiet < 5:
            await asyncio.sleep(1.0)
            seen = seen_in(self.slack.record.calls, self.said)
            calm = time.time() - seen.last_at > 4
            quiet = quiet + 1 if calm and len(seen.posts) == len(self.said) else 0
        return seen_in(self.slack.record.calls, self.said)

    def _cards(self) -> list[str]:
        posted = self.slack.channel(SUPPORT).messages.values()
        return [one.ts for one in posted if not one.is_reply and one.metadata]

    async def _until(self, is_true: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE * 10):
            while not is_true():  # noqa: ASYNC110  # a record has no event to wait for
                await asyncio.sleep(0.2)


async def measure(options: argparse.Namespace, folder: Path) -> None:
    telegram, slack = TelegramServer(TOKEN, limits_on=False), a_workspace()
    desk = LiveDesk(folder, telegram, slack, under=tuple(options.under.split()))
    people = [telegram.user(10_000_000 + number) for number in range(options.clients)]
    await telegram.start()
    await slack.start()
    try:
        await desk.start()
        await _measure(Load(telegram, slack, people), desk, options)
    finally:
        await desk.stop()
        await slack.stop()
        await telegram.stop()


async def _measure(load: Load, desk: LiveDesk, options: argparse.Namespace) -> None:
    count = options.rate * options.seconds
    newcomers = min(count // NEW_EVERY, options.clients // 2)
    began = time.monotonic()
    await load.open_tickets(newcomers)
    print(f"{options.clients} clients there after {time.monotonic() - began:.0f} s", flush=True)
    load.forget()
    load.telegram.limits_on = load.slack.rates.on = options.limits
    began, worked = time.monotonic(), desk.cpu_seconds
    await load.talk(count, options.rate, newcomers)
    seen = await load.drained(PATIENCE + (count * 3 if options.limits else 0))
    worked = 1000 * (desk.cpu_seconds - worked) / count
    said = max(load.said.values()) - min(load.said.values())
    print(f"{count} words in {said:.0f} s, quiet after {time.monotonic() - began:.0f} s")
    print("\n".join(figures(load.said, load.by, seen, load.telegram.record, load.slack.record)))
    print(f"processor: {worked:.0f} ms of the desk's for each word; load {os.getloadavg()[0]:.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--rate", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--limits", action="store_true")
    parser.add_argument("--under", default="", help="such as: -m cProfile -o FILE")
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(parser.parse_args(), Path(folder)))


if __name__ == "__main__":
    main()
