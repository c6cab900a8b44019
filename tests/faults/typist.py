"""One of two desks that hear a client type: a process of its own; one line in, one line out."""

import asyncio
import json
import sys

from bot.application.bus import Bus
from bot.application.config import DeskConfig
from bot.application.conversation.api import receive
from bot.application.conversation.inbound_message import Incoming
from bot.application.reactions import react
from bot.domain.addresses import SYSTEM, ClientAddress, Surface
from bot.domain.errors import DeskError
from storage.bootstrap import StoreLocation, StoreMode, open_store
from storage.unit_of_work import StoreContext
from tests.support.fakes.store import FakeClock
from tests.support.stores.stages import MASTER_KEY


async def type_on(url: str) -> None:
    """Until the input ends."""
    store = await open_store(StoreLocation(url=url, master_key=MASTER_KEY, mode=StoreMode.TESTING))
    clock = FakeClock()
    bus = Bus(StoreContext(store.database, store.ring, clock, DeskConfig()).open_work, react)
    print("ready", flush=True)
    for line in sys.stdin:
        wish = json.loads(line)
        address = ClientAddress(Surface.TELEGRAM, wish["user"])
        clock.go_on(minutes=wish["minutes"])
        try:
            for text in wish["texts"]:
                incoming = Incoming(text=text)
                await bus.handle(SYSTEM, receive, address=address, incoming=incoming)
        except DeskError as error:
            print(json.dumps(type(error).__name__), flush=True)
        else:
            print(json.dumps("heard"), flush=True)
    await store.database.close()


if __name__ == "__main__":
    asyncio.run(type_on(sys.argv[1]))
