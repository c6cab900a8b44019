"""The card of a request: what staff see of it, and what they never see."""

import pytest

from bot.application.masked import masked_contact
from bot.application.requests import protective_actions
from bot.application.views.request_card import request_card
from bot.application.views.request_client import masked
from bot.domain.addresses import SYSTEM, Actor, Role, StaffId
from bot.domain.clients.people import Contact
from bot.domain.identity.levels import Level
from bot.domain.requests.states import RequestState, RequestType
from tests.support.builders.desk import Desk, a_desk, a_member
from tests.support.builders.requests import EMAIL, PHONE, a_request, withdraw


@pytest.fixture
async def desk() -> Desk:
    made = a_desk()
    for name in ("ayesha", "badrul"):
        await a_member(made, name, role=Role.APPROVER)
    return made


async def test_a_card_masks_the_client_and_every_address(desk: Desk):
    request = await a_request(desk.bus)

    card = await desk.bus.look(request_card, request.id)

    assert card.client == "R… K…"
    assert sorted(card.contacts) == ["+880…78", "r…@e….com"]
    for secret in (EMAIL, PHONE, "Rahima", "Khatun"):
        assert secret not in repr(card)


async def test_before_the_proof_it_offers_no_approval(desk: Desk):
    request = await a_request(desk.bus, upto=RequestState.AWAITING_IDENTITY)

    card = await desk.bus.look(request_card, request.id)

    assert "approve" not in card.actions
    assert {"deny", "details", "staff_path", "freeze"} <= set(card.actions)
    assert not card.verified
    assert "not_verified" in card.reasons


async def test_in_review_it_offers_all_four_and_says_why_not_yet(desk: Desk):
    request = await a_request(desk.bus)

    card = await desk.bus.look(request_card, request.id)

    assert {"approve", "deny", "hold", "details"} <= set(card.actions)
    assert (card.verified, card.confirmed, card.level) == (True, True, Level.V4)
    assert card.reasons == ("too_few_approvals", "hold_not_set")
    assert card.days_left > 20
    assert card.plan is not None
    assert card.plan.plan is not None


async def test_a_phone_that_was_not_shown_asks_for_a_call(desk: Desk):
    request = await a_request(desk.bus, phone_not_confirmed=True)
    await desk.bus.handle(
        Actor.staff(StaffId("staff-ayesha")),
        protective_actions.record_call_back,
        request=request.id,
    )

    card = await desk.bus.look(request_card, request.id)

    assert card.phone_not_confirmed
    assert "call_back" in card.actions
    assert [deed.who for deed in card.call_backs] == ["@UAYESHA"]


async def test_a_correction_has_no_plan_and_is_done_by_hand(desk: Desk):
    request = await a_request(desk.bus, RequestType.RECTIFICATION)

    card = await desk.bus.look(request_card, request.id)

    assert card.plan is None
    assert "fulfil" in card.actions
    assert "approve" not in card.actions


async def test_an_ended_request_offers_only_its_details(desk: Desk):
    request = await a_request(desk.bus)
    await desk.bus.handle(SYSTEM, withdraw, request=request.id)

    card = await desk.bus.look(request_card, request.id)

    assert card.actions == ("details",)
    assert card.is_answered


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("email", "a@b.co", "a…@b….co"),
        ("email", "no-address", "…"),
        ("email", "@x.org", "…"),
        ("phone", "+8801712345678", "+880…78"),
        ("phone", "12345678", "…"),
    ],
)
def test_masking_tells_two_apart_and_no_more(kind: str, value: str, shown: str):
    assert masked_contact(kind, value) == shown
    assert masked(Contact(kind=kind, value=value)) == shown
