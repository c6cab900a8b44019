"""Denials and their words, extensions, freezes, vouching and duplicates."""

import pytest

from bot.application.outbound.to_client import Say
from bot.application.outbound.to_mailbox import MailNotice
from bot.application.requests import decisions, protective_actions
from bot.application.requests.approvers import are_too_few
from bot.application.requests.decision_words import LONGEST_REASON
from bot.application.staff_desk.staff import remove_staff
from bot.application.views.request_card import request_card
from bot.domain.addresses import SYSTEM, Language
from bot.domain.errors import NotAllowed, NotFound, Refused, Stale
from bot.domain.identity.levels import Level, ProofKind
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import DenialCode, ExtensionReason, RequestState, RequestType
from bot.domain.tickets.message import Direction
from tests.support.builders.desk import Desk, staff
from tests.support.builders.requests import a_request, click, now


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
