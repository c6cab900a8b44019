"""Freezing: any holder of the link may, nobody in a chat may undo it."""

import hashlib

import pytest

from bot.application.conversation.context import ConversationContext
from bot.application.conversation.inbound_message import Incoming
from bot.application.conversation.routing.routing_state import read_state
from bot.application.conversation.routing.said_words import storable
from bot.application.outbound.to_client import Say
from bot.application.outbound.to_staff import Alarm
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.requests.states import RequestState
from bot.wording import say
from tests.support.builders.desk import a_member
from tests.support.drivers.asker import EMAIL, PHONE, Asker, a_person, an_asker
from tests.unit.requests.deciding import approve, does


def token_in(text: str) -> str:
    return text.partition("f_")[2].split(maxsplit=1)[0]


def said_to(client: Asker, while_acted: Asker) -> str:
    """What the client was told while somebody else acted, who carried everything out."""
    told = [one for one in while_acted.all_carried if isinstance(one, Say)]
    return "\n".join(one.reply.text for one in told if one.account == client.account.id)


async def claimed() -> Asker:
    client = await an_asker()
    a_person(client.desk)
    await client.says("/erase")
    await client.says(EMAIL)
    return client


async def test_any_account_that_holds_the_link_may_freeze():
    client = await claimed()
    owner = await an_asker(client.desk, user="31337")

    await owner.says(f"/start f_{token_in(client.letters[-1].text)}")

    assert client.request.facts.is_frozen
    assert owner.last.text == say("requests.frozen_here", number="R-000001")


async def test_a_token_with_eight_digits_in_a_row_is_not_taken_for_a_code():
    client = await claimed()
    await client.says("/start f_ab12345678cd")
    incoming = Incoming(text="/start f_ab12345678cd")

    kept = await client.desk.bus.look(kept_of, client=client, incoming=incoming)

    assert kept == incoming


async def kept_of(work: UnitOfWork, *, client: Asker, incoming: Incoming) -> Incoming:
    return storable(await read_state(ConversationContext(work, client.account), incoming), incoming)


async def test_the_link_fits_a_deep_link_and_names_the_bot():
    client = await an_asker()
    client.desk.store.facts["telegram.username"] = "meghna_desk_bot"
    a_person(client.desk)
    await client.says("/erase")
    await client.says(EMAIL)

    link = next(
        word for word in client.letters[-1].text.split() if word.startswith("https://t.me/")
    )

    assert link.startswith("https://t.me/meghna_desk_bot?start=f_")
    assert len(link.partition("start=")[2]) <= 64


@pytest.mark.parametrize("token", ["", "f_", "abc", "0" * 62, "ü" * 62])
async def test_a_made_up_token_freezes_nothing(token: str):
    """FreeScout CVE-2026-41902: the MAC that we issue is checked by us."""
    client = await claimed()
    own = client.request.id

    await client.says(f"/start f_{token}")
    await client.says(f"/start f_{own}{'0' * 30}")

    assert not client.request.facts.is_frozen
    assert client.last.text == say("requests.frozen_unknown")


async def test_a_token_that_anybody_can_reckon_freezes_nothing():
    """FreeScout CVE-2026-27637: a token made of the id alone is no secret."""
    client = await claimed()
    own = client.request.id

    for name in ("md5", "sha1", "sha256", "blake2b"):
        for text in (own, f"freeze{own}", f"freeze:{own}"):
            guess = hashlib.new(name, text.encode()).hexdigest()[:30]
            await client.says(f"/start f_{own}{guess}")

    assert not client.request.facts.is_frozen


async def test_a_frozen_request_cannot_be_proved():
    client = await claimed()
    await client.says(f"/start f_{token_in(client.letters[-1].text)}")

    await client.says(client.code)
    await client.shares()

    assert client.request.state is RequestState.AWAITING_IDENTITY
    assert client.last.text == say("requests.status_frozen")


async def test_an_unproved_chat_is_not_told_of_a_freeze():
    client = await claimed()
    owner = await an_asker(client.desk, user="31337")
    await owner.says(f"/start f_{token_in(client.letters[-1].text)}")

    heard = said_to(client, owner) + client.said(await client.says("/status"))

    assert client.request.facts.is_frozen
    assert "frozen" not in heard


async def test_an_unproved_chat_is_not_told_that_a_freeze_was_lifted():
    client = await claimed()
    owner = await an_asker(client.desk, user="31337")
    await owner.says(f"/start f_{token_in(client.letters[-1].text)}")
    for name in ("ayesha", "badrul"):
        await does(client.desk, client.request, name, "agree_to_lift_freeze")

    heard = client.said(await client.hears())

    assert not client.request.facts.is_frozen
    assert "freeze" not in heard


async def test_a_chat_that_typed_the_code_is_told_of_the_freeze():
    client = await claimed()
    link = token_in(client.letters[-1].text)
    await client.says(client.code)
    owner = await an_asker(client.desk, user="31337")

    await owner.says(f"/start f_{link}")

    assert say("requests.notice_frozen", number="R-000001") in said_to(client, owner)


async def test_the_chat_itself_can_freeze_but_nobody_there_can_lift_it():
    client = await an_asker()
    a_person(client.desk)
    await client.erases()
    await client.says("/status")

    await client.taps("Freeze")
    said = client.said(await client.says("/status"))

    assert client.request.facts.is_frozen
    assert say("requests.status_frozen") in said
    assert "Freeze" not in client.labels
    assert "lift" not in " ".join(client.labels).lower()


async def test_a_freeze_is_told_to_every_address_and_lifted_by_two():
    client = await an_asker()
    a_person(client.desk)
    await client.erases()
    await client.says("/status")
    await client.taps("Freeze")
    assert "is frozen" in client.letters[-1].text

    await does(client.desk, client.request, "ayesha", "agree_to_lift_freeze")
    assert client.request.facts.is_frozen
    await does(client.desk, client.request, "badrul", "agree_to_lift_freeze")
    await client.hears()

    assert not client.request.facts.is_frozen
    assert "was lifted by two of our staff" in client.letters[-1].text
    await client.says(f"/start f_{token_in(client.letters[-1].text)}")
    assert client.request.facts.is_frozen


async def test_freezing_what_has_ended_says_so():
    client = await claimed()
    token = token_in(client.letters[-1].text)
    await client.taps("I can't read that e-mail")
    await client.says("/status")
    await client.taps("Withdraw")

    await client.says(f"/start f_{token}")

    assert "has ended already (withdrawn by you)" in client.last.text


async def test_a_freeze_in_the_hold_keeps_it_from_being_carried_out():
    client = await an_asker()
    a_person(client.desk)
    await client.erases()
    await approve(client.desk, client.request, "ayesha")
    await approve(client.desk, client.request, "badrul")
    await client.hears()

    await client.says(f"/start f_{token_in(client.letters[-1].text)}")

    assert client.request.state is RequestState.COOLING_OFF
    assert client.request.facts.is_frozen


def alarms(client: Asker) -> list[str]:
    """What was told in the privacy channel, each with a name of its own in the queue."""
    found = [one for one in client.all_carried if isinstance(one, Alarm)]
    assert {one.channel for one in found} <= {"privacy"}
    return [one.text for one in found]


async def test_a_freeze_by_the_link_calls_the_approvers_by_name_and_says_what_to_do():
    client = await claimed()
    await a_member(client.desk, "bob")
    owner = await an_asker(client.desk, user="31337")

    await owner.says(f"/start f_{token_in(client.letters[-1].text)}")

    (alarm,) = alarms(owner)
    assert alarm.startswith("@UAYESHA, @UBADRUL, @UCHAMPA: R-000001")
    assert "Client: R…" in alarm  # nobody was proved yet: whoever got the code is meant
    assert "+880…78" in alarm
    assert "Lift freeze" in alarm
    assert "UBOB" not in alarm
    assert not any(word in alarm for word in ("Rahima", EMAIL, PHONE))


async def test_repeated_presses_sound_one_alarm_and_a_freeze_after_its_lift_another():
    client = await claimed()
    token = token_in(client.letters[-1].text)
    for _ in range(3):
        await client.says(f"/start f_{token}")
    once = len(alarms(client))
    for name in ("ayesha", "badrul"):
        await does(client.desk, client.request, name, "agree_to_lift_freeze")

    await client.says(f"/start f_{token}")

    assert (once, len(alarms(client))) == (1, 2)


async def test_this_was_not_me_about_what_has_ended_is_told_to_staff_once():
    client = await claimed()
    token = token_in(client.letters[-1].text)
    await client.taps("I can't read that e-mail")
    await client.says("/status")
    await client.taps("Withdraw")

    for _ in range(2):
        await client.says(f"/start f_{token}")

    (alarm,) = alarms(client)
    assert "R-000001" in alarm
    assert "has ended already (withdrawn by the client)" in alarm
    assert "Details" in alarm


async def test_a_client_without_a_phone_on_record_is_to_be_written_to():
    client = await an_asker()
    a_person(client.desk, phones=())
    await client.says("/access")
    await client.says(EMAIL)

    await client.says(f"/start f_{token_in(client.letters[-1].text)}")

    (alarm,) = alarms(client)
    assert "no phone is on record" in alarm
    assert "r…@e….com" in alarm


async def test_a_freeze_by_staff_says_who_froze_it():
    client = await claimed()

    await does(client.desk, client.request, "ayesha", "freeze")
    await client.hears()

    (alarm,) = alarms(client)
    assert "@UAYESHA froze it" in alarm


async def test_a_mail_about_a_freeze_does_not_ask_to_freeze():
    client = await an_asker()
    a_person(client.desk)
    await client.erases()
    await client.says("/status")

    await client.taps("Freeze")

    assert client.letters[-1].text == say("requests.notice_frozen", number="R-000001")
    for name in ("ayesha", "badrul"):
        await does(client.desk, client.request, name, "agree_to_lift_freeze")
    await client.hears()
    assert "freeze it" not in client.letters[-1].text
    assert token_in(client.letters[-1].text)
