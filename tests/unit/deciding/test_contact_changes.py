"""Another e-mail or phone on record opens every later door: it takes what an erasure takes (V4)."""

import pytest

from bot.application.outbound.to_staff import Alert
from bot.application.requests import decisions, protective_actions
from bot.application.requests.request_context import Click
from bot.application.views.request_card import request_card
from bot.domain.addresses import SYSTEM
from bot.domain.errors import NotAllowed, Refused, Stale
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestState, RequestType
from tests.support.builders.desk import Desk, staff
from tests.support.builders.requests import a_request, now
from tests.support.drivers.whole_turns import fire_due

CHANGE = RequestType.CONTACT_CHANGE


async def does(desk: Desk, request: DataRequest, name: str, act: str, **more: str) -> object:
    seen = await now(desk.bus, request)
    click = Click(request.id, seen.state_version)
    return await desk.bus.handle(staff(name), getattr(decisions, act), click=click, **more)


async def approved_by_two(desk: Desk) -> DataRequest:
    request = await a_request(desk.bus, CHANGE)
    for name in ("ayesha", "badrul"):
        await does(desk, request, name, "approve", plan="")
    return await now(desk.bus, request)


async def test_one_person_cannot_change_where_codes_go(desk: Desk):
    request = await a_request(desk.bus, CHANGE)

    with pytest.raises(Stale):
        await does(desk, request, "ayesha", "fulfil_by_hand")
    await does(desk, request, "ayesha", "approve", plan="")

    with pytest.raises(NotAllowed):
        await does(desk, request, "ayesha", "approve", plan="")
    assert (await now(desk.bus, request)).state is RequestState.SECOND_APPROVAL


async def test_after_two_approvals_it_waits_three_days_and_is_then_done_by_hand(desk: Desk):
    request = await approved_by_two(desk)
    waiting = await desk.bus.look(request_card, request.id)
    with pytest.raises(Refused, match="hold_running"):
        await does(desk, request, "champa", "fulfil_by_hand")

    desk.clock.go_on(hours=73)
    ready = await desk.bus.look(request_card, request.id)
    await does(desk, request, "champa", "fulfil_by_hand")

    assert ("fulfil" in waiting.actions, "fulfil" in ready.actions) == (False, True)
    assert (waiting.is_ready, ready.is_ready) == (False, True)
    assert (await now(desk.bus, request)).state is RequestState.FULFILLED


async def test_staff_are_told_to_make_the_change_when_the_wait_is_over(desk: Desk):
    request = await approved_by_two(desk)
    desk.clock.go_on(hours=73)

    await desk.bus.handle(SYSTEM, fire_due)

    said = [each.text for each in desk.deliveries(Alert)]
    assert any(request.number in text and "Done by hand" in text for text in said)


async def test_a_frozen_change_is_not_made(desk: Desk):
    request = await approved_by_two(desk)
    await desk.bus.handle(staff("bob"), protective_actions.freeze, request=request.id)
    desk.clock.go_on(hours=73)

    with pytest.raises(Refused, match="frozen"):
        await does(desk, request, "champa", "fulfil_by_hand")


async def test_a_correction_that_is_one_goes_back_to_a_full_proof(desk: Desk):
    request = await a_request(desk.bus, RequestType.RECTIFICATION)
    old = Click(request.id, request.state_version)

    await does(desk, request, "bob", "call_contact_change")

    called = await now(desk.bus, request)
    assert (called.kind, called.state) == (CHANGE, RequestState.AWAITING_IDENTITY)
    assert (called.approvals_needed, called.is_verified) == (2, False)
    with pytest.raises(Stale) as late:
        await desk.bus.handle(staff("ayesha"), decisions.fulfil_by_hand, click=old)
    assert late.value.params["by"] == "@UBOB"


async def test_only_a_correction_can_be_one(desk: Desk):
    request = await a_request(desk.bus, RequestType.OBJECTION)

    with pytest.raises(Refused, match="other_type"):
        await does(desk, request, "bob", "call_contact_change")
    assert "contact_change" not in (await desk.bus.look(request_card, request.id)).actions
