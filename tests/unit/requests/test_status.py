"""What /status and late presses say: whose turn it is, and nothing of who among the staff."""

import re
from datetime import timedelta

import pytest

from bot.application.outbound.to_client import Press
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests import protective_actions
from bot.application.requests.request_context import by_desk
from bot.domain.addresses import Language, PersonId
from bot.domain.clients.people import AccountStatus
from bot.domain.identity.levels import ProofKind
from bot.domain.requests.record import Subject
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import ExtensionReason, RequestState
from bot.wording import say
from bot.wording.times import due_day
from tests.support.builders.desk import Desk
from tests.support.drivers.asker import EMAIL, Asker, a_person, an_asker
from tests.unit.requests.deciding import approve, deny, does, staff
from tests.unit.requests.test_notices_and_timers import time_goes_on

STAFF = say("requests.actor_staff")


async def status(client: Asker) -> str:
    return client.said(await client.says("/status"))


async def on_staff_path(client: Asker) -> DataRequest:
    """Somebody who cannot read that e-mail asks for an erasure."""
    a_person(client.desk)
    await client.says("/erase")
    await client.says(EMAIL)
    await client.taps("I can't read that e-mail")
    return client.request


async def vouched(client: Asker) -> None:
    """Two people vouch for the client on record."""

    async def name(work: UnitOfWork) -> None:
        found = await work.requests.get(client.request.id)
        found.settle_subject(Subject(person=PersonId("person-rahima")), await by_desk(work))

    desk: Desk = client.desk
    await desk.bus.handle(staff("ayesha"), name)
    for who, kind in (("ayesha", ProofKind.CALL_BACK), ("champa", ProofKind.LETTER_CODE)):
        await desk.bus.handle(
            staff(who), protective_actions.vouch, request=client.request.id, kind=kind
        )


@pytest.mark.parametrize("verb", ["request.appeal", "request.confirm"])
async def test_a_late_press_says_how_it_stands_and_not_who_decided(verb: str):
    client = await an_asker()
    a_person(client.desk)
    request = await client.erases()
    await deny(client.desk, request)
    await client.hears()
    await client.presses(Press("request.appeal", request.number))

    said = client.said(await client.presses(Press(verb, request.number)))

    assert "Nothing was changed" in said
    assert "ayesha" not in said


async def test_a_frozen_request_waits_for_staff():
    client = await an_asker()
    a_person(client.desk)
    request = await client.erases()
    for name in ("ayesha", "badrul"):
        await approve(client.desk, request, name)

    await client.presses(Press("request.freeze", request.number))
    said = await status(client)

    assert say("requests.next_frozen") in said
    assert said.endswith(f"{STAFF}\n\n{say('requests.status_frozen')}")


async def test_a_chat_that_proved_nothing_is_not_told_of_the_freeze():
    client = await an_asker()
    await client.says("/erase")
    await does(client.desk, client.request, "ayesha", "freeze")

    said = await status(client)

    assert say("requests.next_frozen") not in said
    assert said.endswith(say("requests.actor_you"))


async def test_on_the_staff_path_it_is_not_the_client_who_must_act():
    client = await an_asker()
    await on_staff_path(client)

    said = await status(client)

    assert say("requests.next_staff_path") in said
    assert said.endswith(STAFF)


async def test_nobody_reminds_the_client_on_the_staff_path():
    client = await an_asker()
    await on_staff_path(client)

    assert await time_goes_on(client, hours=25) == ""


async def test_who_was_vouched_for_is_asked_to_confirm():
    client = await an_asker()
    await on_staff_path(client)

    await vouched(client)
    await client.hears()
    await client.taps("Confirm erasure")

    assert client.request.state is RequestState.IN_REVIEW


async def test_an_erased_account_is_asked_nothing():
    client = await an_asker()
    await on_staff_path(client)
    client.account.status = AccountStatus.ERASED

    await vouched(client)

    assert client.request.state is RequestState.AWAITING_CONFIRMATION
    assert await client.hears() == []


async def test_the_reminder_of_the_confirmation_brings_its_button():
    client = await an_asker()
    a_person(client.desk)
    await client.says("/erase")
    await client.proves()

    await time_goes_on(client, hours=25)

    assert client.labels == ["Confirm erasure", "Show request"]


async def test_once_the_waiting_time_is_over_the_client_reads_so():
    client = await an_asker()
    a_person(client.desk)
    request = await client.erases()
    for name in ("ayesha", "badrul"):
        await approve(client.desk, request, name)

    waiting = await status(client)
    client.desk.clock.at += timedelta(hours=73)
    over = await status(client)

    assert say("requests.state_cooling_off") in waiting
    assert say("requests.state_ready_erasure") in over
    assert say("requests.next_ready_erasure") in over


async def another_chat_after_an_erasure() -> Asker:
    """Rahima's erasure is in review; another chat asks for the same."""
    client = await an_asker()
    a_person(client.desk)
    await client.erases()
    client.desk.clock.at += timedelta(minutes=2)
    second = await an_asker(client.desk, user="4712")
    await second.says("/erase")
    return second


async def test_a_second_proved_erasure_shows_the_first_before_it_asks_anything():
    second = await another_chat_after_an_erasure()

    await second.proves()

    told = second.said(second.replies[-3:])
    assert say("requests.open_already", number="R-000001") in told
    assert "Now: being checked by our staff" in told
    assert "Please confirm R-000002" in told


async def test_a_chat_that_did_not_show_the_phone_reads_only_the_number_of_the_first():
    second = await another_chat_after_an_erasure()
    await second.says(EMAIL)
    await second.says(second.code)

    told = second.said(await second.taps("I can't share this number"))

    assert say("requests.open_already", number="R-000001") in told
    assert "Now:" not in told


async def test_whoever_reads_bangla_reads_every_due_date_in_bangla():
    client = await an_asker()
    a_person(client.desk, language=Language.BN)
    client.account.language = Language.BN
    await client.says("/erase")
    await client.proves()
    await client.taps(say("requests.button_confirm_erasure", Language.BN))
    await status(client)
    await does(client.desk, client.request, "ayesha", "extend", ExtensionReason.COMPLEX)
    await client.hears()

    said = client.said(client.replies) + "".join(letter.text for letter in client.letters)

    assert due_day(client.request.due_on, Language.BN) in said
    assert not re.search(r"\d{4}-\d{2}-\d{2}", said)
