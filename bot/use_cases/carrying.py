"""Durable work: keep what comes in, hand out what is to be done, record how it ended."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from bot.messages import Alert, Delivery, Doubt, PostMessage, Relay, RelayEdit, Say
from bot.ports import (
    Arrival,
    Arrived,
    Blocked,
    NotSent,
    Outcome,
    Parcel,
    Timer,
    UnitOfWork,
    Unknown,
)
from bot.tickets.talk import Delivery as Ending
from bot.use_cases.desk.delivery import record_delivery
from bot.wording import say

LEASE = timedelta(seconds=90)
"""How long a carrier may take; after that nobody knows whether the delivery arrived."""
BACK_OFF = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 120, 300, 900, 1800, 3600))
"""Waits between tries; when they are used up the delivery is a dead letter (engine.md)."""
INBOX_TRIES = 3
"""After so many failures an update is put aside as poison (security.md section 0.8)."""


async def accept_arrivals(work: UnitOfWork, arrivals: Sequence[Arrival]) -> int:
    """Keep what came in, before it is acknowledged; how many were new."""
    return await work.inbox.accept(arrivals, work.clock.now())


async def claim_arrivals(work: UnitOfWork, limit: int) -> list[Arrival]:
    """What is to be worked on next."""
    now = work.clock.now()
    return await work.inbox.claim(now, limit=limit, lease_until=now + LEASE)


async def finish_arrival(work: UnitOfWork, key: str) -> None:
    """Nothing had to be done for it."""
    await work.inbox.finish(key, work.clock.now())


async def put_arrival_off(work: UnitOfWork, key: str, error: str) -> bool:
    """It failed for a moment's reason: again soon. False: it failed too often and was put aside."""
    now = work.clock.now()
    tries = await work.inbox.fail(key, error=error, next_at=now + timedelta(seconds=2))
    if tries < INBOX_TRIES:
        return True
    await work.inbox.fail(key, error=error, next_at=None)
    await work.outbox.put(Alert("support", say("desk.update_put_aside", error=error)))
    return False


async def take_over(work: UnitOfWork) -> int:
    """At the start of the only process: what a dead one had in hand. How many are in doubt."""
    now = work.clock.now()
    await work.inbox.release_all(now)
    strays = await work.outbox.strays(now + LEASE)
    await _settle_all(work, [(parcel, Unknown("carrier_died")) for parcel in strays])
    return len(strays)


async def settle_and_claim(
    work: UnitOfWork, endings: Sequence[tuple[Parcel, Outcome]], limit: int
) -> list[Parcel]:
    """Record how deliveries ended, and hand out the next ones, in one transaction."""
    await _settle_all(work, endings)
    now = work.clock.now()
    return await work.outbox.claim(now, limit=limit, lease_until=now + LEASE) if limit else []


async def settle_strays(work: UnitOfWork) -> None:
    """What another process had in hand when it died, once its lease is over."""
    strays = await work.outbox.strays(work.clock.now())
    await _settle_all(work, [(parcel, Unknown("carrier_died")) for parcel in strays])


async def next_delivery_due(work: UnitOfWork) -> object:
    return await work.outbox.next_due()


async def due_timers(work: UnitOfWork) -> list[Timer]:
    return await work.timers.due(work.clock.now())


async def _settle_all(work: UnitOfWork, endings: Sequence[tuple[Parcel, Outcome]]) -> None:
    for parcel, outcome in endings:
        await _settle(work, parcel, outcome)


async def _settle(work: UnitOfWork, parcel: Parcel, outcome: Outcome) -> None:
    match outcome:
        case Arrived():
            await _arrived(work, parcel, outcome)
        case NotSent():
            await _not_sent(work, parcel, outcome)
        case Blocked():
            await work.outbox.give_up(parcel.id, work.clock.now(), error="blocked", dead=False)
            await _tell(work, parcel.delivery, Ending.BLOCKED, "blocked")
        case Unknown():
            await _in_doubt(work, parcel, outcome)


async def _arrived(work: UnitOfWork, parcel: Parcel, outcome: Arrived) -> None:
    await work.outbox.finish(parcel.id, work.clock.now())
    delivery = parcel.delivery
    match delivery:
        case Relay() | PostMessage() | RelayEdit():
            for part, (place, remote) in enumerate(outcome.links):
                await work.messages.link(delivery.message, outcome.surface, place, remote, part)
        case Say() if delivery.reply.about is not None:
            for place, remote in outcome.links:
                await work.messages.link_ticket(
                    delivery.reply.about, outcome.surface, place, remote
                )
        case _:
            pass
    await _tell(work, delivery, Ending.SENT, "")


async def _not_sent(work: UnitOfWork, parcel: Parcel, outcome: NotSent) -> None:
    now = work.clock.now()
    if outcome.is_final or parcel.tries + 1 >= len(BACK_OFF):
        is_dead = not isinstance(parcel.delivery, Relay)
        await work.outbox.give_up(parcel.id, now, error=outcome.error, dead=is_dead)
        await _tell(work, parcel.delivery, Ending.FAILED, outcome.error)
        return
    wait = outcome.retry_after if outcome.retry_after is not None else _back_off(parcel.tries)
    counts = outcome.retry_after is None
    await work.outbox.retry(
        parcel.id, now + wait, error=outcome.error, counts=counts, uncertain=False
    )


async def _in_doubt(work: UnitOfWork, parcel: Parcel, outcome: Unknown) -> None:
    now, rule = work.clock.now(), parcel.delivery.in_doubt
    is_given_up = parcel.tries + 1 >= len(BACK_OFF) or (
        rule is Doubt.REPEAT_MARKED and parcel.is_repeat
    )
    if rule is Doubt.ASK:
        await work.outbox.give_up(parcel.id, now, error=outcome.error, dead=False)
        await _tell(work, parcel.delivery, Ending.UNCERTAIN, outcome.error)
    elif is_given_up:
        await work.outbox.give_up(parcel.id, now, error=outcome.error, dead=True)
    else:
        wait = _back_off(parcel.tries)
        await work.outbox.retry(
            parcel.id, now + wait, error=outcome.error, counts=True, uncertain=True
        )


async def _tell(work: UnitOfWork, delivery: Delivery, ending: Ending, error: str) -> None:
    """A reply of staff: its ticket shows how the delivery ended."""
    if isinstance(delivery, Relay):
        await record_delivery(work, message=delivery.message, outcome=ending, error=error)


def _back_off(tries: int) -> timedelta:
    """The wait before the next try, with up to a quarter of jitter."""
    wait = BACK_OFF[min(tries, len(BACK_OFF) - 1)]
    return wait * (1 + secrets.randbelow(251) / 1000)
