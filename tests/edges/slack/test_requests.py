"""Data requests in Slack: the card, its buttons and dialogs, the home view, and late clicks."""

from bot.application.requests.queries import listed_requests
from bot.domain.addresses import SYSTEM
from bot.domain.requests.states import RequestState, RequestType
from handlers.sandbox.telegram import VirtualUser
from tests.edges.slack.request_cards import as_it_stands, clicks, person, posted, reviewed
from tests.support.builders.requests import EMAIL, PHONE, a_person, appeal
from tests.support.drivers.office import PRIVACY, Office


async def test_the_card_stands_in_the_private_channel_without_a_name_or_an_address(court: Office):
    request = await reviewed(court)

    card = await posted(court, request)

    shown = str(card.blocks)
    for label in ("Approve", "Deny", "Hold", "Details", "Freeze"):
        assert f"'{label}'" in shown
    assert request.number in shown
    assert "What goes and what stays" in shown
    assert "r…@e….com" in shown
    for secret in (EMAIL, PHONE, "Rahima", "Khatun"):
        assert secret not in shown + card.text


async def test_two_approvals_and_the_hold_lead_to_what_the_desk_does_by_itself(court: Office):
    request = await reviewed(court)

    await clicks(court, person(court, "U0SAL"), request, "Approve")
    await clicks(court, court.bob, request, "Approve")
    waiting = str((await posted(court, request)).blocks)
    await court.go_on(hours=73)
    await court.go_on(seconds=5)

    found = await as_it_stands(court, request)
    assert found.state is RequestState.COOLING_OFF
    assert [one.approver for one in found.facts.approvals] == [
        one.approver for one in found.facts.approvals if one
    ]
    assert "carries it out now" not in waiting
    assert "carries it out now" in str((await posted(court, request)).blocks)


async def test_a_stale_click_changes_nothing_and_says_who_decided(court: Office):
    request = await reviewed(court)
    card = await posted(court, request)
    old = [dict(block) for block in card.blocks]
    await clicks(court, person(court, "U0SAL"), request, "Approve")

    card = await posted(court, request)
    fresh, card.blocks = card.blocks, old
    await court.bob.click("Approve", PRIVACY, card.ts)
    await court.hear()
    card.blocks = fresh

    assert len((await as_it_stands(court, request)).facts.approvals) == 1
    assert court.bob.modal is not None
    assert "approved by salma" in str(court.bob.modal.blocks)


async def test_an_agent_who_approves_is_told_no(court: Office):
    request = await reviewed(court)

    await clicks(court, person(court, "U0OUT"), request, "Approve")

    assert (await as_it_stands(court, request)).facts.approvals == ()
    assert "Only an approver can do that." in str(person(court, "U0OUT").modal)


async def test_a_denial_needs_words_and_is_done_by_its_dialog(court: Office):
    request = await reviewed(court)
    card = await posted(court, request)
    await court.bob.click("Deny", PRIVACY, card.ts)
    await court.hear()

    errors = await court.bob.submit({"code": "no_match"})
    assert "English or in Bangla" in str(errors)
    assert await court.bob.submit({"text_en": "We hold nothing of you."}) == {}
    await court.hear()

    found = await as_it_stands(court, request)
    assert found.state is RequestState.DENIED
    assert found.facts.denials[0].code == "no_match"


async def test_an_appeal_is_judged_by_another(court: Office):
    request = await reviewed(court)
    card = await posted(court, request)
    await court.bob.click("Deny", PRIVACY, card.ts)
    await court.hear()
    await court.bob.submit({"code": "other", "text_bn": "কারণ আছে।"})
    await court.hear()
    await court.rig.desk.bus.handle(SYSTEM, appeal, request=request.id)
    await court.hear()
    await court.go_on(seconds=3)

    await court.ann.click("Judge the appeal", PRIVACY, (await posted(court, request)).ts)
    await court.hear()
    assert "English or in Bangla" in str(await court.ann.submit({"judgement": "uphold"}))
    await court.ann.submit({"judgement": "overturn"})
    await court.hear()

    assert (await as_it_stands(court, request)).state is RequestState.IN_REVIEW


async def test_hold_and_release_extend_and_details(court: Office):
    request = await reviewed(court)
    await court.bob.click("Hold", PRIVACY, (await posted(court, request)).ts)
    await court.hear()
    await court.bob.submit({"hold_reason": "legal_hold"})
    await court.hear()
    await court.go_on(seconds=3)
    assert (await as_it_stands(court, request)).state is RequestState.ON_HOLD

    await clicks(court, court.ann, request, "Release the hold")
    await court.ann.click("Extend the time", PRIVACY, (await posted(court, request)).ts)
    await court.hear()
    await court.ann.submit({"extension_reason": "complex"})
    await court.hear()
    await court.go_on(seconds=3)
    await court.ann.click("Details", PRIVACY, (await posted(court, request)).ts)
    await court.hear()

    found = await as_it_stands(court, request)
    assert found.state is RequestState.IN_REVIEW
    assert found.facts.extension is not None
    assert court.ann.modal is not None
    assert "extended once" in str(court.ann.modal.blocks)


async def test_a_freeze_is_one_click_and_its_end_takes_two_people(court: Office):
    request = await reviewed(court)

    await clicks(court, person(court, "U0OUT"), request, "Freeze")
    assert "Frozen" in str((await posted(court, request)).blocks)
    await clicks(court, court.ann, request, "Lift freeze")
    await clicks(court, court.bob, request, "Lift freeze")

    assert not (await as_it_stands(court, request)).facts.is_frozen
    assert "Frozen" not in str((await posted(court, request)).blocks)


async def test_manual_verification_is_vouched_for_in_dialogs(court: Office):
    request = await reviewed(court, upto=RequestState.AWAITING_IDENTITY)
    await clicks(court, court.ann, request, "Open the staff path")

    for who, kind, reason in ((court.ann, "call_back", ""), (court.bob, "document_seen", "Seen.")):
        await who.click("Vouch", PRIVACY, (await posted(court, request)).ts)
        await court.hear()
        if reason:
            assert "written reason" in str(await who.submit({"proof": kind}))
        assert await who.submit({"proof": kind, "reason": reason or None}) == {}
        await court.hear()
        await court.go_on(seconds=3)

    assert (await as_it_stands(court, request)).state is RequestState.AWAITING_CONFIRMATION


async def test_the_client_of_a_request_is_named_in_a_dialog(court: Office):
    request = await reviewed(court, upto=RequestState.AWAITING_IDENTITY)
    other = await court.rig.desk.bus.handle(SYSTEM, a_person, "C-77")
    await clicks(court, court.ann, request, "Open the staff path")

    await court.ann.click("Name the client", PRIVACY, (await posted(court, request)).ts)
    await court.hear()
    offered = await court.ann.search("Client", "C-77")
    assert await court.ann.submit({"Client": "C-77"}) == {}
    await court.hear()

    assert offered == ["C-77"]
    assert (await as_it_stands(court, request)).subject.person == other.id


async def test_staff_write_a_request_down_by_the_desk_command(court: Office, alice: VirtualUser):
    ticket = await court.a_ticket(alice)

    await court.bob.command("/desk request")
    await court.hear()
    await court.bob.search("Client (any ticket of theirs)", ticket.number)
    wanted: dict[str, object] = {
        "Client (any ticket of theirs)": ticket.number,
        "What is asked": "access",
    }
    assert await court.bob.submit(wanted) == {}
    await court.hear()
    await court.go_on(seconds=3)

    (row,) = await court.rig.desk.bus.look(listed_requests, live_only=True, limit=5)
    assert (row.kind, row.account) == (RequestType.ACCESS, ticket.account)
    assert "We have your request" in "\n".join(court.words_to(alice))
    assert row.number in str((await posted(court, row)).blocks)


async def test_a_refusal_is_kept_with_its_true_reason(court: Office):
    request = await reviewed(court)
    await clicks(court, person(court, "U0SAL"), request, "Approve")

    await clicks(court, person(court, "U0SAL"), request, "Approve")
    await clicks(court, person(court, "U0OUT"), request, "Approve")

    kept = [row.event for row in await court.facts("AccessRefused")]
    assert [(one.action, one.reason) for one in kept] == [
        ("request_approve", "same_approver"),
        ("request_approve", "not_approver"),
    ]


async def test_a_call_back_and_a_correction_done_by_hand(court: Office):
    request = await reviewed(court, RequestType.RECTIFICATION, phone_not_confirmed=True)

    await clicks(court, court.bob, request, "Call back done")
    await clicks(court, court.bob, request, "Done by hand")

    assert (await as_it_stands(court, request)).state is RequestState.FULFILLED


async def test_a_correction_of_an_address_is_proved_anew_and_approved_by_two(court: Office):
    request = await reviewed(court, RequestType.RECTIFICATION)

    await clicks(court, person(court, "U0OUT"), request, "Changes e-mail or phone")
    called = await as_it_stands(court, request)
    card = await posted(court, request)

    assert (called.kind, called.state) == (
        RequestType.CONTACT_CHANGE,
        RequestState.AWAITING_IDENTITY,
    )
    assert "Change of e-mail or phone" in card.text + str(card.blocks)


async def test_a_change_of_an_address_is_made_by_hand_after_two_approvals_and_the_wait(
    court: Office,
):
    request = await reviewed(court, RequestType.CONTACT_CHANGE)

    for each in (court.bob, court.ann):
        await clicks(court, each, request, "Approve")
    waiting = str((await posted(court, request)).blocks)
    await court.go_on(hours=73)
    await clicks(court, person(court, "U0SAL"), request, "Done by hand")

    assert "Done by hand" not in waiting
    assert (await as_it_stands(court, request)).state is RequestState.FULFILLED


async def test_a_duplicate_names_a_request_that_is_there(court: Office):
    request = await reviewed(court)
    await court.bob.click("Mark as duplicate", PRIVACY, (await posted(court, request)).ts)
    await court.hear()

    errors = await court.bob.submit({"canonical": "R-999"})

    assert "no request of that number" in str(errors)


async def test_sending_back_voids_the_first_approval(court: Office):
    request = await reviewed(court)
    await clicks(court, court.ann, request, "Approve")

    await clicks(court, court.bob, request, "Send back")

    assert (await as_it_stands(court, request)).facts.approvals == ()


async def test_the_home_view_lists_requests_and_decides_there(court: Office):
    request = await reviewed(court)
    await court.bob.open_home()
    await court.hear()

    await court.bob.click("Approve", "home")
    await court.hear()
    await court.bob.submit({})
    await court.hear()

    assert (await as_it_stands(court, request)).state is RequestState.SECOND_APPROVAL
    assert court.bob.home is not None
    assert request.number in str(court.bob.home.blocks)


async def test_the_home_view_says_that_people_and_mail_are_missing(office: Office):
    request = await reviewed(office)
    await office.bob.open_home()
    await office.hear()

    assert office.bob.home is not None
    shown = str(office.bob.home.blocks)
    assert "1 people may approve, but an erasure needs 2" in shown
    assert "Too few people may approve this" in str((await posted(office, request)).blocks)
