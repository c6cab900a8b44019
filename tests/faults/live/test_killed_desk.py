"""The desk as a process of its own, killed in the middle of everything, on the worst of days.

Telegram and Slack live in the test's process: what reached them is what the world saw.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from handlers.sandbox.slack import SlackServer
from handlers.sandbox.slack.workspace import Message as Posted
from handlers.sandbox.telegram import TelegramServer, VirtualUser
from tests.support.drivers.live_desk import LiveDesk
from tests.support.drivers.office import SUPPORT, a_workspace
from tests.support.drivers.rig import TOKEN
from tests.volume import seed, volume

PATIENCE = 60
MARK = "(You may have this message already"
DAYS = range(volume(1, 2))


@dataclass
class Story:
    """The town, the desk, and one ticket between Alice and Bob."""

    telegram: TelegramServer
    slack: SlackServer
    desk: LiveDesk
    alice: VirtualUser
    away: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    """Between which moments of Slack's clock nobody was at work."""

    async def opens_a_ticket(self) -> None:
        alice = self.alice
        await alice.start()
        await alice.expect(button="English", timeout_seconds=PATIENCE)
        await alice.say("/new")
        await alice.expect(button="Technical problem", timeout_seconds=PATIENCE)
        await alice.tap("Technical problem")
        await alice.expect("happened", timeout_seconds=PATIENCE)
        await alice.say("No internet since morning")
        await alice.expect(button="Send", timeout_seconds=PATIENCE)

    async def dies(self) -> None:
        """kill -9, and a new life."""
        async with self.nobody_at_work():
            pass

    @asynccontextmanager
    async def nobody_at_work(self) -> AsyncIterator[None]:
        """From kill -9 until the next life is up: until then it asks Slack to come again (503)."""
        died = self.slack.record.clock.now()
        await self.desk.kill()
        yield
        await self.desk.start()
        self.away.append((died, self.slack.record.clock.now()))

    def broken_rules(self) -> list[object]:
        """Of both platforms; what Slack brought while nobody was at work was not acknowledged."""
        excused = [
            one
            for one in self.slack.violations
            if one.rule == "not_acked" and any(died <= one.at <= up for died, up in self.away)
        ]
        found = [one for one in self.slack.violations if one not in excused]
        return [*self.telegram.violations, *found]

    async def bob_says(self, text: str) -> Posted:
        (card,) = self.cards()
        return await self.slack.people["U0BOB"].say(SUPPORT, text, thread_ts=card.ts)

    async def alice_reads(self, text: str) -> None:
        await self.alice.expect(text, timeout_seconds=PATIENCE)

    async def slack_shows(self, text: str) -> None:
        await self._until(lambda: self.shown(text))

    async def the_card_says(self, text: str) -> None:
        await self._until(lambda: text in str([card.blocks for card in self.cards()]))

    def cards(self) -> list[Posted]:
        posted = self.slack.channel(SUPPORT).messages.values()
        return [one for one in posted if not one.is_reply and one.metadata]

    def shown(self, text: str) -> int:
        """How many posts of the desk below the card hold these words."""
        posted = self.slack.channel(SUPPORT).messages.values()
        own = [one for one in posted if one.is_reply and one.bot_id]
        return sum(text in str(one.blocks) for one in own)

    def read(self, text: str) -> int:
        """How often Alice was told these words without being told that it is a repeat."""
        said = [one.text for one in self.alice.visible if one.is_from_bot]
        return sum(text in one and not one.startswith(MARK) for one in said)

    async def _until(self, is_true: Callable[[], object]) -> None:
        await self.slack.state.changes.until(lambda _: is_true(), PATIENCE)


@pytest.fixture(params=["socket", "http"])
async def story(
    request: pytest.FixtureRequest, tmp_path: Path, bare_ground: str
) -> AsyncIterator[Story]:
    telegram, slack = TelegramServer(TOKEN, limits_on=False), a_workspace(request.param)
    slack.retry_speed = 60
    await telegram.start()
    await slack.start()
    more = {"REPLY_UNDO_SECONDS": "1", "DATABASE_URL": bare_ground}
    desk = LiveDesk(tmp_path, telegram, slack, more)
    try:
        await desk.start()
        yield Story(telegram, slack, desk, telegram.user(1001, "Alice", language_code="en"))
    finally:
        await desk.stop()
        await slack.stop()
        await telegram.stop()


def bad_day(story: Story, number: int) -> None:
    """Calls fail, answers are lost, everything comes twice."""
    random = Random(seed() + number)
    story.telegram.duplicate_updates = 2
    story.slack.duplicate_events = story.slack.duplicate_interactions = 1
    story.slack.drop_acks = 3
    kinds = ["429", "500", "html502", "reset", "reset_after", "slow"]
    for method in ("chat.postMessage", "chat.update", "users.info"):
        for kind in random.sample(kinds, volume(1, 3)):
            story.slack.faults.add(kind, method, after=random.randrange(3), retry_after=1)
    for kind in ("429", "slow"):
        story.telegram.faults.add(kind=kind, method="sendMessage", after=random.randrange(3))
    story.telegram.faults.add(kind="reset", method="getUpdates", after=2, times=2)
    story.telegram.faults.add(kind="500", method="getUpdates", after=4)


@pytest.mark.parametrize("number", DAYS)
async def test_a_desk_that_is_killed_again_and_again_loses_and_doubles_nothing(
    story: Story, number: int
):
    bad_day(story, number)
    await story.opens_a_ticket()

    await killed_after_each_word(story)
    await killed_while_staff_write(story)

    assert len(story.cards()) == 1
    for said in ("No internet since morning", "It is still dark"):
        assert story.shown(said) == 1
    for answered in ("Restart the router", "A technician is on the way"):
        assert story.read(answered) == 1
    assert story.read("A note between us") == 0
    assert story.broken_rules() == []
    assert "Traceback" not in story.desk.said


async def killed_after_each_word(story: Story) -> None:
    """As soon as a platform has taken it, or has heard that the desk has."""
    await story.alice.tap("Send")
    await story.dies()
    await story.slack_shows("No internet since morning")
    await story.alice_reads("T-000001")
    await story.bob_says(">> Restart the router")
    await story.slack.settled()
    await story.dies()
    await story.alice_reads("Restart the router")
    await story.slack_shows("✓ sent")
    await story.alice.say("It is still dark")
    await story.dies()
    await story.slack_shows("It is still dark")


async def killed_while_staff_write(story: Story) -> None:
    """What they wrote while nobody listened is read in Slack afterwards."""
    if story.slack.mode == "socket":
        await story.slack.disconnect(hard=True)
    await story.bob_says("A note between us")
    async with story.nobody_at_work():
        await story.bob_says(">> A technician is on the way")
    await story.alice_reads("A technician is on the way")
    await story.the_card_says("notes: 1")
    await story.slack.settled()
