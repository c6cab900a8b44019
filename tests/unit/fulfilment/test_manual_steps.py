"""What a person does is waited for, told each morning, and ticked off by a named approver."""

from datetime import timedelta

import pytest

from bot.application.config import DeskConfig
from bot.application.fulfilment.manual_steps import tick_manual_step, waiting_steps
from bot.application.requests.request_context import Click
from bot.domain.addresses import SYSTEM
from bot.domain.errors import NotAllowed, Refused
from bot.domain.fulfilment.steps import ManualOutcome, StepState
from bot.domain.requests.execution_events import StepDone
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestState
from tests.support.builders.erasures import Erasing, erasing
from tests.support.builders.left_over import alerts, hire, history, staff, write_down
from tests.support.builders.requests import now
from tests.support.drivers.whole_turns import fire_due
from tests.support.stores.stages import Stage

STEPS = ("Paper files", "Tell: Bank X")


async def by_hand(stage: Stage) -> tuple[Erasing, DataRequest]:
    """Everything is done but what a person must do."""
    desk = await erasing(stage, rules=DeskConfig(manual_steps=STEPS))
    request = await desk.approved()
    await alerts(desk)
    return desk, await desk.carried_out(request)


async def tick(
    desk: Erasing, request: DataRequest, step: str, by: str = "champa", **more: ManualOutcome
) -> None:
    outcome = more.get("outcome", ManualOutcome.DONE)
    click = Click(request.id)
    await desk.bus.handle(staff(by), tick_manual_step, click=click, step=step, outcome=outcome)


async def test_there_is_no_certificate_before_each_is_ticked_off(fake: Stage):
    desk, request = await by_hand(fake)

    await tick(desk, request, "Paper files")
    await desk.turn()
    half = await now(desk.bus, request)
    await tick(desk, request, "by hand: Tell: Bank X", outcome=ManualOutcome.RECIPIENT_TOLD)
    await desk.turn()

    assert (request.state, half.state) == (RequestState.EXECUTING, RequestState.EXECUTING)
    assert (await now(desk.bus, request)).state is RequestState.FULFILLED
    assert len(desk.signer.signed) == 1


async def test_who_did_it_when_and_how_is_on_record(fake: Stage):
    desk, request = await by_hand(fake)

    await tick(desk, request, "Tell: Bank X", outcome=ManualOutcome.RECIPIENT_TOLD)

    step = next(one for one in await desk.steps(request) if one.source == "by hand: Tell: Bank X")
    assert (step.state, step.done_by, step.note) == (
        StepState.DONE,
        "staff-champa",
        "recipient_told",
    )
    assert step.done_at == desk.clock.now()
    told = [one for one in await history(desk, request) if isinstance(one, StepDone) and one.by]
    assert [(one.source, one.by) for one in told] == [("by hand: Tell: Bank X", "staff-champa")]


async def test_a_step_is_ticked_off_once_and_only_if_it_is_one(fake: Stage):
    desk, request = await by_hand(fake)
    await tick(desk, request, "Paper files")

    for step in ("Paper files", "desk", "Moon base"):
        with pytest.raises(Refused, match="step_not_waited_for"):
            await tick(desk, request, step, by="badrul")

    assert len(await desk.bus.look(waiting_steps, request.id)) == 1


async def test_nothing_is_ticked_off_before_it_begins(fake: Stage):
    desk = await erasing(fake, rules=DeskConfig(manual_steps=STEPS))
    request = await desk.approved()

    with pytest.raises(Refused, match="step_not_waited_for"):
        await tick(desk, request, "Paper files")


async def test_only_an_approver_ticks_and_never_who_wrote_it_down(fake: Stage):
    desk, request = await by_hand(fake)
    await hire(desk, "bob")

    with pytest.raises(NotAllowed):
        await tick(desk, request, "Paper files", by="bob")
    await write_down(desk, request, "champa")
    with pytest.raises(NotAllowed):
        await tick(desk, request, "Paper files", by="champa")


async def test_staff_are_told_when_they_begin_to_wait_and_each_morning_until_none_does(
    fake: Stage,
):
    desk, request = await by_hand(fake)
    begun = _of_hand(await alerts(desk))

    mornings = list[list[str]]()
    for _ in range(2):
        desk.clock.go_on(days=1)
        await desk.bus.handle(SYSTEM, fire_due)
        mornings.append(_of_hand(await alerts(desk)))
    for step in STEPS:
        await tick(desk, request, step)
    await desk.turn()
    desk.clock.go_on(days=1)
    await desk.bus.handle(SYSTEM, fire_due)

    assert [one.count("Paper files, Tell: Bank X") for one in begun] == [1]
    assert [len(one) for one in mornings] == [1, 1]
    assert _of_hand(await alerts(desk)) == []


async def test_a_reminder_comes_when_the_desk_opens(fake: Stage):
    desk, request = await by_hand(fake)

    async def due(work):  # a unit of work
        return await work.timers.get(f"manual_steps:{request.id}")

    timer = await desk.bus.look(due)

    here = timer.due_at.astimezone(DeskConfig().zone)
    assert here.time() == DeskConfig().hours.opens
    assert timedelta(0) < timer.due_at - desk.clock.now() <= timedelta(days=2)


def _of_hand(told: list[str]) -> list[str]:
    return [one for one in told if "that a person must do" in one]
