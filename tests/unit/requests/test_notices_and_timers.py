"""Who is told of what, and what time does when nobody does anything."""

from datetime import timedelta

from bot.application.outbound.to_client import Say
from bot.application.outbound.to_staff import Alert
from bot.domain.addresses import SYSTEM
from bot.domain.requests.states import HoldReason, RequestState
from bot.wording import say
from tests.support.drivers.asker import EMAIL, Asker, a_person, an_asker
from tests.support.drivers.whole_turns import fire_due
from tests.unit.requests.deciding import approve, deny, does


async def time_goes_on(client: Asker, **by: float) -> str:
    """Timers fire; returns what the client hears."""
    client.desk.clock.go_on(**by)
    await client.desk.bus.handle(SYSTEM, fire_due)
    return client.said(await client.hears())


async def test_before_the_proof_the_mail_with_the_code_is_the_only_notice():
    client = await an_asker()
    a_person(client.desk)
    await client.says("/erase")
    await client.says(EMAIL)

    await client.taps("I can't read that e-mail")
    await client.says("/status")
    await client.taps("Withdraw")

    assert [letter.subject for letter in client.letters] == ["Your code: ERASING your data"]


async def test_after_the_proof_every_address_on_record_is_told_of_every_step():
    client = await an_asker()
    a_person(client.desk, emails=(EMAIL, "second@example.com"))
    await client.says("/erase")
    await client.proves()
    await client.taps("Confirm erasure")

    told = [(letter.to, letter.text.split(".")[0]) for letter in client.letters[1:]]

    assert {to for to, _ in told} == {EMAIL, "second@example.com"}
    assert len(told) == 4
    assert all("f_" in letter.text for letter in client.letters[1:])


async def test_every_attached_account_is_told():
    client = await an_asker()
    a_person(client.desk)
    await client.erases()
    second = await an_asker(client.desk, user="4712")
    await second.says("/access")
    client.desk.clock.go_on(minutes=2)
    await second.proves()

    told = [one for one in second.all_carried if isinstance(one, Say)]
    elsewhere = [one.reply.text for one in told if one.account == client.account.id]
    assert any("Somebody proved to be you for R-000002" in text for text in elsewhere)


async def test_the_notices_of_an_erased_person_go_nowhere():
    client = await an_asker()
    person = a_person(client.desk)
    await client.erases()
    person.erased_at = client.desk.clock.now()
    sent = len(client.letters)

    await client.says("/status")
    await client.taps("Withdraw")

    assert len(client.letters) == sent


async def test_a_person_without_an_address_is_told_in_the_chat():
    client = await an_asker()
    await client.says("/erase")
    await client.taps("Only what I sent in this chat")
    await client.taps("Confirm erasure")

    await approve(client.desk, client.request, "ayesha")

    assert "first of two approvals" in client.said(await client.hears())
    assert client.letters == []


async def test_holding_and_releasing_are_told_with_the_reason():
    client = await an_asker()
    a_person(client.desk)
    await client.erases()

    await does(client.desk, client.request, "ayesha", "hold", HoldReason.LEGAL_HOLD)
    held = client.said(await client.hears())
    await does(client.desk, client.request, "ayesha", "release")
    released = client.said(await client.hears())

    assert "a law makes us wait" in held
    assert "goes on" in released


async def test_the_client_is_reminded_at_one_three_and_six_days_then_it_closes():
    client = await an_asker()
    await client.says("/erase")

    heard = [await time_goes_on(client, hours=hours) for hours in (23, 2, 48, 72, 24, 24)]

    told = ["still waits for your proof" in each for each in heard]
    assert told == [False, True, True, True, False, False]
    assert "nobody showed in time" in heard[4]
    assert client.request.state is RequestState.CLOSED_UNVERIFIED
    assert not client.ticket.is_live


async def test_reminders_that_were_slept_through_are_told_once():
    client = await an_asker()
    await client.says("/erase")

    heard = await time_goes_on(client, days=6, hours=1)

    assert heard.count("still waits for your proof") == 1


async def test_an_unconfirmed_erasure_is_reminded_of_and_closed():
    client = await an_asker()
    a_person(client.desk)
    await client.says("/erase")
    await client.proves()

    reminded = await time_goes_on(client, hours=24)
    closed = await time_goes_on(client, days=6)

    assert "still waits for your confirmation" in reminded
    assert "not confirmed in time" in closed
    assert client.request.state is RequestState.CLOSED_UNCONFIRMED


async def test_a_request_has_one_timer_and_it_moves_with_every_change():
    client = await an_asker()
    a_person(client.desk)
    await client.says("/erase")
    (waiting,) = [
        one for key, one in client.desk.store.timers.items() if key.startswith("request:")
    ]
    first = waiting.due_at

    await client.proves()
    await client.taps("Confirm erasure")

    (timer,) = [one for key, one in client.desk.store.timers.items() if key.startswith("request:")]
    assert first == client.desk.clock.now() + timedelta(hours=24)
    assert timer.due_at > first


async def test_the_path_of_staff_has_time_for_a_letter():
    client = await an_asker()
    await client.says("/erase")
    await client.taps("I can't read that e-mail")

    await time_goes_on(client, days=8)
    assert client.request.state is RequestState.AWAITING_IDENTITY
    await time_goes_on(client, days=22)

    assert client.request.state is RequestState.CLOSED_UNVERIFIED


async def test_staff_hear_of_due_dates_once_each():
    client = await an_asker()
    a_person(client.desk)
    await client.erases()
    due = client.request.due_at

    alerts: list[str] = []
    for _ in range(40):
        client.desk.clock.go_on(days=1)
        await client.desk.bus.handle(SYSTEM, fire_due)
        alerts += [one.text for one in client.desk.deliveries(Alert)]
        await client.hears()

    spoken = [text for text in alerts if "R-000001" in text and " due " in text]
    assert client.desk.clock.now() > due
    assert len(spoken) == 5


async def test_a_denial_becomes_final_when_the_time_to_appeal_is_over():
    client = await an_asker()
    a_person(client.desk)
    await client.erases()
    await deny(client.desk, client.request)
    await client.hears()

    heard = await time_goes_on(client, days=35)

    assert client.request.state is RequestState.DENIED_FINAL
    assert "refusal is final" in heard


async def test_the_hold_that_is_over_changes_nothing_by_itself_yet():
    client = await an_asker()
    a_person(client.desk)
    await client.erases()
    await approve(client.desk, client.request, "ayesha")
    await approve(client.desk, client.request, "badrul")

    await time_goes_on(client, hours=73)

    assert client.request.state is RequestState.COOLING_OFF
    assert client.request.facts.hold_until <= client.desk.clock.now()  # pyright: ignore[reportOptionalOperand]


async def test_the_record_of_an_ended_request_goes_when_the_law_keeps_it_no_longer():
    client = await an_asker()
    await client.says("/access")
    await client.taps("Withdraw")
    number = client.request.number

    await time_goes_on(client, days=6 * 366)

    assert client.requests == []
    assert not [key for key in client.desk.store.timers if key.startswith("request:")]
    await client.says(f"/status {number}")
    assert client.text == say("requests.not_yours")


async def test_what_a_budget_no_longer_counts_is_dropped_with_the_next_code():
    client = await an_asker()
    a_person(client.desk)
    await client.says("/access")
    await client.says(EMAIL)
    client.desk.clock.go_on(hours=49)

    await client.says("karim@example.com")

    kept = [each.at for history in client.desk.store.spendings.values() for each in history]
    assert set(kept) == {client.desk.clock.now()}
