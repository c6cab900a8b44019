"""Strangers who know a client's address, and the client's own chats: whose codes are used up."""

import pytest

from bot.application.client_list.unlock import unlock_person
from bot.application.outbound.to_client import Press
from bot.application.requests.protective_actions import freeze
from bot.domain.addresses import OPERATOR
from bot.domain.requests.states import RequestState
from tests.support.builders.desk import Desk, staff
from tests.support.drivers.asker import EMAIL, Asker, a_person, an_asker


async def attacked(desk: Desk) -> None:
    """Strangers order every code there is for that address, and type ten wrong ones."""
    for chat in ("666", "667", "668", "669", "670", "671", "672"):
        stranger = await an_asker(desk, user=chat)
        await stranger.says("/erase")
        for _ in range(2):
            await stranger.says(EMAIL)
            for guess in range(5):
                await stranger.says(f"{guess:08d}")
            desk.clock.go_on(minutes=20)
    desk.clock.go_on(minutes=1)


async def tied() -> Asker:
    client = await an_asker()
    a_person(client.desk)
    await client.erases()
    assert client.account.person is not None
    return client


async def proved_by_code_alone() -> Asker:
    """An objection takes no phone, and ties nothing."""
    client = await an_asker()
    a_person(client.desk)
    await client.presses(Press("data.object"))
    await client.says(EMAIL)
    await client.says(client.code)
    assert client.request.is_verified
    assert client.account.person is None
    return client


async def asks_again(client: Asker) -> bool:
    """Whether another request of this chat is proved as far as the code goes."""
    client.desk.clock.go_on(hours=2)
    await client.says("/access")
    before = len(client.letters)
    await client.says(EMAIL)
    if len(client.letters) == before:
        return False
    await client.says(client.code)
    return client.request.facts.proofs.code_at is not None


@pytest.mark.parametrize("proved", [tied, proved_by_code_alone], ids=lambda one: one.__name__)
async def test_a_chat_that_has_proved_itself_is_sent_codes_whatever_strangers_did(proved):
    client = await proved()
    await attacked(client.desk)

    assert await asks_again(client)


async def test_a_chat_that_never_proved_itself_shares_what_strangers_left_and_keeps_staff():
    client = await an_asker()
    a_person(client.desk)
    await attacked(client.desk)

    assert not await asks_again(client)
    await client.taps("I can't read that e-mail")

    assert client.request.facts.path_m_at is not None


async def test_a_request_that_was_not_them_gives_no_budget_of_its_own():
    client = await proved_by_code_alone()
    await client.desk.bus.handle(staff("ayesha"), freeze, request=client.request.number)
    await attacked(client.desk)

    assert not await asks_again(client)


async def test_another_client_is_a_stranger_like_any_other():
    client = await tied()
    a_person(client.desk, "karim", emails=("karim@example.com",), phones=())
    other = await an_asker(client.desk, user="5555")
    await other.says("/access")
    await other.says("karim@example.com")
    await other.says(other.code)
    await attacked(client.desk)
    client.desk.clock.go_on(hours=2)

    await other.says("/erase")
    before = len(other.letters)
    await other.says(EMAIL)

    assert len(other.letters) == before


async def test_the_operator_unlocks_a_chat_that_proved_itself_by_a_code_alone():
    client = await proved_by_code_alone()
    client.desk.clock.go_on(hours=2)
    await client.says("/access")
    for _ in range(12):
        await client.says(EMAIL)
        for guess in range(10):
            await client.says(f"{guess:08d}")
        client.desk.clock.go_on(hours=25)
    before = len(client.letters)
    await client.says(EMAIL)
    assert len(client.letters) == before

    await client.desk.bus.handle(OPERATOR, unlock_person, external_id="rahima")
    client.desk.clock.go_on(minutes=10)
    await client.says(EMAIL)

    assert client.request.state is RequestState.AWAITING_IDENTITY
    assert len(client.letters) == before + 1
