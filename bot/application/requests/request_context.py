"""Which request, who tries, on whose clock: what every use case of a request asks first."""

from dataclasses import dataclass

from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import ID_LENGTH, SYSTEM, Actor, RequestId, StaffId
from bot.domain.errors import NotFound
from bot.domain.legal_calendar.clock import LegalClock, legal_clock
from bot.domain.requests.record import Attempt, Roles, Subject
from bot.domain.requests.request import DataRequest


@dataclass(frozen=True, slots=True)
class Click:
    """What was clicked: a request by number or id, and the state version that was on the card."""

    request: str
    seen: int | None = None
    mark: str = ""
    """What the card showed; empty: an older card."""


async def the_request(work: UnitOfWork, ref: str) -> DataRequest:
    """By number (`R-000045`, `r45`, `45`) or by id. Raises NotFound."""
    wanted = ref.strip()
    if len(wanted) == ID_LENGTH:
        return await work.requests.get(RequestId(wanted))
    return await work.requests.numbered(wanted)


async def attempt(work: UnitOfWork, click: Click | None = None) -> Attempt:
    """An attempt of whoever acts; roles are read now, from the staff table."""
    return await attempt_of(work, work.actor, click)


async def by_desk(work: UnitOfWork) -> Attempt:
    """An attempt of the desk itself, whoever's act led to it."""
    return await attempt_of(work, SYSTEM)


async def attempt_of(work: UnitOfWork, by: Actor, click: Click | None = None) -> Attempt:
    seen, mark = (click.seen, click.mark) if click is not None else (None, "")
    return Attempt(
        by=by,
        now=work.clock.now(),
        roles=await live_roles(work),
        newcomers=await newcomers(work),
        seen=seen,
        mark=mark,
    )


async def live_roles(work: UnitOfWork) -> Roles:
    """Who holds which role now; nobody who can act no more, and no new approver yet."""
    now = work.clock.now()
    return {one.id: one.role_at(now) for one in await work.staff.everyone() if one.can_act}


async def newcomers(work: UnitOfWork) -> frozenset[StaffId]:
    """Whose word does not count yet."""
    now = work.clock.now()
    return frozenset(one.id for one in await work.staff.everyone() if one.is_new(now))


def clock_of(request: DataRequest) -> LegalClock:
    """The clock that the request runs on."""
    return legal_clock(request.regime)


async def clock_for(work: UnitOfWork, subject: Subject) -> LegalClock:
    """The clock of a person's own regime, else of the desk; one nobody knows counts as none."""
    regime = work.rules.default_regime
    if subject.person is not None:
        regime = (await work.people.get(subject.person)).regime or regime
    try:
        return legal_clock(regime)
    except NotFound:
        return legal_clock(work.rules.default_regime)
