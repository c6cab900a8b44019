"""When a request must be looked at again."""

from datetime import timedelta

import pytest

from bot.domain.requests.deadlines import TimerKind, timers
from bot.domain.requests.states import DenialCode, HoldReason, RequestState, RequestType
from tests.unit.data_requests.people import (
    AMINA,
    CLIENT,
    GDPR,
    HOUR,
    PLAN,
    START,
    UK,
    approved,
    asked,
    by,
    executing,
    identity,
    in_review,
    system,
    vouched_for,
)

DUE = {
    TimerKind.DUE_IN_7,
    TimerKind.DUE_IN_3,
    TimerKind.DUE_IN_1,
    TimerKind.DUE_TODAY,
    TimerKind.OVERDUE,
}
DAY = timedelta(days=1)


def after(request, kind, clock=GDPR):
    """How long after receipt each timer of that kind is due."""
    return [timer.due_at - START for timer in timers(request, clock) if timer.kind is kind]


def kinds(request, clock=GDPR):
    return {timer.kind for timer in timers(request, clock)}


def test_who_must_prove_themselves_is_reminded_three_times_and_then_it_closes():
    request = asked()

    assert after(request, TimerKind.REMIND_IDENTITY) == [24 * HOUR, 72 * HOUR, 6 * DAY]
    assert after(request, TimerKind.EXPIRE) == [7 * DAY]
    assert kinds(request) >= DUE


def test_who_must_confirm_is_reminded_too_once_there_is_a_plan():
    request = asked()
    request.verify(identity(request), system(), GDPR)
    assert after(request, TimerKind.EXPIRE) == []
    request.make_plan("plan", system())

    assert after(request, TimerKind.REMIND_CONFIRMATION) == [24 * HOUR, 72 * HOUR, 6 * DAY]
    assert after(request, TimerKind.EXPIRE) == [7 * DAY]


def test_manual_verification_alarms_on_day_21_and_28():
    request = asked()
    request.open_staff_path(by(CLIENT))

    assert after(request, TimerKind.STAFF_PATH_DAY_21) == [21 * DAY]
    assert after(request, TimerKind.STAFF_PATH_DAY_28) == [28 * DAY]
    assert after(request, TimerKind.EXPIRE) == [30 * DAY]


def test_the_second_approver_is_reminded_after_a_day_and_missed_after_three():
    request = in_review()
    request.approve(by(AMINA), plan_hash=PLAN)

    assert after(request, TimerKind.REMIND_SECOND_APPROVAL) == [24 * HOUR]
    assert after(request, TimerKind.ESCALATE_SECOND_APPROVAL) == [72 * HOUR]


def test_an_approved_erasure_is_executed_when_its_hold_is_over():
    assert after(approved(), TimerKind.EXECUTE) == [72 * HOUR]


def test_a_failure_is_retried_and_in_the_end_a_human_is_paged():
    request = executing()
    request.fail(system())
    first = after(request, TimerKind.RETRY)
    for _ in range(8):
        request.retry(system(START + 73 * HOUR))
        request.fail(system(START + 73 * HOUR))

    assert first == [timedelta(seconds=30)]
    assert after(request, TimerKind.PAGE_A_HUMAN) == [73 * HOUR]
    assert TimerKind.RETRY not in kinds(request)


def test_a_package_lapses_and_is_destroyed():
    request = executing(RequestType.ACCESS)
    request.finish_steps(system())
    request.prove_package(system())
    lapses = timers(request, GDPR)
    request.let_package_lapse(system(START + 7 * DAY))

    assert [(t.due_at - START, t.kind) for t in lapses] == [(7 * DAY, TimerKind.PACKAGE_LAPSES)]
    assert after(request, TimerKind.DESTROY_PACKAGE) == [37 * DAY]


def test_what_a_law_keeps_wakes_up_when_its_time_is_over():
    request = executing()
    request.finish_steps(system())
    request.prove_erased(system(), retained_until=START + 90 * DAY)

    assert after(request, TimerKind.RESUME) == [90 * DAY]


def test_a_denial_becomes_final_when_nobody_appeals():
    request = in_review()
    request.deny(DenialCode.OTHER, by(AMINA), GDPR)

    (timer,) = timers(request, GDPR)

    assert (timer.due_at, timer.kind) == (GDPR.appeal_until(START), TimerKind.CLOSE_DENIAL)


def test_a_clock_that_stands_still_alarms_nobody():
    request = in_review(clock=UK)
    request.hold(HoldReason.CLARIFICATION, by(AMINA))

    assert kinds(request, UK) == set()
    assert kinds(request, GDPR) == DUE


def test_an_ended_request_waits_only_for_its_record_to_be_purged():
    request = asked()
    request.withdraw(by(CLIENT))

    (timer,) = timers(request, GDPR)

    assert (timer.due_at, timer.kind) == (GDPR.keep_record_until(START), TimerKind.PURGE_RECORD)


def test_the_same_occasion_has_the_same_key_and_another_has_another():
    request, later = asked(), vouched_for()

    keys = [timer.key(request) for timer in timers(request, GDPR)]

    assert keys == [timer.key(request) for timer in timers(request, GDPR)]
    assert len(set(keys)) == len(keys)
    assert keys[0] == "request:request:remind_identity:20260611T060000"
    assert later.state is RequestState.IN_REVIEW


@pytest.mark.parametrize("state", sorted(RequestState))
def test_timers_are_sorted_and_known_for_every_state(state):
    request = asked()
    request.state = state

    found = timers(request, GDPR)

    assert found == sorted(found, key=lambda timer: timer.due_at)
