"""/mydata says what a chat alone may see, and nothing of what only a proof opens."""

import pytest

from bot.application.config import DeskConfig
from bot.domain.addresses import Language
from bot.wording.times import due_day, period
from tests.support.builders.desk import a_desk
from tests.support.drivers.talker import a_talker


async def test_a_new_chat_reads_that_there_is_nothing_yet_and_how_long_things_stay():
    client = await a_talker()

    await client.says("/mydata")

    said = client.last.text
    assert "Tickets: none." in said
    assert "Requests about your data: none." in said
    assert period(DeskConfig().retention_days, Language.EN) in said
    assert "we make sure that it is you" in said


async def test_its_tickets_and_its_requests_are_counted_with_state_and_date():
    client = await a_talker()
    await client.opens_ticket()
    await client.says("/access")

    await client.says("/mydata")

    request = next(iter(client.desk.store.requests.values()))
    said = client.last.text
    assert "Tickets: 2, open now: 2." in said
    assert "R-000001 · a copy of your data · waiting for your proof of identity. Answer by" in said
    assert due_day(request.due_on, Language.EN) in said


async def test_a_request_that_is_over_has_no_date_to_wait_for():
    client = await a_talker()
    await client.says("/access")
    await client.taps("Withdraw")

    await client.says("/mydata")

    assert "R-000001 · a copy of your data · withdrawn by you\n" in client.last.text
    assert "Answer by" not in client.last.text


async def test_of_many_requests_the_newest_are_shown_and_the_others_counted():
    client = await a_talker()
    for _ in range(7):
        await client.says("/access")
        await client.taps("Withdraw")

    await client.says("/mydata")

    assert client.last.text.count("· a copy of your data ·") == 5
    assert "Older requests: 2." in client.last.text


async def test_another_chats_tickets_and_requests_are_not_in_it():
    desk = a_desk()
    other = await a_talker(desk=desk, user="bob")
    await other.opens_ticket()
    await other.says("/access")
    client = await a_talker(desk=desk)

    await client.says("/mydata")

    assert "Tickets: none." in client.last.text
    assert "R-0" not in client.last.text


@pytest.mark.parametrize("language", Language)
async def test_it_is_said_in_the_language_of_the_chat(language: Language):
    client = await a_talker()
    await client.says(f"/lang {language}")

    await client.says("/mydata")

    is_bangla = any("\u0980" <= sign <= "\u09ff" for sign in client.last.text)
    assert is_bangla is (language is Language.BN)
