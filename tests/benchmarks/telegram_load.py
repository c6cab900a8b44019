"""How fast a client's word reaches the staff side, measured: never a test, never asserted.

    python -m tests.benchmarks.telegram_load --clients 1000 --rate 20 --seconds 30 [--limits]

Server, people and desk share one process, so the figures are worse than a desk alone would show.
"""

import argparse
import asyncio
import contextlib
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.messages import Delivery, PostMessage
from bot.ports import Outcome, Parcel
from handlers.sandbox.telegram import TelegramServer, VirtualUser
from handlers.telegram.pacing import Pace
from tests.rig import TOKEN, Rig, StaffSide, a_rig
from tests.stages import played_at, sqlite_place


class RealTime:
    """The benchmark's clock is the machine's."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251  # a benchmark measures real time


@dataclass
class Timed(StaffSide):
    """Notes when each post reached the staff side."""

    at: list[float] = field(default_factory=list)
    awaited: int = 0
    all_there: asyncio.Event = field(default_factory=asyncio.Event)

    async def deliver(self, parcel: Parcel) -> Outcome:
        if isinstance(parcel.delivery, PostMessage):
            self.at.append(time.monotonic())
            if len(self.at) == self.awaited:
                self.all_there.set()
        return await super().deliver(parcel)

    def of(self, kind: type[Delivery]) -> list[Delivery]:
        return [one for one in self.carried if isinstance(one, kind)]


async def opened(rig: Rig, people: Sequence[VirtualUser]) -> None:
    """Everybody has a ticket open, so that their words have somewhere to go."""
    for act in (
        lambda one: one.say("/new"),
        lambda one: one.tap("Technical problem"),
        lambda one: one.say("The router blinks red since this morning"),
        lambda one: one.tap("Send"),
    ):
        for person in people:
            await act(person)
        await rig.hear()


async def measure(options: argparse.Namespace, folder: Path) -> None:
    async with played_at(sqlite_place(folder / "desk.db"), "sqlite") as stage:
        stage.clock = RealTime()  # pyright: ignore[reportAttributeAccessIssue]
        telegram = TelegramServer(TOKEN, limits_on=False)
        await telegram.start()
        rig = await a_rig(stage, telegram, pace=Pace() if options.limits else None)
        staff = Timed()
        rig.relay._couriers = [rig.relay._couriers[0], staff]
        people = [telegram.user(10_000 + number) for number in range(options.clients)]
        for person in people:
            await person.start()
        await rig.hear()
        await opened(rig, people)
        telegram.limits_on = options.limits
        staff.carried.clear()
        staff.at.clear()
        said = await run(rig, people, staff, options)
        report(said, staff, telegram)
        await rig.stop()
        await telegram.stop()


async def run(
    rig: Rig, people: Sequence[VirtualUser], staff: Timed, options: argparse.Namespace
) -> list[float]:
    count = options.rate * options.seconds
    began, cpu = time.monotonic(), time.process_time()
    said: list[float] = []
    staff.awaited = count
    async with rig.running():
        for number in range(count):
            await asyncio.sleep(max(0.0, began + number / options.rate - time.monotonic()))
            said.append(time.monotonic())
            await people[number % len(people)].say(f"It is still dead, {number}.")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(staff.all_there.wait(), options.seconds * 4)
        took = time.monotonic() - began
    spent = time.process_time() - cpu
    print(f"{count} words in {took:.1f} s, {1000 * spent / count:.1f} ms of CPU each")
    return said


def report(said: list[float], staff: Timed, telegram: TelegramServer) -> None:
    """Words of different clients arrive in nearly the order they were said in."""
    waits = sorted(there - then for then, there in zip(said, staff.at, strict=False))
    if not waits:
        print("nothing arrived")
        return
    shown = {
        f"p{share}": waits[min(len(waits) - 1, len(waits) * share // 100)] for share in (50, 95, 99)
    }
    print(f"{len(waits)} of {len(said)} arrived;", *(f"{k} {v:.2f} s" for k, v in shown.items()))
    record = telegram.record
    share = 100 * record.too_many / max(1, record.total)
    print(f"{record.total} calls, {record.too_many} times 429 ({share:.2f} %)")
    print(f"violations: {len(telegram.violations)}; load {os.getloadavg()[0]:.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--rate", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--limits", action="store_true")
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(parser.parse_args(), Path(folder)))


if __name__ == "__main__":
    main()
