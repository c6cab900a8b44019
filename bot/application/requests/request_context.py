"""Who tries what, on whose clock: what every use case of a request asks first."""

from bot.application.ports import UnitOfWork
from bot.domain.addresses import SYSTEM, Actor
from bot.domain.errors import NotFound
from bot.domain.legal_calendar.clock import LegalClock, legal_clock
from bot.domain.requests.record import Attempt, Roles, Subject
from bot.domain.requests.request import DataRequest


async def attempt(work: UnitOfWork, *, seen: int | None = None) -> Attempt:
    """An attempt of whoever acts; roles are read now, from the staff table."""
    return await attempt_of(work, work.actor, seen=seen)


async def by_desk(work: UnitOfWork) -> Attempt:
    """An attempt of the desk itself, whoever's act led to it."""
    return await attempt_of(work, SYSTEM)


async def attempt_of(work: UnitOfWork, by: Actor, *, seen: int | None = None) -> Attempt:
    return Attempt(by=by, now=work.clock.now(), roles=await live_roles(work), seen=seen)


async def live_roles(work: UnitOfWork) -> Roles:
    """Who holds which role now; nobody who was taken off the list."""
    return {staff.id: staff.role for staff in await work.staff.everyone() if staff.active}


def clock_of(request: DataRequest) -> LegalClock:
    """The clock that the request runs on."""
    return legal_clock(request.regime)


async def clock_for(work: UnitOfWork, subject: Subject) -> LegalClock:
    """The clock of a person's own regime, else of the house; one nobody knows counts as none."""
    regime = work.rules.default_regime
    if subject.person is not None:
        regime = (await work.people.get(subject.person)).regime or regime
    try:
        return legal_clock(regime)
    except NotFound:
        return legal_clock(work.rules.default_regime)
