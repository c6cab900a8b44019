"""The rules of duplicates, execution, packages and events, one by one."""

from datetime import timedelta

import pytest

from bot.domain.addresses import TicketId
from bot.domain.errors import NotAllowed, Refused, Stale
from bot.domain.requests.deadlines import retry_at
from bot.domain.requests.execution_rules import may_execute
from bot.domain.requests.reasons import Reason
from bot.domain.requests.rules import DEFAULT_RULES
from bot.domain.requests.said_facts import Verb
from bot.domain.requests.states import RequestState, RequestType
from bot.domain.requests.transitions import BY_HAND, table_of
from tests.unit.data_requests.people import (
    ACCESS,
    AMINA,
    BINA,
    CLIENT,
    DIPU,
    ERASURE,
    GDPR,
    HOUR,
    OTHER,
    PERSON,
    PLAN,
    ROLES,
    START,
    STRANGER,
    approved,
    asked,
    by,
    executing,
    identity,
    in_review,
    key,
    new_request,
    system,
)


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
    assert request.state is RequestState.CLOSED_DUPLICATE


def test_a_duplicate_goes_on_by_itself_when_the_other_ends_without_action():
    request, other = in_review(ACCESS), in_review(ACCESS, name="canonical")
    request.mark_duplicate(other, system())
    other.withdraw(by(CLIENT))

    request.reinstate(other, system())

    assert request.state is RequestState.IN_REVIEW
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
        waits.append(((retry_at(request) or START) - START).total_seconds())
        request.retry(system(START + 73 * HOUR))
    request.fail(system())

    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600]
    assert retry_at(request) is None
    assert retry_at(new_request()) is None


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

    assert request.state is RequestState.FULFILLED
    assert request.facts.ended_at == until


def test_a_package_is_fetched_or_made_ready_again_by_a_fresh_proof_or_destroyed():
    request = executing(ACCESS)
    request.finish_steps(system())
    request.prove_package(system())
    lapsed = START + timedelta(days=7)
    request.let_package_lapse(system(lapsed))

    weaker = identity(request, lapsed, phone_not_confirmed=True)
    with pytest.raises(Refused) as without_phone:
        request.verify(weaker, system(lapsed), GDPR)
    request.verify(identity(request, lapsed), system(lapsed), GDPR)
    again = request.state
    request.let_package_lapse(system(lapsed + timedelta(days=7)))
    request.destroy_package(system(lapsed + timedelta(days=37)))

    assert key(without_phone) == "phone_needed"
    assert again is RequestState.PACKAGE_READY
    assert request.state is RequestState.FULFILLED


def test_a_frozen_package_is_not_handed_over():
    request = executing(ACCESS)
    request.finish_steps(system())
    request.prove_package(system())
    request.freeze(by(STRANGER))

    with pytest.raises(Refused):
        request.fetch(by(CLIENT))


def test_a_copy_is_handed_over_by_an_approver_and_ends_the_request():
    request = executing(ACCESS)

    with pytest.raises(NotAllowed):
        request.hand_over(by(DIPU))
    request.hand_over(by(BINA))

    assert request.state is RequestState.FULFILLED
    assert request.facts.decided is not None
    assert request.facts.decided.verb is Verb.HANDED_OVER


def test_an_erasure_is_never_ended_by_a_copy():
    request = executing()

    with pytest.raises(Refused) as refused:
        request.hand_over(by(AMINA))

    assert key(refused) == "other_type"


def test_no_copy_of_a_frozen_request_is_handed_over():
    request = executing(ACCESS)
    request.freeze(by(STRANGER))

    with pytest.raises(Refused) as refused:
        request.hand_over(by(AMINA))

    assert key(refused) == "frozen"


def test_a_copy_can_be_taken_back_until_it_is_handed_over_and_an_erasure_that_began_cannot():
    copy, erasure = executing(ACCESS), executing()

    copy.withdraw(by(CLIENT))
    with pytest.raises(Refused) as refused:
        erasure.withdraw(by(CLIENT))

    assert copy.state is RequestState.WITHDRAWN
    assert key(refused) == "other_type"


def test_only_the_subject_says_that_an_erasure_waits_no_more_for_the_copy():
    request, access = approved(), executing(ACCESS, name="copy")
    request.put_access_first(access.id, system())

    for other in (AMINA, STRANGER):
        with pytest.raises(NotAllowed):
            request.waive_copy(access.id, by(other))
    request.waive_copy(access.id, by(CLIENT))

    assert (request.facts.waits_for, request.facts.copy_waived) == (None, access.id)
    with pytest.raises(Refused):
        request.waive_copy(access.id, by(CLIENT))


def test_an_objection_is_fulfilled_by_hand_by_an_approver():
    request = in_review(RequestType.OBJECTION)

    with pytest.raises(NotAllowed):
        request.fulfil_by_hand(by(DIPU))
    request.fulfil_by_hand(by(AMINA))

    assert request.state is RequestState.FULFILLED


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
    assert DEFAULT_RULES.manual_verification_hold == timedelta(days=7)
