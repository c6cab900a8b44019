"""Carrying an approved erasure out: what happens to the request around each source's own work.

Every function is one transaction. The work itself lies between two of them (`carrying_out.py`):
a company's database cannot take part in the desk's transaction, so each source is one durable
step, and whoever dies in the midst of one begins that one anew.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.application.fulfilment.own_store import erase_own
from bot.application.fulfilment.plan_making import DESK
from bot.application.ports.sources import Erased, Order
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.request_context import by_desk, live_roles
from bot.domain.addresses import RequestId, StaffId
from bot.domain.errors import NotFound
from bot.domain.fulfilment.plan import PlanAction, SourceKind
from bot.domain.fulfilment.steps import (
    LEFT,
    ExecutionRecord,
    ExecutionStep,
    FindingState,
    StepState,
)
from bot.domain.requests.execution_rules import may_execute
from bot.domain.requests.reasons import Reason
from bot.domain.requests.states import RequestState

LEASE: Final = timedelta(seconds=90)
"""So long a step is left to the process that began it; it renews that while it lives."""
IN_FLIGHT_WAIT: Final = timedelta(seconds=1)
"""So long a step waits for what is on its way just now, before it looks again."""
COME_BACK: Final = frozenset({SourceKind.SLACK, SourceKind.TELEGRAM, SourceKind.DESK})
"""Where a delivery that was on its way when the fence was drawn may still put something."""
IN_FLIGHT: Final = "fulfilment.in_flight"
TAKEN_UP: Final = "taken_up"
"""The note of a step whose process died in the midst of it, and that was begun anew."""
BY_RULE: Final = frozenset(
    {Reason.FROZEN, Reason.ON_HOLD, Reason.ACCESS_FIRST, Reason.HOLD_RUNNING}
)
"""What an execution waits for without anybody's fault; it goes on by itself."""


async def kept_of(work: UnitOfWork, request: RequestId) -> ExecutionRecord:
    """What carrying it out remembers. Raises NotFound."""
    kept = await work.fulfilments.get(request)
    if kept is None:
        raise NotFound("requests.no_such_number")
    return kept


async def begin_step(work: UnitOfWork, request_id: RequestId) -> Order | None:
    """The next source to erase from, marked as begun; None: none is, now.

    May it be executed is asked here once more, before each source.
    """
    request = await work.requests.get(request_id)
    if request.state is not RequestState.EXECUTING:
        return None
    decision = may_execute(request, work.clock.now(), await live_roles(work))
    if not decision.allowed:
        if not BY_RULE.issuperset(decision.reasons):
            request.fail(await by_desk(work))  # nobody waits for it by rule: a person must look
        return None
    kept = await kept_of(work, request.id)
    now = work.clock.now()
    steps = await _steps_to_do(work, kept)
    if all(one.state is StepState.DONE for one in steps):
        request.finish_steps(await by_desk(work))
        return None
    step = _next(steps, now)
    if step is None:
        return None
    order = order_of(kept, step.source, now)
    if step.kind in COME_BACK and await work.records.in_flight(order.who, now):
        waiting = replace(step, lease_until=now + IN_FLIGHT_WAIT, error=IN_FLIGHT)
        await work.fulfilments.put_step(waiting)
        return None
    begun = replace(
        step,
        state=StepState.BEGUN,
        tries=step.tries + 1,
        error="",
        note=TAKEN_UP if step.state is StepState.BEGUN else "",
        begun_at=now,
        lease_until=now + LEASE,
    )
    await work.fulfilments.put_step(begun)
    return order


async def _steps_to_do(work: UnitOfWork, kept: ExecutionRecord) -> list[ExecutionStep]:
    """Those of the round; where rows were found left after a source was done, it is done again."""
    findings = await work.fulfilments.findings(kept.request)
    left = {
        one.source: one.at
        for one in findings
        if one.kind == LEFT and one.state is FindingState.OPEN and one.at is not None
    }
    steps = list[ExecutionStep]()
    for step in await steps_of_round(work, kept):
        found_at = left.get(step.source)
        is_stale = found_at is not None and step.done_at is not None and step.done_at <= found_at
        if step.state is StepState.DONE and step.kind is not SourceKind.MANUAL and is_stale:
            again = replace(step, state=StepState.WAITING, done_at=None)
            await work.fulfilments.put_step(again)
            steps.append(again)
        else:
            steps.append(step)
    return steps


async def renew_lease(work: UnitOfWork, order: Order) -> None:
    """The process that began it is still at it."""
    step = await _begun(work, order)
    if step is not None:
        lease = work.clock.now() + LEASE
        await work.fulfilments.put_step(replace(step, lease_until=lease))


async def erase_own_records(work: UnitOfWork, order: Order) -> Erased:
    """The last source: the desk's own store, and then the keys that all of it lay under.

    In the transaction that finishes the step, so that it is done whole or not at all.
    """
    erased = Erased(rows=await erase_own(work, order.who, order.request))
    await finish_step(work, order, erased)
    return erased


async def finish_step(work: UnitOfWork, order: Order, erased: Erased) -> None:
    """What went is on record.

    Where a process died in the midst of a company's database, nobody heard how much went: then it
    is what the plan had found, and the source has read back that it is gone.
    """
    step = await _begun(work, order)
    if step is None:
        return
    rows = dict(erased.rows)
    is_unheard = step.note == TAKEN_UP and step.kind is SourceKind.COMPANY
    if is_unheard and not sum(rows.values()):
        rows = _planned(order)
    done = replace(
        step,
        state=StepState.DONE,
        lease_until=None,
        done_at=work.clock.now(),
        rows=rows,
        stated=erased.stated,
        kept_until=erased.kept_until,
    )
    await work.fulfilments.put_step(done)
    request = await work.requests.get(order.request)
    request.note_step(order.plan.source, sum(rows.values()), await by_desk(work))


async def fail_step(work: UnitOfWork, order: Order, error: str) -> None:
    """A source could not be erased from: it is tried again with growing pauses, never "done"."""
    step = await _begun(work, order)
    if step is not None:
        failed = replace(step, state=StepState.FAILED, lease_until=None, error=error)
        await work.fulfilments.put_step(failed)
        await fail(work, order.request)


async def fail(work: UnitOfWork, request_id: RequestId) -> None:
    """Something is left, or could not be done: a person is told, and it is tried again."""
    request = await work.requests.get(request_id)
    if request.state in {RequestState.EXECUTING, RequestState.VERIFYING}:
        request.fail(await by_desk(work))


async def fail_look(work: UnitOfWork, request_id: RequestId, source: str, error: str) -> None:
    """A source was erased from, and cannot be searched now: nothing is proved, and why is kept.

    `source`: empty: it lies with none of them; why is kept at the first.
    """
    request = await work.requests.get(request_id)
    if request.state is not RequestState.VERIFYING:
        return
    steps = await steps_of_round(work, await kept_of(work, request.id))
    for step in [one for one in steps if source in {one.source, ""}][:1]:
        await work.fulfilments.put_step(replace(step, error=error))
    await fail(work, request.id)


async def tick_step(
    work: UnitOfWork, request_id: RequestId, source: str, by: StaffId, note: str = ""
) -> bool:
    """A named person did what no connector does; False: it is not waited for.

    `note`: a code of how; words would be data kept.
    """
    request = await work.requests.get(request_id)
    kept = await kept_of(work, request.id)
    step = next((one for one in await steps_of_round(work, kept) if one.source == source), None)
    if step is None or step.kind is not SourceKind.MANUAL or step.state is StepState.DONE:
        return False
    now = work.clock.now()
    done = replace(step, state=StepState.DONE, done_at=now, done_by=by, note=note, error="")
    await work.fulfilments.put_step(done)
    return True


async def orders_of(work: UnitOfWork, request_id: RequestId) -> list[Order]:
    """Every source of the present round, as it is looked into afterwards: also those of before."""
    kept = await kept_of(work, request_id)
    now = work.clock.now()
    steps = await work.fulfilments.steps(request_id)
    names = dict.fromkeys(one.source for one in steps if one.kind is not SourceKind.MANUAL)
    return [order_of(kept, name, now) for name in names]


def order_of(kept: ExecutionRecord, source: str, now: datetime) -> Order:
    """What is to be done there, under the plan that was approved. Raises NotFound."""
    plan = kept.plan.of(source) if kept.plan is not None else None
    if plan is None or kept.who is None:
        raise NotFound("requests.no_such_number")
    return Order(
        request=kept.request,
        round=kept.round,
        who=kept.who,
        plan=plan,
        now=now,
        fenced_at=kept.fenced_at,
    )


async def take_over(work: UnitOfWork) -> int:
    """Nobody else is at work: what a dead process had begun is begun anew at once."""
    steps = await work.fulfilments.unfinished_steps()
    for step in steps:
        await work.fulfilments.put_step(replace(step, lease_until=work.clock.now()))
    return len(steps)


async def steps_of_round(work: UnitOfWork, kept: ExecutionRecord) -> list[ExecutionStep]:
    """Those of the present round."""
    every = await work.fulfilments.steps(kept.request)
    return [one for one in every if one.round == kept.round]


async def _begun(work: UnitOfWork, order: Order) -> ExecutionStep | None:
    """The step that this order began, unless somebody else finished it meanwhile."""
    for step in await work.fulfilments.steps(order.request):
        if (step.round, step.source) == (order.round, order.plan.source):
            return step if step.state is StepState.BEGUN else None
    return None


def _next(steps: Sequence[ExecutionStep], now: datetime) -> ExecutionStep | None:
    """The first that is not done and that nobody is at; the desk's own waits for all others."""
    for step in steps:
        if step.state is StepState.DONE:
            continue
        if step.kind is SourceKind.MANUAL:
            continue
        others = [one for one in steps if one is not step]
        if step.source == DESK and any(one.state is not StepState.DONE for one in others):
            return None
        is_free = step.lease_until is None or step.lease_until <= now
        return step if is_free else None
    return None


def _planned(order: Order) -> dict[str, int]:
    """What the plan counted, of what goes; in a later round, of what a law kept until now."""
    plan = order.plan
    if order.round > 1:
        ends = {one.place: one.action for one in plan.items if one.action is not PlanAction.KEEP}
        return {
            f"{one.place}.{ends.get(one.place, PlanAction.DELETE)}": one.rows
            for one in plan.items
            if one.rows and one.until is not None and one.until <= order.now
        }
    kept = {one.place for one in plan.items if one.until is not None}
    return {
        f"{one.place}.{one.action}": one.rows
        for one in plan.items
        if one.rows and one.place not in kept
    }
