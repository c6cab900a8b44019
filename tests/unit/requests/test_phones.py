"""The phone, the ways without it, and shared mailboxes."""

import pytest

from bot.domain.identity.levels import Level
from bot.domain.requests.states import RequestState
from bot.wording import say
from tests.support.drivers.asker import EMAIL, PHONE, Asker, a_person, an_asker


async def at_the_phone(*, user: str = "4711") -> Asker:
    """A client whose code was accepted, and who is asked for the phone."""
    client = await an_asker(user=user)
    a_person(client.desk)
    await client.says("/erase")
    await client.says(EMAIL)
    await client.says(client.code)
    return client


async def test_the_contact_button_is_offered_only_after_the_code():
    client = await an_asker()
    a_person(client.desk)
    await client.says("/erase")
    await client.says(EMAIL)
    assert all(not reply.contact_label for reply in client.replies)

    await client.says(client.code)

    assert client.last.contact_label == "Share my phone number"


async def test_a_contact_before_the_code_proves_nothing():
    client = await an_asker()
    a_person(client.desk)
    await client.says("/erase")
    await client.says(EMAIL)

    await client.shares()

    assert client.last.text.startswith(say("requests.take_first"))
    assert client.request.facts.proofs.phone_matched_at is None


@pytest.mark.parametrize(
    ("how", "key"),
    [
        ({"of": "999"}, "phone_not_own"),
        ({"of": "0"}, "phone_not_own"),
        ({"forwarded": True}, "phone_forwarded"),
        ({"phone": "+8801999999999"}, "phone_no_match"),
    ],
)
async def test_only_ones_own_unforwarded_matching_card_counts(how: dict[str, str], key: str):
    client = await at_the_phone()

    said = client.said(await client.shares(**how))  # pyright: ignore[reportArgumentType]

    assert say(f"identity.{key}") in said
    assert client.request.state is RequestState.AWAITING_IDENTITY


async def test_a_card_without_a_user_id_is_somebody_elses():
    client = await at_the_phone()

    said = client.said(await client.shares(of="true"))

    assert say("identity.phone_not_own") in said


async def test_the_button_is_good_for_ten_minutes():
    client = await at_the_phone()
    client.desk.clock.go_on(minutes=11)

    said = client.said(await client.shares())

    assert say("identity.phone_not_asked") in said
    assert client.request.state is RequestState.AWAITING_IDENTITY
    assert client.last.contact_label
    await client.shares()
    assert client.request.state is RequestState.AWAITING_CONFIRMATION


@pytest.mark.parametrize("phone", ["8801712345678", "+880 1712-345678", "01712345678"])
async def test_the_same_number_matches_however_it_is_written(phone: str):
    client = await at_the_phone()

    await client.shares(phone)

    assert client.request.state is RequestState.AWAITING_CONFIRMATION


async def test_three_numbers_that_do_not_match_let_it_go_on_unconfirmed():
    client = await at_the_phone()
    for _ in range(3):
        await client.shares("+8801999999999")

    identity = client.request.facts.identity
    assert identity is not None
    assert identity.phone_not_confirmed
    assert client.request.state is RequestState.AWAITING_CONFIRMATION


async def test_a_number_that_cannot_be_shared_lets_it_go_on_unconfirmed():
    client = await at_the_phone()

    await client.taps("I can't share this number")

    identity = client.request.facts.identity
    assert identity is not None
    assert identity.phone_not_confirmed
    assert client.account.person is None


async def test_a_proof_attaches_the_account_to_the_person():
    client = await at_the_phone()
    assert client.account.person is None

    await client.shares()

    assert client.account.person == "person-rahima"


async def test_a_new_account_of_a_known_person_proves_itself_afresh():
    client = await at_the_phone()
    await client.shares()
    second = await an_asker(client.desk, user="4712")

    said = second.said(await second.says("/status R-000001"))

    assert said == say("requests.not_yours")
    assert second.account.person is None


async def test_a_known_account_gets_its_code_without_typing_the_address():
    client = await at_the_phone()
    await client.shares()
    client.desk.clock.go_on(hours=2)
    await client.says("/access")

    await client.taps("Send me a code")

    assert client.last.text == say("identity.code_on_its_way")
    assert client.letters[-1].subject == "Your code: a copy of your data"


async def test_send_me_a_code_asks_for_the_address_where_nobody_knows_whose_it_is():
    client = await an_asker()
    await client.says("/erase")

    await client.taps("Send me a code")

    assert client.last.text == say("identity.ask_email")


async def test_a_known_account_with_two_addresses_is_asked_which():
    client = await an_asker()
    person = a_person(client.desk, emails=(EMAIL, "second@example.com"))
    await client.erases()
    assert client.account.person == person.id
    await client.says("/access")

    await client.taps("Send me a code")

    assert client.last.text == say("identity.ask_email")


async def test_a_person_without_a_phone_is_proved_by_the_code():
    client = await an_asker()
    a_person(client.desk, phones=())
    await client.says("/erase")
    await client.says(EMAIL)

    await client.says(client.code)

    identity = client.request.facts.identity
    assert identity is not None
    assert (identity.level, identity.phone_not_confirmed) == (Level.V4, False)


async def test_a_shared_mailbox_needs_the_phone_of_one_of_its_people():
    client = await an_asker()
    a_person(client.desk)
    a_person(client.desk, "karim", phones=("+8801811111111",))
    await client.says("/erase")
    await client.says(EMAIL)
    await client.says(client.code)
    assert client.last.contact_label

    await client.shares("+8801811111111")

    assert str(client.request.subject) == "person:person-karim"


@pytest.mark.parametrize("how", ["declined", "no match", "same number"])
async def test_a_shared_mailbox_without_a_matching_phone_goes_to_staff(how: str):
    client = await an_asker()
    a_person(client.desk)
    a_person(client.desk, "karim", phones=(PHONE,) if how == "same number" else ())
    await client.says("/erase")
    await client.says(EMAIL)
    await client.says(client.code)

    if how == "declined":
        await client.taps("I can't share this number")
    elif how == "same number":
        await client.shares()
    else:
        for _ in range(3):
            await client.shares("+8801999999999")

    assert client.request.facts.path_m_at is not None
    assert client.request.facts.identity is None
    assert client.last.text == say("identity.staff_path")


async def test_the_staff_path_is_about_whoever_was_claimed():
    client = await an_asker()
    a_person(client.desk)
    await client.says("/erase")
    await client.says(EMAIL)

    await client.taps("I can't read that e-mail")

    assert str(client.request.subject) == "person:person-rahima"
    assert not client.request.is_verified
    assert len(client.letters) == 1


async def test_a_code_that_turns_up_after_all_is_still_good():
    client = await an_asker()
    a_person(client.desk)
    await client.says("/erase")
    await client.says(EMAIL)
    await client.taps("I can't read that e-mail")

    await client.says(client.code)
    await client.shares()

    assert client.request.state is RequestState.AWAITING_CONFIRMATION


async def test_the_shared_number_is_stored_nowhere():
    client = await at_the_phone()

    await client.shares()

    assert not any(PHONE in repr(row) for row in client.desk.store.messages.values())
    assert not any(PHONE in repr(one) for one in client.desk.events)
