"""A member of staff, and the bus on which they act."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar

from bot.application.bus import FinishingBus, TrialBus
from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.addresses import Actor
from bot.domain.staff import Staff

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class StaffSession:
    """A member of staff; the first thing they do also finishes the inbox row.

    On a trial bus nothing is done: what would be refused is refused.
    """

    staff: Staff
    bus: FinishingBus | TrialBus

    async def do(
        self,
        use_case: Callable[Concatenate[UnitOfWork, P], Awaitable[R]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Raises Refused; nothing was changed then."""
        return await self.bus.handle(Actor.staff(self.staff.id), use_case, *args, **kwargs)
