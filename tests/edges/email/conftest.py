"""A desk with the real Telegram and mail edges, and a client of the list."""

from collections.abc import AsyncIterator

import pytest

from handlers.email.delivery_adapter import MailAdapter
from handlers.email.server import MailServer
from handlers.runtime.workers.outbox_worker import OutboxWorker
from handlers.sandbox.mailbox import Mailbox
from handlers.sandbox.telegram import TelegramServer, VirtualUser
from handlers.telegram.delivery_adapter import TelegramAdapter
from handlers.telegram.rate_limits import Pace
from tests.support.builders.requests import PHONE, a_person
from tests.support.drivers.rig import UNPACED, Rig, a_rig, a_telegram
from tests.support.stores.stages import Stage

SENDER = "Privacy Desk <desk@meghna.example>"


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    server = Mailbox()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def telegram(ground: Stage) -> AsyncIterator[TelegramServer]:
    async with a_telegram(ground) as server:
        yield server


@pytest.fixture
async def rig(ground: Stage, telegram: TelegramServer, mailbox: Mailbox) -> AsyncIterator[Rig]:
    made = await a_rig(ground, telegram)
    bus = made.desk.own_bus
    words = TelegramAdapter(made.bot, bus, made.edge.fetch, Pace(UNPACED, UNPACED))
    mail = MailAdapter(MailServer.parse(mailbox.url), SENDER, bus)
    made.relay = OutboxWorker(
        bus, [words, made.staff_side, mail], made.desk.clock, made.desk.troubles
    )
    yield made
    await made.stop()


@pytest.fixture
async def rahima(rig: Rig, telegram: TelegramServer) -> VirtualUser:
    """She stands on the client list with an address and a phone."""
    async with rig.stage.writing() as work:
        await a_person(work)
    user = telegram.user(4_000_000_000_777, "Rahima", phone=PHONE, language_code="en")
    await user.start()
    await rig.hear()
    user.forget()
    return user
