"""Asking for one's data: what is taken, when, and what the client hears of it."""

import pytest

from bot.application.config import DeskConfig
from bot.application.outbound.to_client import Press
from bot.domain.requests import events as facts
from bot.domain.requests.states import RequestState, RequestType
from bot.domain.tickets.states import TicketKind
from bot.wording import say
from tests.support.drivers.asker import EMAIL, a_person, an_asker
from tests.unit.requests.deciding import approve


async def test_an_erasure_goes_from_the_wish_over_code_and_phone_to_review():
    client = await an_asker()
    a_person(client.desk)

    request = await client.erases()

    assert request.state is RequestState.IN_REVIEW
    assert request.facts.confirmed_at is not None
    assert request.facts.identity is not None
    assert not request.facts.identity.phone_not_confirmed
    assert str(request.subject) == "person:person-rahima"


async def test_an_access_request_needs_no_confirmation():
    client = await an_asker()
    a_person(client.desk)

    await client.says("/access")
    await client.proves()

    assert client.request.state is RequestState.IN_REVIEW
    assert "is proved" in client.last.text


async def test_a_request_is_acknowledged_at_once_with_number_and_due_date():
    client = await an_asker()

    said = client.said(await client.says("/erase"))

    assert client.request.state is RequestState.AWAITING_IDENTITY
    assert "R-000001" in said
    assert client.request.due_on.isoformat() in said
    assert "our own promise" in said
    assert [type(one) for one in client.desk.events if isinstance(one, facts.RequestEvent)] == [
        facts.RequestReceived,
        facts.IdentityAsked,
    ]


@pytest.mark.parametrize(
    ("label", "kind", "ticket"),
    [
        ("Get my data", RequestType.ACCESS, TicketKind.ACCESS),
        ("Erase my data", RequestType.ERASURE, TicketKind.ERASURE),
        ("Correct my data", RequestType.RECTIFICATION, TicketKind.PRIVACY_QUESTION),
        ("Stop using my data", RequestType.OBJECTION, TicketKind.PRIVACY_QUESTION),
    ],
)
async def test_every_kind_of_request_has_a_number_and_one_ticket_for_the_talk(
    label: str, kind: RequestType, ticket: TicketKind
):
    client = await an_asker()
    await client.says("/mydata")

    await client.taps(label)

    assert client.request.kind is kind
    assert client.ticket.id == client.request.ticket
    assert client.ticket.kind is ticket
    assert client.request.number == "R-000001"


async def test_an_objection_needs_the_code_only():
    client = await an_asker()
    a_person(client.desk)
    await client.says("/mydata")
    await client.taps("Stop using my data")

    await client.says(EMAIL)
    await client.says(client.code)

    assert client.request.state is RequestState.IN_REVIEW


async def test_asking_again_shows_the_request_that_is_open():
    client = await an_asker()
    await client.says("/erase")

    said = client.said(await client.says("/erase"))

    assert len(client.requests) == len(client.tickets) == 1
    assert say("requests.open_already", number="R-000001") in said
    assert "waiting for your proof of identity" in said


async def test_an_account_linked_to_nobody_may_erase_what_it_sent_itself():
    client = await an_asker()
    await client.says("/erase")

    await client.taps("Only what I sent in this chat")
    await client.taps("Confirm erasure")

    assert client.request.state is RequestState.IN_REVIEW
    assert client.request.subject.account == client.account.id
    assert client.letters == []


async def test_an_account_is_no_proof_of_an_address_on_record():
    """Staff would see a display name that anybody can take, and the word "proved" beside it."""
    client = await an_asker()
    await client.says("/mydata")
    await client.taps("Change my e-mail or phone")

    assert "Only what I sent in this chat" not in client.labels
    await client.presses(Press("proof.account", client.request.number))

    assert client.request.state is RequestState.AWAITING_IDENTITY


async def test_a_known_account_is_not_its_own_proof():
    client = await an_asker()
    a_person(client.desk)
    await client.erases()
    await client.says("/access")

    assert "Only what I sent in this chat" not in client.labels
    await client.presses(Press("proof.account", client.request.number))

    assert "everything we hold of you" in client.last.text
    assert client.request.state is RequestState.AWAITING_IDENTITY


async def test_the_due_date_is_that_of_the_persons_own_law_once_it_is_known():
    client = await an_asker()
    a_person(client.desk, regime="gdpr")
    await client.says("/access")
    promised = client.request.due_at

    await client.proves()

    assert client.request.regime == "gdpr"
    assert client.request.due_at <= promised


async def test_a_slower_law_never_puts_off_what_was_promised():
    client = await an_asker()
    a_person(client.desk, regime="ccpa")
    await client.says("/access")
    promised = client.request.due_at

    await client.proves()

    assert client.request.regime == "ccpa"
    assert client.request.due_at == promised


async def test_a_claimed_address_says_nothing_of_anybodys_law_before_the_proof():
    client = await an_asker()
    a_person(client.desk, regime="ccpa")
    await client.says("/access")
    before = client.request

    await client.says(EMAIL)
    await client.taps("I can't read that e-mail")

    assert (client.request.regime, client.request.due_at) == (before.regime, before.due_at)


async def test_changing_an_address_takes_the_code_and_the_phone_and_then_asks_what_changes():
    client = await an_asker()
    a_person(client.desk)
    await client.says("/mydata")
    await client.taps("Change my e-mail or phone")
    await client.says(EMAIL)
    await client.says(client.code)
    half = client.request.state

    said = await client.shares()
    await client.says("My new e-mail is new@example.com")

    assert "CHANGING your e-mail" in client.letters[0].subject
    assert (half, client.request.state) == (RequestState.AWAITING_IDENTITY, RequestState.IN_REVIEW)
    assert "what should be different" in client.said(said)
    assert client.bodies(client.ticket) == ["My new e-mail is new@example.com"]


async def test_two_approvals_start_the_hold_and_every_step_is_told():
    client = await an_asker()
    a_person(client.desk)
    await client.erases()

    first = await approve(client.desk, client.request, "ayesha")
    told_first = client.said(await client.hears())
    second = await approve(client.desk, client.request, "badrul")
    told_second = client.said(await client.hears())

    assert (first, second) == (RequestState.SECOND_APPROVAL, RequestState.COOLING_OFF)
    assert "first of two approvals" in told_first
    assert "was approved" in told_second


async def test_without_mail_requests_begin_on_the_staff_path():
    client = await an_asker(rules=DeskConfig(mail_works=False))
    a_person(client.desk)

    said = client.said(await client.says("/erase"))

    assert client.request.facts.path_m_at is not None
    assert say("identity.staff_path") in said
    assert "Send me a code" not in client.labels
    await client.says(EMAIL)
    assert client.desk.store.challenges == {}


async def test_the_talk_of_a_request_stands_in_its_ticket():
    client = await an_asker()
    await client.says("/erase")

    await client.says("Please hurry, I am leaving the country")
    await client.taps("About R-000001")

    assert client.bodies(client.ticket) == ["Please hurry, I am leaving the country"]


async def test_an_address_that_was_typed_is_stored_nowhere():
    client = await an_asker()
    await client.says("/erase")

    await client.says(EMAIL)

    assert EMAIL not in [row.body for row in client.desk.store.messages.values()]
    assert not any(EMAIL in repr(one) for one in client.desk.events)


async def test_bangla_speaks_bangla():
    client = await an_asker()
    await client.taps("বাংলা")

    said = client.said(await client.says("/erase"))

    assert "আমাকে কোড পাঠান" in client.labels
    assert "ই-মেইল" in said
