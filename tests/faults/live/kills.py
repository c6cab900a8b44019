"""A live desk killed every one to three seconds while both platforms have their worst day.

`python -m tests.faults.live.kills [--seconds 180] [--store sqlite] [--store postgresql]`: two
seeds on each database, by socket and by HTTP in turn. 0: nothing lost, nothing doubled unsaid.
"""

import argparse
import asyncio
import contextlib
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.faults.live.kept_state import kept_state
from tests.faults.live.places import STORES, a_place
from tests.faults.live.town import Town, a_town
from tests.faults.live.verdict import Reckoning, Verdict
from tests.volume import seed

MODES = ("socket", "http")
SEEDS = 2
SLACK_METHODS = (
    *("chat.postMessage",) * 4,
    *("chat.update",) * 3,
    *("conversations.replies", "conversations.history", "users.info", "auth.test"),
    *("views.open", "apps.connections.open"),
)
TELEGRAM_METHODS = (*("sendMessage",) * 5, "getUpdates", "editMessageText", "answerCallbackQuery")
HEARD_SECONDS = 20
"""A life that has met too many faults to be heard by then ends all the same."""
TALK_EVERY = 0.8
"""Seconds between two things that people do: less than the one post a second of a channel."""
FAULT_EVERY = 1.2
"""Seconds, on the average: 150 faults in three minutes."""
KINDS = ("429", "500", "reset", "reset_after")
IN_DOUBT = {"500", "reset", "reset_after"}
"""After these nobody knows whether a message arrived."""


@dataclass
class Weather:
    """Faults on both stand-ins, one after the other."""

    town: Town
    random: Random
    planted: int = 0
    doubts: int = 0

    async def blow(self, every: float) -> None:
        while True:
            await asyncio.sleep(self.random.uniform(0.3, 1.7) * every)
            self.plant()

    def plant(self) -> None:
        kind = self.random.choice(KINDS)
        self.planted += 1
        if self.random.random() < 0.5:
            method = self.random.choice(SLACK_METHODS)
            self.town.slack.faults.add(kind, method, retry_after=self.random.randint(1, 2))
            return
        method = self.random.choice(TELEGRAM_METHODS)
        self.doubts += method == "sendMessage" and kind in IN_DOUBT
        wait = self.random.randint(1, 2)
        self.town.telegram.faults.add(kind=kind, method=method, retry_after=wait)

    def clear(self) -> None:
        self.town.telegram.faults.clear()
        self.town.slack.faults.clear()


async def play(
    folder: Path, url: str, mode: str, number: int, seconds: float
) -> tuple[Verdict, int, int]:
    """The verdict, and how many kills and faults there were."""
    random = Random(f"{number} {mode}")
    wanted = "http" if mode == "http" else "socket"
    async with a_town(folder, url, seed=number, mode=wanted) as town:
        town.slack.retry_speed = 20
        await town.desk.start()
        await town.open_tickets()
        town.telegram.duplicate_updates = town.slack.duplicate_events = 1
        weather = Weather(town, random)
        kills = await _storm(town, weather, random, seconds)
        town.telegram.duplicate_updates = town.slack.duplicate_events = 0
        weather.clear()
        ended = time.monotonic()
        await town.desk.start()
        async with kept_state(url) as store:
            reckoning = Reckoning(town, store)
            await reckoning.settle(ended)
            verdict = await reckoning.judge(kills, weather.doubts)
        if verdict.wrong:
            town.keep()
        return verdict, kills, weather.planted


async def _storm(town: Town, weather: Weather, random: Random, seconds: float) -> int:
    """Faults, kills and talk at once; the desk is dead in the end."""
    until = time.monotonic() + seconds
    blowing = asyncio.ensure_future(weather.blow(every=FAULT_EVERY))
    talking = asyncio.ensure_future(town.live(lambda: time.monotonic() > until, every=TALK_EVERY))
    kills = 0
    await town.desk.kill()
    try:
        while time.monotonic() < until:
            await _one_life(town, random, starts_early=kills % 3 == 2)
            kills += 1
    finally:
        blowing.cancel()
        await asyncio.gather(blowing, return_exceptions=True)
    await talking
    return kills


async def _one_life(town: Town, random: Random, *, starts_early: bool) -> None:
    """One to three seconds, counted from its being heard; every third from its very start."""
    await town.desk.launch()
    if not starts_early:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(town.desk.heard(), HEARD_SECONDS)
    await asyncio.sleep(random.uniform(1, 3))
    await town.desk.kill()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=180.0)
    parser.add_argument("--store", action="append", choices=STORES)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    options = parser.parse_args()
    said: list[str] = []
    bad = kills = faults = 0
    for place, store in enumerate(options.store or STORES):
        for turn in range(options.seeds):
            mode, number = MODES[(place + turn) % 2], seed() + turn
            folder = Path(tempfile.mkdtemp(prefix=f"kills-{store}-{mode}-"))
            with a_place(store, folder) as url:
                found = asyncio.run(play(folder, url, mode, number, options.seconds))
            verdict, killed, planted = found
            kills, faults, bad = kills + killed, faults + planted, bad + bool(verdict.wrong)
            head = f"{store}, {mode}, seed {number}: {killed} kills, {planted} faults, "
            print("\n".join([head + verdict.lines()[0], *verdict.lines()[1:]]), flush=True)
            said.append(f"{store} {mode} {'; '.join(verdict.wrong) or 'nothing wrong'}")
            if verdict.wrong:
                print(f"kept in {folder}", flush=True)
    print(f"seed {seed()}; {kills} kills, {faults} faults; {'; '.join(said)}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
