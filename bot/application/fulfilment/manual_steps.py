"""What a person does for an erasure: systems without a connector, and recipients to be told.

There is no certificate before a named approver has ticked each of them off (GDPR Art. 19). Staff
are told when they begin to wait, and each morning until none does.
"""

from datetime import UTC, datetime, timedelta

from bot.application.fulfilment.execution import tick_step
from bot.application.fulfilment.plan_making import MANUAL
from bot.application.outbound.to_staff import Alert, ShowRequestCard
from bot.application.ports.desk import Timer
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.request_context import Click, attempt
from bot.application.requests.staff_decision import deciding
from bot.domain.addresses import RequestId
from bot.domain.errors import NotFound, Refused
from bot.domain.fulfilment.plan import SourceKind
from bot.domain.fulfilment.steps import ExecutionStep, ManualOutcome, StepState
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import CARRIED_OUT
from bot.wording import say

MANUAL_TIMER = "manual_steps"
NAMED = 10
"""So many steps an alert names."""


async def manual_steps(work: UnitOfWork, request: RequestId) -> list[ExecutionStep]:
    """Those of the present round, done or not."""
    kept = await work.fulfilments.get(request)
    steps = [] if kept is None else await work.fulfilments.steps(request)
    is_now = kept.round if kept is not None else 0
    return [one for one in steps if one.kind is SourceKind.MANUAL and one.round == is_now]


async def waiting_steps(work: UnitOfWork, request: RequestId) -> list[ExecutionStep]:
    """Those that a person must still do."""
    every = await manual_steps(work, request)
    return [one for one in every if one.state is not StepState.DONE]


async def tick_manual_step(
    work: UnitOfWork, *, click: Click, step: str, outcome: ManualOutcome
) -> None:
    """A named approver did it. `step`: its name, with or without what it is.

    Raises:
        NotAllowed: no approver, or whoever entered the request.
        Refused: it is not waited for: nothing is carried out, or somebody ticked it off before.
    """
    source = f"{MANUAL}{step.removeprefix(MANUAL)}"
    async with deciding(work, click) as request:
        if not await _is_waited_for(work, request, source):
            raise Refused("fulfilment.step_not_waited_for", step=source, number=request.number)
        trying = await attempt(work)
        request.note_step(source, 0, trying)
        await tick_step(work, request.id, source, trying.staff, outcome)


async def tell_waiting(work: UnitOfWork, request: DataRequest) -> None:
    """Once a day: how many steps wait for a person, and which."""
    steps = await waiting_steps(work, request.id)
    if not steps:
        return
    language = work.rules.staff_language
    names = [name_of_step(one) for one in steps[:NAMED]]
    text = say(
        "fulfilment.manual_waits",
        language,
        number=request.number,
        count=len(steps),
        steps=", ".join(names) + ("…" if len(steps) > NAMED else ""),
    )
    today = work.clock.now().astimezone(work.rules.zone).date().isoformat()
    key = f"{request.stream}:manual:{steps[0].round}:{today}"
    await work.outbox.put(Alert("privacy", text), key=key)
    await work.outbox.put(ShowRequestCard(request.id))
    due = _next_morning(work)
    timer = Timer(key=f"{MANUAL_TIMER}:{request.id}", kind=MANUAL_TIMER, ref=request.id, due_at=due)
    await work.timers.put(timer)


async def remind(work: UnitOfWork, ref: str) -> None:
    """The timer of a morning. `ref`: the request."""
    try:
        request = await work.requests.get(RequestId(ref))
    except NotFound:
        return
    if request.state in CARRIED_OUT:
        await tell_waiting(work, request)


def name_of_step(step: ExecutionStep) -> str:
    """As the settings name it."""
    return step.source.removeprefix(MANUAL)


async def _is_waited_for(work: UnitOfWork, request: DataRequest, source: str) -> bool:
    waiting = await waiting_steps(work, request.id)
    return request.state in CARRIED_OUT and any(one.source == source for one in waiting)


def _next_morning(work: UnitOfWork) -> datetime:
    """When the desk opens on the next day."""
    zone = work.rules.zone
    day = work.clock.now().astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, work.rules.hours.opens, zone).astimezone(UTC)
