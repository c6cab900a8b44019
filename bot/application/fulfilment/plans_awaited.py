"""Which requests wait for a plan, and what whoever asks the company's databases needs to know."""

from collections.abc import Sequence

from bot.application.fulfilment.plan_making import take_survey, whose
from bot.application.outbound.to_staff import Alert
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import RequestId
from bot.domain.fulfilment.identifiers import Identifiers
from bot.domain.fulfilment.plan import SourcePlan
from bot.domain.requests.states import PLANNING
from bot.wording import say
from bot.wording.findings import reason_text

AT_ONCE = 20


async def to_be_planned(work: UnitOfWork) -> list[RequestId]:
    """Requests that people wait to read a plan of."""
    return await work.fulfilments.unplanned(AT_ONCE)


async def who_is_it(work: UnitOfWork, request: RequestId) -> Identifiers:
    """By what the subject is found: as kept since it was fenced, else from what is on record."""
    kept = await work.fulfilments.get(request)
    if kept is not None and kept.who is not None:
        return kept.who
    return await whose(work, await work.requests.get(request))


async def plan_of_survey(
    work: UnitOfWork, request_id: RequestId, survey: Sequence[SourcePlan]
) -> bool:
    """Make the plan of what the company's databases said; whether there is one now."""
    request = await work.requests.get(request_id)
    if request.state not in PLANNING or not request.is_verified:
        return False
    return await take_survey(work, request, survey) is not None


async def tell_unanswered(work: UnitOfWork, request_id: RequestId, error: str) -> None:
    """Approvers hear once a day that a plan waits, and for what; it is asked again meanwhile."""
    request = await work.requests.get(request_id)
    today = work.clock.now().astimezone(work.rules.zone).date()
    language, sources = work.rules.staff_language, ", ".join(work.rules.company_sources)
    why = reason_text(error, sources, language)
    text = say("carrying_out.plan_waits", language, number=request.number, sources=sources, why=why)
    key = f"plan-waits:{request.id}:{today}"
    await work.outbox.put(Alert("privacy", text), holder=request.subject.holder, key=key)
