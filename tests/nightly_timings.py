"""Does the time of a reply say who is a client? Known, unknown, locked and erased addresses.

From the handling of what was typed to the reply being handed to whoever carries it, on a real
store. Arms are shuffled among each other; `python -m tests.nightly_timings 5000` is for the night.
"""

import asyncio
import gc
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import combinations, count
from pathlib import Path

from bot.application.bus import Bus
from bot.application.conversation.api import press, receive
from bot.application.conversation.inbound_message import Incoming
from bot.application.outbound.to_client import Press, Say
from bot.application.ports.queues import Arrived, ClaimedDelivery, Lane
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.queues.outbox import LaneCapacity, settle_and_hand_out
from bot.application.reactions import react
from bot.domain.addresses import SYSTEM, ClientAddress, Surface
from bot.domain.identity.budgets import Bucket, BudgetKind, TallyRule
from bot.domain.identity.limits import SUBJECT_FAILURES
from tests.support.builders.requests import a_person
from tests.support.drivers.whole_turns import settle_and_claim
from tests.support.stores.stages import Stage, played_at, sqlite_place
from tests.volume import seed

ARMS = ("known", "unknown", "locked", "erased")
CHATS = 40
"""In a round; each of the arms has a quarter of them, drawn anew each time."""
SLOWEST = 0.9
"""Slower ones are left out, of all arms alike: what the machine did else says nothing (dudect)."""
LIMIT = 4.5
ENOUGH = SUBJECT_FAILURES.most or 0
_UNLOCKED = TallyRule(every=ENOUGH + 1, lock=timedelta(hours=24))
"""Counts without a lock in between, up to what closes a subject until staff reset it."""
REPLIES = Lane(kinds=(Say,), at_once=1)


@dataclass
class Measured:
    """Seconds, and what was said, by arm."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: {arm: [] for arm in ARMS})
    said: dict[str, set[str]] = field(default_factory=lambda: {arm: set() for arm in ARMS})

    def kept(self) -> dict[str, list[float]]:
        everything = sorted(one for arm in self.seconds.values() for one in arm)
        longest = everything[int(len(everything) * SLOWEST) - 1]
        return {arm: [s for s in times if s <= longest] for arm, times in self.seconds.items()}

    def differences(self) -> dict[str, float]:
        """Welch's t of each two arms."""
        kept = self.kept()
        return {f"{a}/{b}": welch(kept[a], kept[b]) for a, b in combinations(ARMS, 2)}


def welch(one: list[float], other: list[float]) -> float:
    spread = statistics.variance(one) / len(one) + statistics.variance(other) / len(other)
    return (statistics.fmean(one) - statistics.fmean(other)) / spread**0.5


async def measure(stage: Stage, samples: int, seed: int) -> Measured:
    """`samples` an arm."""
    rng, measured = random.Random(seed), Measured()
    bus = Bus(stage.open_work, react)
    await bus.handle(SYSTEM, list_people)
    numbers = count(1)
    for _ in range(-(-samples * len(ARMS) // CHATS)):
        stage.clock.go_on(hours=25)
        arms = [*ARMS] * (CHATS // len(ARMS))
        rng.shuffle(arms)
        await _one_round(bus, measured, arms, numbers)
    return measured


async def _one_round(bus: Bus, measured: Measured, arms: list[str], numbers: Iterator[int]) -> None:
    """Each chat asks to be known, then each types one address; what leaves is settled after."""
    chats = [ClientAddress(Surface.TELEGRAM, str(number)) for number in range(len(arms))]
    for chat in chats:
        await bus.handle(SYSTEM, press, address=chat, press=Press("link"))
    await _carry(bus, [])
    left: list[ClaimedDelivery] = []
    for chat, arm in zip(chats, arms, strict=True):
        left += await _type(bus, measured, arm, chat, f"{arm}{next(numbers) % CHATS:02d}")
    await _carry(bus, left)


async def _type(
    bus: Bus, measured: Measured, arm: str, chat: ClientAddress, name: str
) -> list[ClaimedDelivery]:
    """One address typed in one chat, until the reply is handed out."""
    typed = Incoming(text=f"{name}@example.com")
    gc.disable()
    began = time.perf_counter()
    await bus.handle(SYSTEM, receive, address=chat, incoming=typed)
    turn = await bus.handle(SYSTEM, settle_and_hand_out, [], [LaneCapacity(REPLIES, 1)])
    took = time.perf_counter() - began
    gc.enable()
    (claimed,) = turn.taken[0]
    assert isinstance(claimed.delivery, Say)
    reply = claimed.delivery.reply
    measured.seconds[arm].append(took)
    measured.said[arm].add(repr((reply.text, reply.rows)))
    return [claimed]


async def _carry(bus: Bus, waiting: list[ClaimedDelivery]) -> None:
    while True:
        endings = [(one, Arrived(Surface.TELEGRAM)) for one in waiting]
        waiting = await bus.handle(SYSTEM, settle_and_claim, endings, 50)
        if not waiting:
            return


async def list_people(work: UnitOfWork, *, each: int = CHATS) -> None:
    """So many of each arm; unknown ones are not on the list."""
    for arm in ("known", "locked", "erased"):
        for number in range(each):
            email = f"{arm}{number:02d}@example.com"
            person = await a_person(work, email, email=email)
            for _ in range(ENOUGH if arm == "locked" else 0):
                bucket = Bucket(BudgetKind.SUBJECT_FAILURES, person.id)
                await work.budgets.charge(bucket, _UNLOCKED, work.clock.now())
            if arm == "erased":
                person.erased_at, person.contacts = work.clock.now(), ()
                await work.people.save(person)


async def on_a_store(samples: int, seed: int) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        async with played_at(sqlite_place(Path(folder) / "desk.db"), "sqlite") as stage:
            return await measure(stage, samples, seed)


def main(samples: int) -> int:
    measured = asyncio.run(on_a_store(samples, seed()))
    for arm, times in measured.kept().items():
        middle, mean = statistics.median(times), statistics.fmean(times)
        print(f"{arm:8} {len(times)} kept, median {middle * 1e3:.3f} ms, mean {mean * 1e3:.3f} ms")
    worst = max(measured.differences().items(), key=lambda one: abs(one[1]))
    for pair, t in measured.differences().items():
        print(f"t({pair}) = {t:+.2f}")
    print(f"seed {seed()}, {samples} an arm; largest |t| = {abs(worst[1]):.2f} ({worst[0]})")
    is_same = len(set(map(frozenset, measured.said.values()))) == 1
    return 0 if is_same and abs(worst[1]) < LIMIT else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000))
