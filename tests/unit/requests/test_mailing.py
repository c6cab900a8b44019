"""What the mail adapter is given, and when there is nothing to give."""

from bot.application.outbound.to_mailbox import MailCode, MailNotice
from bot.application.requests import scheduling
from bot.application.requests.mail import take_code_back, void_code, write_code, write_notice
from bot.domain.addresses import SYSTEM, PersonId
from bot.domain.requests.states import ExtensionReason, RequestState
from tests.support.drivers.asker import EMAIL, Asker, a_person, an_asker
from tests.unit.requests.deciding import approve, deny, does, judge


async def asked() -> Asker:
    client = await an_asker()
    a_person(client.desk)
    await client.says("/erase")
    await client.says(EMAIL)
    return client


def challenge_of(client: Asker) -> str:
    return next(iter(client.desk.store.challenges))


async def test_a_code_is_made_once():
    client = await asked()

    again = await client.desk.bus.handle(SYSTEM, write_code, challenge=challenge_of(client))

    assert again is None


async def test_a_mail_that_surely_did_not_leave_gets_another_code():
    client = await asked()
    first = client.code
    bus = client.desk.bus
    await bus.handle(SYSTEM, take_code_back, challenge=challenge_of(client))

    letter = await bus.handle(SYSTEM, write_code, challenge=challenge_of(client))

    assert letter is not None
    assert first not in letter.text
    await client.says(first)
    assert client.request.facts.proofs.code_at is None


async def test_nothing_is_written_for_a_challenge_or_an_address_that_is_gone():
    client = await asked()
    bus = client.desk.bus
    gone = MailNotice(PersonId("person-rahima"), "another mailbox", "s", "t")
    nobody = MailNotice(PersonId("nobody"), "mailbox", "s", "t")

    assert await bus.handle(SYSTEM, write_code, challenge="none") is None
    await bus.handle(SYSTEM, void_code, MailCode("none"))
    await bus.handle(SYSTEM, void_code, gone)
    assert await bus.look(write_notice, notice=gone) is None
    assert await bus.look(write_notice, notice=nobody) is None


async def test_a_repeated_notice_says_that_it_is_one():
    client = await asked()
    await client.says(client.code)
    await client.shares()
    notice = next(one for one in client.all_carried if isinstance(one, MailNotice))

    letter = await client.desk.bus.look(write_notice, notice=notice, is_repeat=True)

    assert letter is not None
    assert letter.text != notice.text
    assert letter.text.endswith(notice.text)


async def test_an_extension_is_told_with_reason_and_new_date():
    client = await asked()
    await client.says(client.code)
    await client.shares()
    await client.taps("Confirm erasure")

    await does(client.desk, client.request, "ayesha", "extend", ExtensionReason.COMPLEX)
    await client.hears()

    assert "the matter is complex" in client.letters[-1].text
    assert client.request.due_on.isoformat() in client.letters[-1].text


async def test_an_appeal_that_is_granted_lets_it_go_on_and_one_that_is_not_ends_it():
    client = await asked()
    await client.says(client.code)
    await client.shares()
    await client.taps("Confirm erasure")
    await deny(client.desk, client.request)
    await client.hears()
    await client.taps("Appeal")
    await judge(client.desk, client.request, "badrul", upholds=False)
    assert "goes on" in client.said(await client.hears())

    await deny(client.desk, client.request)
    await client.hears()
    await client.taps("Appeal")
    await judge(client.desk, client.request, "champa", upholds=True, text="The invoices stay.")

    assert "the refusal stands.\nThe reason: The invoices stay." in client.said(
        await client.hears()
    )
    assert client.request.state is RequestState.DENIED_FINAL


async def test_an_appeal_of_what_was_never_proved_asks_for_the_proof_again():
    """CVE-2026-42303 by another door: an overturned denial is no proof."""
    client = await asked()
    await deny(client.desk, client.request)
    await client.hears()
    await client.taps("Appeal")

    await judge(client.desk, client.request, "badrul", upholds=False)

    assert "a new proof" in client.said(await client.hears())
    assert client.request.state is RequestState.AWAITING_IDENTITY


async def test_approvals_that_are_sent_back_are_told():
    client = await asked()
    await client.says(client.code)
    await client.shares()
    await client.taps("Confirm erasure")
    await approve(client.desk, client.request, "ayesha")
    await client.hears()

    await does(client.desk, client.request, "badrul", "send_back")

    assert "no longer counts" in client.said(await client.hears())


async def test_the_timer_of_a_request_that_is_gone_does_nothing():
    client = await asked()

    await client.desk.bus.handle(SYSTEM, scheduling.fire, "none@20261122T040000000000")

    assert client.request.state is RequestState.AWAITING_IDENTITY


async def test_old_challenges_are_purged_when_a_new_one_begins():
    client = await asked()
    first = challenge_of(client)
    client.desk.clock.go_on(hours=25)

    await client.says(EMAIL)

    assert first not in client.desk.store.challenges
