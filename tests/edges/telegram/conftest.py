"""A desk with the real Telegram edge, and people who write to it."""

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
    """A client who has met the desk."""
    person = telegram.user(4_503_599_627_370_001, "Alice", language_code="en")
    await person.start()
    await rig.hear()
    person.forget()
    return person
