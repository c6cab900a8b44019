"""The inbox: what comes in is kept before it is acknowledged, and handed out to be dealt with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from bot.application.outbound.to_staff import Alert
from bot.application.ports.queues import InboundUpdate
from bot.application.ports.unit_of_work import UnitOfWork
from bot.wording import say

INBOX_TRIES = 3
"""After so many failures an update is put aside (docs/design/security.md, "Poison updates")."""
LEASE = timedelta(seconds=90)
"""So long what was claimed is nobody else's; a delivery not settled by then is in doubt."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Claimed(Generic[T]):
    """What was handed out, and when to look for more without being told."""

    taken: list[T]
    next_in: timedelta | None
    """Not positive: something waits behind what is in hand; None: nothing waits."""


async def accept_and_claim(
    work: UnitOfWork, inbound_updates: Sequence[InboundUpdate], limit: int
) -> Claimed[InboundUpdate]:
    """Keep what came in, before it is acknowledged, and hand out what is to be done next."""
    now = work.clock.now()
    await work.inbox.accept(inbound_updates, now)
    taken = await work.inbox.claim(now, limit=limit, lease_until=now + LEASE) if limit else []
    return Claimed(taken, time_until(await work.inbox.next_due(), now))


async def was_kept(work: UnitOfWork, key: str) -> bool:
    """Whether this came before: a repeat changes nothing, and is told what the first was told."""
    return await work.inbox.has(key)


async def finish_update(work: UnitOfWork, key: str) -> None:
    """Nothing had to be done for it."""
    await work.inbox.finish(key, work.clock.now())


async def put_update_off(work: UnitOfWork, key: str, error: str) -> bool:
    """It failed for a moment's reason: again soon. False: it failed too often and was put aside."""
    now = work.clock.now()
    tries = await work.inbox.fail(key, error=error, next_at=now + timedelta(seconds=2))
    if tries < INBOX_TRIES:
        return True
    await put_update_aside(work, key, error)
    return False


async def put_update_aside(work: UnitOfWork, key: str, error: str) -> None:
    """It cannot be dealt with, and waits for a person, who hears of it."""
    await work.inbox.fail(key, error=error, next_at=None)
    await work.outbox.put(Alert("support", say("desk.update_put_aside", error=error)))


async def set_aside(work: UnitOfWork, inbound: InboundUpdate, error: str) -> None:
    """It cannot be kept as it is: kept apart, for a person, so that it holds up nobody else."""
    await work.inbox.set_aside(inbound, work.clock.now(), error=error)
    await work.outbox.put(Alert("support", say("desk.update_put_aside", error=error)))


def time_until(due: datetime | None, now: datetime) -> timedelta | None:
    return None if due is None else due - now
