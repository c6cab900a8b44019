"""The rules of receipt and approval, one by one."""

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.addresses import AccountId, Actor, Role
from bot.domain.errors import NotAllowed, Refused, Stale
from bot.domain.requests import events
from bot.domain.requests.execution_rules import may_execute
from bot.domain.requests.reasons import Reason
from bot.domain.requests.record import Subject
from bot.domain.requests.request import public_number
from bot.domain.requests.rules import RequestRules
from bot.domain.requests.states import (
    FINAL,
    LIVE,
    HoldReason,
    Party,
    RequestState,
    RequestType,
    waits_on,
)
from bot.domain.requests.transitions import table_of
from tests.unit.data_requests.people import (
    ACCESS,
    AMINA,
    BINA,
    CLIENT,
    CLIENT_ACCOUNT,
    DIPU,
    DRIFTED,
    ERASURE,
    GDPR,
    HOUR,
    PERSON,
    PLAN,
    ROLES,
    START,
    approved,
    by,
    in_review,
    key,
    new_request,
    system,
)

EDGES = [edge for kind in RequestType for edge in table_of(kind)]


def test_a_state_is_live_exactly_while_something_leads_out_of_it():
    assert {edge.state for edge in EDGES} == LIVE


def test_a_request_can_come_to_every_state_but_the_first():
    assert set(RequestState) - {edge.next for edge in EDGES} == {RequestState.RECEIVED}


def test_every_live_state_says_whose_turn_it_is():
    nobody = {state for state in RequestState if waits_on(state) is Party.NOBODY}

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

    assert request.state is RequestState.COOLING_OFF
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
    last = request.events[-1]
    assert isinstance(last, events.RequestApproved)
    assert last.state is RequestState.COOLING_OFF


def test_access_is_executed_on_one_approval():
    request = approved(ACCESS)

    assert request.state is RequestState.EXECUTING


def test_access_takes_two_approvals_where_two_are_set():
    rules = RequestRules(access_approvals=2)
    request = in_review(ACCESS, rules=rules)

    request.approve(by(AMINA), plan_hash=PLAN)
    first = request.state
    request.approve(by(BINA), plan_hash=PLAN)

    assert (first, request.state) == (RequestState.SECOND_APPROVAL, RequestState.EXECUTING)


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
    assert request.state is RequestState.SECOND_APPROVAL


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
    assert (request.state, request.facts.approvals) == (RequestState.IN_REVIEW, ())


def test_approvals_that_stand_do_not_lapse():
    with pytest.raises(Refused) as refused:
        approved().let_approvals_lapse(system())

    assert key(refused) == "approvals_stand"


def test_another_plan_voids_what_was_approved():
    request = approved()

    request.make_plan(DRIFTED, system())

    assert (request.state, request.facts.approvals) == (RequestState.IN_REVIEW, ())
    assert request.facts.hold_until is None


def test_the_same_plan_made_again_changes_nothing():
    request = approved()
    before = len(request.events)

    request.make_plan(PLAN, system())

    assert (request.state, len(request.events)) == (RequestState.COOLING_OFF, before)


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


def test_an_old_card_that_shows_the_same_state_and_person_is_not_stale():
    request = in_review()
    seen, mark = request.state_version, request.mark
    request.hold(HoldReason.INTERNAL, by(AMINA))
    request.release(by(AMINA), GDPR)

    request.approve(replace(by(BINA, seen=seen), mark=mark), plan_hash=PLAN)

    assert [one.approver for one in request.facts.approvals] == [BINA]


@pytest.mark.parametrize("mark", ["", "of another state"])
def test_an_old_card_that_shows_something_else_is_stale(mark):
    request = in_review()
    seen = request.state_version
    request.hold(HoldReason.INTERNAL, by(AMINA))
    request.release(by(AMINA), GDPR)

    with pytest.raises(Stale):
        request.approve(replace(by(BINA, seen=seen), mark=mark), plan_hash=PLAN)


def test_an_action_that_does_not_fit_the_state_is_stale():
    with pytest.raises(Stale) as stale:
        new_request().confirm(by(CLIENT))

    assert stale.value.key == "requests.stale"


def test_sending_back_voids_the_first_approval():
    request = in_review()
    request.approve(by(AMINA), plan_hash=PLAN)

    request.send_back(by(BINA))
    request.approve(by(BINA), plan_hash=PLAN)

    assert request.state is RequestState.SECOND_APPROVAL
    assert [approval.approver for approval in request.facts.approvals] == [BINA]
