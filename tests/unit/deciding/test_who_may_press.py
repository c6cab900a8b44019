"""Every button of a request's card, by role and state: what it takes is asked, and named."""

from collections.abc import Awaitable, Callable

import pytest

from bot.application.requests import decisions, protective_actions
from bot.application.requests.request_context import Click
from bot.application.views.request_card import request_card
from bot.domain.addresses import SYSTEM, Language
from bot.domain.errors import NotAllowed, Refused
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import (
    DenialCode,
    ExtensionReason,
    HoldReason,
    RequestState,
    RequestType,
)
from bot.wording.refusals import refusal_text
from tests.support.builders.desk import Desk, staff
from tests.support.builders.requests import a_request, appeal, now

Press = Callable[[Desk, DataRequest, str], Awaitable[object]]
WORDS = {Language.EN: "Because."}


def _decides(use_case: Callable[..., Awaitable[object]], **more: object) -> Press:
    async def press(desk: Desk, request: DataRequest, who: str) -> object:
        return await desk.bus.handle(staff(who), use_case, click=Click(request.id), **more)

    return press


def _guards(use_case: Callable[..., Awaitable[object]]) -> Press:
    async def press(desk: Desk, request: DataRequest, who: str) -> object:
        return await desk.bus.handle(staff(who), use_case, request=request.id)

    return press


async def _approve(desk: Desk, request: DataRequest, who: str) -> object:
    plan = (await now(desk.bus, request)).facts.plan_hash
    return await _decides(decisions.approve, plan=plan)(desk, request, who)


async def _duplicate(desk: Desk, request: DataRequest, who: str) -> object:
    return await _decides(decisions.mark_duplicate, of=request.id)(desk, request, who)


OF_APPROVERS: dict[str, Press] = {
    "approve": _approve,
    "fulfil": _decides(decisions.fulfil_by_hand),
    "deny": _decides(decisions.deny, code=DenialCode.OTHER, texts=WORDS),
    "hold": _decides(decisions.hold, reason=HoldReason.INTERNAL),
    "release": _decides(decisions.release),
    "judge": _decides(decisions.judge_appeal, upholds=True, texts=WORDS),
    "call_back": _guards(protective_actions.record_call_back),
    "send_back": _decides(decisions.send_back),
    "extend": _decides(decisions.extend, reason=ExtensionReason.COMPLEX),
    "duplicate": _duplicate,
    "lift_freeze": _guards(protective_actions.agree_to_lift),
}
OF_STAFF = {"details", "staff_path", "name", "vouch", "contact_change", "freeze"}


async def _to(desk: Desk, state: RequestState, kind: RequestType) -> DataRequest:
    """A request of that kind in that state, by the deeds of ayesha and badrul."""
    is_asked = state is RequestState.AWAITING_IDENTITY
    upto = state if is_asked else RequestState.IN_REVIEW
    request = await a_request(desk.bus, kind, upto=upto, phone_not_confirmed=True)
    for name in {
        RequestState.SECOND_APPROVAL: ("call_back", "approve"),
        RequestState.ON_HOLD: ("hold",),
        RequestState.APPEALED: ("deny",),
    }.get(state, ()):
        await OF_APPROVERS[name](desk, request, "ayesha")
    if state is RequestState.APPEALED:
        await desk.bus.handle(SYSTEM, appeal, request=request.id)
    return await now(desk.bus, request)


STATES = [
    RequestState.AWAITING_IDENTITY,
    RequestState.IN_REVIEW,
    RequestState.SECOND_APPROVAL,
    RequestState.ON_HOLD,
    RequestState.APPEALED,
]


@pytest.mark.parametrize("state", STATES)
async def test_an_agent_is_refused_what_only_approvers_may_and_reads_who_may(
    desk: Desk, state: RequestState
):
    request = await _to(desk, state, RequestType.ERASURE)
    await protective(desk, request)
    card = await desk.bus.look(request_card, request.id)
    offered = [name for name in card.actions if name in OF_APPROVERS]

    for name in offered:
        with pytest.raises(NotAllowed) as refused:
            await OF_APPROVERS[name](desk, request, "bob")
        text = refusal_text(refused.value)
        assert "Only an approver can do that. Who may: " in text, name
        assert "@UBADRUL" in text, name
        assert "@UBOB" not in text, name

    assert state is request.state
    assert offered
    assert set(card.actions) <= OF_APPROVERS.keys() | OF_STAFF


@pytest.mark.parametrize("state", STATES)
async def test_what_a_card_does_not_offer_is_refused_to_approvers_too(
    desk: Desk, state: RequestState
):
    request = await _to(desk, state, RequestType.ERASURE)
    card = await desk.bus.look(request_card, request.id)
    shut = [name for name in OF_APPROVERS if name not in {*card.actions, "call_back"}]

    for name in shut:
        with pytest.raises(Refused):
            await OF_APPROVERS[name](desk, request, "champa")

    assert (await now(desk.bus, request)).state is state
    assert shut


async def test_the_judge_who_denied_and_the_same_approver_read_who_else_may(desk: Desk):
    appealed = await _to(desk, RequestState.APPEALED, RequestType.ERASURE)
    approved = await _to(desk, RequestState.SECOND_APPROVAL, RequestType.ERASURE)

    for name, request in (("judge", appealed), ("approve", approved)):
        with pytest.raises(NotAllowed) as refused:
            await OF_APPROVERS[name](desk, request, "ayesha")
        text = refusal_text(refused.value)
        assert "Who may: @UBADRUL, @UCHAMPA." in text
        assert "@UAYESHA" not in text


async def protective(desk: Desk, request: DataRequest) -> None:
    """Frozen, so that lifting is offered too."""
    await _guards(protective_actions.freeze)(desk, request, "bob")
