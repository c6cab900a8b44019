"""Whose turn a request is: /status, the card and the notice of a late answer say the same."""

from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.notices.subject import tell_late
from bot.application.views.request_card import request_card
from bot.domain.addresses import SYSTEM
from bot.domain.requests.states import HoldReason, Party, RequestState
from bot.wording import say
from tests.support.drivers.asker import EMAIL, Asker, a_person, an_asker
from tests.unit.requests.deciding import asks, does

CLIENT = say("requests.actor_you")
STAFF = say("requests.actor_staff")
WE_NEED_YOU = "To go on we need you"
STAFF_WERE_ASKED = "Those of our staff who decide have been asked"


async def an_erasure() -> Asker:
    client = await an_asker()
    a_person(client.desk)
    await client.erases()
    return client


async def a_claim() -> Asker:
    client = await an_asker()
    a_person(client.desk)
    await client.says("/erase")
    await client.says(EMAIL)
    return client


async def frozen_by_its_mail(client: Asker) -> None:
    owner = await an_asker(client.desk, user="31337")
    await owner.says(f"/start f_{client.letters[0].text.partition('f_')[2].split()[0]}")
    await client.hears()
    assert client.request.facts.is_frozen


async def late(client: Asker) -> str:
    """What the client hears when the due date has gone by."""

    async def tell(work: UnitOfWork) -> None:
        await tell_late(work, await work.requests.get(client.request.id))

    await client.desk.bus.handle(SYSTEM, tell)
    return client.said(await client.hears())


async def actor(client: Asker) -> str:
    return client.said(await client.says("/status")).partition("Who must act: ")[2].split("\n")[0]


async def on_card(client: Asker) -> Party:
    async def look(work: UnitOfWork) -> Party:
        return (await request_card(work, client.request.id)).waits_on

    return await client.desk.bus.look(look)


async def test_a_hold_with_an_open_question_waits_for_the_client_everywhere():
    client = await an_erasure()
    await asks(client.desk, client.request, "ayesha", "Which of your two connections is meant?")
    await client.hears()

    told = await late(client)

    assert WE_NEED_YOU in told
    assert STAFF_WERE_ASKED not in told
    assert await actor(client) == CLIENT
    assert await on_card(client) is Party.YOU


async def test_a_hold_without_a_question_waits_for_staff_everywhere():
    client = await an_erasure()
    await does(client.desk, client.request, "ayesha", "hold", HoldReason.INTERNAL)
    await client.hears()

    assert STAFF_WERE_ASKED in await late(client)
    assert await actor(client) == STAFF
    assert await on_card(client) is Party.STAFF


async def test_what_is_frozen_waits_for_staff_everywhere_and_for_no_proof():
    client = await a_claim()
    await client.says(client.code)
    assert client.request.state is RequestState.AWAITING_IDENTITY
    await frozen_by_its_mail(client)

    told = await late(client)

    assert STAFF_WERE_ASKED in told
    assert WE_NEED_YOU not in told
    assert await actor(client) == STAFF
    assert await on_card(client) is Party.STAFF


async def test_a_chat_that_showed_nothing_hears_of_no_freeze_by_whose_turn_it_is():
    """Or a stranger learned by the freeze that the address is on record."""
    client = await a_claim()
    await frozen_by_its_mail(client)

    assert WE_NEED_YOU in await late(client)
    assert await actor(client) == CLIENT
    assert await on_card(client) is Party.STAFF


async def test_on_the_path_of_staff_it_is_not_the_client_who_is_waited_for():
    client = await a_claim()
    await client.taps("I can't read that e-mail")

    assert STAFF_WERE_ASKED in await late(client)
    assert await actor(client) == STAFF
    assert await on_card(client) is Party.STAFF
