"""The rules of identity, vouching and call-backs, one by one."""

from datetime import timedelta

import pytest

from bot.domain.addresses import SYSTEM, Actor
from bot.domain.errors import NotAllowed, Refused
from bot.domain.identity.levels import Level, ProofKind, Vouch
from bot.domain.requests.execution_rules import may_execute
from bot.domain.requests.reasons import Reason
from bot.domain.requests.record import Subject
from bot.domain.requests.rules import RequestRules
from bot.domain.requests.states import RequestState, RequestType
from tests.unit.data_requests.people import (
    ACCESS,
    AMINA,
    BINA,
    CHANDRA,
    CLIENT,
    CLIENT_ACCOUNT,
    DIPU,
    GDPR,
    HOUR,
    PLAN,
    ROLES,
    START,
    STRANGER,
    asked,
    by,
    identity,
    in_review,
    key,
    reasons,
    system,
    vouch,
    vouched_for,
)


def test_only_the_subject_confirms():
    request = asked()
    request.verify(identity(request), system(), GDPR)

    for somebody in (STRANGER, AMINA, SYSTEM):
        with pytest.raises(NotAllowed):
            request.confirm(by(somebody))


def test_an_account_linked_to_nobody_is_its_own_proof():
    subject = Subject(account=CLIENT_ACCOUNT)
    request = asked(ACCESS, subject=subject)

    request.verify(identity(request, level=Level.ACCOUNT), by(CLIENT), GDPR)

    assert request.state is RequestState.IN_REVIEW


def test_an_account_does_not_prove_a_person():
    request = asked(ACCESS)

    with pytest.raises(Refused) as refused:
        request.verify(identity(request, level=Level.ACCOUNT), by(CLIENT), GDPR)

    assert key(refused) == "not_verified"


def test_a_proof_from_before_it_was_asked_for_is_too_old():
    request = asked(ACCESS)
    old = identity(request, START - HOUR)

    with pytest.raises(Refused) as refused:
        request.verify(old, system(), GDPR)

    assert key(refused) == "proof_too_old"


def test_manual_verification_takes_two_people_and_two_kinds_of_proof():
    request = asked()
    request.open_staff_path(by(CLIENT))
    request.open_staff_path(by(CLIENT))

    request.vouch(vouch(AMINA), by(AMINA), GDPR)
    request.vouch(vouch(BINA, kind=ProofKind.CALL_BACK), by(BINA), GDPR)
    one_kind = request.state
    request.vouch(vouch(CHANDRA), by(CHANDRA), GDPR)

    assert one_kind is RequestState.AWAITING_IDENTITY
    assert request.state is RequestState.AWAITING_CONFIRMATION
    assert request.facts.hold_until == START + timedelta(days=7)


@pytest.mark.parametrize(
    ("given", "staff", "reason"),
    [
        (vouch(AMINA), AMINA, "vouched_already"),
        (vouch(AMINA), BINA, "vouched_already"),
        (Vouch(by=BINA, kind=ProofKind.DOCUMENT_SEEN, at=START), BINA, "document_without_reason"),
    ],
)
def test_a_vouch_that_does_not_count_is_refused(given, staff, reason):
    request = asked()
    request.open_staff_path(by(DIPU))
    request.vouch(vouch(AMINA), by(AMINA), GDPR)

    with pytest.raises(Refused) as refused:
        request.vouch(given, by(staff), GDPR)

    assert key(refused) == reason


def test_nobody_vouches_unless_the_code_cannot_be_read():
    with pytest.raises(Refused) as refused:
        asked().vouch(vouch(AMINA), by(AMINA), GDPR)

    assert key(refused) == "staff_path_closed"


def test_whoever_wrote_the_request_down_cannot_vouch_for_it():
    request = asked(account=None, created_by=Actor.staff(AMINA))
    request.open_staff_path(by(AMINA))

    with pytest.raises(NotAllowed):
        request.vouch(vouch(AMINA), by(AMINA), GDPR)


def test_nobody_vouches_on_a_frozen_request():
    request = asked()
    request.open_staff_path(by(CLIENT))
    request.freeze(by(STRANGER))

    with pytest.raises(Refused) as refused:
        request.vouch(vouch(AMINA), by(AMINA), GDPR)

    assert key(refused) == "frozen"


def test_a_voucher_gives_no_first_approval():
    with pytest.raises(NotAllowed) as refused:
        vouched_for().approve(by(AMINA), plan_hash=PLAN)

    assert key(refused) == "approver_vouched"


def test_three_people_are_enough_for_manual_verification():
    request = vouched_for()

    request.approve(by(CHANDRA), plan_hash=PLAN)
    request.approve(by(AMINA), plan_hash=PLAN)

    assert request.state is RequestState.COOLING_OFF
    assert request.facts.hold_until == START + timedelta(days=7)


def test_an_access_on_manual_verification_waits_its_seven_days():
    request = vouched_for(ACCESS)

    request.approve(by(CHANDRA), plan_hash=PLAN)

    assert request.state is RequestState.COOLING_OFF
    assert reasons(request, START + 73 * HOUR) == {Reason.HOLD_RUNNING}
    assert may_execute(request, START + timedelta(days=7), ROLES).allowed


def test_without_a_confirmed_phone_the_first_approver_must_have_rung():
    request = in_review(phone_not_confirmed=True)
    request.record_call_back(by(BINA))

    with pytest.raises(Refused) as refused:
        request.approve(by(AMINA), plan_hash=PLAN)
    request.record_call_back(by(AMINA))
    request.approve(by(AMINA), plan_hash=PLAN)

    assert key(refused) == "call_back_missing"
    assert request.state is RequestState.SECOND_APPROVAL


def test_a_call_from_before_the_proof_does_not_count():
    request = asked()
    request.record_call_back(by(AMINA, START - HOUR))
    request.verify(identity(request, phone_not_confirmed=True), system(), GDPR)
    request.confirm(by(CLIENT))
    request.make_plan(PLAN, system())

    with pytest.raises(Refused):
        request.approve(by(AMINA), plan_hash=PLAN)


def test_of_two_vouchers_one_approves_at_most_however_many_approvals_are_set():
    request = asked(RequestType.ACCESS, rules=RequestRules(access_approvals=3))
    request.open_staff_path(by(CLIENT))
    for staff in (AMINA, BINA):
        request.vouch(vouch(staff), by(staff), GDPR)
    request.make_plan(PLAN, system())
    request.approve(by(CHANDRA), plan_hash=PLAN)
    request.approve(by(AMINA), plan_hash=PLAN)

    with pytest.raises(NotAllowed) as refused:
        request.approve(by(BINA), plan_hash=PLAN)

    assert key(refused) == "approver_vouched"
