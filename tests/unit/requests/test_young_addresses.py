"""In the chat and at staff's table: an address that is only too young on record."""

from dataclasses import replace

import pytest

from bot.application.client_list.importer import import_rows
from bot.application.client_list.rows import ClientRow
from bot.application.requests import protective_actions
from bot.application.views.request_card import request_card
from bot.domain.addresses import OPERATOR
from bot.domain.errors import Refused
from bot.domain.identity.levels import Level, ProofKind
from bot.domain.requests.execution_rules import may_execute
from bot.domain.requests.reasons import Reason
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestState
from bot.wording import say
from tests.support.builders.desk import staff
from tests.support.drivers.asker import EMAIL, PHONE, Asker, a_person, an_asker
from tests.unit.requests.linking import OLDER

NEW, NEW_PHONE = "new@example.net", "+8801812345678"


async def a_client_with_a_new_address(*, phones: tuple[str, ...] = ()) -> Asker:
    client = await an_asker()
    a_person(client.desk, phones=phones)
    await changes(client, emails=(NEW,))
    return client


async def changes(client: Asker, **cells: tuple[str, ...]) -> None:
    row = ClientRow(line=1, external_id="rahima", name="Rahima")
    rows = [replace(row, **cells)]  # pyright: ignore[reportArgumentType]
    await client.desk.bus.handle(OPERATOR, import_rows, rows=rows)
    await client.hears()


async def asks(client: Asker, what: str, *addresses: str) -> DataRequest:
    await client.says(what)
    for address in addresses:
        await client.says(address)
        await client.says(client.code)
        client.desk.clock.go_on(minutes=2)
    return client.request


async def vouches(client: Asker, who: str, kind: ProofKind = ProofKind.LIVE_SESSION) -> DataRequest:
    return await client.desk.bus.handle(
        staff(who), protective_actions.vouch, request=client.request.id, kind=kind
    )


async def test_the_chat_says_what_is_missing_and_staff_can_go_on_meanwhile():
    client = await a_client_with_a_new_address()

    request = await asks(client, "/access", NEW)

    assert client.text == say("identity.older_contact")
    assert request.state is RequestState.AWAITING_IDENTITY
    assert request.facts.path_m_at is not None


async def test_an_older_address_beside_it_proves_also_after_staff_were_asked():
    client = await a_client_with_a_new_address()

    request = await asks(client, "/access", NEW, EMAIL)

    assert request.is_verified
    assert request.facts.identity is not None
    assert request.facts.identity.level is Level.V3


async def test_the_code_to_the_older_address_does_not_wait_for_the_one_before():
    client = await a_client_with_a_new_address()
    await client.says("/access")
    await client.says(NEW)
    await client.says(client.code)

    await client.says(EMAIL)

    assert client.letters[-1].to == EMAIL
    await client.says(client.code)
    assert client.request.is_verified


async def test_a_second_code_to_the_same_address_waits_whatever_was_asked_between():
    client = await a_client_with_a_new_address()
    await client.says("/access")
    await client.says(EMAIL)
    client.desk.clock.go_on(seconds=59)

    await client.says(NEW)
    await client.says(EMAIL)

    assert [one.to for one in client.letters][-2:] == [EMAIL, NEW]


async def test_a_younger_address_is_taken_beside_one_that_left():
    client = await a_client_with_a_new_address()

    request = await asks(client, "/access", EMAIL, NEW)

    assert request.is_verified


async def test_one_voucher_beside_it_proves_and_the_seven_days_of_waiting_begin():
    client = await a_client_with_a_new_address()
    await asks(client, "/access", NEW)

    request = await vouches(client, "ayesha")

    reasons = may_execute(request, client.desk.clock.now(), {}).reasons
    assert request.is_verified
    assert Reason.HOLD_RUNNING in reasons
    assert Reason.NOT_VERIFIED not in reasons


async def test_the_card_says_that_one_vouched_beside_the_code_and_not_that_two_did():
    client = await a_client_with_a_new_address()
    await asks(client, "/access", NEW)

    request = await vouches(client, "ayesha")

    card = await client.desk.bus.look(request_card, request.id)
    assert (card.level, card.proof) == (Level.M, "m_code")
    assert "a member of staff who vouched" in say("request_card.proved_m_code")
    assert len(card.vouches) == 1


async def test_two_who_vouched_by_themselves_are_called_two():
    client = await a_client_with_a_new_address()
    await client.says("/access")
    await client.taps("I can't read that e-mail")
    await vouches(client, "ayesha")

    request = await vouches(client, "badrul", ProofKind.LETTER_CODE)

    card = await client.desk.bus.look(request_card, request.id)
    assert card.proof == "m"


async def test_without_the_code_one_voucher_is_not_enough():
    client = await a_client_with_a_new_address()
    await client.says("/access")
    await client.taps("I can't read that e-mail")

    request = await vouches(client, "ayesha")

    assert not request.is_verified


async def test_one_voucher_is_not_enough_beside_an_address_that_only_left():
    client = await a_client_with_a_new_address()
    await asks(client, "/access", EMAIL)

    request = await vouches(client, "ayesha")

    assert not request.is_verified


@pytest.mark.parametrize("kind", [ProofKind.CALL_BACK, ProofKind.PHONE_MATCH])
async def test_nobody_vouches_on_a_number_where_every_number_is_young(kind: ProofKind):
    client = await a_client_with_a_new_address()
    await changes(client, phones=(NEW_PHONE,))
    await asks(client, "/access", NEW)
    await client.taps("I can't share this number")

    with pytest.raises(Refused, match="reason_phone_young"):
        await vouches(client, "ayesha", kind)

    with pytest.raises(Refused, match="reason_phone_young"):
        await client.desk.bus.handle(
            staff("badrul"), protective_actions.record_call_back, request=client.request.id
        )


async def test_a_number_that_was_there_before_is_good_to_vouch_on():
    client = await a_client_with_a_new_address(phones=(PHONE,))
    await asks(client, "/access", NEW)
    await client.taps("I can't share this number")

    request = await vouches(client, "ayesha", ProofKind.CALL_BACK)

    assert request.is_verified


async def test_the_card_says_since_when_and_until_when_an_address_is_on_record():
    client = await a_client_with_a_new_address()
    request = await asks(client, "/access", NEW)

    card = await client.desk.bus.look(request_card, request.id)

    shown = " ".join(card.contacts)
    assert "n…@e….net (⚠ on record only since 22 November 2026" in shown
    assert "r…@e….com (no longer on the list; gets notices until 22 December 2026)" in shown
    assert card.young_code


async def test_a_new_account_shows_older_tickets_with_both_addresses_and_not_with_one():
    client = await a_client_with_a_new_address()
    await client.says("/tickets")
    await client.taps(OLDER)
    await client.says(NEW)
    await client.says(client.code)
    asked, before = client.text, client.account.person
    client.desk.clock.go_on(minutes=2)

    await client.says(EMAIL)
    await client.says(client.code)

    assert asked == say("identity.link_older")
    assert before is None
    assert client.account.person == "person-rahima"


async def test_both_addresses_are_told_in_both_languages_and_the_chats_too():
    client = await an_asker()
    a_person(client.desk, phones=())
    await asks(client, "/access", EMAIL)
    assert client.account.person is not None
    client.letters.clear()

    await changes(client, emails=(NEW,))

    company = client.desk.rules.company
    came = say("identity.contact_came", company=company, day="29 November 2026")
    left = say("identity.contact_left", company=company, day="22 December 2026")
    assert {
        letter.to: letter.text.startswith(text)
        for letter, text in zip(
            sorted(client.letters, key=lambda one: one.to), (came, left), strict=True
        )
    } == {NEW: True, EMAIL: True}
    assert all("রেকর্ড" in letter.text for letter in client.letters)
    assert say("identity.contacts_changed", company=company) in client.text


async def test_a_chat_that_reads_of_a_change_can_tell_staff_that_it_is_not_right():
    client = await an_asker()
    a_person(client.desk, phones=())
    await asks(client, "/access", EMAIL)
    await changes(client, emails=(NEW,))
    offered = client.labels

    await client.taps("New ticket")

    assert offered == ["New ticket"]
    assert client.text == say("conversation.which_category")
