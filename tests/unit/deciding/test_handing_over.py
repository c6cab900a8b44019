"""A copy is made by hand, and a named approver says that it was handed over."""

import pytest

from bot.application.config import DeskConfig
from bot.application.outbound.to_staff import Alert
from bot.application.requests import decisions, protective_actions
from bot.application.requests.request_context import Click
from bot.application.views.request_card import request_card
from bot.domain.addresses import SYSTEM, Actor, StaffId
from bot.domain.errors import NotAllowed, Refused, Stale
from bot.domain.identity.levels import ProofKind
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestState, RequestType
from bot.wording.refusals import refusal_text
from tests.support.builders.desk import Desk, a_desk, a_member, staff
from tests.support.builders.requests import a_request, click, now
from tests.support.drivers.whole_turns import fire_due

NOTE = "On a stick, at the counter, to herself."


async def a_copy(desk: Desk) -> DataRequest:
    """Approved, and to be made."""
    request = await a_request(desk.bus, RequestType.ACCESS)
    await desk.bus.handle(
        staff("ayesha"), decisions.approve, click=click(request), plan=request.facts.plan_hash
    )
    return await now(desk.bus, request)


async def hands_over(desk: Desk, request: DataRequest, name: str, note: str = NOTE) -> None:
    await desk.bus.handle(staff(name), decisions.hand_over, click=click(request), note=note)


async def test_an_approver_ends_it_with_a_note_that_no_client_reads(desk: Desk):
    request = await a_copy(desk)

    await hands_over(desk, request, "badrul")

    found = await now(desk.bus, request)
    notes = [one for one in desk.store.messages.values() if NOTE in one.body]
    assert found.state is RequestState.FULFILLED
    assert [one.ticket for one in notes] == [request.ticket]
    assert NOTE not in repr(desk.store.log)


async def test_without_a_note_it_is_refused_at_the_field(desk: Desk):
    request = await a_copy(desk)

    with pytest.raises(Refused, match="note_needed") as refused:
        await hands_over(desk, request, "ayesha", note="  ")

    assert refused.value.field == "reason"
    assert (await now(desk.bus, request)).state is RequestState.EXECUTING


async def test_only_an_approver_does(desk: Desk):
    request = await a_copy(desk)

    with pytest.raises(NotAllowed, match="not_approver"):
        await hands_over(desk, request, "bob")


async def test_whoever_presses_second_is_told_who_did(desk: Desk):
    request = await a_copy(desk)
    await hands_over(desk, request, "badrul")

    with pytest.raises(Stale) as late:
        await hands_over(desk, request, "ayesha")

    assert "the copy was handed over by @UBADRUL" in refusal_text(late.value)


async def test_the_card_offers_it_for_a_copy_that_is_to_be_made_and_for_nothing_else(desk: Desk):
    copy, erasure = await a_copy(desk), await a_request(desk.bus)

    offered = [(await desk.bus.look(request_card, one.id)).actions for one in (copy, erasure)]

    assert ["hand_over" in each for each in offered] == [True, False]


async def test_a_copy_that_two_vouched_for_is_to_be_made_once_its_hold_is_over(desk: Desk):
    request = await a_request(desk.bus, RequestType.ACCESS, upto=RequestState.AWAITING_IDENTITY)
    await desk.bus.handle(staff("bob"), protective_actions.open_staff_path, request=request.id)
    for name, kind in (("bob", ProofKind.CALL_BACK), ("champa", ProofKind.LETTER_CODE)):
        await desk.bus.handle(staff(name), protective_actions.vouch, request=request.id, kind=kind)
    seen = await now(desk.bus, request)
    await desk.bus.handle(
        staff("ayesha"), decisions.approve, click=click(seen), plan=seen.facts.plan_hash
    )
    waiting = (await now(desk.bus, request)).state

    desk.clock.go_on(days=8)
    await desk.bus.handle(SYSTEM, fire_due)

    assert waiting is RequestState.COOLING_OFF
    assert (await now(desk.bus, request)).state is RequestState.EXECUTING
    assert [one for one in desk.deliveries(Alert) if "press Copy handed over" in one.text]


async def test_nobody_is_offered_to_approve_before_there_is_a_plan():
    desk = a_desk(DeskConfig(company_sources=("billing",)))
    await a_member(desk, "ayesha")
    request = await a_request(desk.bus, RequestType.ACCESS)

    card = await desk.bus.look(request_card, request.id)

    assert card.plan is not None
    assert (card.plan.plan, card.plan.awaited) == (None, ("billing",))
    assert "approve" not in card.actions
    with pytest.raises(Refused):
        await desk.bus.handle(
            Actor.staff(StaffId("staff-ayesha")),
            decisions.approve,
            click=Click(request.id),
            plan=request.facts.plan_hash,
        )
