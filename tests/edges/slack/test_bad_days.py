"""Slack on its bad days: nothing lost, nothing doubled, no violation."""

import asyncio
from collections.abc import Callable

import pytest

from handlers.sandbox.slack import SlackServer
from handlers.sandbox.telegram import TelegramServer, VirtualUser
from tests.support.drivers.office import SUPPORT, Office, an_office
from tests.support.stores.stages import Stage


async def a_whole_ticket(office: Office, alice: VirtualUser) -> None:
    """Opened, claimed, answered, and one more word of the client."""
    ticket = await office.a_ticket(alice, "No internet since morning")
    for _ in range(4):
        await office.go_on(seconds=90)
    await office.clicks(office.bob, ticket, "Claim")
    await office.says(office.bob, ticket, ">> Restart the router")
    await office.hear()
    for _ in range(4):
        await office.go_on(seconds=90)
    await alice.say("Thank you, one more thing")
    await office.hear()
    for _ in range(4):
        await office.go_on(seconds=90)

    assert len(await office.cards()) == 1
    thread = [f"{one.text} {one.blocks}" for one in await office.thread(ticket)]
    assert sum("No internet since morning" in one for one in thread) == 1
    assert sum("one more thing" in one for one in thread) == 1
    assert sum("took the ticket" in one for one in thread) == 1
    assert sum("✓ sent" in one for one in thread) == 1
    assert office.words_to(alice).count("Restart the router") == 1
    card = str((await office.card(ticket)).blocks)
    assert "from client: 2, replies: 1" in card
    assert "<@U0BOB>" in card


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update", "users.info"])
@pytest.mark.parametrize("kind", ["429", "500", "html502", "reset", "reset_after", "slow"])
async def test_a_ticket_goes_through_though_calls_fail(
    office: Office, alice: VirtualUser, method: str, kind: str
):
    if kind == "429":
        office.slack.faults.add(kind, method, times=3, after=1, retry_after=1)
    else:
        office.slack.faults.add(kind, method, times=2, after=1, seconds=0.05)

    await a_whole_ticket(office, alice)

    assert office.slack.faults.hits > 0 or method == "users.info"


@pytest.mark.parametrize("error", ["channel_not_found", "internal_error", "not_in_channel"])
async def test_a_ticket_goes_through_though_slack_says_no_for_a_while(
    office: Office, alice: VirtualUser, error: str
):
    office.slack.faults.add(f"err:{error}", "chat.postMessage", times=2)

    await a_whole_ticket(office, alice)


def twice_each(slack: SlackServer) -> None:
    slack.duplicate_events = 2
    slack.duplicate_interactions = 2


def lost_acks(slack: SlackServer) -> None:
    slack.retry_speed = 10_000
    slack.drop_acks = 4


@pytest.mark.parametrize("trouble", [twice_each, lost_acks])
async def test_what_slack_delivers_again_is_done_once(
    either: Office, alice: VirtualUser, trouble: Callable[[SlackServer], None]
):
    trouble(either.slack)

    await a_whole_ticket(either, alice)


@pytest.mark.parametrize("hard", [False, True])
async def test_a_dropped_socket_is_opened_again_and_loses_nothing(
    office: Office, alice: VirtualUser, *, hard: bool
):
    office.slack.retry_speed = 60
    ticket = await office.a_ticket(alice)

    await office.slack.disconnect(hard=hard)
    await office.says(office.bob, ticket, ">> Said into the gap")
    await office.slack.settled()
    await office.hear()
    await office.go_on(seconds=6)

    assert office.words_to(alice) == ["Said into the gap"]


async def test_a_press_that_nobody_hears_fails_visibly_and_can_be_repeated(
    office: Office, alice: VirtualUser
):
    ticket = await office.a_ticket(alice)
    place = await office.place(ticket)
    await office.slack.disconnect(hard=True)

    missed = await office.bob.click("Claim", place.channel, place.ts)
    await office.slack.state.changes.until(
        lambda change: change and change["kind"] == "sockets" and change["number"]
    )
    again = await office.bob.click("Claim", place.channel, place.ts)
    await office.hear()

    assert missed is None
    assert again is not None
    assert (await office.ticket(ticket)).assignee is not None


@pytest.mark.parametrize(
    "steps",
    ["accepted", "worked", "posted"],
)
async def test_a_killed_desk_goes_on_where_it_stood(
    ground: Stage, telegram: TelegramServer, slack: SlackServer, alice: VirtualUser, steps: str
):
    async with an_office(ground, telegram, slack) as first:
        ticket = await first.a_ticket(alice)
        place = await first.place(ticket)
        marks = first.marks
        await first.says(first.bob, ticket, ">> Said before the end")
        await slack.settled()
        if steps != "accepted":
            await first.rig.inbox.idle()
        if steps == "posted":
            posting = asyncio.ensure_future(first.rig.relay.idle())
            slack.faults.add("slow", "chat.postMessage", seconds=0.5)
            await _until(lambda: slack.record.counts["chat.postMessage"] >= 3 or posting.done())
            await first.rig.die()
            posting.cancel()
            await asyncio.gather(posting, return_exceptions=True)

    async with an_office(ground, telegram, slack) as second:
        second.marks = marks
        await second.hear()
        await second.go_on(seconds=120)
        await second.go_on(seconds=120)

        thread = slack.channel(SUPPORT).thread(place.ts)
        assert second.words_to(alice) == ["Said before the end"]
        assert sum("✓ sent" in str(one.blocks) for one in thread) == 1
        assert len(await second.cards()) == 1


async def _until(is_true: Callable[[], bool]) -> None:
    for _ in range(2_000):
        if is_true():
            return
        await asyncio.sleep(0)


async def test_events_out_of_order_keep_what_they_say(either: Office, alice: VirtualUser):
    office = either
    ticket = await office.a_ticket(alice)
    office.slack.hold()
    said = await office.says(office.bob, ticket, ">> first words")
    await office.bob.edit(said.ts, ">> second words")

    await office.slack.release(reverse=True)
    await office.hear()
    await office.go_on(seconds=6)

    assert office.words_to(alice) in (["first words"], ["second words"])


async def test_acknowledgements_are_quick(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)

    await asyncio.gather(
        *(office.says(office.bob, ticket, f"note {number}") for number in range(50))
    )
    await office.hear()

    assert len(office.slack.record.ack_seconds) >= 50
    assert office.slack.record.failed_tries == {}


async def test_a_client_file_is_uploaded_once_whatever_happens(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)
    office.slack.faults.add("reset_after", "files.completeUploadExternal")
    office.slack.faults.add("500", "upload", after=1)

    await alice.send_document(b"router log", "log.txt", caption="my log")
    await office.hear()
    for _ in range(4):
        await office.go_on(seconds=40)

    shared = [one for one in await office.thread(ticket) if one.files]
    posts = [one for one in await office.thread(ticket) if "my log" in str(one.blocks)]
    assert (len(shared), len(posts)) == (1, 1)
