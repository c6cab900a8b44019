"""Why an approved erasure waits though nobody need decide, for alerts on its due date."""

from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.request_context import live_roles
from bot.domain.fulfilment.plan import SourceKind
from bot.domain.fulfilment.steps import StepState
from bot.domain.requests.execution_rules import may_execute
from bot.domain.requests.reasons import Reason
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestState, RequestType
from bot.wording import say
from bot.wording.times import moment

BY_RULE = (Reason.ACCESS_FIRST, Reason.FROZEN)
"""Why an approved erasure is not begun, beside its waiting time."""


async def why_it_waits(work: UnitOfWork, request: DataRequest) -> str:
    """A sentence on what an approved erasure waits for; empty where people must decide."""
    if request.kind is not RequestType.ERASURE:
        return ""
    language = work.rules.staff_language
    reasons = may_execute(request, work.clock.now(), await live_roles(work)).reasons
    why = list[str]()
    if request.state is RequestState.COOLING_OFF and Reason.HOLD_RUNNING in reasons:
        until = request.facts.hold_until
        at = moment(until, work.rules.zone, language) if until is not None else "–"
        why.append(say("fulfilment.waits_hold", language, until=at))
    if request.state is RequestState.COOLING_OFF or request.is_fenced:
        given = [one for one in BY_RULE if one in reasons]
        why += [say(f"requests.reason_{one}", language, number=request.number) for one in given]
    if request.state is RequestState.ATTENTION:
        why.append(say("fulfilment.waits_attention", language))
    if count := await _by_hand(work, request):
        why.append(say("fulfilment.waits_by_hand", language, count=count))
    return say("fulfilment.it_waits", language, why=" ".join(why)) if why else ""


async def _by_hand(work: UnitOfWork, request: DataRequest) -> int:
    """How many steps wait for a person."""
    if not request.is_fenced:
        return 0
    kept = await work.fulfilments.get(request.id)
    steps = await work.fulfilments.steps(request.id)
    return sum(
        one.kind is SourceKind.MANUAL
        and one.state is not StepState.DONE
        and kept is not None
        and one.round == kept.round
        for one in steps
    )
