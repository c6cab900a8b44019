"""What comes too fast is kept in silence, and finds its place once the minute is over."""

import pytest

from bot.application.config import DeskConfig
from bot.domain.addresses import SYSTEM
from bot.wording import say
from tests.support.drivers.talker import NOT_STATED, Talker, a_talker
from tests.support.drivers.whole_turns import fire_due

WORDS = [f"word {count}" for count in range(30)]


async def flood(client: Talker) -> None:
    for word in WORDS:
        client.desk.clock.go_on(seconds=0.1)
        await client.says(word, NOT_STATED)


async def time_goes_by(client: Talker, **by: float) -> None:
    client.desk.clock.go_on(**by)
    await client.desk.bus.handle(SYSTEM, fire_due, limit=100)
    await client.hears()


async def a_slow_desk() -> Talker:
    return await a_talker(DeskConfig(messages_per_minute=3))


async def test_with_nothing_open_the_flood_is_asked_about_as_one():
    client = await a_slow_desk()
    await flood(client)

    await time_goes_by(client, minutes=2)

    assert client.last.text == say("conversation.send_to_support")
    await client.taps("New ticket")
    await client.taps("Technical problem")
    await client.taps("Send")
    assert client.bodies(client.ticket) == WORDS[3:]


async def test_with_several_open_the_flood_is_asked_about_as_one():
    client = await a_slow_desk()
    first = await client.opens_ticket("No internet since this morning")
    client.desk.clock.go_on(minutes=2)
    await client.opens_ticket("The bill of October seems to be wrong")
    client.desk.clock.go_on(minutes=2)
    await flood(client)
    await time_goes_by(client, minutes=2)

    await client.taps(f"{first.number} · {first.subject}")

    assert set(WORDS[3:]) <= set(client.bodies(first))


async def test_with_several_open_the_flood_reaches_staff_though_nobody_chooses():
    client = await a_slow_desk()
    await client.opens_ticket("No internet since this morning")
    client.desk.clock.go_on(minutes=2)
    last = await client.opens_ticket("The bill of October seems to be wrong")
    client.desk.clock.go_on(minutes=2)
    await flood(client)

    for _ in range(3):
        await time_goes_by(client, minutes=4)

    assert sorted(client.bodies(last)[1:]) == sorted(WORDS)
    assert client.bodies(None) == []


async def test_within_a_draft_the_flood_is_in_it_and_its_card_is_shown_again():
    client = await a_slow_desk()
    await client.says("/new")
    await client.taps("Technical problem")
    await flood(client)

    await time_goes_by(client, minutes=2)

    assert WORDS[-1] in client.last.text
    await client.taps("Send")
    assert client.bodies(client.ticket) == WORDS


async def test_a_flood_that_goes_on_is_waited_for():
    client = await a_slow_desk()
    await flood(client)
    client.desk.clock.go_on(seconds=57)
    await flood(client)

    await time_goes_by(client, seconds=2)
    still = client.bodies(None)
    await time_goes_by(client, minutes=2)

    assert len(still) == 2 * len(WORDS)
    assert client.last.text == say("conversation.send_to_support")


async def test_in_the_dialog_of_a_question_the_flood_is_asked_about_too():
    client = await a_slow_desk()
    await client.says("/ask")
    await flood(client)

    await time_goes_by(client, minutes=2)

    assert client.last.text == say("conversation.send_to_support")


@pytest.mark.parametrize("text", ["/new it is broken", "/ask what you keep"])
async def test_words_behind_a_command_that_come_too_fast_are_asked_about(text: str):
    client = await a_talker(DeskConfig(messages_per_minute=1))
    await client.says("one", NOT_STATED)
    await client.says(text)

    await time_goes_by(client, minutes=2)

    assert client.last.text == say("conversation.send_to_support")
