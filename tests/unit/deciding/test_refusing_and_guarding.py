"""Denials and their words, extensions, freezes, vouching, duplicates, and too few people."""

from datetime import timedelta

import pytest

from bot.application.outbound.to_client import Say
from bot.application.outbound.to_mailbox import MailNotice
from bot.application.outbound.to_staff import Alert, RefreshHome, ShowRequestCard
from bot.application.requests import decisions, protective_actions
from bot.application.requests.approvers import are_too_few
from bot.application.requests.decision_words import LONGEST_REASON
from bot.application.requests.decisions import people_findings
from bot.application.requests.request_context import Click, clock_of
from bot.application.staff_desk import home
from bot.application.staff_desk.staff import remove_staff
from bot.application.views.request_card import request_card
from bot.application.views.requests_home import requests_home
from bot.domain.addresses import SYSTEM, Language, Role, StaffId
from bot.domain.errors import NotAllowed, NotFound, Refused, Stale
from bot.domain.identity.levels import Level, ProofKind
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import DenialCode, ExtensionReason, RequestState, RequestType
from bot.domain.tickets.message import Direction
from tests.support.builders.desk import Desk, a_desk, a_member, staff
from tests.support.builders.requests import a_request, now
from tests.support.drivers.whole_turns import fire_due


def click(request: DataRequest) -> Click:
    return Click(request.id, request.state_version)


async def denies(desk: Desk, request: DataRequest, **texts: str) -> None:
    await desk.bus.handle(
        staff("ayesha"),
        decisions.deny,
        click=click(request),
        code=DenialCode.LEGAL_OBLIGATION_ALL,
        texts={Language(name): text for name, text in texts.items()},
    )


async def test_a_denial_tells_the_client_the_code_both_reasons_and_the_way_to_appeal(desk: Desk):
    request = await a_request(desk.bus)

    await denies(desk, request, en="VAT records are kept.", bn="ভ্যাটের নথি থাকে।")

    said = [delivery.reply for delivery in desk.deliveries(Say)][-1]
    mail = desk.deliveries(MailNotice)[-1]
    for text in (said.text, mail.text):
        assert "A law makes us keep all the data" in text
        assert "VAT records are kept.\nভ্যাটের নথি থাকে।" in text
        assert "appeal" in text
    assert "Appeal" in [choice.label for row in said.rows for choice in row]


async def test_the_words_of_a_denial_stand_in_the_ticket_and_in_no_event(desk: Desk):
    request = await a_request(desk.bus)

    await denies(desk, request, en="A very private reason.")

    notes = [m.body for m in desk.store.messages.values() if m.direction is Direction.NOTE]
    assert any("A very private reason." in note for note in notes)
    assert "A very private reason." not in repr(desk.events)


@pytest.mark.parametrize("texts", [{}, {"en": "  ", "bn": ""}])
async def test_a_denial_needs_a_reason(desk: Desk, texts: dict[str, str]):
    request = await a_request(desk.bus)

    with pytest.raises(Refused, match="reason_needed"):
        await denies(desk, request, **texts)


async def test_a_reason_is_no_novel(desk: Desk):
    request = await a_request(desk.bus)

    with pytest.raises(Refused, match="reason_too_long"):
        await denies(desk, request, en="x" * (LONGEST_REASON + 1))


async def test_the_time_is_extended_once_and_the_client_is_told(desk: Desk):
    request = await a_request(desk.bus)
    reason = ExtensionReason.COMPLEX

    await desk.bus.handle(staff("ayesha"), decisions.extend, click=click(request), reason=reason)

    extended = await now(desk.bus, request)
    assert extended.due_at > request.due_at
    assert any(extended.due_on.isoformat() in say.reply.text for say in desk.deliveries(Say))
    with pytest.raises(Refused, match="extended_before"):
        await desk.bus.handle(
            staff("badrul"), decisions.extend, click=click(extended), reason=reason
        )


async def test_nothing_is_extended_after_its_due_date(desk: Desk):
    request = await a_request(desk.bus)
    desk.clock.at = request.due_at
    desk.clock.go_on(seconds=1)

    with pytest.raises(Refused, match="too_late"):
        await desk.bus.handle(
            staff("ayesha"),
            decisions.extend,
            click=click(request),
            reason=ExtensionReason.MANY_REQUESTS,
        )


async def test_two_approvers_lift_a_freeze_and_an_agent_may_set_it(desk: Desk):
    request = await a_request(desk.bus)
    await desk.bus.handle(staff("bob"), protective_actions.freeze, request=request.number)

    with pytest.raises(NotAllowed, match="not_approver"):
        await desk.bus.handle(staff("bob"), protective_actions.agree_to_lift, request=request.id)
    await desk.bus.handle(staff("ayesha"), protective_actions.agree_to_lift, request=request.id)
    with pytest.raises(NotAllowed, match="same_approver"):
        await desk.bus.handle(staff("ayesha"), protective_actions.agree_to_lift, request=request.id)
    half = await desk.bus.look(request_card, request.id)
    await desk.bus.handle(staff("badrul"), protective_actions.agree_to_lift, request=request.id)

    assert half.frozen is not None
    assert (half.frozen.who, half.lifting) == ("@UBOB", ("@UAYESHA",))
    assert not (await now(desk.bus, request)).facts.is_frozen


async def vouches(desk: Desk, request: DataRequest, name: str, kind: ProofKind) -> None:
    await desk.bus.handle(
        staff(name),
        protective_actions.vouch,
        request=request.id,
        kind=kind,
        reason="Seen at the counter.",
    )


async def test_manual_verification_takes_two_people_and_two_kinds_of_proof(desk: Desk):
    request = await a_request(desk.bus, upto=RequestState.AWAITING_IDENTITY)
    await desk.bus.handle(staff("bob"), protective_actions.open_staff_path, request=request.id)

    await vouches(desk, request, "bob", ProofKind.CALL_BACK)
    await vouches(desk, request, "champa", ProofKind.DOCUMENT_SEEN)

    found = await now(desk.bus, request)
    card = await desk.bus.look(request_card, request.id)
    assert found.state is RequestState.AWAITING_CONFIRMATION
    assert (card.level, card.verified) == (Level.M, True)
    assert [deed.what for deed in card.vouches] == ["call_back", "document_seen"]
    notes = [m.body for m in desk.store.messages.values() if m.direction is Direction.NOTE]
    assert notes == ["Seen at the counter."] * 2


async def test_a_document_without_a_written_reason_is_no_proof(desk: Desk):
    request = await a_request(desk.bus, upto=RequestState.AWAITING_IDENTITY)
    await desk.bus.handle(staff("bob"), protective_actions.open_staff_path, request=request.id)

    with pytest.raises(Refused, match="document_without_reason"):
        await desk.bus.handle(
            staff("bob"), protective_actions.vouch, request=request.id, kind=ProofKind.DOCUMENT_SEEN
        )
    with pytest.raises(Refused, match="reason_too_long"):
        await desk.bus.handle(
            staff("bob"),
            protective_actions.vouch,
            request=request.id,
            kind=ProofKind.DOCUMENT_SEEN,
            reason="x" * 2001,
        )


@pytest.mark.parametrize("day", [21, 28])
async def test_staff_are_told_when_manual_verification_takes_long(desk: Desk, day: int):
    request = await a_request(desk.bus, upto=RequestState.AWAITING_IDENTITY)
    await desk.bus.handle(staff("bob"), protective_actions.open_staff_path, request=request.id)

    desk.clock.go_on(days=day - 1)
    await desk.bus.handle(SYSTEM, fire_due)
    desk.carry_out()
    desk.clock.go_on(days=1)
    await desk.bus.handle(SYSTEM, fire_due)

    assert [a.channel for a in desk.deliveries(Alert) if f"{day} days ago" in a.text] == ["privacy"]


async def test_staff_are_told_seven_three_one_and_no_days_before_and_once_it_is_late(desk: Desk):
    request = await a_request(desk.bus)
    told: list[str] = []

    while len(told) < 5 and desk.clock.now() < request.due_at.replace(year=2027, month=3):
        desk.clock.go_on(hours=12)
        await desk.bus.handle(SYSTEM, fire_due)
        told += [a.text for a in desk.deliveries(Alert) if "due" in a.text]
        desk.carry_out()

    days = ["in 7 days", "in 3 days", "tomorrow", "today", "overdue"]
    assert [day for day, text in zip(days, told, strict=True) if day in text] == days
    assert all(text.startswith("@UAYESHA, ") and "It is in review" in text for text in told)


async def test_after_an_outage_staff_hear_once_what_is_true_now_and_the_client_an_apology(
    desk: Desk,
):
    request = await a_request(desk.bus)
    desk.carry_out()
    desk.clock.go_on(days=60)

    for _ in range(2):
        await desk.bus.handle(SYSTEM, fire_due)
        desk.clock.go_on(hours=1)

    told = [one.text for one in desk.deliveries(Alert)]
    said = [one.reply.text for one in desk.deliveries(Say) if "we are late" in one.reply.text]
    assert [("overdue" in text, "@UAYESHA" in text) for text in told] == [(True, True)]
    assert len(said) == 1
    assert "We are sorry." in said[0]
    assert "We now expect to answer by" in said[0]
    authority = clock_of(request).regime.authority
    assert authority.name["en"] in said[0]
    assert (await now(desk.bus, request)).is_late


async def test_a_warning_that_comes_late_says_the_days_that_are_left(desk: Desk):
    request = await a_request(desk.bus)
    desk.carry_out()
    desk.clock.go_on(
        seconds=(request.due_at - timedelta(days=5) - desk.clock.now()).total_seconds()
    )

    await desk.bus.handle(SYSTEM, fire_due)

    (alert,) = desk.deliveries(Alert)
    assert "is due in 5 days" in alert.text


async def test_what_has_run_out_meanwhile_is_not_reminded_of(desk: Desk):
    request = await a_request(desk.bus, upto=RequestState.AWAITING_IDENTITY)
    desk.carry_out()
    desk.clock.go_on(days=8)

    await desk.bus.handle(SYSTEM, fire_due)

    said = [one.reply.text for one in desk.deliveries(Say)]
    assert (await now(desk.bus, request)).state is RequestState.CLOSED_UNVERIFIED
    assert not any("still waits" in text for text in said)


async def test_the_second_approver_is_called_after_a_day_and_loudly_after_three(desk: Desk):
    request = await a_request(desk.bus)
    await desk.bus.handle(
        staff("ayesha"), decisions.approve, click=click(request), plan=request.facts.plan_hash
    )

    texts: list[str] = []
    for _ in range(4):
        desk.clock.go_on(hours=24)
        await desk.bus.handle(SYSTEM, fire_due)
        texts += [a.text for a in desk.deliveries(Alert)]
        desk.carry_out()

    assert sum("waits for a second approver" in text for text in texts) == 1
    assert sum("has waited for a second approver" in text for text in texts) == 1


async def test_the_same_persons_second_request_can_be_carried_by_the_first(desk: Desk):
    first = await a_request(desk.bus)
    person = first.subject.person
    second = await a_request(desk.bus, person=person, upto=RequestState.AWAITING_IDENTITY)

    with pytest.raises(Stale):
        await desk.bus.handle(
            staff("ayesha"), decisions.mark_duplicate, click=click(second), of=first.number
        )
    with pytest.raises(NotFound):
        await desk.bus.handle(
            staff("ayesha"), decisions.mark_duplicate, click=click(first), of="R-999"
        )


async def test_too_few_people_refuse_nobody_but_staff_are_told_at_once():
    desk = a_desk()
    await a_member(desk, "ayesha", role=Role.APPROVER)

    request = await a_request(desk.bus)

    alerts = [a for a in desk.deliveries(Alert) if "too few people" in a.text]
    card = await desk.bus.look(request_card, request.id)
    home = await desk.bus.look(requests_home)
    findings = await desk.bus.look(people_findings)
    assert request.state is RequestState.IN_REVIEW
    assert {alert.channel for alert in alerts} == {"privacy"}
    assert card.too_few_people
    assert [one.key for one in home.troubles] == ["request_card.too_few_approvers"]
    assert [one.is_good for one in findings] == [False, True]


async def test_where_too_few_may_approve_only_the_approval_is_refused():
    desk = a_desk()
    await a_member(desk, "ayesha", role=Role.APPROVER)
    request = await a_request(desk.bus)
    yes = {"click": click(request), "plan": request.facts.plan_hash}

    with pytest.raises(NotAllowed, match="too_few_here"):  # and so it is kept like other refusals
        await desk.bus.handle(staff("ayesha"), decisions.approve, **yes)
    still = await now(desk.bus, request)
    await a_member(desk, "badrul", role=Role.APPROVER)
    state = await desk.bus.handle(staff("ayesha"), decisions.approve, **yes)

    assert (still.state, still.facts.approvals) == (RequestState.IN_REVIEW, ())
    assert state is RequestState.SECOND_APPROVAL


async def test_whoever_leaves_may_leave_too_few_behind(desk: Desk):
    await a_request(desk.bus)
    desk.carry_out()

    for name in ("UCHAMPA", "UBADRUL"):
        await desk.bus.handle(SYSTEM, remove_staff, slack_user=name)

    assert [a for a in desk.deliveries(Alert) if "too few people" in a.text]
    assert desk.deliveries(ShowRequestCard)


async def test_of_two_vouchers_one_may_approve_so_three_people_are_enough(desk: Desk):
    request = await a_request(desk.bus, upto=RequestState.AWAITING_IDENTITY)
    await desk.bus.handle(staff("bob"), protective_actions.open_staff_path, request=request.id)
    await vouches(desk, request, "ayesha", ProofKind.CALL_BACK)
    await vouches(desk, request, "badrul", ProofKind.LETTER_CODE)

    enough = await desk.bus.look(are_too_few, await now(desk.bus, request))
    await desk.bus.handle(SYSTEM, remove_staff, slack_user="UCHAMPA")

    assert not enough
    assert await desk.bus.look(are_too_few, await now(desk.bus, request))


async def test_a_correction_needs_one_person_who_may_decide(desk: Desk):
    request = await a_request(desk.bus, RequestType.OBJECTION)

    assert not await desk.bus.look(are_too_few, request)


async def test_a_desk_that_nobody_works_yet_lacks_nobody():
    desk = a_desk()

    findings = await desk.bus.look(people_findings)

    assert findings[0].is_good


async def test_homes_of_those_who_looked_follow_a_request(desk: Desk):
    await desk.bus.handle(staff("bob"), home.note_viewer)

    await a_request(desk.bus)

    assert RefreshHome(StaffId("staff-bob")) in desk.outbox


async def test_the_cards_of_open_requests_are_drawn_anew_each_day(desk: Desk):
    request = await a_request(desk.bus)
    desk.carry_out()

    drawn = 0
    for _ in range(3):
        desk.clock.go_on(hours=24)
        await desk.bus.handle(SYSTEM, fire_due)
        drawn += ShowRequestCard(request.id) in desk.outbox
        desk.carry_out()

    assert drawn == 3
