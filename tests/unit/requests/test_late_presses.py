"""Buttons of a proof that are pressed when there is nothing to prove, or by somebody else."""

import pytest

from bot.application.config import DeskConfig
from bot.application.outbound.to_client import Press
from bot.wording import say
from tests.support.drivers.asker import EMAIL, a_person, an_asker
from tests.unit.requests.test_freezing import token_in

BUTTONS = ("proof.send", "proof.unreadable", "proof.no_phone", "proof.account")


@pytest.mark.parametrize("verb", BUTTONS)
async def test_a_button_about_a_request_of_somebody_else_does_nothing(verb: str):
    owner = await an_asker()
    await owner.says("/erase")
    other = await an_asker(owner.desk, user="9999")

    await other.presses(Press(verb, owner.request.number))

    assert other.text == say("requests.not_yours")
    assert owner.request.facts.path_m_at is None


@pytest.mark.parametrize("verb", BUTTONS)
async def test_a_button_of_a_request_that_is_proved_shows_how_it_stands(verb: str):
    client = await an_asker()
    a_person(client.desk)
    request = await client.erases()

    await client.presses(Press(verb, request.number))

    assert "being checked by our staff" in client.text


async def test_without_mail_a_code_cannot_be_sent_and_staff_make_sure():
    client = await an_asker(rules=DeskConfig(mail_works=False))
    await client.says("/erase")

    await client.presses(Press("proof.send", client.request.number))

    assert client.text == say("identity.staff_path")


async def test_declining_the_phone_before_the_code_leads_back_to_the_address():
    client = await an_asker()
    a_person(client.desk)
    await client.says("/erase")

    await client.presses(Press("proof.no_phone", client.request.number))

    assert client.text == say("identity.ask_email")
    assert not client.request.facts.proofs.phone_declined


async def test_a_request_that_was_frozen_meanwhile_goes_no_further():
    client = await an_asker()
    a_person(client.desk, phones=())
    await client.says("/erase")
    await client.says(EMAIL)
    code = client.code
    await client.says(f"/start f_{token_in(client.letters[-1].text)}")

    await client.says(code)

    assert client.text == say("requests.status_frozen")
    assert not client.request.is_verified
