"""A store or a platform away for minutes, with clients and staff who go on writing.

`python -m tests.faults.live.outages [NAME ...] [--seconds 60]`: each as long as it is judged unless
`--seconds` says. 0: all came through, in order, the first word within 15 seconds of the end, n
posts in n + 30, and an alert within 90 seconds of the start by a way that was not away.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

from handlers.sandbox.mailbox import Mailbox
from storage.bootstrap import StoreMode
from tests.faults.live.outage import OPERATOR, Outage
from tests.faults.live.places import a_place
from tests.faults.live.small_disk import a_small_disk
from tests.faults.live.town import Town, a_town
from tests.faults.live.verdict import Verdict
from tests.nightly_steps import named
from tests.support.drivers.office import SUPPORT
from tests.support.stores.postgres import a_server
from tests.volume import seed

CLIENTS = 6
MAIL = {"MAIL_FROM": "desk@example.com", "ALERT_EMAIL": OPERATOR}
CLIENTS_ONLY = ("words",)


@asynccontextmanager
async def store_full() -> AsyncIterator[Outage]:
    with a_small_disk() as disk:
        url = f"sqlite:///{disk.file}"
        async with _a_play(url) as (town, mailbox):
            fill, empty = (partial(asyncio.to_thread, act) for act in (disk.fill, disk.empty))
            yield Outage(town, mailbox, url, fill, empty)


@asynccontextmanager
async def postgresql_away() -> AsyncIterator[Outage]:
    with a_server() as server:
        url = server.url(server.new_database())
        async with _a_play(url) as (town, mailbox):
            stop, start = (partial(asyncio.to_thread, act) for act in (server.stop, server.start))
            yield Outage(town, mailbox, url, stop, start)


@asynccontextmanager
async def slack_away(store: str) -> AsyncIterator[Outage]:
    """The desk reaches nobody there, and nobody there reaches the desk."""
    with a_place(store, _a_folder()) as url:
        async with _a_play(url) as (town, mailbox):

            async def goes() -> None:
                await town.gate.shut()
                await town.slack.disconnect(hard=True)

            yield Outage(town, mailbox, url, goes, town.gate.open, alert_in_slack=False)


@asynccontextmanager
async def channel_away(store: str) -> AsyncIterator[Outage]:
    """The channel is archived, so that nobody writes in it, and opened again after six hours."""
    with a_place(store, _a_folder()) as url:
        async with _a_play(url, more={"PRIVACYDESK_TESTING": "1"}) as (town, mailbox):
            channel = town.slack.channel(SUPPORT)

            async def turn(*, is_archived: bool) -> None:
                channel.is_archived = is_archived

            goes, comes_back = partial(turn, is_archived=True), partial(turn, is_archived=False)
            made = Outage(town, mailbox, url, goes, comes_back, alert_in_slack=False)
            made.talk, made.mode, made.hours = CLIENTS_ONLY, StoreMode.TESTING, (3, 6)
            yield made


@asynccontextmanager
async def app_thrown_out(store: str) -> AsyncIterator[Outage]:
    """Staff go on writing in the channel, of which the app hears nothing until it is back."""
    with a_place(store, _a_folder()) as url:
        async with _a_play(url) as (town, mailbox):
            channel, bot = town.slack.channel(SUPPORT), town.slack.state.world.bot.id

            async def goes() -> None:
                del channel.members[bot]

            async def comes_back() -> None:
                town.slack.state.posts.joined(channel, bot)

            yield Outage(town, mailbox, url, goes, comes_back, alert_in_slack=False)


def _a_folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="outage-"))


@asynccontextmanager
async def _a_play(
    url: str, *, more: dict[str, str] | None = None
) -> AsyncIterator[tuple[Town, Mailbox]]:
    async with AsyncExitStack() as stack:
        mailbox = Mailbox()
        await mailbox.start()
        stack.push_async_callback(mailbox.stop)
        settings = {**MAIL, "SMTP_URL": mailbox.url, **(more or {})}
        made = a_town(_a_folder(), url, seed=seed(), clients=CLIENTS, limits_on=True, more=settings)
        yield await stack.enter_async_context(made), mailbox


PLAYS: dict[str, tuple[Callable[[], AbstractAsyncContextManager[Outage]], int]] = {
    "store-full": (store_full, 300),
    "postgresql-away": (postgresql_away, 420),
    "slack-away": (partial(slack_away, "sqlite"), 1200),
    "slack-away-postgresql": (partial(slack_away, "postgresql"), 1200),
    "channel-away": (partial(channel_away, "sqlite"), 240),
    "channel-away-postgresql": (partial(channel_away, "postgresql"), 240),
    "app-thrown-out": (partial(app_thrown_out, "sqlite"), 300),
}
"""Each with the seconds that it lasts as it is judged."""
AT_ONCE = 3
"""They mostly wait; so many side by side leave the desks enough of two cores."""


async def play(name: str, seconds: float = 0) -> Verdict:
    """One outage; 0 seconds: as long as it is judged."""
    made, whole = PLAYS[name]
    async with made() as outage:
        verdict = await outage.play(seconds or whole)
        if verdict.wrong:
            print(f"{name}: kept in {outage.town.desk.folder}")
            outage.town.keep()
        return verdict


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(PLAYS))
    parser.add_argument("--seconds", type=float, default=0)
    options = parser.parse_args()
    names = named(options.names, tuple(PLAYS)) or list(PLAYS)
    if len(names) == 1:
        verdict = asyncio.run(play(names[0], options.seconds))
        print("\n".join(verdict.lines()), flush=True)
        return 1 if verdict.wrong else 0
    with ThreadPoolExecutor(AT_ONCE) as threads:
        ended = list(threads.map(partial(_apart, seconds=options.seconds), names))
    told = [
        f"{name} {'failed' if bad else 'passed'}" for name, bad in zip(names, ended, strict=True)
    ]
    print(f"seed {seed()}; {', '.join(told)}")
    return 1 if any(ended) else 0


def _apart(name: str, *, seconds: float) -> int:
    """In a process of its own."""
    words = ("-m", "tests.faults.live.outages", name, "--seconds", str(seconds))
    done = subprocess.run(
        (sys.executable, *words), capture_output=True, text=True, check=False, env=os.environ
    )
    print(f"== {name}\n{done.stdout}{done.stderr[-2000:]}", flush=True)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
