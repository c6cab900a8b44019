"""Mistakes that comparable systems published (docs/security.md), as far as the core can make
them. Those about codes and limits stand under tests/unit/identity.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.addresses import Actor
from bot.domain.errors import Refused
from bot.domain.identity.levels import Level
from bot.domain.requests.execution_rules import may_execute
from bot.domain.requests.reasons import Reason
from bot.domain.requests.record import RequestRecord
from bot.domain.requests.states import DenialCode, HoldReason, RequestState
from tests.unit.data_requests.people import (
    ACCESS,
    AMINA,
    BINA,
    CHANDRA,
    CLIENT,
    ERASURE,
    GDPR,
    HOUR,
    PLAN,
    ROLES,
    START,
    approved,
    asked,
    by,
    identity,
    in_review,
    new_request,
    system,
    vouch,
)

LATER = START + timedelta(days=400)


@pytest.mark.parametrize("kind", [ACCESS, ERASURE])
@pytest.mark.parametrize("state", sorted(RequestState))
def test_no_state_stands_for_a_proof(state, kind):
    """CVE-2026-42303 (Fides): a request marked "duplicate" could be approved unverified."""
    request = new_request(kind)
    request.state, request.facts = state, RequestRecord(plan_hash=PLAN)

    decision = may_execute(request, LATER, ROLES)

    assert {Reason.NOT_VERIFIED, Reason.TOO_FEW_APPROVALS} <= set(decision.reasons)
    for move in (request.execute, request.retry, request.resume):
        with pytest.raises(Refused):
            move(system(LATER))
    for staff in (AMINA, BINA):
        with pytest.raises(Refused):
            request.approve(by(staff), plan_hash=PLAN)
    assert request.state is state


@pytest.mark.parametrize(
    ("missing", "reason"),
    [
        ({"identity": None}, Reason.NOT_VERIFIED),
        ({"confirmed_at": None}, Reason.NOT_CONFIRMED),
        ({"approvals": ()}, Reason.TOO_FEW_APPROVALS),
        ({"cooling_off_until": None}, Reason.HOLD_NOT_SET),
        ({"cooling_off_until": LATER + HOUR}, Reason.HOLD_RUNNING),
        ({"plan_hash": "another"}, Reason.TOO_FEW_APPROVALS),
        ({"review_version": 99}, Reason.TOO_FEW_APPROVALS),
        ({"denied": True}, Reason.DENIED),
        ({"held_since": START}, Reason.ON_HOLD),
        ({"withdrawn_at": START}, Reason.WITHDRAWN),
        ({"duplicate_of": "other"}, Reason.DUPLICATE),
        ({"ended_at": START}, Reason.ENDED),
    ],
)
def test_each_fact_alone_closes_the_door_to_an_approved_erasure(missing, reason):
    request = approved()
    assert may_execute(request, LATER, ROLES).allowed

    request.facts = replace(request.facts, **missing)

    assert reason in may_execute(request, LATER, ROLES).reasons
    with pytest.raises(Refused):
        request.execute(system(LATER))


def test_an_unverified_request_cannot_be_marked_a_duplicate():
    """The first half of CVE-2026-42303."""
    request, other = asked(), in_review(name="other")

    with pytest.raises(Refused):
        request.mark_duplicate(other, by(AMINA))


def test_an_unverified_request_blocks_nobody():
    """Its second half: the real subject was locked out by a stranger's request."""
    strangers, own = asked(ACCESS, name="stranger"), in_review(ACCESS)

    with pytest.raises(Refused):
        own.mark_duplicate(strangers, system())
    own.approve(by(AMINA), plan_hash=PLAN)

    assert not strangers.is_open_and_verified
    assert own.state is RequestState.EXECUTING


def test_a_request_that_staff_wrote_down_is_proved_like_any_other():
    """Fides: requests of staff began as pending, without a code."""
    request = new_request(account=None, created_by=Actor.staff(AMINA))

    request.ask_identity(system())

    assert request.state is RequestState.AWAITING_IDENTITY
    assert Reason.NOT_VERIFIED in may_execute(request, LATER, ROLES).reasons


def test_a_request_that_comes_back_is_not_approved_under_the_old_reviewer():
    """Fides' resubmission approved again under whoever had approved before."""
    request = approved()
    request.send_back(by(BINA))

    request.approve(by(CHANDRA), plan_hash=PLAN)

    assert request.state is RequestState.SECOND_APPROVAL
    assert Reason.TOO_FEW_APPROVALS in may_execute(request, LATER, ROLES).reasons


def test_a_denial_and_an_appeal_are_no_way_around_the_proof():
    """The exhaustive search found this in this project's own first draft."""
    request = asked()
    request.deny(DenialCode.NO_MATCH, by(AMINA), GDPR)
    request.appeal(by(CLIENT), GDPR)

    assert request.overturn(by(BINA)) is RequestState.AWAITING_IDENTITY


def test_nobody_approves_their_own_request():
    """strongdm/accessbot #105, teleport #4016."""
    request = in_review(ACCESS, account=None, created_by=Actor.staff(AMINA))

    with pytest.raises(Refused):
        request.approve(by(AMINA), plan_hash=PLAN)


def test_the_due_date_stays_where_it_is_while_days_go_by():
    """Fides' CSV reckoned "created + days left", so the date crept earlier every day."""
    request = in_review()
    due = request.due_at

    request.approve(by(AMINA, START + timedelta(days=9)), plan_hash=PLAN)
    left = [GDPR.days_left(request.due_on, START + timedelta(days=n)) for n in (0, 9, 30)]

    assert request.due_at == due
    assert left == [30, 21, 0]


def test_asking_back_does_not_start_the_clock_afresh():
    """okfde/froide #281, #312: a clarification reset the clock."""
    request = in_review(ACCESS)
    due = request.due_on

    request.hold(HoldReason.CLARIFICATION, by(AMINA, START + timedelta(days=5)))
    request.release(by(AMINA, START + timedelta(days=20)), GDPR)

    assert request.due_on == due


def test_the_role_is_read_at_the_click_and_again_at_execution():
    """Sessions that outlive a role: CVE-2025-57766, CVE-2021-3740."""
    request = approved()

    with pytest.raises(Refused):
        request.execute(system(LATER, {AMINA: ROLES[AMINA]}))
    request.execute(system(LATER))

    assert request.state is RequestState.EXECUTING


def test_a_weaker_proof_does_not_open_a_stronger_request():
    request = asked()

    with pytest.raises(Refused):
        request.verify(identity(asked(ACCESS)), system(), GDPR)

    assert request.state is RequestState.AWAITING_IDENTITY


def test_a_request_that_is_only_said_to_be_in_review_carries_no_other():
    """CVE-2026-42303 once more: the state of the other request proves nothing of it either."""
    request, other = in_review(ACCESS), in_review(ACCESS, name="other")
    other.facts = replace(other.facts, identity=None)

    with pytest.raises(Refused):
        request.mark_duplicate(other, system())


def test_manual_verification_is_reached_by_two_vouchers_and_by_nothing_that_says_so():
    request = asked(ACCESS)
    request.open_staff_path(by(CLIENT))
    request.facts = replace(request.facts, vouches=(vouch(AMINA), vouch(BINA)))

    with pytest.raises(Refused):
        request.verify(identity(request, level=Level.M), system(), GDPR)
