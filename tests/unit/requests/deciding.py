"""What staff do to a request, on the aggregate itself: these tests are about the subject's side."""

from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests import decisions
from bot.application.requests.notices.subject import tell_denied
from bot.application.requests.request_context import Click, attempt, by_desk, clock_of
from bot.domain.addresses import Language
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import DenialCode, HoldReason, RequestState
from tests.support.builders.desk import Desk, staff


async def approve(desk: Desk, request: DataRequest, name: str) -> RequestState:
    async def act(work: UnitOfWork) -> RequestState:
        found = await work.requests.get(request.id)
        if not found.facts.plan_hash:
            found.make_plan("plan", await by_desk(work))
        return found.approve(await attempt(work), plan_hash=found.facts.plan_hash)

    return await desk.bus.handle(staff(name), act)


async def deny(
    desk: Desk, request: DataRequest, name: str = "ayesha", *, text: str = "No."
) -> None:
    async def act(work: UnitOfWork) -> None:
        found = await work.requests.get(request.id)
        found.deny(DenialCode.OTHERS_RIGHTS, await attempt(work), clock_of(found))
        await tell_denied(work, found, {Language.EN: text, Language.BN: text})

    await desk.bus.handle(staff(name), act)


async def judge(
    desk: Desk, request: DataRequest, name: str, *, upholds: bool, text: str = ""
) -> None:
    texts = {Language.EN: text} if text else {}
    click = Click(request.id)
    await desk.bus.handle(
        staff(name), decisions.judge_appeal, click=click, upholds=upholds, texts=texts
    )


async def asks(desk: Desk, request: DataRequest, name: str, text: str) -> None:
    """Put it aside with a question to the client."""
    await desk.bus.handle(
        staff(name),
        decisions.hold,
        click=Click(request.id),
        reason=HoldReason.CLARIFICATION,
        texts={Language.EN: text},
    )


async def does(desk: Desk, request: DataRequest, name: str, act: str, *args: object) -> None:
    """Any other method of the request that takes an attempt after its own arguments."""

    async def do(work: UnitOfWork) -> None:
        found = await work.requests.get(request.id)
        await _call(work, found, act, args)

    await desk.bus.handle(staff(name), do)


async def _call(work: UnitOfWork, request: DataRequest, act: str, args: tuple[object, ...]) -> None:
    clocked = {"release", "extend"}
    extra = (clock_of(request),) if act in clocked else ()
    getattr(request, act)(*args, await attempt(work), *extra)
