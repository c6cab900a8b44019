"""A copy that is late: the erasure waits, everybody is told, and only the subject decides."""

from datetime import timedelta

from bot.application.outbound.to_client import Press
from bot.application.outbound.to_staff import Alert
from bot.application.requests import decisions
from bot.application.requests.request_context import Click
from bot.application.views.request_card import request_card
from bot.domain.addresses import SYSTEM
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import ExtensionReason, RequestState
from bot.wording import say
from tests.support.drivers.asker import Asker, a_person, an_asker
from tests.support.drivers.whole_turns import fire_due
from tests.unit.requests.deciding import approve, staff

WITHOUT, WAIT = say("requests.button_without_copy"), say("requests.button_await_copy")
ASKS = "Shall we erase your data without giving you the copy?"


async def both(*, extended: bool = False) -> Asker:
    """A copy is being made, and an erasure that is approved waits for it."""
    client = await an_asker()
    a_person(client.desk)
    await client.says("/access")
    await client.proves()
    if extended:
        await extends(client)
    await approve(client.desk, client.requests[0], "ayesha")
    client.desk.clock.go_on(minutes=2)
    await client.says("/erase")
    await client.proves()
    await client.taps("Confirm erasure")
    for name in ("ayesha", "badrul"):
        await approve(client.desk, client.requests[1], name)
    await client.hears()
    return client


async def overdue() -> Asker:
    client = await both()
    client.desk.clock.at = client.requests[0].due_at + timedelta(hours=1)
    await client.desk.bus.handle(SYSTEM, fire_due)
    await client.hears()
    return client


def access(client: Asker) -> DataRequest:
    return client.requests[0]


def erasure(client: Asker) -> DataRequest:
    return client.requests[1]


def asked(client: Asker) -> list[str]:
    return [one.text for one in client.replies if ASKS in one.text]


async def extends(client: Asker) -> None:
    await client.desk.bus.handle(
        staff("ayesha"),
        decisions.extend,
        click=Click(access(client).number),
        reason=ExtensionReason.COMPLEX,
    )


async def hands_over(client: Asker) -> None:
    click = Click(access(client).number)
    await client.desk.bus.handle(staff("ayesha"), decisions.hand_over, click=click, note="By hand.")
    await client.hears()


async def test_the_client_hears_the_true_order_when_it_is_approved():
    client = await both()

    assert "First comes your request for a copy, R-000001" in client.text
    assert erasure(client).facts.waits_for == access(client).id


async def test_the_status_says_what_goes_first_and_from_when():
    client = await both()

    text = client.said(await client.says("/status R-2"))

    assert "The order: first your request for a copy, R-000001" in text
    assert "First comes your request for a copy, R-000001" in text
    assert WITHOUT not in client.labels


async def test_the_card_says_what_the_erasure_waits_for():
    client = await both()

    card = await client.desk.bus.look(request_card, erasure(client).id)

    assert card.first is not None
    assert (card.first.number, card.first.is_late) == ("R-000001", False)


async def test_a_copy_that_ended_lets_the_erasure_go_on_and_everybody_hears_when():
    client = await both()

    await hands_over(client)

    told = [one.text for one in client.replies]
    assert erasure(client).facts.waits_for is None
    assert any("the copy of your data was handed over to you" in text for text in told)
    assert any("R-000002 no longer waits for a copy" in text for text in told)
    assert any("Your data is erased on" in text for text in told)


async def test_at_its_due_date_approvers_are_alerted_and_the_client_is_asked_once():
    client = await overdue()
    await client.desk.bus.handle(SYSTEM, fire_due)
    await client.hears()

    alerts = [one.text for one in client.all_carried if isinstance(one, Alert)]
    assert len([text for text in alerts if "the erasure R-000002 waits" in text]) == 1
    assert len(asked(client)) == 1


async def test_without_a_yes_the_erasure_waits():
    client = await overdue()

    client.desk.clock.go_on(days=30)
    await client.desk.bus.handle(SYSTEM, fire_due)

    assert erasure(client).state is RequestState.COOLING_OFF
    assert erasure(client).facts.waits_for == access(client).id


async def test_a_yes_lets_it_go_on_for_good():
    client = await overdue()

    await client.says("/status R-2")
    await client.taps(WITHOUT)
    await client.desk.bus.handle(SYSTEM, fire_due)

    facts = erasure(client).facts
    assert (facts.waits_for, facts.copy_waived) == (None, access(client).id)
    assert "R-000002 no longer waits for the copy (R-000001)" in "".join(
        one.text for one in client.replies
    )
    card = await client.desk.bus.look(request_card, erasure(client).id)
    assert (card.first, card.copy_waived) == (None, "R-000001")


async def test_waiting_on_changes_nothing_and_says_so():
    client = await overdue()
    before = erasure(client)

    await client.says("/status R-2")
    await client.taps(WAIT)

    assert erasure(client).facts == before.facts
    assert "nothing changes" in client.text


async def test_taking_the_copy_back_frees_the_erasure():
    client = await overdue()

    await client.says("/status R-2")
    await client.taps("Take back R-000001")

    assert access(client).state is RequestState.WITHDRAWN
    assert erasure(client).facts.waits_for is None


async def test_a_copy_that_is_not_late_is_not_waived_by_a_made_up_press():
    client = await both()

    await client.presses(Press("request.without_copy", "R-000002"))

    assert erasure(client).facts.waits_for == access(client).id


async def test_a_copy_being_made_can_be_withdrawn_by_its_own_button():
    client = await both()

    await client.says("/status R-1")
    await client.taps("Withdraw")

    assert access(client).state is RequestState.WITHDRAWN


async def test_the_erasures_own_due_date_asks_too():
    client = await both(extended=True)
    client.desk.clock.at = erasure(client).due_at + timedelta(hours=1)

    await client.desk.bus.handle(SYSTEM, fire_due)
    await client.hears()

    assert len(asked(client)) == 1
