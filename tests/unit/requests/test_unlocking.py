"""A client whose code path was closed by wrong codes, perhaps a stranger's, is let in again."""

from dataclasses import replace

import pytest

from bot.application.client_list.merge import merge_people
from bot.application.client_list.unlock import unlock_person
from bot.domain.addresses import OPERATOR, Actor, PersonId, StaffId
from bot.domain.clients.events import PersonUnlocked
from bot.domain.errors import NotAllowed, NotFound
from tests.support.builders.desk import Desk
from tests.support.drivers.asker import EMAIL, Asker, a_person, an_asker


async def locked_out(*, shared: bool = False) -> Asker:
    """Strangers typed ten wrong codes for Rahima; her own chat now gets no mail."""
    client = await an_asker()
    a_person(client.desk)
    if shared:
        a_person(client.desk, "twin", phones=())
    await guess(client.desk)
    await client.says("/erase")
    await client.says(EMAIL)
    assert client.letters == []
    return client


async def guess(desk: Desk) -> None:
    for chat in ("666", "667"):
        stranger = await an_asker(desk, user=chat)
        await stranger.says("/erase")
        await stranger.says(EMAIL)
        for _ in range(5):
            await stranger.says("00000000" if stranger.code != "00000000" else "00000001")
        desk.clock.go_on(minutes=10)


@pytest.mark.parametrize("shared", [False, True])
async def test_the_operator_lets_a_locked_client_be_sent_codes_again(*, shared: bool):
    client = await locked_out(shared=shared)

    await client.desk.bus.handle(OPERATOR, unlock_person, external_id="rahima")
    client.desk.clock.go_on(minutes=10)
    await client.taps("Send me a code")
    await client.says(client.code)

    assert client.request.facts.proofs.code_at is not None
    assert len(client.desk.facts(PersonUnlocked)) == 1


async def test_of_a_merged_record_the_one_that_stays_is_unlocked():
    client = await locked_out()
    a_person(client.desk, "old", emails=("old@example.com",), phones=())
    await client.desk.bus.handle(OPERATOR, merge_people, gone="old", into="rahima")

    unlocked = await client.desk.bus.handle(OPERATOR, unlock_person, external_id="old")

    assert unlocked.external_id == "rahima"
    (event,) = client.desk.facts(PersonUnlocked)
    assert event.person == "person-rahima"


async def test_a_merged_record_of_somebody_erased_since_is_not_found():
    client = await locked_out()
    a_person(client.desk, "old", emails=("old@example.com",), phones=())
    await client.desk.bus.handle(OPERATOR, merge_people, gone="old", into="rahima")
    heir = client.desk.store.people[PersonId("person-rahima")]
    client.desk.store.people[heir.id] = replace(heir, erased_at=client.desk.clock.now())

    with pytest.raises(NotFound):
        await client.desk.bus.handle(OPERATOR, unlock_person, external_id="old")

    assert client.desk.facts(PersonUnlocked) == []


async def test_only_the_operator_unlocks_and_only_a_client_that_is_there():
    client = await locked_out()

    with pytest.raises(NotAllowed):
        await client.desk.bus.handle(
            Actor.staff(StaffId("staff-ayesha")), unlock_person, external_id="rahima"
        )
    with pytest.raises(NotFound):
        await client.desk.bus.handle(OPERATOR, unlock_person, external_id="nobody")
