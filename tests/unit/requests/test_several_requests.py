"""Several requests of one person: which counts, which is carried, and which goes first."""

import pytest

from bot.domain.requests.states import RequestState
from tests.support.drivers.asker import EMAIL, a_person, an_asker
from tests.unit.requests.deciding import does


async def test_my_requests_lists_what_is_proved_to_be_about_the_person_too():
    client = await an_asker()
    a_person(client.desk)
    await client.erases()
    second = await an_asker(client.desk, user="4712")
    await second.says("/access")
    await second.says(EMAIL)
    client.desk.clock.go_on(minutes=2)
    await second.proves()

    await client.says("/mydata")
    await client.taps("My requests")

    assert [label[:8] for label in client.labels] == ["R-000002", "R-000001"]


@pytest.mark.parametrize("wish", ["Get my data", "Stop using my data", "Change my e-mail or phone"])
async def test_a_second_verified_request_of_one_person_is_carried_by_the_first(wish: str):
    client = await an_asker()
    a_person(client.desk)
    await client.says("/mydata")
    await client.taps(wish)
    await client.proves()
    second = await an_asker(client.desk, user="4712")
    await second.says("/mydata")
    await second.taps(wish)
    client.desk.clock.go_on(minutes=2)

    await second.proves()

    assert second.request.state is RequestState.DUPLICATE
    assert second.request.facts.duplicate_of == client.request.id
    assert any("R-000001" in reply.text for reply in second.replies[-3:])


async def test_an_unverified_request_blocks_nobody():
    """CVE-2026-42303: an unverified duplicate locked the real subject out."""
    impostor = await an_asker(user="666")
    a_person(impostor.desk)
    await impostor.says("/erase")
    await impostor.says(EMAIL)
    client = await an_asker(impostor.desk)
    client.desk.clock.go_on(minutes=2)

    request = await client.erases()

    assert request.state is RequestState.IN_REVIEW
    assert impostor.request.state is RequestState.AWAITING_IDENTITY


async def test_when_the_first_is_withdrawn_the_second_goes_on():
    client = await an_asker()
    a_person(client.desk)
    await client.says("/access")
    await client.proves()
    second = await an_asker(client.desk, user="4712")
    await second.says("/access")
    client.desk.clock.go_on(minutes=2)
    await second.proves()

    await client.says("/status R-1")
    await client.taps("Withdraw")

    assert second.request.state is RequestState.IN_REVIEW


async def test_when_the_first_is_done_the_second_ends_and_its_chat_may_ask_for_what_else_it_meant():
    client = await an_asker()
    a_person(client.desk)
    second = await an_asker(client.desk, user="4712")
    for chat in (client, second):
        await chat.says("/mydata")
        await chat.taps("Correct my data")
        await chat.proves()
        client.desk.clock.go_on(minutes=2)

    await does(client.desk, client.request, "ayesha", "fulfil_by_hand")
    await second.hears()

    assert second.request.state is RequestState.CLOSED_DUPLICATE
    assert "R-000002 ended" in second.text
    assert "please ask again" in second.text


async def test_access_goes_before_erasure():
    client = await an_asker()
    a_person(client.desk)
    await client.erases()
    client.desk.clock.go_on(minutes=2)
    await client.says("/access")
    await client.proves()

    erasure, access = client.requests
    assert erasure.facts.waits_for == access.id

    await client.says("/status R-2")
    await client.taps("Withdraw")
    erasure, access = client.requests
    assert erasure.facts.waits_for is None
