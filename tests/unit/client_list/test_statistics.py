"""The figures of 11 CCR 7102, and a due date explained."""

from dataclasses import replace

import pytest

from bot.application.requests import decisions
from bot.application.requests.queries import (
    every_request,
    listed_requests,
    one_request,
    request_data,
)
from bot.application.requests.request_context import Click
from bot.domain.addresses import SYSTEM, Actor, Language, Role, StaffId
from bot.domain.requests.said_facts import Denial
from bot.domain.requests.states import FINAL, DenialCode, RequestState, RequestType
from bot.domain.requests.statistics import answered_at, figures
from tests.support.builders.desk import a_desk, a_member
from tests.support.builders.requests import a_request, withdraw


async def test_the_figures_say_who_was_answered_how_and_after_how_many_days():
    desk = a_desk()
    ayesha = await a_member(desk, "ayesha", role=Role.APPROVER)
    corrected = await a_request(desk.bus, RequestType.RECTIFICATION)
    denied = await a_request(desk.bus)
    gone = await a_request(desk.bus)
    await a_request(desk.bus)
    await desk.bus.handle(SYSTEM, withdraw, request=gone.id)
    desk.clock.go_on(days=2)
    await desk.bus.handle(
        ayesha, decisions.fulfil_by_hand, click=Click(corrected.id, corrected.state_version)
    )
    desk.clock.go_on(days=2)
    await desk.bus.handle(
        ayesha,
        decisions.deny,
        click=Click(denied.id),
        code=DenialCode.NO_MATCH,
        texts={Language.EN: "Nothing."},
    )

    found = figures(await desk.bus.look(every_request))

    total = found["all"]
    assert (total.received, total.complied, total.denied, total.given_up, total.open) == (
        4,
        1,
        1,
        1,
        1,
    )
    assert total.denied_by_reason == {"no_match": 1}
    assert (total.median_days, total.mean_days) == (3.0, 3.0)
    assert found["rectification"].median_days == 2.0
    assert found["objection"].median_days is None
    assert figures(await desk.bus.look(every_request), year=1999)["all"].received == 0


async def test_an_open_request_has_no_answer_yet():
    desk = a_desk()

    assert answered_at(await a_request(desk.bus)) is None


async def test_a_script_reads_exactly_the_thirteen_fields():
    desk = a_desk()
    for name in ("ayesha", "badrul"):
        await a_member(desk, name, role=Role.APPROVER)
    request = await a_request(desk.bus)
    await desk.bus.handle(
        Actor.staff(StaffId("staff-ayesha")),
        decisions.approve,
        click=Click(request.number),
        plan=request.facts.plan_hash,
    )

    data = await desk.bus.look(request_data, number=request.number)

    assert list(data) == [
        "number",
        "type",
        "state",
        "regime",
        "received_at",
        "due_at",
        "verified",
        "confirmed",
        "approvals",
        "hold_until",
        "frozen",
        "may_execute",
        "reasons",
    ]
    assert data["approvals"] == [{"by": "UAYESHA", "at": desk.clock.now().isoformat()}]
    assert data["state"] == "second_approval"
    assert data["reasons"] == ["too_few_approvals", "hold_not_set"]


async def test_lists_are_soonest_due_first_and_leave_out_what_ended():
    desk = a_desk()
    first = await a_request(desk.bus)
    desk.clock.go_on(days=3)
    second = await a_request(desk.bus)
    await desk.bus.handle(SYSTEM, withdraw, request=first.id)

    alive = await desk.bus.look(listed_requests, live_only=True, limit=10)
    everything = await desk.bus.look(listed_requests, live_only=False, limit=10)

    assert [one.id for one in alive] == [second.id]
    assert [one.id for one in everything] == [first.id, second.id]
    assert (await desk.bus.look(one_request, number=first.number)).id == first.id


@pytest.mark.parametrize("state", RequestState)
async def test_what_is_over_is_never_counted_as_open(state: RequestState):
    desk = a_desk()
    request = await a_request(desk.bus)
    denial = Denial(DenialCode.NO_MATCH, StaffId("staff-ayesha"), desk.clock.now())
    request.facts = replace(request.facts, denials=(denial,), ended_at=desk.clock.now())
    request.state = state

    found = figures([request])["all"]

    is_answered = state in FINAL | {RequestState.FULFILLED_WITH_RETENTION}
    is_refused = state in {RequestState.DENIED, RequestState.APPEALED}
    assert (found.open == 0) is (is_answered or is_refused)
