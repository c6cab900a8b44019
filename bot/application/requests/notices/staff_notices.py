"""What time tells staff of a request: reminders, due dates, and that nothing stands in its way."""

from bot.application.outbound.to_staff import Alert, ShowRequestCard
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.alarms import approvers_called
from bot.application.requests.request_context import by_desk, clock_of, live_roles
from bot.application.requests.waiting_by_rule import why_it_waits
from bot.domain.requests.deadlines import RequestTimer
from bot.domain.requests.execution_rules import may_execute
from bot.domain.requests.reasons import Reason
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import RequestType
from bot.wording import say
from bot.wording.times import due_day, moment


async def remind_second_approval(
    work: UnitOfWork, request: DataRequest, timer: RequestTimer
) -> None:
    since = moment(request.since, work.rules.zone, work.rules.staff_language)
    await _alert(work, request, timer, "requests.remind_second_approval", since=since)


async def escalate_second_approval(
    work: UnitOfWork, request: DataRequest, timer: RequestTimer
) -> None:
    language = work.rules.staff_language
    more = {
        "since": moment(request.since, work.rules.zone, language),
        "due": due_day(request.due_on, language),
        "approvers": await approvers_called(work),
    }
    await _alert(work, request, timer, "requests.escalate_second_approval", **more)


async def warn_of_staff_path(work: UnitOfWork, request: DataRequest, timer: RequestTimer) -> None:
    """Told late, after an outage, it says how many days it has been by now."""
    count = -clock_of(request).days_left(request.received_at.date(), work.clock.now())
    await _alert(work, request, timer, "requests.staff_path_long", count=count)


async def warn_of_due_date(work: UnitOfWork, request: DataRequest, timer: RequestTimer) -> None:
    """Whichever warning it is: it says how things stand now, and who can decide."""
    language, clock = work.rules.staff_language, clock_of(request)
    left = clock.days_left(request.due_on, work.clock.now())
    more: dict[str, object] = {
        "day": due_day(request.due_on, language),
        "state": say(f"request_card.state_{request.state}", language),
        "approvers": await approvers_called(work),
    }
    match left:
        case 0 | 1:
            key = "due_today" if left == 0 else "due_in_1"
        case _ if left > 0:
            key, more["count"] = "due_in_days", left
        case _:
            expected = clock.expected_on(work.clock.now())
            key, more["expected"] = "overdue", due_day(expected, language)
            key = "overdue_fenced" if request.is_fenced else key
    why = await why_it_waits(work, request)
    await _alert(work, request, timer, f"clock.{key}", after=why, **more)


async def page_a_human(work: UnitOfWork, request: DataRequest, timer: RequestTimer) -> None:
    await _alert(work, request, timer, "requests.page_a_human")


async def say_ready(work: UnitOfWork, request: DataRequest, timer: RequestTimer) -> None:
    """The hold is over. Whoever may no longer approve voids the approvals; else it is ready.

    An erasure begins by itself now, and its card says so; for a copy, and for what is done by
    hand, people are told.
    """
    decision = may_execute(request, work.clock.now(), await live_roles(work))
    if Reason.APPROVER_WITHOUT_ROLE in decision.reasons:
        request.let_approvals_lapse(await by_desk(work))
        return
    if decision.allowed and request.kind is not RequestType.ERASURE:
        key = "told_ready_by_hand"
        if request.kind is RequestType.ACCESS:
            request.execute(await by_desk(work))
            key = "told_hand_over"
        await _alert(work, request, timer, f"request_card.{key}")
    await _draw(work, request)


async def _alert(  # what it says, by name
    work: UnitOfWork,
    request: DataRequest,
    timer: RequestTimer,
    key: str,
    *,
    after: str = "",
    **params: object,
) -> None:
    """Once an occasion, in the privacy channel. `after`: a sentence more."""
    text = say(key, work.rules.staff_language, number=request.number, **params)
    text = f"{text} {after}".rstrip()
    await work.outbox.put(Alert("privacy", text), holder=request.holder, key=timer.key(request))
    await _draw(work, request)


async def _draw(work: UnitOfWork, request: DataRequest) -> None:
    await work.outbox.put(ShowRequestCard(request.id), holder=request.holder)
