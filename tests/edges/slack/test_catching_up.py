"""What staff wrote while the desk was away, of which Slack tells nothing any more."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import pytest

from bot.domain.errors import Unavailable
from bot.domain.tickets.message import Direction
from bot.domain.tickets.ticket import Ticket
from handlers.sandbox.slack import SlackServer
from handlers.sandbox.telegram import TelegramServer, VirtualUser
from handlers.slack.card_refs import card_ref
from tests.support.drivers.office import SUBSCRIBED, SUPPORT, Office, an_office
from tests.support.stores.stages import Stage


@asynccontextmanager
async def a_later_life(
    first: Office, stage: Stage, telegram: TelegramServer, slack: SlackServer
) -> AsyncIterator[Office]:
    async with an_office(stage, telegram, slack) as second:
        second.marks = first.marks
        await second.hear()
        await second.go_on(seconds=6)
        yield second


@contextmanager
def unheard(slack: SlackServer) -> Iterator[None]:
    """Slack gives up on the events of this time."""
    slack.state.events.subscriptions = set()
    yield
    slack.state.events.subscriptions = set(SUBSCRIBED)


async def below_the_card(slack: SlackServer, text: str, who: str = "U0BOB") -> str:
    """Say something below the one card that stands there."""
    card = next(one for one in slack.channel(SUPPORT).messages.values() if one.metadata)
    said = await slack.people[who].say(SUPPORT, text, thread_ts=card.ts)
    return said.ts


async def kept(office: Office, ticket: Ticket) -> list[tuple[Direction, str]]:
    async with office.rig.stage.reading() as work:
        return [(one.direction, one.body) for one in await work.messages.of(ticket.id)][1:]


async def test_what_staff_wrote_while_the_desk_was_away_is_read_in_its_order(
    ground: Stage, telegram: TelegramServer, either_slack: SlackServer, alice: VirtualUser
):
    slack = either_slack
    async with an_office(ground, telegram, slack) as first:
        ticket = await first.a_ticket(alice)
        await first.says(first.bob, ticket, "heard in time")
        await first.hear()
    with unheard(slack):
        await below_the_card(slack, "looks like the switch")
        await below_the_card(slack, ">> We are on it")

    async with a_later_life(first, ground, telegram, slack) as second:
        assert await kept(second, ticket) == [
            (Direction.NOTE, "heard in time"),
            (Direction.NOTE, "looks like the switch"),
            (Direction.OUT, "We are on it"),
        ]
        assert second.words_to(alice) == ["We are on it"]


async def test_an_event_that_comes_after_it_was_read_changes_nothing(
    ground: Stage, telegram: TelegramServer, slack: SlackServer, alice: VirtualUser
):
    async with an_office(ground, telegram, slack) as first:
        ticket = await first.a_ticket(alice)
    slack.hold()
    await below_the_card(slack, ">> We are on it")

    async with a_later_life(first, ground, telegram, slack) as second:
        await slack.release()
        await second.hear()
        await second.go_on(seconds=6)

        assert second.words_to(alice) == ["We are on it"]
        assert await kept(second, ticket) == [(Direction.OUT, "We are on it")]


async def test_words_changed_meanwhile_are_taken_as_they_read_now(
    ground: Stage, telegram: TelegramServer, slack: SlackServer, alice: VirtualUser
):
    async with an_office(ground, telegram, slack) as first:
        ticket = await first.a_ticket(alice)
    with unheard(slack):
        reply = await below_the_card(slack, ">> We come at ten")
        note = await below_the_card(slack, ">> he never pays")
        await slack.people["U0BOB"].edit(reply, ">> We come at eleven")
        await slack.people["U0BOB"].edit(note, "he never pays")

    async with a_later_life(first, ground, telegram, slack) as second:
        assert second.words_to(alice) == ["We come at eleven"]
        assert await kept(second, ticket) == [
            (Direction.OUT, "We come at eleven"),
            (Direction.NOTE, "he never pays"),
        ]


async def test_what_was_changed_or_taken_back_meanwhile_after_it_was_heard_is_noticed(
    ground: Stage, telegram: TelegramServer, slack: SlackServer, alice: VirtualUser
):
    async with an_office(ground, telegram, slack) as first:
        ticket = await first.a_ticket(alice)
        changed = await first.says(first.bob, ticket, ">> We come at ten")
        removed = await first.says(first.ann, ticket, ">> Never mind")
        await first.says(first.ann, ticket, ">> Is it better now?")
        await first.hear()
        await first.go_on(seconds=6)
        heard = first.words_to(alice)
    with unheard(slack):
        await slack.people["U0BOB"].edit(changed.ts, ">> We come at eleven")
        await slack.people["U0ANN"].delete(removed.ts)

    async with a_later_life(first, ground, telegram, slack) as second:
        assert heard == ["We come at ten", "Never mind", "Is it better now?"]
        assert second.words_to(alice) == ["We come at eleven", "Is it better now?"]


async def test_what_a_guest_wrote_meanwhile_reaches_nobody(
    ground: Stage, telegram: TelegramServer, slack: SlackServer, alice: VirtualUser
):
    async with an_office(ground, telegram, slack) as first:
        ticket = await first.a_ticket(alice)
    with unheard(slack):
        slack.channel(SUPPORT).members["U0GUEST"] = None
        await below_the_card(slack, ">> Send me your password", who="U0GUEST")

    async with a_later_life(first, ground, telegram, slack) as second:
        assert second.words_to(alice) == []
        assert await kept(second, ticket) == []


@pytest.mark.parametrize("method", ["conversations.history", "users.info"])
async def test_while_slack_refuses_to_say_what_was_written_or_by_whom_the_desk_tries_each_minute(
    ground: Stage, telegram: TelegramServer, slack: SlackServer, alice: VirtualUser, method: str
):
    async with an_office(ground, telegram, slack) as first:
        await first.a_ticket(alice)
    with unheard(slack):
        await below_the_card(slack, ">> We are on it")
    slack.faults.add("500", method, times=50)

    async with a_later_life(first, ground, telegram, slack) as second:
        before = second.words_to(alice)
        slack.faults.clear()
        await second.edge.each_minute()
        await second.hear()
        await second.go_on(seconds=6)

        assert before == []
        assert second.words_to(alice) == ["We are on it"]


async def test_words_below_a_card_that_the_desk_did_not_know_of_yet_are_read_when_it_finds_it(
    ground: Stage, telegram: TelegramServer, slack: SlackServer, alice: VirtualUser
):
    async with an_office(ground, telegram, slack) as office:
        await office.hear()
        slack.faults.add("reset_after", "chat.postMessage")
        slack.faults.add("500", "conversations.history", times=50)
        office.marks[alice.id] = 0
        ticket = await office.rig.opens_ticket(alice, "The router blinks red")
        await below_the_card(slack, ">> We are on it")
        await office.hear()
        is_known = await office.rig.desk.bus.look(card_ref, ticket=ticket.id) is not None
        slack.faults.clear()
        await office.go_on(seconds=60)
        await office.go_on(seconds=60)

        assert not is_known
        assert len(await office.cards()) == 1
        assert office.words_to(alice).count("We are on it") == 1


async def test_a_refused_reply_is_not_taken_later(
    ground: Stage, telegram: TelegramServer, slack: SlackServer, alice: VirtualUser
):
    async with an_office(ground, telegram, slack) as first:
        ticket = await first.a_ticket(alice)
        await first.says(first.bob, ticket, ">> " + "x" * 39_000)
        await first.says(slack.people["U0OUT"], ticket, ">> We are from the police")
        await first.hear()
        refused = await kept(first, ticket)

    async with an_office(ground, telegram, slack, agents="U0BOB,U0OUT") as second:
        second.marks = first.marks
        await second.hear()
        await second.go_on(seconds=6)

        assert refused == []
        assert await kept(second, ticket) == []
        assert second.words_to(alice) == []


async def test_a_thread_that_was_deleted_meanwhile_holds_up_no_other(
    ground: Stage,
    telegram: TelegramServer,
    slack: SlackServer,
    alice: VirtualUser,
):
    barkat = telegram.user(2_002, "Barkat")
    async with an_office(ground, telegram, slack) as first:
        await first.a_ticket(alice)
        await first.a_ticket(barkat)
    with unheard(slack):
        await below_the_card(slack, ">> Gone with its thread")
        slack.faults.add("err:thread_not_found", "conversations.replies")
        cards = [one for one in slack.channel(SUPPORT).messages.values() if one.metadata]
        for card in cards:
            await slack.people["U0BOB"].say(SUPPORT, ">> We are on it", thread_ts=card.ts)

    async with a_later_life(first, ground, telegram, slack) as second:
        heard = [second.words_to(client) for client in (alice, barkat)]
        assert sum("We are on it" in words for words in heard) == 1


async def test_a_store_that_is_away_for_a_moment_ends_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    async def away(*_: object, **__: object) -> None:
        raise Unavailable("store.busy")

    with monkeypatch.context() as moment:
        moment.setattr(type(office.rig.desk.bus), "handle", away)
        await office.edge.each_minute()

    await office.edge.each_minute()
    assert office.running.done() is False
