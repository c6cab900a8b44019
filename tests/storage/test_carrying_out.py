"""Approved erasures are carried out, one durable step a source, and certified only when seen."""

from datetime import timedelta

import pytest

from bot.application.fulfilment.execution import begin_step
from bot.application.fulfilment.plan_making import whose
from bot.application.requests.request_context import by_desk
from bot.domain.addresses import SYSTEM, RequestId
from bot.domain.fulfilment.steps import FindingState, StepState
from bot.domain.requests.states import RequestState, RequestType
from tests.support.builders.erasures import Erasing, erasing
from tests.support.builders.requests import EMAIL, a_request, now
from tests.support.fakes.sources import FakeSource, HalfFailingSource, LyingSource, NoOpSource
from tests.support.stores.stages import Stage


def a_billing(kind: type[FakeSource] = FakeSource, **more: object) -> FakeSource:
    made = kind(tables={"invoice": [f"to {EMAIL}", "to somebody else"], "note": [f"wrote {EMAIL}"]})
    for name, value in more.items():
        setattr(made, name, value)
    return made


async def test_an_approved_erasure_is_carried_out_and_certified(stage: Stage):
    billing = a_billing()
    desk = await erasing(stage, billing)
    request = await desk.approved()

    ended = await desk.carried_out(request)

    assert ended.state is RequestState.FULFILLED
    assert billing.tables == {"invoice": ["to somebody else"], "note": []}
    assert [one.number for one in desk.signer.signed] == [request.number]
    assert {one.state for one in await desk.steps(request)} == {StepState.DONE}


async def test_nothing_is_carried_out_before_the_waiting_time_is_over(stage: Stage):
    billing = a_billing()
    desk = await erasing(stage, billing)
    request = await desk.approved()

    desk.clock.go_on(hours=71)
    await desk.turn()

    assert (await now(desk.bus, request)).state is RequestState.COOLING_OFF
    assert len(billing.tables["invoice"]) == 2


async def test_there_is_no_plan_to_approve_before_every_database_has_answered(stage: Stage):
    desk = await erasing(stage, a_billing())

    request = await a_request(desk.bus)

    assert request.facts.plan_hash == ""
    await desk.turn()
    assert len((await now(desk.bus, request)).facts.plan_hash) == 64


@pytest.mark.parametrize("kind", [NoOpSource, LyingSource, HalfFailingSource])
async def test_a_source_that_does_not_erase_yields_no_certificate(
    stage: Stage, kind: type[FakeSource]
):
    desk = await erasing(stage, a_billing(kind))
    request = await desk.approved()

    ended = await desk.carried_out(request)

    assert ended.state is RequestState.ATTENTION
    assert desk.signer.signed == []
    assert (await desk.kept(request)).certificate == ""


async def test_a_source_that_could_not_be_reached_is_tried_again(stage: Stage):
    desk = await erasing(stage, a_billing(stumbles=2))
    request = await desk.approved()
    await desk.carried_out(request)

    for _ in range(4):
        desk.clock.go_on(hours=1)
        await desk.turn()

    assert (await now(desk.bus, request)).state is RequestState.FULFILLED


async def test_another_plan_voids_the_approvals(stage: Stage):
    billing = a_billing()
    desk = await erasing(stage, billing)
    request = await desk.approved()
    billing.version = "2"

    ended = await desk.carried_out(request)

    assert ended.state is RequestState.IN_REVIEW
    assert len(billing.tables["invoice"]) == 2


async def test_rows_beyond_the_rule_of_growth_void_the_approvals(stage: Stage):
    billing = a_billing()
    desk = await erasing(stage, billing)
    request = await desk.approved()
    billing.tables["invoice"] += [f"{n} to {EMAIL}" for n in range(21)]

    assert (await desk.carried_out(request)).state is RequestState.IN_REVIEW


async def test_a_few_rows_more_are_erased_too(stage: Stage):
    billing = a_billing()
    desk = await erasing(stage, billing)
    request = await desk.approved()
    billing.tables["invoice"] += [f"{n} to {EMAIL}" for n in range(5)]

    ended = await desk.carried_out(request)

    assert (ended.state, billing.tables["invoice"]) == (
        RequestState.FULFILLED,
        ["to somebody else"],
    )


async def test_a_freeze_stops_it_before_the_next_source(stage: Stage):
    billing = a_billing()
    desk = await erasing(stage, billing)
    request = await desk.approved()
    await _freeze(desk, request.id)

    ended = await desk.carried_out(request)

    assert ended.state is RequestState.COOLING_OFF
    assert billing.erasures == 0


async def test_what_a_law_keeps_goes_when_it_lapses_under_the_same_approvals(stage: Stage):
    until = stage.clock.now() + timedelta(days=400)
    billing = a_billing(keeps={"invoice": until})
    desk = await erasing(stage, billing)
    request = await desk.approved()
    first = await desk.carried_out(request)
    assert first.state is RequestState.FULFILLED_WITH_RETENTION
    assert len(billing.tables["invoice"]) == 2

    desk.clock.go_on(days=400)
    await desk.turn()

    assert (await now(desk.bus, request)).state is RequestState.FULFILLED
    assert billing.tables["invoice"] == ["to somebody else"]
    assert [bool(one.kept) for one in desk.signer.signed] == [True, False]
    assert desk.signer.signed[-1].slot_until is None


async def test_the_tombstone_is_written_down_before_anybody_looks(stage: Stage):
    desk = await erasing(stage, a_billing(LyingSource))
    request = await desk.approved()

    await desk.carried_out(request)

    assert desk.ledger.lines == [(request.id, False)]


async def test_a_name_alone_waits_for_a_person_with_its_place(stage: Stage):
    letters = FakeSource(name="letters", tables={"letter": [f"to {EMAIL}"]})
    desk = await erasing(stage, letters)
    request = await desk.approved()
    letters.names_again = "Rahima Khatun was here"

    ended = await desk.carried_out(request)

    [finding] = await desk.findings(request)
    assert ended.state is RequestState.ATTENTION
    assert (finding.place, finding.kind) == ("letter.text[0]", "name")
    assert finding.state is FindingState.OPEN


async def test_a_process_that_died_in_the_midst_of_a_step_is_followed_by_another(stage: Stage):
    billing = a_billing()
    desk = await erasing(stage, billing)
    request = await desk.approved()
    desk.clock.go_on(hours=73)
    worker = desk.worker()
    await worker.work_once()  # it is fenced now
    order = await desk.bus.handle(SYSTEM, begin_step, request.id)
    assert order is not None
    await billing.erase(order)  # and died before it could say so

    after = desk.worker()
    await after.take_over()
    await desk.turn(after)

    assert (await now(desk.bus, request)).state is RequestState.FULFILLED
    step = next(one for one in await desk.steps(request) if one.source == "billing")
    assert step.rows == {"invoice.delete": 1, "note.delete": 1}


async def _freeze(desk: Erasing, request: RequestId) -> None:
    async def act(work) -> None:  # a unit of work
        (await work.requests.get(request)).freeze(await by_desk(work))

    await desk.bus.handle(SYSTEM, act)


async def test_a_row_that_came_back_after_its_source_was_done_is_erased_by_a_retry(stage: Stage):
    billing = a_billing()
    desk = await erasing(stage, billing)
    request = await desk.approved()
    desk.clock.go_on(hours=73)
    worker = desk.worker()
    while not billing.erasures:
        await worker.work_once()
    billing.tables["invoice"].append(f"again to {EMAIL}")
    await desk.turn(worker)
    assert (await now(desk.bus, request)).state is RequestState.ATTENTION

    desk.clock.go_on(hours=1)
    await desk.turn(worker)

    assert (await now(desk.bus, request)).state is RequestState.FULFILLED
    assert billing.tables["invoice"] == ["to somebody else"]


async def test_a_try_that_failed_counts_nothing_that_it_did_not_erase(stage: Stage):
    billing = a_billing(stumbles=1)
    desk = await erasing(stage, billing)
    request = await desk.approved()
    await desk.carried_out(request)
    billing.tables = {"invoice": ["to somebody else"], "note": []}  # somebody else was faster

    desk.clock.go_on(hours=1)
    await desk.turn()

    step = next(one for one in await desk.steps(request) if one.source == "billing")
    assert (step.state, dict(step.rows)) == (StepState.DONE, {})


async def test_an_approver_who_left_in_the_midst_of_it_calls_for_a_person(stage: Stage):
    billing = a_billing(stumbles=1)
    desk = await erasing(stage, billing)
    request = await desk.approved()
    desk.clock.go_on(hours=73)
    worker = desk.worker()
    await worker.work_once()  # it is fenced now
    await desk.leaves("ayesha")

    await desk.turn(worker)

    assert (await now(desk.bus, request)).state is RequestState.ATTENTION
    assert billing.erasures == 0


async def test_a_slot_is_closed_a_week_after_the_first_certificate(stage: Stage):
    until = stage.clock.now() + timedelta(days=9)
    billing = a_billing(keeps={"invoice": until})
    desk = await erasing(stage, billing)
    request = await desk.approved()
    await desk.carried_out(request)
    first = desk.signer.signed[0].slot_until

    desk.clock.go_on(days=5)
    await desk.turn()

    assert first is not None
    assert len(desk.signer.signed) == 2
    assert desk.signer.signed[1].slot_until == first


async def test_a_chat_that_speaks_for_others_is_not_erased_with_one_of_them(stage: Stage):
    desk = await erasing(stage)
    first = await desk.approved()
    other = await desk.asks_too(first)

    who = await desk.bus.look(whose, await now(desk.bus, other))

    assert first.account not in who.accounts


async def test_what_lapses_is_held_against_the_plan_that_was_approved(stage: Stage):
    until = stage.clock.now() + timedelta(days=400)
    billing = a_billing(keeps={"invoice": until})
    desk = await erasing(stage, billing)
    request = await desk.approved()
    await desk.carried_out(request)
    before = (await desk.kept(request)).plan

    billing.tables["invoice"] += [f"to {EMAIL}, whose it is by now"] * 500
    desk.clock.go_on(days=400)
    await desk.turn()

    assert before is not None
    assert (await desk.kept(request)).plan == before


async def test_other_databases_than_were_approved_yield_no_certificate(stage: Stage):
    desk = await erasing(stage, a_billing())
    request = await desk.approved()
    desk.sources = [*desk.sources, FakeSource(name="added")]

    ended = await desk.carried_out(request)

    assert ended.state is RequestState.ATTENTION
    assert "fulfilment.sources_changed" in {one.error for one in await desk.steps(request)}
    assert desk.signer.signed == []


async def test_whatever_else_is_asked_about_the_erased_ends_when_it_begins(stage: Stage):
    desk = await erasing(stage, a_billing())
    request = await desk.approved()
    person = request.subject.person
    kinds = (RequestType.OBJECTION, RequestType.RECTIFICATION, RequestType.CONTACT_CHANGE)
    others = [
        await a_request(desk.bus, kind, person=person, chat=f"70{number}")
        for number, kind in enumerate(kinds)
    ]
    somebody_elses = await desk.asks_too(request)
    claimed = await a_request(
        desk.bus, RequestType.ACCESS, person=person, chat="709", upto=RequestState.AWAITING_IDENTITY
    )

    ended = await desk.carried_out(request)

    assert ended.state is RequestState.FULFILLED
    states = {(await now(desk.bus, one)).state for one in others}
    assert states == {RequestState.CLOSED_ERASED}
    assert (await now(desk.bus, somebody_elses)).is_live
    assert (await now(desk.bus, claimed)).state is RequestState.AWAITING_IDENTITY
