"""The rules of freezes, withdrawals and merges, one by one."""

import pytest

from bot.domain.addresses import Actor
from bot.domain.errors import NotAllowed, Refused, Stale
from bot.domain.requests import events
from bot.domain.requests.reasons import Reason
from bot.domain.requests.states import DenialCode, HoldReason, RequestState
from tests.unit.data_requests.people import (
    AMINA,
    BINA,
    CLIENT,
    DIPU,
    GDPR,
    HOUR,
    OTHER,
    PERSON,
    START,
    STRANGER,
    approved,
    asked,
    by,
    executing,
    in_review,
    key,
    reasons,
    system,
    vouch,
    vouched_for,
)


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
    assert request.state is RequestState.EXECUTING
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

    assert request.state is RequestState.WITHDRAWN
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

    assert request.state is RequestState.AWAITING_IDENTITY
    assert (request.facts.identity, request.facts.approvals) == (None, ())
    assert request.facts.merges[-1].into == OTHER


def test_a_vouch_for_one_record_is_none_for_another():
    request = asked()
    request.open_staff_path(by(CLIENT))
    request.vouch(vouch(AMINA), by(AMINA), GDPR)

    request.merge_subject(OTHER, system())
    request.vouch(vouch(BINA), by(BINA), GDPR)

    assert request.state is RequestState.AWAITING_IDENTITY


def test_absorbing_another_record_leaves_the_proof_and_is_remembered():
    request = in_review()

    request.merge_subject(PERSON, system())

    assert request.state is RequestState.IN_REVIEW
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
    assert request.overturn(by(BINA)) is RequestState.AWAITING_IDENTITY


def test_whoever_wrote_a_request_down_neither_denies_nor_lifts_nor_holds():
    request = in_review(account=None, created_by=Actor.staff(AMINA))
    request.freeze(by(STRANGER))

    tries = [
        lambda: request.deny(DenialCode.OTHER, by(AMINA), GDPR),
        lambda: request.hold(HoldReason.INTERNAL, by(AMINA)),
        lambda: request.agree_to_lift_freeze(by(AMINA)),
        lambda: request.record_call_back(by(AMINA)),
    ]

    for attempt in tries:
        with pytest.raises(NotAllowed) as refused:
            attempt()
        assert key(refused) == "approver_is_requester"
