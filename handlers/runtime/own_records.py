"""The desk's own store as a source like any other, and the last one."""

from collections.abc import AsyncGenerator, Mapping

from bot.application.bus import Bus
from bot.application.fulfilment.execution import erase_own_records
from bot.application.fulfilment.plan_making import DESK, own_plans
from bot.application.ports.sources import Erased, Left, Looked, Order, Patterns
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import SYSTEM
from bot.domain.fulfilment.identifiers import Identifiers
from bot.domain.fulfilment.plan import SourceKind, SourcePlan
from handlers.open_desk import OwnLook


class OwnRecords:
    """The subject's records in the desk's own store; erased with their keys in one transaction."""

    name = DESK
    kind = SourceKind.DESK

    def __init__(self, bus: Bus, look: OwnLook) -> None:
        self._bus = bus
        self._look = look

    async def plan(self, who: Identifiers, now: object) -> SourcePlan:
        del now
        return (await self._bus.look(own_plans, who))[-1]

    async def erase(self, order: Order) -> Erased:
        """In the transaction that also finishes the step."""
        return await self._bus.handle(SYSTEM, erase_own_records, order)

    async def verify(self, order: Order) -> tuple[Left, ...]:
        left = await self._bus.look(_left, order.who)
        return tuple(Left(place, rows) for place, rows in left.items())

    async def look(self, order: Order, patterns: Patterns, *, masks: bool) -> Looked:
        return await self._look(order, patterns, masks)

    async def export(self, who: Identifiers) -> AsyncGenerator[tuple[str, Mapping[str, object]]]:
        for place, row in await self._bus.look(_exported, who):
            yield place, row


async def _left(work: UnitOfWork, who: Identifiers) -> Mapping[str, int]:
    """Rows that should have gone; a holder whose key stands counts as one."""
    left = dict(await work.records.left(who))
    if not await work.records.are_erased(who):
        left["keys"] = 1
    return left


async def _exported(work: UnitOfWork, who: Identifiers) -> list[tuple[str, Mapping[str, object]]]:
    return [one async for one in work.records.export(who)]
