"""How a request stands: what the client hears of it, and how they take it back or object."""

import pytest

from bot.domain.requests.states import RequestState
from bot.wording import say
from tests.support.drivers.asker import a_person, an_asker
from tests.unit.requests.deciding import deny


async def test_status_says_number_state_due_date_next_step_and_who_must_act():
    client = await an_asker()
    a_person(client.desk)
    await client.erases()

    said = client.said(await client.says("/status"))

    assert "R-000001" in said
    assert "being checked by our staff" in said
    assert client.request.due_on.isoformat() in said
    assert "Who must act: our staff" in said


@pytest.mark.parametrize("typed", ["R-000001", "r1", "R 1"])
async def test_status_takes_a_number(typed: str):
    client = await an_asker()
    await client.says("/erase")

    said = client.said(await client.says(f"/status {typed}"))

    assert "R-000001: erasing your data" in said


async def test_status_says_nothing_of_other_peoples_requests():
    client = await an_asker()
    await client.says("/erase")
    other = await an_asker(client.desk, user="666")

    assert other.said(await other.says("/status R-000001")) == say("requests.not_yours")
    await other.presses(client.choice("Withdraw").press)
    assert other.last.text == say("requests.not_yours")
    assert client.request.state is RequestState.AWAITING_IDENTITY


async def test_status_still_shows_tickets_beside_requests():
    client = await an_asker()
    await client.opens_ticket()
    await client.says("/erase")

    said = client.said(await client.says("/status"))

    assert "R-000001" in said
    assert len(client.replies) > 1
    assert "T-000001" in " ".join([said, *client.labels])


@pytest.mark.parametrize("upto", ["asked", "proved", "confirmed"])
async def test_a_request_can_be_withdrawn_while_nothing_was_carried_out(upto: str):
    client = await an_asker()
    a_person(client.desk)
    await client.says("/erase")
    if upto != "asked":
        await client.proves()
    if upto == "confirmed":
        await client.taps("Confirm erasure")
        await client.says("/status")

    await client.taps("Withdraw")

    assert client.request.state is RequestState.WITHDRAWN
    assert client.last.text == say("requests.notice_withdrawn", number="R-000001")
    assert not client.ticket.is_live


async def test_a_button_of_the_past_shows_how_it_stands():
    client = await an_asker()
    await client.says("/erase")
    withdraw = client.choice("Withdraw").press
    await client.taps("Withdraw")

    said = client.said(await client.presses(withdraw))

    assert "withdrawn by you" in said


async def test_a_denial_is_told_with_its_reason_and_can_be_appealed():
    client = await an_asker()
    a_person(client.desk)
    await client.erases()

    await deny(client.desk, client.request, text="We must keep the invoices.")
    told = client.said(await client.hears())
    await client.taps("Appeal")

    assert "We must keep the invoices." in told
    assert "harm the rights of other people" in told
    assert client.request.state is RequestState.APPEALED
    assert "judges" in client.last.text


async def test_after_a_denial_the_same_can_be_asked_anew():
    client = await an_asker()
    a_person(client.desk)
    await client.erases()
    await deny(client.desk, client.request)

    await client.says("/erase")

    assert [one.state for one in client.requests] == [
        RequestState.DENIED,
        RequestState.AWAITING_IDENTITY,
    ]
