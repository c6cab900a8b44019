"""The rules of denials, appeals, holds, extensions and expiry, one by one."""

from datetime import date, timedelta

import pytest

from bot.domain.addresses import MessageId, Role
from bot.domain.errors import NotAllowed, Refused, Stale
from bot.domain.requests import events
from bot.domain.requests.reasons import Reason
from bot.domain.requests.states import (
    DenialCode,
    ExtensionReason,
    HoldReason,
    RequestState,
    RequestType,
)
from tests.unit.data_requests.people import (
    ACCESS,
    AMINA,
    BINA,
    CLIENT,
    DRIFTED,
    GDPR,
    HOUR,
    OTHER,
    PLAN,
    START,
    UK,
    approved,
    asked,
    by,
    identity,
    in_review,
    key,
    new_request,
    reasons,
    system,
)


def test_the_judge_is_not_the_one_who_denied_and_may_approve_afterwards():
    request = in_review()
    request.deny(DenialCode.EXCESSIVE, by(AMINA), GDPR)
    request.appeal(by(CLIENT), GDPR)

    for judge in (request.overturn, request.uphold):
        with pytest.raises(NotAllowed) as refused:
            judge(by(AMINA))
        assert key(refused) == "judge_denied_it"
    request.overturn(by(BINA))
    request.approve(by(BINA), plan_hash=PLAN)

    assert request.state is RequestState.SECOND_APPROVAL
    assert request.facts.appeals[-1].judge == BINA


def test_a_denial_before_any_proof_leads_an_appeal_to_the_proof():
    request = asked()
    request.deny(DenialCode.INSUFFICIENT_VERIFICATION, by(AMINA), GDPR)
    request.appeal(by(CLIENT), GDPR)

    assert request.overturn(by(BINA)) is RequestState.AWAITING_IDENTITY


def test_upholding_makes_the_denial_final():
    request = in_review()
    request.deny(DenialCode.EXCESSIVE, by(AMINA), GDPR)
    request.appeal(by(CLIENT), GDPR)

    request.uphold(by(BINA))

    assert request.state is RequestState.DENIED_FINAL


def test_an_appeal_is_taken_for_thirty_days():
    request = in_review()
    request.deny(DenialCode.OTHERS_RIGHTS, by(AMINA), GDPR)
    over = START + timedelta(days=31)

    with pytest.raises(Refused) as early:
        request.close_denial(system(), GDPR)
    with pytest.raises(Refused) as late:
        request.appeal(by(CLIENT, over), GDPR)
    request.close_denial(system(over), GDPR)

    assert (key(early), key(late)) == ("too_early", "too_late")
    assert request.state is RequestState.DENIED_FINAL
    assert new_request().appeal_until(GDPR) is None


def test_a_denial_names_its_code_and_until_when_it_can_be_appealed():
    request = in_review()

    request.deny(DenialCode.LEGAL_OBLIGATION_ALL, by(AMINA), GDPR)
    event = request.events[-1]

    assert isinstance(event, events.RequestDenied)
    assert (event.code, event.staff) == ("legal_obligation_all", AMINA)
    assert event.appeal_until == GDPR.appeal_until(START)
    assert Reason.DENIED in reasons(request)


@pytest.mark.parametrize("yes", [0, 1, 2])
def test_a_release_leads_back_to_where_it_was_put_aside_and_approvals_stand(yes: int):
    request = in_review()
    for staff in (AMINA, BINA)[:yes]:
        request.approve(by(staff), plan_hash=PLAN)
    before, approvals = request.state, request.facts.approvals
    request.hold(HoldReason.LEGAL_HOLD, by(AMINA))
    held = reasons(request)

    request.release(by(BINA, START + 5 * HOUR), GDPR)

    assert Reason.ON_HOLD in held
    assert (request.state, request.facts.approvals) == (before, approvals)
    assert (request.facts.held_since, request.facts.held_from) == (None, None)


def test_the_waiting_time_stands_still_while_a_request_is_on_hold():
    request = approved()
    request.hold(HoldReason.INTERNAL, by(AMINA, START + 70 * HOUR))

    request.release(by(AMINA, START + 170 * HOUR), GDPR)

    assert request.facts.hold_until == START + 172 * HOUR
    assert Reason.HOLD_RUNNING in reasons(request, START + 171 * HOUR)
    assert reasons(request, START + 172 * HOUR) == set()


def test_a_hold_for_a_possible_fraud_voids_what_was_approved():
    request = approved()

    request.hold(HoldReason.FRAUD, by(AMINA))
    told = request.events[-1]
    request.release(by(BINA, START + 5 * HOUR), GDPR)

    assert isinstance(told, events.RequestHeld)
    assert told.voided == 2
    assert (request.state, request.facts.approvals) == (RequestState.IN_REVIEW, ())
    assert request.facts.hold_until is None


def test_another_plan_or_a_lost_role_during_a_hold_voids_what_was_approved():
    drifted, left = approved(), approved()
    for request in (drifted, left):
        request.hold(HoldReason.INTERNAL, by(AMINA))

    drifted.release(by(AMINA), GDPR)
    drifted.make_plan(DRIFTED, system())
    left.release(by(AMINA, roles={AMINA: Role.APPROVER}), GDPR)

    for request in (drifted, left):
        assert (request.state, request.facts.approvals) == (RequestState.IN_REVIEW, ())


def test_a_denial_or_a_merge_during_a_hold_ends_what_was_approved():
    denied, merged = approved(), approved()
    for request in (denied, merged):
        request.hold(HoldReason.INTERNAL, by(AMINA))

    denied.deny(DenialCode.OTHER, by(BINA), GDPR)
    merged.merge_subject(OTHER, system())

    for request in (denied, merged):
        assert request.facts.approvals == ()
        assert (request.facts.held_from, request.facts.cooling_off_until) == (None, None)


def test_the_first_word_after_the_question_of_a_hold_is_its_answer():
    request = in_review(ACCESS)
    request.hold(HoldReason.CLARIFICATION, by(AMINA), question=MessageId("question"))
    at = START + 3 * HOUR

    request.take_answer(MessageId("answer"), system(at), GDPR)
    request.take_answer(MessageId("more"), system(at + HOUR), GDPR)

    question = request.facts.question
    assert question is not None
    assert (question.answer, question.answered_at) == ("answer", at)
    assert not request.facts.is_asked
    assert request.state is RequestState.ON_HOLD
    assert [type(one) for one in request.events].count(events.HoldQuestionAnswered) == 1


def test_the_clock_of_the_law_goes_on_with_the_answer_and_not_with_the_release():
    request = in_review(ACCESS, clock=UK)
    request.hold(HoldReason.CLARIFICATION, by(AMINA), question=MessageId("question"))

    request.take_answer(MessageId("answer"), system(START + timedelta(days=5)), UK)
    answered = request.due_on
    request.release(by(AMINA, START + timedelta(days=9)), UK)

    assert answered == request.due_on == date(2026, 7, 15)


def test_what_is_written_while_an_appeal_is_open_is_kept_for_its_judge():
    request = in_review()
    request.deny(DenialCode.OTHER, by(AMINA), GDPR)
    request.appeal(by(CLIENT), GDPR)

    for name in ("first", "second", "first"):
        request.take_appeal_words(MessageId(name), system())
    request.uphold(by(BINA))

    assert request.facts.appeals[-1].words == ("first", "second")
    with pytest.raises(Stale):
        request.take_appeal_words(MessageId("late"), system())


@pytest.mark.parametrize("codes", [DenialCode, HoldReason])
def test_what_accuses_somebody_is_offered_last(codes: type[DenialCode] | type[HoldReason]):
    *before, last = codes

    assert "fraud" in last
    assert not [one for one in before if "fraud" in one]


def test_waiting_for_the_client_moves_the_due_date_only_where_the_law_pauses():
    requests = [in_review(ACCESS, clock=clock) for clock in (GDPR, UK)]

    for request, clock in zip(requests, (GDPR, UK), strict=True):
        request.hold(HoldReason.CLARIFICATION, by(AMINA))
        request.release(by(AMINA, START + timedelta(days=5)), clock)

    assert [request.due_on for request in requests] == [date(2026, 7, 10), date(2026, 7, 15)]


def test_the_uk_clock_starts_when_identity_is_shown():
    request = asked(ACCESS, clock=UK)

    later = START + timedelta(days=3)
    request.verify(identity(request, later), system(later), UK)

    assert request.due_on == date(2026, 7, 13)
    assert request.explain(UK).on == request.due_on


def test_a_second_proof_that_staff_ask_for_puts_nothing_off():
    request = asked(RequestType.RECTIFICATION, clock=UK)
    first, called, again = (START + timedelta(days=days) for days in (3, 20, 26))
    request.verify(identity(request, first), system(first), UK)
    request.call_contact_change(by(AMINA, called))

    request.verify(identity(request, again), system(again), UK)

    assert request.due_on == date(2026, 7, 13)
    assert request.explain(UK).on == request.due_on


def test_the_time_is_extended_once_and_only_before_it_is_over():
    request = in_review(ACCESS)
    late = in_review(ACCESS)

    request.extend(ExtensionReason.COMPLEX, by(AMINA), GDPR)
    with pytest.raises(Refused) as again:
        request.extend(ExtensionReason.COMPLEX, by(AMINA), GDPR)
    with pytest.raises(Refused) as over:
        late.extend(ExtensionReason.COMPLEX, by(AMINA, START + timedelta(days=31)), GDPR)

    assert request.due_on == date(2026, 9, 10)
    assert (key(again), key(over)) == ("extended_before", "too_late")
    assert late.due_on == date(2026, 7, 10)


def test_a_request_nobody_proves_is_closed_after_seven_days():
    request = asked()

    with pytest.raises(Refused):
        request.expire(system(START + timedelta(days=6)))
    request.expire(system(START + timedelta(days=7)))

    assert request.state is RequestState.CLOSED_UNVERIFIED


def test_manual_verification_gives_a_letter_its_time():
    request = asked()
    request.open_staff_path(by(CLIENT))

    with pytest.raises(Refused):
        request.expire(system(START + timedelta(days=27)))
    request.expire(system(START + timedelta(days=30)))

    assert request.state is RequestState.CLOSED_UNVERIFIED


def test_an_erasure_nobody_confirms_is_closed_after_seven_days():
    request = asked()
    request.verify(identity(request), system(), GDPR)
    request.make_plan(PLAN, system())

    request.expire(system(START + timedelta(days=7)))

    assert request.state is RequestState.CLOSED_UNCONFIRMED


def test_whoever_has_no_plan_to_confirm_is_not_late():
    request = asked()
    request.verify(identity(request), system(), GDPR)
    late = START + timedelta(days=8)

    with pytest.raises(Refused):
        request.expire(system(late))
    request.make_plan(PLAN, system(late))
    request.make_plan("another plan", system(late + timedelta(days=1)))
    with pytest.raises(Refused):
        request.expire(system(late + timedelta(days=6)))
    request.expire(system(late + timedelta(days=7)))

    assert request.state is RequestState.CLOSED_UNCONFIRMED
