"""How many whole transactions a store takes a second: `python -m tests.benchmarks.commits [URL]`.

One transaction: an account with its key, a ticket, its first message and where that stands on the
platform, two events, two deliveries. Figures are printed, never asserted: machines differ.
"""

import argparse
import asyncio
import tempfile
import time

from bot.application.bus import Bus
from bot.application.config import DeskConfig
from bot.application.outbound.to_staff import PostMessage, ShowCard
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import SYSTEM
from bot.domain.events import Event
from storage.bootstrap import StoreLocation, StoreMode, open_store
from storage.unit_of_work import StoreContext
from tests.support.fakes.store import FakeClock
from tests.support.stores.stages import MASTER_KEY, a_message, a_ticket, an_account

WARM_UP, COUNTED = 30, 500


async def take_in(work: UnitOfWork) -> None:
    account = await an_account(work)
    ticket = await a_ticket(work, account)
    message = await a_message(work, ticket, "x" * 200)
    ticket.take_client_word(message.id, work.clock.now())
    await work.messages.link(message.id, "telegram", account.address.user, message.id)
    await work.outbox.put(ShowCard(ticket.id, is_new=True))
    await work.outbox.put(PostMessage(ticket.id, message.id))


async def react_to_nothing(event: Event, work: UnitOfWork) -> None:
    del event, work


async def measure(url: str, tasks: int) -> tuple[float, float]:
    """Commits a second, and milliseconds of processor time a commit."""
    place = StoreLocation(url=url, master_key=MASTER_KEY, mode=StoreMode.TESTING)
    store = await open_store(place)
    context = StoreContext(store.database, store.ring, FakeClock(), DeskConfig())
    bus = Bus(context.open_work, react_to_nothing)

    async def some(count: int) -> None:
        for _ in range(count):
            await bus.handle(SYSTEM, take_in)

    await some(WARM_UP)
    started, worked = time.perf_counter(), time.process_time()
    await asyncio.gather(*(some(COUNTED // tasks) for _ in range(tasks)))
    seconds, processor = time.perf_counter() - started, time.process_time() - worked
    await store.database.close()
    return COUNTED / seconds, processor / COUNTED * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", nargs="?", help="default: a new SQLite file")
    parser.add_argument("--tasks", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = options.url or f"sqlite:///{folder}/desk.db"
        speed, processor = asyncio.run(measure(url, options.tasks))
    print(f"{speed:.0f} commits/s, {processor:.2f} ms of processor time each")


if __name__ == "__main__":
    main()
