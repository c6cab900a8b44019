"""Erasures that need a person: something is left, a step is done by hand, a source is down."""

import hashlib
from typing import TypeVar

from bot.application.outbound.delivery import Delivery
from bot.application.outbound.to_staff import Alert
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.requests.request_context import by_desk
from bot.domain.addresses import SYSTEM, Actor, RequestId, Role, StaffId
from bot.domain.events import Event
from bot.domain.fulfilment.steps import ResidualFinding
from bot.domain.requests.request import DataRequest
from bot.domain.staff import Staff
from tests.support.builders.erasures import Erasing, erasing
from tests.support.builders.requests import EMAIL, now
from tests.support.fakes.sources import FakeSource
from tests.support.stores.stages import Stage

D = TypeVar("D", bound=Delivery)
NAME = "Rahima Khatun was here"
"""A name that the builders' client has, written by somebody after the erasure."""


def staff(name: str) -> Actor:
    return Actor.staff(StaffId(f"staff-{name}"))


async def with_a_name_left(stage: Stage) -> tuple[Erasing, DataRequest]:
    """Only a name stands in a letter afterwards, which may be anybody's."""
    letters = FakeSource(name="letters", tables={"letter": [f"to {EMAIL}"]})
    desk = await erasing(stage, letters)
    request = await desk.approved()
    letters.names_again = NAME
    return desk, await desk.carried_out(request)


async def history(desk: Erasing, request: DataRequest) -> list[Event]:
    """What can be read of what happened, oldest first."""

    async def read(work: UnitOfWork) -> list[Event]:
        rows = await work.log.of(request.stream)
        return [one.event for one in rows if one.event is not None]

    return await desk.bus.look(read)


async def sent(desk: Erasing, kind: type[D]) -> list[D]:
    """What of that kind waited to be carried out; it is carried out now."""

    async def take(work: UnitOfWork) -> list[D]:
        at, found = work.clock.now(), list[D]()
        while rows := await work.outbox.claim(at, limit=50, lease_until=at):
            for row in rows:
                await work.outbox.finish(row.id, at)
                if isinstance(row.delivery, kind):
                    found.append(row.delivery)
        return found

    return await desk.bus.handle(SYSTEM, take)


async def alerts(desk: Erasing) -> list[str]:
    """What staff were told in a channel since they were asked last."""
    return [one.text for one in await sent(desk, Alert)]


async def hire(desk: Erasing, name: str, role: Role = Role.AGENT) -> None:
    async def put(work: UnitOfWork) -> None:
        member = Staff(
            id=StaffId(f"staff-{name}"), slack_user=f"U{name.upper()}", role=role, source="manual"
        )
        await work.staff.put(member)

    await desk.bus.handle(SYSTEM, put)


async def freeze(desk: Erasing, request: DataRequest) -> None:
    async def act(work: UnitOfWork) -> None:
        (await work.requests.get(request.id)).freeze(await by_desk(work))

    await desk.bus.handle(SYSTEM, act)


async def write_down(desk: Erasing, request: DataRequest, name: str) -> None:
    """As if that member of staff had entered it."""

    async def act(work: UnitOfWork) -> None:
        (await work.requests.get(request.id)).created_by = staff(name)

    await desk.bus.handle(SYSTEM, act)


async def put_finding(desk: Erasing, request: DataRequest, **given: object) -> ResidualFinding:
    """One more thing that the look found."""
    wanted = {"source": "letters", "place": "letter.text[7]", "kind": "name"} | given
    identity = hashlib.sha256(str(sorted(wanted.items())).encode()).hexdigest()
    made = ResidualFinding(id=identity, request=RequestId(request.id), **wanted)  # pyright: ignore[reportArgumentType]  # fields by name

    async def put(work: UnitOfWork) -> None:
        await work.fulfilments.put_finding(made)

    await desk.bus.handle(SYSTEM, put)
    return made


async def as_it_is(desk: Erasing, request: DataRequest) -> DataRequest:
    return await now(desk.bus, request)
