"""One of two desks in a race: a process of its own on the same store; one line in, one line out."""

import asyncio
import json
import sys
from typing import Any

from bot.application.bus import Bus
from bot.application.config import DeskConfig
from bot.application.reactions import react
from bot.application.requests import decisions
from bot.application.requests.request_context import Click
from bot.domain.addresses import SYSTEM, Actor, Language, RequestId
from bot.domain.errors import DeskError
from bot.domain.requests.states import DenialCode
from storage.bootstrap import StoreLocation, StoreMode, open_store
from storage.unit_of_work import StoreContext
from tests.support.builders.requests import withdraw
from tests.support.fakes.store import FakeClock
from tests.support.stores.stages import MASTER_KEY


async def race(url: str) -> None:
    """Until the input ends."""
    store = await open_store(StoreLocation(url=url, master_key=MASTER_KEY, mode=StoreMode.TESTING))
    context = StoreContext(store.database, store.ring, FakeClock(), DeskConfig())
    bus = Bus(context.open_work, react)
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(await _try(bus, json.loads(line))), flush=True)
    await store.database.close()


async def _try(bus: Bus, wish: dict[str, Any]) -> dict[str, str]:
    try:
        await _do(bus, wish)
    except DeskError as error:
        return {"ended": type(error).__name__, **{k: str(v) for k, v in error.params.items()}}
    return {"ended": "won"}


async def _do(bus: Bus, wish: dict[str, Any]) -> None:
    request, click = RequestId(wish["request"]), Click(wish["request"], wish["seen"])
    by = Actor.staff(wish["staff"])
    match wish["do"]:
        case "approve":
            await bus.handle(by, decisions.approve, click=click, plan=wish["plan"])
        case "deny":
            code, texts = DenialCode.NO_MATCH, {Language.EN: "Nothing."}
            await bus.handle(by, decisions.deny, click=click, code=code, texts=texts)
        case _:
            await bus.handle(SYSTEM, withdraw, request=request)


if __name__ == "__main__":
    asyncio.run(race(sys.argv[1]))
