"""A desk whose Telegram has bad days."""

from collections.abc import AsyncIterator

import pytest

from handlers.sandbox.telegram import TelegramServer, VirtualUser
from tests.support.drivers.rig import Rig, a_rig, a_telegram
from tests.support.stores.stages import Stage


@pytest.fixture
async def telegram(ground: Stage) -> AsyncIterator[TelegramServer]:
    async with a_telegram(ground) as server:
        yield server


@pytest.fixture
async def rig(ground: Stage, telegram: TelegramServer) -> AsyncIterator[Rig]:
    made = await a_rig(ground, telegram)
    yield made
    await made.stop()


@pytest.fixture
async def alice(rig: Rig, telegram: TelegramServer) -> VirtualUser:
    person = telegram.user(1001, "Alice")
    await person.start()
    await rig.hear()
    person.forget()
    return person
