"""Two who poll one bot take each other's updates: it is told of once, until one of them is gone."""

import asyncio
import logging

import pytest

from bot.application.ports.troubles import Trouble, TroubleKind
from handlers.sandbox.telegram import TelegramServer, VirtualUser
from handlers.telegram.client import Bot
from tests.support.drivers.rig import Rig


async def another_poll(bot: Bot) -> None:
    """Somebody else asks for the bot's updates and is content with one answer."""
    await bot.get_updates(timeout=0)


def standing(rig: Rig) -> list[tuple[TroubleKind, str, str]]:
    found = (one.trouble for one in rig.desk.troubles.standing())
    return [(one.kind, one.about, one.error) for one in found]


@pytest.fixture
def begun(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Set as soon as a trouble was told of."""
    told, began = asyncio.Event(), rig.desk.troubles.began

    def noticed(trouble: Trouble) -> None:
        began(trouble)
        told.set()

    monkeypatch.setattr(rig.desk.troubles, "began", noticed)
    return told


async def test_another_poller_is_a_trouble_that_is_told_of_once(
    rig: Rig, telegram: TelegramServer, begun: asyncio.Event, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO)

    async with asyncio.timeout(20), rig.running():
        for _ in range(2):
            await telegram.polled()
            await another_poll(rig.bot)
            await begun.wait()
            begun.clear()

    [(kind, about, error)] = standing(rig)
    assert (kind, about) == (TroubleKind.TWO_POLLERS, "telegram")
    assert "only one bot instance" in error
    told = [
        one.message for one in caplog.records if "poll" in one.message or "trouble" in one.message
    ]
    assert told == ["trouble_began"]


async def test_it_is_over_after_two_minutes_without_the_other(
    rig: Rig, telegram: TelegramServer, begun: asyncio.Event, alice: VirtualUser
):
    async with asyncio.timeout(20), rig.running():
        await telegram.polled()
        await another_poll(rig.bot)
        await begun.wait()
        await telegram.polled()
        await alice.say("/help")
        await alice.expect("Write your question")
        soon = standing(rig)
        rig.stage.clock.go_on(minutes=2)
        await telegram.polled()
        await alice.say("/help")
        await alice.expect("Write your question")

    assert len(soon) == 1
    assert standing(rig) == []


async def test_a_webhook_that_somebody_set_is_called_by_its_name(
    rig: Rig, telegram: TelegramServer, begun: asyncio.Event
):
    async with asyncio.timeout(20), rig.running():
        await telegram.polled()
        await rig.bot.set_webhook("http://127.0.0.1:9/elsewhere")
        await begun.wait()

    await rig.bot.delete_webhook()
    assert [(kind, about) for kind, about, _ in standing(rig)] == [
        (TroubleKind.WEBHOOK, "telegram")
    ]
