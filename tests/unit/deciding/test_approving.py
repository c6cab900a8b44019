"""Approvals: bound to the plan and the state, by different people, and never twice."""

import pytest

from bot.application.config import DeskConfig
from bot.application.outbound.to_staff import Alert, ShowRequestCard
from bot.application.requests import decisions, protective_actions
from bot.application.views.request_card import request_card
from bot.domain.addresses import OPERATOR, SYSTEM, Actor, Language, Role
from bot.domain.errors import NotAllowed, Refused, Stale
from bot.domain.requests.request import DataRequest
from bot.domain.requests.rules import RequestRules
from bot.domain.requests.states import DenialCode, HoldReason, RequestState, RequestType
from bot.wording.refusals import refusal_text
from tests.support.builders.desk import Desk, a_desk, a_member, staff
from tests.support.builders.requests import a_request, appeal, click, now, withdraw
from tests.support.drivers.whole_turns import fire_due


async def approves(desk: Desk, request: DataRequest, name: str, **more: str) -> RequestState:
    seen = await now(desk.bus, request)
    plan = more.get("plan", seen.facts.plan_hash)
    return await desk.bus.handle(staff(name), decisions.approve, click=click(seen), plan=plan)


async def test_a_request_in_review_has_a_plan_at_once(desk: Desk):
    request = await a_request(desk.bus)

    assert len(request.facts.plan_hash) == 64


async def test_two_requests_never_share_a_plan(desk: Desk):
    first, second = await a_request(desk.bus), await a_request(desk.bus)

    assert first.facts.plan_hash != second.facts.plan_hash


async def test_an_erasure_needs_two_people_and_then_waits(desk: Desk):
    request = await a_request(desk.bus)

    first = await approves(desk, request, "ayesha")
    second = await approves(desk, request, "badrul")

    assert (first, second) == (RequestState.SECOND_APPROVAL, RequestState.COOLING_OFF)


async def test_access_goes_to_execution_on_one_approval(desk: Desk):
    request = await a_request(desk.bus, RequestType.ACCESS)

    assert await approves(desk, request, "ayesha") is RequestState.EXECUTING


async def test_access_takes_two_where_the_house_says_so():
    desk = a_desk(DeskConfig(requests=RequestRules(access_approvals=2)))
    for name in ("ayesha", "badrul"):
        await a_member(desk, name, role=Role.APPROVER)
    request = await a_request(desk.bus, RequestType.ACCESS)

    first = await approves(desk, request, "ayesha")
    second = await approves(desk, request, "badrul")

    assert (first, second) == (RequestState.SECOND_APPROVAL, RequestState.EXECUTING)


async def test_nobody_approves_twice(desk: Desk):
    request = await a_request(desk.bus)
    await approves(desk, request, "ayesha")

    with pytest.raises(NotAllowed, match="same_approver"):
        await approves(desk, request, "ayesha")


async def test_an_agent_approves_nothing(desk: Desk):
    request = await a_request(desk.bus)

    with pytest.raises(NotAllowed, match="not_approver"):
        await approves(desk, request, "bob")


@pytest.mark.parametrize("by", [OPERATOR, SYSTEM, Actor.staff("nobody")])  # pyright: ignore[reportArgumentType]
async def test_only_somebody_on_the_list_decides(desk: Desk, by: Actor):
    request = await a_request(desk.bus)

    with pytest.raises(NotAllowed, match=r"staff\.not_on_the_list"):
        await desk.bus.handle(
            by, decisions.approve, click=click(request), plan=request.facts.plan_hash
        )


async def test_a_role_that_was_taken_away_counts_at_the_next_click(desk: Desk):
    request = await a_request(desk.bus)
    await a_member(desk, "ayesha", role=Role.AGENT)

    with pytest.raises(NotAllowed, match="not_approver"):
        await approves(desk, request, "ayesha")


async def test_another_plan_than_the_one_on_the_card_is_refused(desk: Desk):
    request = await a_request(desk.bus)

    with pytest.raises(Refused, match="plan_changed"):
        await approves(desk, request, "ayesha", plan="0" * 64)


async def test_the_second_clicker_is_told_who_decided_and_nothing_changes(desk: Desk):
    request = await a_request(desk.bus)
    await desk.bus.handle(
        staff("ayesha"),
        decisions.deny,
        click=click(request),
        code=DenialCode.NO_MATCH,
        texts={Language.EN: "We hold nothing."},
    )
    before = await now(desk.bus, request)

    with pytest.raises(Stale) as late:
        await desk.bus.handle(
            staff("badrul"), decisions.approve, click=click(request), plan=request.facts.plan_hash
        )

    text = refusal_text(late.value)
    assert "@UAYESHA" in text
    assert "denied" in text
    assert (await now(desk.bus, request)).facts == before.facts


async def test_a_double_click_gives_one_approval(desk: Desk):
    request = await a_request(desk.bus)
    await approves(desk, request, "ayesha")

    with pytest.raises(Stale, match="UAYESHA"):
        await desk.bus.handle(
            staff("ayesha"), decisions.approve, click=click(request), plan=request.facts.plan_hash
        )

    assert len((await now(desk.bus, request)).facts.approvals) == 1


async def test_a_click_after_a_withdrawal_changes_nothing(desk: Desk):
    request = await a_request(desk.bus)
    await desk.bus.handle(SYSTEM, withdraw, request=request.id)

    with pytest.raises(Stale, match=r"requests\.stale "):
        await desk.bus.handle(
            staff("ayesha"), decisions.approve, click=click(request), plan=request.facts.plan_hash
        )


async def test_a_frozen_request_is_not_approved(desk: Desk):
    request = await a_request(desk.bus)
    await desk.bus.handle(staff("bob"), protective_actions.freeze, request=request.number)

    with pytest.raises(Refused, match="frozen"):
        await approves(desk, request, "ayesha")


async def test_the_first_approver_must_have_rung_back_where_no_phone_was_shown(desk: Desk):
    request = await a_request(desk.bus, phone_not_confirmed=True)
    with pytest.raises(Refused, match="call_back_missing"):
        await approves(desk, request, "ayesha")

    await desk.bus.handle(staff("ayesha"), protective_actions.record_call_back, request=request.id)

    assert await approves(desk, request, "ayesha") is RequestState.SECOND_APPROVAL


async def test_when_the_hold_is_over_the_card_says_that_it_begins_and_nobody_is_called(desk: Desk):
    request = await a_request(desk.bus)
    await approves(desk, request, "ayesha")
    await approves(desk, request, "badrul")
    desk.carry_out()

    desk.clock.go_on(hours=73)
    await desk.bus.handle(SYSTEM, fire_due)

    card = await desk.bus.look(request_card, request.id)
    assert (card.state, card.may_execute, card.is_ready) == (RequestState.COOLING_OFF, True, True)
    assert desk.deliveries(Alert) == []
    assert ShowRequestCard(request.id) in desk.outbox


async def test_an_approver_who_lost_the_role_sends_it_back_when_the_hold_ends(desk: Desk):
    request = await a_request(desk.bus)
    await approves(desk, request, "ayesha")
    await approves(desk, request, "badrul")
    await a_member(desk, "badrul", role=Role.AGENT)

    desk.clock.go_on(hours=73)
    await desk.bus.handle(SYSTEM, fire_due)

    found = await now(desk.bus, request)
    assert (found.state, found.facts.approvals) == (RequestState.IN_REVIEW, ())


async def test_sending_back_voids_what_was_approved(desk: Desk):
    request = await a_request(desk.bus)
    await approves(desk, request, "ayesha")
    seen = await now(desk.bus, request)

    await desk.bus.handle(staff("badrul"), decisions.send_back, click=click(seen))

    found = await now(desk.bus, request)
    assert (found.state, found.facts.approvals) == (RequestState.IN_REVIEW, ())


async def test_a_hold_and_its_release_lead_back_to_review(desk: Desk):
    request = await a_request(desk.bus)

    await desk.bus.handle(
        staff("ayesha"), decisions.hold, click=click(request), reason=HoldReason.FRAUD
    )
    held = await now(desk.bus, request)
    await desk.bus.handle(staff("ayesha"), decisions.release, click=click(held))

    assert held.state is RequestState.ON_HOLD
    assert (await now(desk.bus, request)).state is RequestState.IN_REVIEW


async def test_the_judge_is_not_the_one_who_denied_and_may_approve_afterwards(desk: Desk):
    request = await a_request(desk.bus)
    await desk.bus.handle(
        staff("ayesha"),
        decisions.deny,
        click=click(request),
        code=DenialCode.EXCESSIVE,
        texts={Language.BN: "বেশি।"},
    )
    await desk.bus.handle(SYSTEM, appeal, request=request.id)
    appealed = await now(desk.bus, request)

    with pytest.raises(NotAllowed, match="judge_denied_it"):
        await desk.bus.handle(
            staff("ayesha"), decisions.judge_appeal, click=click(appealed), upholds=False
        )
    await desk.bus.handle(
        staff("badrul"), decisions.judge_appeal, click=click(appealed), upholds=False
    )

    assert await approves(desk, request, "badrul") is RequestState.SECOND_APPROVAL


async def test_upholding_a_denial_is_its_end(desk: Desk):
    request = await a_request(desk.bus)
    await desk.bus.handle(
        staff("ayesha"),
        decisions.deny,
        click=click(request),
        code=DenialCode.OTHER,
        texts={Language.EN: "Because."},
    )
    await desk.bus.handle(SYSTEM, appeal, request=request.id)
    appealed = await now(desk.bus, request)

    await desk.bus.handle(
        staff("champa"),
        decisions.judge_appeal,
        click=click(appealed),
        upholds=True,
        texts={Language.EN: "The first look was right."},
    )

    assert (await now(desk.bus, request)).state is RequestState.DENIED_FINAL


async def test_a_correction_is_fulfilled_by_hand(desk: Desk):
    request = await a_request(desk.bus, RequestType.RECTIFICATION)

    await desk.bus.handle(staff("ayesha"), decisions.fulfil_by_hand, click=click(request))

    assert (await now(desk.bus, request)).state is RequestState.FULFILLED
