"""The rules of a data request, one by one."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.addresses import SYSTEM, AccountId, Actor, Role, TicketId
from bot.data_requests import events
from bot.data_requests.core import public_number
from bot.data_requests.execution import Reason, may_execute
from bot.data_requests.facts import DEFAULT_RULES, RequestRules, Subject
from bot.data_requests.states import (
    FINAL,
    LIVE,
    DenialCode,
    ExtensionReason,
    HoldReason,
    Party,
    RequestType,
    State,
    waits_on,
)
from bot.data_requests.table import BY_HAND, TABLE, table_of
from bot.errors import NotAllowed, Refused, Stale
from bot.identity.levels import Level, ProofKind, Vouch
from tests.unit.data_requests.people import (
    AMINA,
    BINA,
    CHANDRA,
    CLIENT,
    CLIENT_ACCOUNT,
    DIPU,
    DRIFTED,
    GDPR,
    HOUR,
    OTHER,
    PERSON,
    PLAN,
    ROLES,
    START,
    STRANGER,
    UK,
    approved,
    asked,
    by,
    executing,
    identity,
    in_review,
    new_request,
    system,
    vouch,
    vouched_for,
)

ACCESS, ERASURE = RequestType.ACCESS, RequestType.ERASURE


def key(error) -> str:
    return error.value.key.removeprefix("requests.reason_")


def reasons(request, now=START, roles=ROLES):
    return set(may_execute(request, now, roles).reasons)


def test_there_are_sixteen_live_and_six_final_states():
    assert (len(LIVE), len(FINAL)) == (16, 6)


def test_final_states_lead_nowhere():
    assert {edge.state for edge in (*TABLE, *BY_HAND)} & FINAL == set()


def test_every_live_state_says_whose_turn_it_is():
    nobody = {state for state in State if waits_on(state) is Party.NOBODY}

    assert nobody == FINAL


def test_a_number_has_six_digits():
    assert public_number(45) == "R-000045"


def test_receiving_stores_the_due_date_and_records_it():
    request = new_request()

    (event,) = request.events

    assert isinstance(event, events.RequestReceived)
    assert (event.number, event.due_on, request.due_on) == (
        "R-000001",
        date(2026, 7, 10),
        date(2026, 7, 10),
    )
    assert event.stream == "request:request"


def test_a_subject_is_one_person_or_one_account():
    with pytest.raises(ValueError, match="one person or one account"):
        Subject()
    with pytest.raises(ValueError, match="one person or one account"):
        Subject(person=PERSON.person, account=CLIENT_ACCOUNT)


def test_an_erasure_goes_from_receipt_to_ready_to_execute():
    request = approved()

    early = may_execute(request, START + 71 * HOUR, ROLES)
    late = may_execute(request, START + 72 * HOUR, ROLES)

    assert request.state is State.COOLING_OFF
    assert (early.allowed, early.reasons) == (False, (Reason.HOLD_RUNNING,))
    assert late.allowed


def test_each_transition_records_one_event():
    request = approved()

    assert [type(event).__name__ for event in request.events] == [
        "RequestReceived",
        "IdentityAsked",
        "IdentityConfirmed",
        "ErasureConfirmed",
        "PlanMade",
        "RequestApproved",
        "RequestApproved",
    ]
    assert request.events[-1].state is State.COOLING_OFF


def test_access_is_executed_on_one_approval():
    request = approved(ACCESS)

    assert request.state is State.EXECUTING


def test_access_takes_two_approvals_where_two_are_set():
    rules = RequestRules(access_approvals=2)
    request = in_review(ACCESS, rules=rules)

    request.approve(by(AMINA), plan_hash=PLAN)
    first = request.state
    request.approve(by(BINA), plan_hash=PLAN)

    assert (first, request.state) == (State.SECOND_APPROVAL, State.EXECUTING)


def test_no_setting_lets_one_person_approve_an_erasure():
    request = new_request(ERASURE, rules=RequestRules(access_approvals=1))

    assert request.approvals_needed == 2
    assert new_request(ACCESS, rules=RequestRules(access_approvals=0)).approvals_needed == 1


def test_the_same_person_does_not_approve_twice():
    request = in_review()
    request.approve(by(AMINA), plan_hash=PLAN)

    with pytest.raises(NotAllowed) as refused:
        request.approve(by(AMINA), plan_hash=PLAN)

    assert key(refused) == "same_approver"
    assert request.state is State.SECOND_APPROVAL


def test_an_agent_does_not_approve():
    request = in_review()

    with pytest.raises(NotAllowed) as refused:
        request.approve(by(DIPU), plan_hash=PLAN)

    assert key(refused) == "not_approver"


def test_a_role_that_was_taken_away_is_gone_at_the_click():
    request = in_review()

    with pytest.raises(NotAllowed):
        request.approve(by(AMINA, roles={BINA: Role.APPROVER}), plan_hash=PLAN)


def test_a_client_who_bears_an_approvers_id_is_no_approver():
    request = in_review()

    with pytest.raises(NotAllowed):
        request.approve(by(Actor.account(AccountId(AMINA))), plan_hash=PLAN)


def test_whoever_wrote_the_request_down_cannot_approve_it():
    request = in_review(account=None, created_by=Actor.staff(AMINA))

    with pytest.raises(NotAllowed) as refused:
        request.approve(by(AMINA), plan_hash=PLAN)

    assert key(refused) == "approver_is_requester"


def test_a_role_lost_during_the_hold_closes_the_door():
    request = approved()
    now, left = START + 73 * HOUR, {BINA: Role.APPROVER}

    with pytest.raises(Refused) as refused:
        request.execute(system(now, left))
    request.let_approvals_lapse(system(now, left))

    assert key(refused) == "approver_without_role"
    assert (request.state, request.facts.approvals) == (State.IN_REVIEW, ())


def test_approvals_that_stand_do_not_lapse():
    with pytest.raises(Refused) as refused:
        approved().let_approvals_lapse(system())

    assert key(refused) == "approvals_stand"


def test_another_plan_voids_what_was_approved():
    request = approved()

    request.make_plan(DRIFTED, system())

    assert (request.state, request.facts.approvals) == (State.IN_REVIEW, ())
    assert request.facts.hold_until is None


def test_the_same_plan_made_again_changes_nothing():
    request = approved()
    before = len(request.events)

    request.make_plan(PLAN, system())

    assert (request.state, len(request.events)) == (State.COOLING_OFF, before)


@pytest.mark.parametrize(("plan", "reason"), [("", "no_plan"), ("other", "plan_changed")])
def test_an_approval_is_of_the_plan_that_stands(plan, reason):
    request = in_review()
    request.facts = replace(request.facts, plan_hash=plan)

    with pytest.raises(Refused) as refused:
        request.approve(by(AMINA), plan_hash=PLAN)

    assert key(refused) == reason


def test_a_stale_click_changes_nothing_and_says_who_decided():
    request = in_review()
    seen = request.state_version
    request.approve(by(AMINA, seen=seen), plan_hash=PLAN)

    with pytest.raises(Stale) as stale:
        request.approve(by(BINA, seen=seen), plan_hash=PLAN)

    assert stale.value.key == "requests.stale_decided"
    assert stale.value.params["by"] == AMINA
    assert stale.value.params["verb"] == "approved"


def test_an_action_that_does_not_fit_the_state_is_stale():
    with pytest.raises(Stale) as stale:
        new_request().confirm(by(CLIENT))

    assert stale.value.key == "requests.stale"


def test_sending_back_voids_the_first_approval():
    request = in_review()
    request.approve(by(AMINA), plan_hash=PLAN)

    request.send_back(by(BINA))
    request.approve(by(BINA), plan_hash=PLAN)

    assert request.state is State.SECOND_APPROVAL
    assert [approval.approver for approval in request.facts.approvals] == [BINA]


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

    assert request.state is State.IN_REVIEW


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


def test_path_m_takes_two_people_and_two_kinds_of_proof():
    request = asked()
    request.open_staff_path(by(CLIENT))
    request.open_staff_path(by(CLIENT))

    request.vouch(vouch(AMINA), by(AMINA), GDPR)
    request.vouch(vouch(BINA, kind=ProofKind.CALL_BACK), by(BINA), GDPR)
    one_kind = request.state
    request.vouch(vouch(CHANDRA), by(CHANDRA), GDPR)

    assert one_kind is State.AWAITING_IDENTITY
    assert request.state is State.AWAITING_CONFIRMATION
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


def test_three_people_are_enough_for_path_m():
    request = vouched_for()

    request.approve(by(CHANDRA), plan_hash=PLAN)
    request.approve(by(AMINA), plan_hash=PLAN)

    assert request.state is State.COOLING_OFF
    assert request.facts.hold_until == START + timedelta(days=7)


def test_an_access_on_path_m_waits_its_seven_days():
    request = vouched_for(ACCESS)

    request.approve(by(CHANDRA), plan_hash=PLAN)

    assert request.state is State.COOLING_OFF
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
    assert request.state is State.SECOND_APPROVAL


def test_a_call_from_before_the_proof_does_not_count():
    request = asked()
    request.record_call_back(by(AMINA, START - HOUR))
    request.verify(identity(request, phone_not_confirmed=True), system(), GDPR)
    request.confirm(by(CLIENT))
    request.make_plan(PLAN, system())

    with pytest.raises(Refused):
        request.approve(by(AMINA), plan_hash=PLAN)


def test_anybody_may_freeze_and_nothing_moves_until_two_lift_it():
    request = approved()
    request.freeze(by(STRANGER))
    request.freeze(by(CLIENT))
    now = START + 73 * HOUR

    with pytest.raises(Refused):
        request.execute(system(now))
    request.agree_to_lift_freeze(by(AMINA))
    with pytest.raises(NotAllowed):
        request.agree_to_lift_freeze(by(AMINA))
    still = request.facts.is_frozen
    request.agree_to_lift_freeze(by(BINA))
    request.execute(system(now))

    assert still
    assert request.state is State.EXECUTING
    assert len(request.facts.freezes) == 1


def test_two_vouchers_do_not_lift_a_freeze():
    request = vouched_for()
    request.freeze(by(DIPU))
    request.agree_to_lift_freeze(by(AMINA))

    with pytest.raises(NotAllowed) as refused:
        request.agree_to_lift_freeze(by(BINA))

    assert key(refused) == "approver_vouched"


def test_neither_the_client_nor_an_agent_lifts_a_freeze():
    request = approved()
    request.freeze(by(STRANGER))

    for somebody in (CLIENT, DIPU):
        with pytest.raises(NotAllowed):
            request.agree_to_lift_freeze(by(somebody))


def test_what_is_not_frozen_cannot_be_unfrozen():
    with pytest.raises(Refused) as refused:
        approved().agree_to_lift_freeze(by(AMINA))

    assert key(refused) == "not_frozen_now"


def test_a_request_that_ended_cannot_be_frozen():
    request = asked()
    request.withdraw(by(CLIENT))

    with pytest.raises(Stale):
        request.freeze(by(STRANGER))


def test_a_withdrawal_wins_over_every_approval():
    request = approved()
    request.withdraw(by(CLIENT))

    assert request.state is State.WITHDRAWN
    assert {Reason.WITHDRAWN, Reason.ENDED, Reason.TOO_FEW_APPROVALS} <= reasons(request)


def test_nothing_is_withdrawn_once_it_is_being_carried_out():
    request = executing()
    request.fail(system())
    request.send_back(by(AMINA))

    with pytest.raises(Refused) as refused:
        request.withdraw(by(CLIENT))
    with pytest.raises(Refused):
        request.deny(DenialCode.OTHER, by(AMINA), GDPR)

    assert key(refused) == "already_carried_out"


def test_a_merge_asks_for_a_new_proof_and_voids_the_approvals():
    request = approved()

    request.merge_subject(OTHER, system())

    assert request.state is State.AWAITING_IDENTITY
    assert (request.facts.identity, request.facts.approvals) == (None, ())
    assert request.facts.merges[-1].into == OTHER


def test_a_vouch_for_one_record_is_none_for_another():
    request = asked()
    request.open_staff_path(by(CLIENT))
    request.vouch(vouch(AMINA), by(AMINA), GDPR)

    request.merge_subject(OTHER, system())
    request.vouch(vouch(BINA), by(BINA), GDPR)

    assert request.state is State.AWAITING_IDENTITY


def test_absorbing_another_record_leaves_the_proof_and_is_remembered():
    request = in_review()

    request.merge_subject(PERSON, system())

    assert request.state is State.IN_REVIEW
    assert isinstance(request.events[-1], events.SubjectMerged)


def test_records_are_not_merged_while_a_request_is_carried_out():
    with pytest.raises(Refused) as refused:
        executing().merge_subject(OTHER, system())

    assert key(refused) == "already_carried_out"


def test_an_appeal_after_a_merge_starts_from_the_proof():
    request = in_review()
    request.deny(DenialCode.NO_MATCH, by(AMINA), GDPR)
    request.appeal(by(CLIENT), GDPR)
    request.merge_subject(OTHER, system())

    assert request.facts.identity is not None
    assert Reason.IDENTITY_OF_ANOTHER in reasons(request)
    assert request.overturn(by(BINA)) is State.AWAITING_IDENTITY


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

    assert request.state is State.SECOND_APPROVAL
    assert request.facts.appeals[-1].judge == BINA


def test_a_denial_before_any_proof_leads_an_appeal_to_the_proof():
    request = asked()
    request.deny(DenialCode.INSUFFICIENT_VERIFICATION, by(AMINA), GDPR)
    request.appeal(by(CLIENT), GDPR)

    assert request.overturn(by(BINA)) is State.AWAITING_IDENTITY


def test_upholding_makes_the_denial_final():
    request = in_review()
    request.deny(DenialCode.EXCESSIVE, by(AMINA), GDPR)
    request.appeal(by(CLIENT), GDPR)

    request.uphold(by(BINA))

    assert request.state is State.DENIED_FINAL


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
    assert request.state is State.DENIED_FINAL
    assert new_request().appeal_until(GDPR) is None


def test_a_denial_names_its_code_and_until_when_it_can_be_appealed():
    request = in_review()

    request.deny(DenialCode.LEGAL_OBLIGATION_ALL, by(AMINA), GDPR)
    event = request.events[-1]

    assert isinstance(event, events.RequestDenied)
    assert (event.code, event.staff) == ("legal_obligation_all", AMINA)
    assert event.appeal_until == GDPR.appeal_until(START)
    assert Reason.DENIED in reasons(request)


def test_a_hold_ends_where_it_began_and_review_starts_afresh():
    request = approved()
    request.hold(HoldReason.LEGAL_HOLD, by(AMINA))
    held = reasons(request)

    request.release(by(BINA, START + 5 * HOUR), GDPR)

    assert Reason.ON_HOLD in held
    assert (request.state, request.facts.approvals) == (State.IN_REVIEW, ())
    assert request.facts.held_since is None


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

    assert request.state is State.CLOSED_UNVERIFIED


def test_path_m_gives_a_letter_its_time():
    request = asked()
    request.open_staff_path(by(CLIENT))

    with pytest.raises(Refused):
        request.expire(system(START + timedelta(days=27)))
    request.expire(system(START + timedelta(days=28)))

    assert request.state is State.CLOSED_UNVERIFIED


def test_an_erasure_nobody_confirms_is_closed_after_seven_days():
    request = asked()
    request.verify(identity(request), system(), GDPR)

    request.expire(system(START + timedelta(days=7)))

    assert request.state is State.CLOSED_UNCONFIRMED


def test_only_a_verified_open_request_of_the_same_person_carries_another():
    request = in_review(ACCESS)
    wrong = [
        asked(ACCESS, name="unverified"),
        in_review(ACCESS, name="another", subject=OTHER),
        in_review(ERASURE, name="other type"),
        request,
    ]

    for other in wrong:
        with pytest.raises(Refused) as refused:
            request.mark_duplicate(other, by(AMINA))
        assert key(refused) == "canonical_does_not_count"


def test_a_duplicate_ends_with_the_request_that_carried_it():
    request, other = in_review(ACCESS), in_review(ACCESS, name="canonical")
    request.mark_duplicate(other, by(AMINA))
    other.approve(by(BINA), plan_hash=PLAN)
    other.finish_steps(system())
    other.prove_package(system())

    with pytest.raises(Refused) as open_still:
        request.close_duplicate(other, system())
    other.fetch(by(CLIENT))
    with pytest.raises(Refused) as was_done:
        request.reinstate(other, system())
    request.close_duplicate(other, system())

    assert (key(open_still), key(was_done)) == ("canonical_not_fulfilled", "canonical_still_open")
    assert request.state is State.CLOSED_DUPLICATE


def test_a_duplicate_goes_on_by_itself_when_the_other_ends_without_action():
    request, other = in_review(ACCESS), in_review(ACCESS, name="canonical")
    request.mark_duplicate(other, system())
    other.withdraw(by(CLIENT))

    request.reinstate(other, system())

    assert request.state is State.IN_REVIEW
    assert request.facts.duplicate_of is None
    assert request.received_at == START


def test_an_unverified_request_does_not_count_as_open():
    request = asked()

    assert not request.is_open_and_verified
    assert in_review().is_open_and_verified


def test_an_erasure_waits_for_the_same_persons_access_request():
    request = approved()
    request.put_access_first(in_review(ACCESS).id, system())
    request.put_access_first(in_review(ACCESS).id, system())
    now = START + 73 * HOUR

    waiting = may_execute(request, now, ROLES)
    request.put_access_first(None, system())

    assert waiting.reasons == (Reason.ACCESS_FIRST,)
    assert may_execute(request, now, ROLES).allowed


def test_a_failed_execution_is_tried_again_with_growing_waits_then_a_human_is_needed():
    request = executing()
    waits = []

    for _ in range(8):
        request.fail(system())
        waits.append((request.retry_at() - START).total_seconds())
        request.retry(system(START + 73 * HOUR))
    request.fail(system())

    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600]
    assert request.retry_at() is None
    assert new_request().retry_at() is None


def test_a_retry_asks_at_the_door_again():
    request = executing()
    request.fail(system())
    request.freeze(by(STRANGER))

    with pytest.raises(Refused) as refused:
        request.retry(system(START + 73 * HOUR))

    assert key(refused) == "frozen"


def test_what_a_law_kept_is_erased_when_its_time_is_over_under_the_old_approval():
    request = executing()
    request.finish_steps(system())
    until = START + timedelta(days=365 * 5)
    request.prove_erased(system(), retained_until=until)

    with pytest.raises(Refused):
        request.resume(system(START + timedelta(days=9), {}))
    request.resume(system(until, {}))
    request.finish_steps(system(until))
    request.prove_erased(system(until))

    assert request.state is State.FULFILLED
    assert request.facts.ended_at == until


def test_a_package_is_fetched_or_made_ready_again_by_a_fresh_proof_or_destroyed():
    request = executing(ACCESS)
    request.finish_steps(system())
    request.prove_package(system())
    lapsed = START + timedelta(days=7)
    request.let_package_lapse(system(lapsed))

    with pytest.raises(Refused) as without_phone:
        proof = identity(request, lapsed, phone_not_confirmed=True)
        request.verify(proof, system(lapsed), GDPR)
    request.verify(identity(request, lapsed), system(lapsed), GDPR)
    again = request.state
    request.let_package_lapse(system(lapsed + timedelta(days=7)))
    request.destroy_package(system(lapsed + timedelta(days=37)))

    assert key(without_phone) == "phone_needed"
    assert again is State.PACKAGE_READY
    assert request.state is State.FULFILLED


def test_a_frozen_package_is_not_handed_over():
    request = executing(ACCESS)
    request.finish_steps(system())
    request.prove_package(system())
    request.freeze(by(STRANGER))

    with pytest.raises(Refused):
        request.fetch(by(CLIENT))


def test_an_objection_is_fulfilled_by_hand_by_an_approver():
    request = in_review(RequestType.OBJECTION)

    with pytest.raises(NotAllowed):
        request.fulfil_by_hand(by(DIPU))
    request.fulfil_by_hand(by(AMINA))

    assert request.state is State.FULFILLED


def test_a_rectification_takes_no_approval_and_no_hold_for_duplicates():
    assert table_of(RequestType.RECTIFICATION) is BY_HAND
    with pytest.raises(Stale):
        in_review(RequestType.RECTIFICATION).approve(by(AMINA), plan_hash="")


def test_events_hold_ids_and_codes_only():
    request = approved()
    request.freeze(by(STRANGER))

    text = repr(request.events)

    assert "@" not in text
    assert str(TicketId("ticket")) in text


def test_the_holder_of_every_event_is_the_subject():
    request = approved()

    assert {event.holder for event in request.events} == {PERSON.holder}


def test_only_the_desk_itself_does_what_timers_do():
    request = approved()

    with pytest.raises(NotAllowed) as refused:
        request.execute(by(AMINA, START + 73 * HOUR))

    assert key(refused) == "not_system"


def test_the_rules_are_those_of_the_security_page():
    assert DEFAULT_RULES.cooling_off == timedelta(hours=72)
    assert DEFAULT_RULES.path_m_hold == timedelta(days=7)
