"""The timers of requests: each has one, for the soonest thing that time does to it; all share one.

`bot/domain/requests/deadlines.py` says what is due when; here each kind is one small function. What
fires asks the aggregate, whose guards decide again. The shared one draws every open request's card
anew once a day: the days that are left have changed.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import UTC, datetime, time, timedelta
from itertools import chain

from bot.application.outbound.to_staff import ShowRequestCard
from bot.application.ports.desk import Timer
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.notices import staff_notices, subject
from bot.application.requests.request_context import by_desk, clock_of
from bot.domain.addresses import RequestId
from bot.domain.errors import NotFound
from bot.domain.requests.deadlines import RequestTimer, TimerKind, timers
from bot.domain.requests.request import DataRequest

Act = Callable[[UnitOfWork, DataRequest, RequestTimer], Awaitable[None]]
TIMER = "request"
CARDS_TIMER = "request_cards"
CARDS_A_MORNING = 500
MORNING = time(0, 5)
"""Soon after the day began, in the desk's own zone."""
_MOMENT = "%Y%m%dT%H%M%S%f"


async def reschedule(work: UnitOfWork, request: DataRequest) -> None:
    """After every change: look again at the soonest thing ahead, or at once if it is due now.

    Reminders and alerts whose time is over are not told late: whoever needed them, acted.
    """
    now = work.clock.now()
    due = [one for one in _timers(work, request) if one.due_at > now or one.kind in ACTING]
    await _set(work, request, due)


async def fire(work: UnitOfWork, ref: str) -> None:
    """Do what has fallen due since the moment in `ref`; of what only tells people, the last.

    After an outage several may have: deeds come first, then one word to staff and one to the
    client, of what is still true.
    """
    identity, _, since = ref.partition("@")
    try:
        request = await work.requests.get(RequestId(identity))
    except NotFound:
        return
    now = work.clock.now()
    begin = datetime.strptime(since, _MOMENT).replace(tzinfo=UTC)
    due = {one.kind: one for one in _timers(work, request) if begin <= one.due_at <= now}
    for kind in _said_once(due):
        if due[kind] in _timers(work, request):
            await ACTS[kind](work, request, due[kind])
    await _set(work, request, [one for one in _timers(work, request) if one.due_at > now])


async def draw_cards(work: UnitOfWork, ref: str) -> None:
    """Draw every open request's card, and look again tomorrow while anything is open."""
    del ref
    requests = await work.requests.find(live_only=True, limit=CARDS_A_MORNING)
    for request in requests:
        await work.outbox.put(ShowRequestCard(request.id), holder=request.holder)
    if requests:
        await draw_tomorrow(work)


async def draw_tomorrow(work: UnitOfWork) -> None:
    """Nothing happens where tomorrow's turn is set already."""
    if await work.timers.get(CARDS_TIMER) is None:
        due = _tomorrow(work, work.clock.now())
        await work.timers.put(Timer(key=CARDS_TIMER, kind=CARDS_TIMER, ref="", due_at=due))


def _said_once(due: Collection[TimerKind]) -> list[TimerKind]:
    """Deeds in their order, and of each line of words the weightiest."""
    words = [[kind for kind in line if kind in due][-1:] for line in (TO_CLIENT, TO_STAFF)]
    told = [kind for line in (TO_CLIENT, TO_STAFF) for kind in line]
    return [*(kind for kind in due if kind not in told), *chain.from_iterable(words)]


async def _let_due_date_pass(work: UnitOfWork, request: DataRequest, timer: RequestTimer) -> None:
    request.let_due_date_pass(await by_desk(work))
    await staff_notices.warn_of_due_date(work, request, timer)


async def _expire(work: UnitOfWork, request: DataRequest, _: RequestTimer) -> None:
    request.expire(await by_desk(work), work.rules.requests)


async def _let_package_lapse(work: UnitOfWork, request: DataRequest, _: RequestTimer) -> None:
    request.let_package_lapse(await by_desk(work), work.rules.requests)


async def _destroy_package(work: UnitOfWork, request: DataRequest, _: RequestTimer) -> None:
    request.destroy_package(await by_desk(work), work.rules.requests)


async def _close_denial(work: UnitOfWork, request: DataRequest, _: RequestTimer) -> None:
    request.close_denial(await by_desk(work), clock_of(request))


async def _forget(work: UnitOfWork, request: DataRequest, _: RequestTimer) -> None:
    """The law's time for keeping the record is over (24 months in California, 5 years here)."""
    await work.fulfilments.remove(request.id)
    await work.requests.remove(request.id)


ACTS: Mapping[TimerKind, Act] = {
    TimerKind.REMIND_IDENTITY: subject.remind_identity,
    TimerKind.REMIND_CONFIRMATION: subject.remind_confirmation,
    TimerKind.EXPIRE: _expire,
    TimerKind.REMIND_SECOND_APPROVAL: staff_notices.remind_second_approval,
    TimerKind.ESCALATE_SECOND_APPROVAL: staff_notices.escalate_second_approval,
    TimerKind.EXECUTE: staff_notices.say_ready,
    TimerKind.PAGE_A_HUMAN: staff_notices.page_a_human,
    TimerKind.PACKAGE_LAPSES: _let_package_lapse,
    TimerKind.DESTROY_PACKAGE: _destroy_package,
    TimerKind.CLOSE_DENIAL: _close_denial,
    TimerKind.STAFF_PATH_DAY_21: staff_notices.warn_of_staff_path,
    TimerKind.STAFF_PATH_DAY_28: staff_notices.warn_of_staff_path,
    TimerKind.DUE_IN_7: staff_notices.warn_of_due_date,
    TimerKind.DUE_IN_3: staff_notices.warn_of_due_date,
    TimerKind.DUE_IN_1: staff_notices.warn_of_due_date,
    TimerKind.DUE_TODAY: staff_notices.warn_of_due_date,
    TimerKind.OVERDUE: _let_due_date_pass,
    TimerKind.PURGE_RECORD: _forget,
}
ACTING = frozenset(
    {
        TimerKind.EXPIRE,
        TimerKind.EXECUTE,
        TimerKind.PAGE_A_HUMAN,
        TimerKind.OVERDUE,
        TimerKind.PACKAGE_LAPSES,
        TimerKind.DESTROY_PACKAGE,
        TimerKind.CLOSE_DENIAL,
        TimerKind.PURGE_RECORD,
    }
)
"""What must still happen when its time is over already, such as after a freeze was lifted."""

TO_CLIENT = (TimerKind.REMIND_IDENTITY, TimerKind.REMIND_CONFIRMATION)
TO_STAFF = (
    TimerKind.REMIND_SECOND_APPROVAL,
    TimerKind.ESCALATE_SECOND_APPROVAL,
    TimerKind.STAFF_PATH_DAY_21,
    TimerKind.STAFF_PATH_DAY_28,
    TimerKind.DUE_IN_7,
    TimerKind.DUE_IN_3,
    TimerKind.DUE_IN_1,
    TimerKind.DUE_TODAY,
    TimerKind.OVERDUE,
)
"""What only tells people, the weightier later: each says where the request stands."""


def _timers(work: UnitOfWork, request: DataRequest) -> list[RequestTimer]:
    """Whatever carries a request out sets its own: retries and lapsed retentions are not here."""
    found = timers(request, clock_of(request), work.rules.requests)
    return [one for one in found if one.kind in ACTS]


async def _set(work: UnitOfWork, request: DataRequest, due: list[RequestTimer]) -> None:
    key = f"{TIMER}:{request.id}"
    if not due:
        await work.timers.cancel(key)
        return
    first = due[0].due_at
    ref = f"{request.id}@{first.astimezone(UTC):{_MOMENT}}"
    await work.timers.put(Timer(key=key, kind=TIMER, ref=ref, due_at=first))


def _tomorrow(work: UnitOfWork, now: datetime) -> datetime:
    zone = work.rules.zone
    day = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, MORNING, zone).astimezone(UTC)
