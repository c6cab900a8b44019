"""Who speaks: the client reads whose reply it is, for which ticket, in the right order."""

import pytest

from bot.application.config import DeskConfig
from handlers.sandbox.slack import SlackServer
from handlers.sandbox.telegram import TelegramServer, VirtualUser
from tests.support.drivers.office import Office, an_office
from tests.support.stores.stages import Stage


@pytest.fixture
async def office(ground: Stage, telegram: TelegramServer, slack: SlackServer):
    async with an_office(ground, telegram, slack, rules=DeskConfig()) as made:
        yield made


async def test_two_colleagues_in_two_tickets_are_told_apart(office: Office, alice: VirtualUser):
    first = await office.a_ticket(alice, "The router blinks red")
    second = await office.a_ticket(alice, "My bill is wrong")

    await office.says(office.bob, first, ">> Please restart it.")
    await office.says(office.ann, second, ">> I am looking at the bill.")
    await office.hear()
    await office.go_on(seconds=6)

    assert office.words_to(alice) == [
        f"bob · {first.number}\nPlease restart it.",
        f"ann · {second.number}\nI am looking at the bill.",
    ]


async def test_an_edited_reply_keeps_the_line_above_it(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)
    said = await office.says(office.bob, ticket, ">> Please restrat it.")
    await office.hear()
    await office.go_on(seconds=6)

    await office.bob.edit(said.ts, ">> Please restart it.")
    await office.hear()

    assert office.words_to(alice) == ["bob\nPlease restart it."]


async def test_last_words_come_before_the_stars(office: Office, alice: VirtualUser):
    ticket = await office.a_ticket(alice)
    await office.clicks(office.bob, ticket, "Resolve")

    await office.bob.submit(
        {"Resolution": "Done", "Tags": "cable", "Last words to the client": "All is well now."}
    )
    await office.hear()
    await office.go_on(seconds=6)

    words, stars = office.words_to(alice)
    assert words == "bob\nAll is well now."
    assert "tap one to five stars" in stars


async def test_stars_wait_for_last_words_that_have_to_be_tried_again(
    office: Office, alice: VirtualUser, telegram: TelegramServer
):
    ticket = await office.a_ticket(alice)
    await office.clicks(office.bob, ticket, "Resolve")
    telegram.faults.add(method="sendMessage", kind="429", retry_after=3)

    await office.bob.submit(
        {"Resolution": "Done", "Tags": "cable", "Last words to the client": "All is well now."}
    )
    await office.hear()
    await office.go_on(seconds=6)
    early = office.words_to(alice)
    await office.go_on(seconds=6)

    assert early == []
    assert [one.splitlines()[-1][:8] for one in office.words_to(alice)] == ["All is w", "If somet"]
