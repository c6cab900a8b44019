"""A test rig's start leaves a trace: that it was one, and how far its clock was moved."""

from dataclasses import dataclass

from bot.application.ports.unit_of_work import UnitOfWork
from bot.domain.events import Event
from bot.domain.staff import DESK


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedForTesting(Event):
    """The desk runs with PRIVACYDESK_TESTING: on a store that was born for it, against loopback."""

    stream: str = DESK


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockMoved(Event):
    """The desk's time is so many seconds ahead of the world's; signatures and TLS know nothing."""

    stream: str = DESK
    seconds: int


async def note_testing(work: UnitOfWork, *, seconds: int) -> None:
    """Keep both, in this order."""
    work.record(StartedForTesting())
    if seconds:
        work.record(ClockMoved(seconds=seconds))
