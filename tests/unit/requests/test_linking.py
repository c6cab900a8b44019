"""Show my older tickets: a new account of a known person proves itself afresh, or sees nothing."""

import pytest

from bot.application.outbound.to_client import Press, Say
from bot.application.outbound.to_mailbox import MailNotice
from bot.application.outbound.to_staff import Alert
from bot.domain.clients.events import AccountAttached, AccountCutLoose
from bot.wording import say
from tests.support.drivers.asker import EMAIL, a_person, an_asker
from tests.unit.requests.linking import OLDER, a_new_account, an_old_account, linked


async def test_an_unproven_account_sees_nothing_of_the_persons_older_tickets():
    first = await an_old_account()
    number = first.ticket.number
    second = await a_new_account(first.desk)

    said = second.said([*second.replies, *await second.says(f"/status {number}")])
    said += second.said(await second.presses(Press("ticket.transcript", number)))

    assert "slow" not in said
    assert say("client_tickets.none") in said
    assert say("conversation.not_found") in said


async def test_a_proven_account_reads_the_tickets_of_the_persons_other_accounts():
    first = await an_old_account()

    second = await linked(first.desk)

    assert second.account.person == first.account.person
    assert first.ticket.number in second.text
    assert OLDER not in second.labels
    await second.says(f"/status {first.ticket.number}")
    assert "Internet is slow" in second.text
    assert second.labels == ["Transcript", "My tickets"]
    await second.taps("Transcript")
    assert second.last.document is not None


async def test_my_data_counts_open_tickets_of_the_persons_other_accounts_too():
    first = await an_old_account()
    second = await linked(first.desk)

    await second.says("/mydata")

    assert "Tickets: 1, open now: 1." in second.text


async def test_tickets_of_another_account_are_only_read():
    """Closing and the like take the account that opened it: level V1."""
    first = await an_old_account()
    second = await linked(first.desk)

    for verb in ("ticket.add", "ticket.close", "ticket.reopen"):
        await second.presses(Press(verb, first.ticket.number))
        assert second.text == say("conversation.not_found")

    assert first.ticket.is_live


async def test_without_the_phone_on_record_there_is_no_tie():
    first = await an_old_account()
    second = await a_new_account(first.desk)
    await second.taps(OLDER)
    await second.says(EMAIL)
    await second.says(second.code)

    await second.taps("I can't share this number")

    assert second.text == say("identity.link_impossible")
    assert second.account.person is None


async def test_three_numbers_that_do_not_match_end_it():
    first = await an_old_account()
    second = await a_new_account(first.desk)
    await second.taps(OLDER)
    await second.says(EMAIL)
    await second.says(second.code)

    for _ in range(3):
        await second.shares("+8801999999999")

    assert second.text == say("identity.link_impossible")
    await second.shares()
    assert second.account.person is None


@pytest.mark.parametrize("how", [{"of": "999"}, {"forwarded": True}])
async def test_a_card_that_proves_nothing_ties_nothing(how: dict[str, str]):
    first = await an_old_account()
    second = await a_new_account(first.desk)
    await second.taps(OLDER)
    await second.says(EMAIL)
    await second.says(second.code)

    await second.shares(**how)  # pyright: ignore[reportArgumentType]

    assert second.account.person is None
    assert second.last.contact_label
    await second.shares()
    assert second.account.person == "person-rahima"


async def test_a_contact_before_the_code_ties_nothing():
    first = await an_old_account()
    second = await a_new_account(first.desk)
    await second.taps(OLDER)

    await second.shares()

    assert second.text.startswith(say("requests.take_first"))
    assert second.account.person is None


async def test_a_mailbox_of_several_people_needs_the_phone_of_one():
    first = await an_old_account()
    a_person(first.desk, "karim", phones=())
    second = await a_new_account(first.desk)
    await second.taps(OLDER)
    await second.says(EMAIL)
    await second.says(second.code)
    assert second.account.person is None

    await second.shares()

    assert second.account.person == "person-rahima"


async def test_the_tie_is_told_to_every_contact_on_record_with_a_link_that_cuts_it():
    first = await an_old_account(emails=(EMAIL, "second@example.com"))
    first.letters.clear()

    second = await linked(first.desk)

    notices = [one for one in second.all_carried if isinstance(one, MailNotice)]
    told = {letter.to for letter in second.letters if "f_" in letter.text}
    assert told == {EMAIL, "second@example.com"}
    assert len(notices) == 2
    told_in_chat = [one for one in second.all_carried if isinstance(one, Say)]
    assert any(
        one.account == first.account.id and "cut it loose" in one.reply.text for one in told_in_chat
    )


async def test_whoever_holds_the_link_cuts_the_account_loose_for_good():
    first = await an_old_account()
    second = await linked(first.desk)
    notice = next(one for one in second.letters if "cut it loose" in one.text)
    word = notice.text.rsplit("/start ", 1)[1]
    second.desk.clock.go_on(minutes=5)
    await second.says("/access")
    await second.taps("Send me a code")
    await second.says(second.code)
    await second.shares()
    stranger = await an_asker(first.desk, user="9999")

    await stranger.says(f"/start {word}")

    assert stranger.text == say("identity.cut_loose_here")
    assert second.account.person is None
    assert second.request.facts.is_frozen
    assert len(first.desk.facts(AccountCutLoose)) == 1
    assert any(isinstance(one, Alert) for one in stranger.all_carried)
    await second.says("/tickets")
    assert "slow" not in second.text
    assert first.account.person == "person-rahima"


@pytest.mark.parametrize("mac", ["", "0" * 30, "x", "ü"])
async def test_a_made_up_token_cuts_nothing_loose(mac: str):
    first = await an_old_account()

    await first.says(f"/start f_{first.account.id}{mac}")

    assert first.account.person is not None
    assert first.text == say("requests.frozen_unknown")


async def test_an_account_that_was_cut_loose_is_not_tied_again():
    first = await an_old_account()
    second = await linked(first.desk)
    word = next(one for one in second.letters if "cut it loose" in one.text).text.rsplit(
        "/start ", 1
    )[1]
    await first.says(f"/start {word}")
    await first.says(f"/start {word}")
    first.desk.clock.go_on(hours=25)

    await second.says("/tickets")
    await second.taps(OLDER)
    await second.says(EMAIL)
    await second.says(second.code)
    await second.shares()

    assert second.text == say("identity.link_frozen")
    assert second.account.person is None
    assert len(first.desk.facts(AccountCutLoose)) == 1


async def test_a_weak_proof_of_an_objection_ties_no_account():
    """V2 takes the code or the phone; the person's talks take both (V3)."""
    first = await an_old_account()
    second = await an_asker(first.desk, user="4712")
    await second.says("/mydata")
    await second.taps("Stop using my data")
    await second.says(EMAIL)
    await second.says(second.code)

    assert second.request.is_verified
    assert second.account.person is None


async def test_the_tie_is_an_event():
    first = await an_old_account()

    await linked(first.desk)

    assert len(first.desk.facts(AccountAttached)) == 2
