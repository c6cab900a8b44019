"""Every point at which the desk may die: nothing is lost, nothing is doubled without saying so."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from bot.application.staff_desk.replies import reply
from bot.application.staff_desk.words import MessageRef, Words
from bot.domain.addresses import Actor
from bot.domain.tickets.message import DeliveryStatus
from handlers.sandbox.telegram import TelegramServer, VirtualUser
from tests.faults.telegram.power import Power, PowerCut
from tests.support.drivers.rig import Rig, a_rig, a_server
from tests.support.stores.stages import Stage
from tests.volume import sampled

PROBLEM, ANSWER, THANKS = "The router blinks red", "Please restart it.", "The light is still red."
MARK = "(You may have this message already"
EVERY = 24
"""The points are shared out among so many tests, so that they run side by side."""
SHARES = sampled(range(EVERY), 2, 10)
"""At the gate two of each 24 points, at night ten of each 24, others with each commit."""


@dataclass
class Story:
    """A client and a member of staff, and a desk that may die once."""

    stage: Stage
    telegram: TelegramServer
    power: Power
    rig: Rig
    alice: VirtualUser
    bob: Actor

    async def does(self, act: Callable[[], Awaitable[object]]) -> None:
        """The act itself comes from outside and is not lost; a cut may come in what follows."""
        await act()
        await self.lives(self._hears)

    async def lives(self, act: Callable[[], Awaitable[object]]) -> None:
        """Until it is done: what comes from outside is sent again after a cut."""
        try:
            await act()
        except PowerCut:
            await self._born_again()
            await act()
        await self._settles()

    async def _hears(self) -> None:
        await self.rig.hear()

    async def _settles(self) -> None:
        """Tries that were put off have their time."""
        for _ in range(3):
            await self._go_on()

    async def _go_on(self) -> None:
        try:
            await self.rig.go_on(seconds=4)
        except PowerCut:
            await self._born_again()
            await self.rig.go_on(seconds=4)

    async def _born_again(self) -> None:
        await self.rig.die()
        self.rig = await a_rig(self.stage, self.telegram)

    async def replies(self) -> None:
        words = Words(text=ANSWER, written_at=MessageRef("C0SUPPORT", "1700000000.000100"))
        await self.rig.desk.bus.handle(self.bob, reply, ticket="T-000001", words=words)
        await self.rig.hear()


async def a_story(stage: Stage, fails_at: int | None = None) -> Story:
    power = Power()
    telegram = a_server(stage)
    await telegram.start()
    rig = await a_rig(stage, telegram)
    bob = await rig.a_member()
    await rig.stop()
    rig = await a_rig(stage, telegram, wrap_work=power.wrap_work, wrap_bot=power.wrap_bot)
    await rig.hear()
    power.steps.clear()
    power.fails_at = fails_at
    return Story(stage, telegram, power, rig, telegram.user(1001, "Alice"), bob)


async def play(story: Story) -> None:
    """A whole ticket, from /start to an answer of staff and one of the client."""
    alice = story.alice
    await story.does(alice.start)
    await story.does(lambda: alice.tap("New ticket"))
    await story.does(lambda: alice.tap("Technical problem"))
    await story.does(lambda: alice.say(PROBLEM))
    await story.does(lambda: alice.tap("Send"))
    await story.lives(story.replies)
    await story.does(lambda: alice.say(THANKS))
    await story.rig.stop()


def said(story: Story) -> Counter[str]:
    """What the desk said, by its first words; those it marks as a repeat are left out."""
    texts = [one.text for one in story.alice.visible if one.is_from_bot]
    return Counter(text[:40] for text in texts if not text.startswith(MARK))


def said_at_all(story: Story) -> set[str]:
    texts = [one.text for one in story.alice.visible if one.is_from_bot]
    return {text.partition("\n")[2][:40] if text.startswith(MARK) else text[:40] for text in texts}


async def check(story: Story, whole: Counter[str]) -> None:
    (ticket,) = await story.rig.tickets()
    talk = await story.rig.talk(ticket)
    assert [one.body for one in talk] == [PROBLEM, ANSWER, THANKS]
    is_uncertain = talk[1].delivery is DeliveryStatus.UNCERTAIN
    assert is_uncertain or talk[1].delivery is DeliveryStatus.SENT
    missing = set(whole) - said_at_all(story)
    assert missing <= ({ANSWER} if is_uncertain else set())
    assert not said(story) - whole
    assert {one.method for one in story.telegram.violations} <= {"answerCallbackQuery"}


async def a_clean_life(stage: Stage) -> tuple[list[str], Counter[str]]:
    story = await a_story(stage)
    await play(story)
    await check(story, whole := said(story))
    await story.telegram.stop()
    return story.power.steps, whole


@pytest.mark.parametrize("share", SHARES)
async def test_a_power_cut_at_any_point_loses_and_doubles_nothing(share, grounds):
    async with grounds() as stage:
        steps, whole = await a_clean_life(stage)

    for point in range(share, len(steps), EVERY):
        async with grounds() as stage:
            story = await a_story(stage, fails_at=point)
            try:
                await play(story)
                await check(story, whole)
            except BaseException as error:
                error.add_note(f"point {point}: {steps[point]}")
                raise
            finally:
                await story.telegram.stop()
