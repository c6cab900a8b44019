"""The mark "heard until" never moves over a word that was not taken in."""

from collections.abc import AsyncIterator, Sequence
from typing import ClassVar

import pytest

from bot.application.ports.queues import InboundUpdate
from bot.domain.errors import Unavailable
from bot.domain.tickets.message import Direction
from handlers.runtime.workers.inbox_worker import InboxWorker
from handlers.sandbox.slack import SlackServer, limits
from handlers.sandbox.telegram import TelegramServer, VirtualUser
from handlers.slack.sync import backfill, thread_reader
from tests.edges.slack.test_catching_up import a_later_life, below_the_card, kept, unheard
from tests.support.drivers.office import SUPPORT, Office, an_office
from tests.support.stores.stages import Stage

ACK_SECONDS, REFUSED_SOON_SECONDS = limits.ACK, 0.2


class FullWorker(InboxWorker):
    """A store in which only what comes in finds no room: everything else can still be written."""

    is_full: ClassVar[bool] = False

    async def accept(self, inbound_updates: Sequence[InboundUpdate]) -> int:
        if FullWorker.is_full:
            raise Unavailable("store.full")
        return await super().accept(inbound_updates)


@pytest.fixture
async def filling(
    ground: Stage,
    telegram: TelegramServer,
    either_slack: SlackServer,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Office]:
    """An office whose store can be full, and a Slack that gives up on an event at once."""
    monkeypatch.setattr(limits, "ACK", limits.ACK)
    either_slack.retry_speed = 1_000_000
    async with an_office(ground, telegram, either_slack, worker=FullWorker) as made:
        yield made
    FullWorker.is_full = False
    either_slack.violations.clear()


async def refuse(office: Office) -> None:
    """From now on Slack's events cannot be kept; a socket waits in vain for each, but not long."""
    await office.hear()
    FullWorker.is_full = True
    limits.ACK = REFUSED_SOON_SECONDS


def again() -> None:
    """There is room, and Slack waits as long as it does."""
    FullWorker.is_full = False
    limits.ACK = ACK_SECONDS


async def recover(office: Office) -> None:
    """Slack has given up by then; the store is back, and a minute passes."""
    await office.slack.settled()
    await office.edge.each_minute()
    again()
    await office.edge.each_minute()
    await office.hear()
    await office.go_on(seconds=6)


async def test_words_that_were_refused_until_slack_gave_up_are_read_again_in_their_order(
    filling: Office, alice: VirtualUser
):
    ticket = await filling.a_ticket(alice)
    await refuse(filling)
    await filling.says(filling.bob, ticket, "looks like the switch")
    await filling.says(filling.bob, ticket, ">> We are on it")

    await recover(filling)

    assert await kept(filling, ticket) == [
        (Direction.NOTE, "looks like the switch"),
        (Direction.OUT, "We are on it"),
    ]
    assert filling.words_to(alice) == ["We are on it"]


async def test_a_word_said_after_the_end_waits_for_those_that_were_refused_before_it(
    filling: Office, alice: VirtualUser
):
    ticket = await filling.a_ticket(alice)
    await refuse(filling)
    await filling.says(filling.bob, ticket, ">> first")
    await filling.slack.settled()
    again()

    await filling.says(filling.bob, ticket, ">> second")
    await filling.hear()
    await filling.go_on(seconds=6)

    assert filling.words_to(alice) == ["first", "second"]


async def test_what_was_refused_is_read_by_the_next_life_too(
    filling: Office, ground: Stage, telegram: TelegramServer, alice: VirtualUser
):
    ticket = await filling.a_ticket(alice)
    await refuse(filling)
    await filling.says(filling.bob, ticket, ">> We are on it")
    await filling.slack.settled()
    for _ in range(3):
        await filling.edge.each_minute()
    await filling.stop()

    again()
    async with a_later_life(filling, ground, telegram, filling.slack) as second:
        assert second.words_to(alice) == ["We are on it"]


async def test_whoever_wrote_is_told_at_once_and_once_more_when_it_was_taken_in(
    filling: Office, alice: VirtualUser
):
    ticket = await filling.a_ticket(alice)
    await refuse(filling)
    await filling.says(filling.bob, ticket, ">> first")
    await filling.says(filling.bob, ticket, ">> second")
    await filling.slack.settled()
    await filling.edge.settled()
    at_once = [one.text for one in filling.bob.ephemerals]

    await recover(filling)

    assert [text.partition(".")[0] for text in at_once] == [
        "The desk cannot take words in at the moment, so it has not read what you just wrote"
    ]
    later = [one.text for one in filling.bob.ephemerals][1:]
    assert [text.partition(".")[0] for text in later] == [
        "The desk could not listen when you wrote here"
    ]


async def test_an_edit_and_a_removal_that_were_refused_are_made_after_the_end(
    filling: Office, alice: VirtualUser
):
    ticket = await filling.a_ticket(alice)
    changed = await filling.says(filling.bob, ticket, ">> Tomorrow at ten")
    removed = await filling.says(filling.bob, ticket, ">> Never mind")
    await filling.hear()
    await filling.go_on(seconds=6)
    await refuse(filling)
    await filling.bob.edit(changed.ts, ">> Tomorrow at eleven")
    await filling.bob.delete(removed.ts)

    await recover(filling)

    assert filling.words_to(alice) == ["Tomorrow at eleven"]


async def test_what_was_deleted_before_it_was_taken_in_is_not_sent(
    filling: Office, alice: VirtualUser
):
    ticket = await filling.a_ticket(alice)
    await refuse(filling)
    said = await filling.says(filling.bob, ticket, ">> He never pays")
    await filling.bob.delete(said.ts)
    await filling.says(filling.bob, ticket, ">> We are on it")

    await recover(filling)

    assert filling.words_to(alice) == ["We are on it"]


async def test_what_slack_repeats_after_it_was_read_changes_nothing(
    filling: Office, alice: VirtualUser
):
    ticket = await filling.a_ticket(alice)
    await refuse(filling)
    filling.slack.retry_speed = 60
    await filling.says(filling.bob, ticket, ">> We are on it")
    again()
    await filling.edge.each_minute()

    await filling.hear()
    await filling.go_on(seconds=6)

    assert filling.words_to(alice) == ["We are on it"]
    assert await kept(filling, ticket) == [(Direction.OUT, "We are on it")]


async def test_a_channel_that_cannot_be_read_holds_up_the_mark_and_no_other_channel(
    office: Office, alice: VirtualUser
):
    slack, bus = office.slack, office.rig.desk.bus
    ticket = await office.a_ticket(alice)
    before = await bus.look(backfill.heard_until)
    with unheard(slack):
        await office.says(office.bob, ticket, ">> We are on it")
    slack.channel("G0PRIVACY").members.pop(slack.state.world.bot.id)

    office.edge.fell_behind()
    await office.edge.each_minute()
    await office.hear()
    await office.go_on(seconds=6)

    assert office.words_to(alice) == ["We are on it"]
    assert await bus.look(backfill.heard_until) == before


async def test_a_message_that_breaks_the_reading_ends_nothing_and_moves_no_mark(
    office: Office, alice: VirtualUser, monkeypatch: pytest.MonkeyPatch
):
    bus, reads = office.rig.desk.bus, thread_reader.said_of
    ticket = await office.a_ticket(alice)
    before = await bus.look(backfill.heard_until)
    with unheard(office.slack):
        await office.says(office.bob, ticket, ">> We are on it")
    monkeypatch.setattr(thread_reader, "said_of", dict[str, str]().__getitem__)
    office.edge.fell_behind()

    await office.edge.each_minute()
    meanwhile = await bus.look(backfill.heard_until)
    monkeypatch.setattr(thread_reader, "said_of", reads)
    await office.edge.each_minute()
    await office.hear()
    await office.go_on(seconds=6)

    assert meanwhile == before
    assert office.words_to(alice) == ["We are on it"]


async def test_an_old_card_of_a_live_ticket_is_read_however_busy_the_channel_was_since(
    ground: Stage,
    telegram: TelegramServer,
    slack: SlackServer,
    alice: VirtualUser,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(thread_reader, "OLDER_ROOTS", 1)
    monkeypatch.setattr(backfill, "OVERLAP_SECONDS", 1.0)  # the mark is kept in whole seconds
    async with an_office(ground, telegram, slack) as first:
        await first.a_ticket(alice)
        for number in range(3):
            await first.bob.say(SUPPORT, f"talk {number}")
        await first.hear()
    with unheard(slack):
        await below_the_card(slack, ">> We are on it")
        for number in range(250):
            await slack.people["U0BOB"].say(SUPPORT, f"more talk {number}")

    async with a_later_life(first, ground, telegram, slack) as second:
        assert second.words_to(alice) == ["We are on it"]


async def test_a_word_that_slack_brings_for_the_first_time_has_no_thread_read(
    filling: Office, alice: VirtualUser
):
    ticket = await filling.a_ticket(alice)
    await filling.edge.each_minute()
    before = filling.slack.record.counts["conversations.replies"]

    for number in range(5):
        await filling.says(filling.bob, ticket, f"note {number}")
    await filling.hear()
    await filling.edge.each_minute()

    assert len(await kept(filling, ticket)) == 5
    assert filling.slack.record.counts["conversations.replies"] == before


async def test_a_repeat_after_a_cut_says_that_more_was_lost(filling: Office, alice: VirtualUser):
    """Slack could not reach the desk: of the first word it tells nothing any more."""
    ticket = await filling.a_ticket(alice)
    with unheard(filling.slack):
        await filling.says(filling.bob, ticket, ">> first")
    filling.slack.drop_acks = 1

    await filling.says(filling.bob, ticket, ">> second")
    await filling.hear()
    await filling.edge.each_minute()
    await filling.hear()
    await filling.go_on(seconds=6)

    assert sorted(filling.words_to(alice)) == ["first", "second"]
