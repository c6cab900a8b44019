"""Durable work: keep what comes in, hand out what is to be done, record how it ended."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from bot.application.outbound.messages import (
    Alert,
    Delivery,
    Doubt,
    PostMessage,
    Relay,
    RelayDelete,
    RelayEdit,
    Say,
    ToClient,
)
from bot.application.ports import (
    Arrival,
    Arrived,
    Blocked,
    GivenUp,
    Lane,
    NotSent,
    Outcome,
    Parcel,
    UnitOfWork,
    Unknown,
)
from bot.application.requests.mail import void_code
from bot.application.staff_desk.delivery import note_blocked, record_delivery, record_lost_edit
from bot.domain.errors import NotFound
from bot.domain.tickets.message import Delivery as Ending
from bot.wording import say

T = TypeVar("T")
LEASE = timedelta(seconds=90)
"""How long a carrier may take; after that nobody knows whether the delivery arrived."""
BACK_OFF = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 120, 300, 900, 1800, 3600))
"""Waits between tries; the eighth failure is the last (docs/design/engine.md, "Back-off")."""
LONGEST_REST = timedelta(days=365)
"""How long words of the desk wait for a client who blocked it."""
INBOX_TRIES = 3
"""After so many failures an update is put aside (docs/design/security.md, "Poison updates")."""


@dataclass(frozen=True, slots=True)
class Room:
    """Room for more in a courier's lane."""

    lane: Lane
    limit: int


@dataclass(frozen=True, slots=True)
class Claimed(Generic[T]):
    """What was handed out, and when to look for more without being told."""

    taken: list[T]
    next_in: timedelta | None
    """Not positive: something waits behind what is in hand; None: nothing waits."""


async def accept_and_claim(
    work: UnitOfWork, arrivals: Sequence[Arrival], limit: int
) -> Claimed[Arrival]:
    """Keep what came in, before it is acknowledged, and hand out what is to be done next."""
    now = work.clock.now()
    await work.inbox.accept(arrivals, now)
    taken = await work.inbox.claim(now, limit=limit, lease_until=now + LEASE) if limit else []
    return Claimed(taken, _wait(await work.inbox.next_due(), now))


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
    strays = await work.outbox.strays(now + LONGEST_REST)
    await _settle_all(work, [(parcel, Unknown("carrier_died")) for parcel in strays])
    return len(strays)


async def settle_and_hand_out(
    work: UnitOfWork, endings: Sequence[tuple[Parcel, Outcome]], rooms: Sequence[Room]
) -> Claimed[list[Parcel]]:
    """Record how deliveries ended, and hand out the next ones, a list a room, in one commit."""
    await _settle_all(work, endings)
    now = work.clock.now()
    taken = [await _claim(work, room, now) for room in rooms]
    return Claimed(taken, _wait(await work.outbox.next_due(), now))


async def _claim(work: UnitOfWork, room: Room, now: datetime) -> list[Parcel]:
    if room.limit <= 0:
        return []
    until = now + LEASE
    return await work.outbox.claim(now, limit=room.limit, lease_until=until, lane=room.lane)


def _wait(due: datetime | None, now: datetime) -> timedelta | None:
    return None if due is None else due - now


async def settle_strays(work: UnitOfWork) -> None:
    """What another process had in hand when it died, once its lease is over."""
    strays = await work.outbox.strays(work.clock.now())
    await _settle_all(work, [(parcel, Unknown("carrier_died")) for parcel in strays])


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
            await _blocked(work, parcel)
        case Unknown():
            await _in_doubt(work, parcel, outcome)


async def _arrived(work: UnitOfWork, parcel: Parcel, outcome: Arrived) -> None:
    delivery = parcel.delivery
    await work.outbox.finish(parcel.id, work.clock.now(), rest=delivery.rest)
    match delivery:
        case Relay() | PostMessage() | RelayEdit():
            for part, (place, remote) in enumerate(outcome.links, outcome.first_part):
                await work.messages.link(delivery.message, outcome.surface, place, remote, part)
        case Say() if delivery.reply.about is not None:
            for place, remote in outcome.links:
                await work.messages.link_ticket(
                    delivery.reply.about, outcome.surface, place, remote
                )
        case _:
            pass
    await _tell(work, delivery, Ending.SENT, "")


async def _blocked(work: UnitOfWork, parcel: Parcel) -> None:
    """A reply of staff is theirs to send again; what the desk itself says rests with the client."""
    now, delivery = work.clock.now(), parcel.delivery
    if not isinstance(delivery, ToClient):
        await work.outbox.give_up(parcel.id, now, error="blocked", end=GivenUp.DEAD)
        return
    if isinstance(delivery, Relay):
        await work.outbox.give_up(parcel.id, now, error="blocked", end=GivenUp.RETURNED)
        await _tell(work, delivery, Ending.BLOCKED, "blocked")
        return
    await work.outbox.retry(parcel.id, now, error="blocked", counts=False, uncertain=False)
    await work.outbox.pause(delivery.conversation, now + LONGEST_REST)
    await note_blocked(work, account=delivery.account)


async def _not_sent(work: UnitOfWork, parcel: Parcel, outcome: NotSent) -> None:
    now = work.clock.now()
    if outcome.is_final or parcel.tries + 1 >= len(BACK_OFF):
        is_reply = isinstance(parcel.delivery, Relay)
        end = GivenUp.RETURNED if is_reply else GivenUp.DEAD
        await work.outbox.give_up(parcel.id, now, error=outcome.error, end=end)
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
    if rule is Doubt.VOID:
        await work.outbox.give_up(parcel.id, now, error=outcome.error, end=GivenUp.VOID)
        await void_code(work, parcel.delivery)
    elif rule is Doubt.ASK:
        await work.outbox.give_up(parcel.id, now, error=outcome.error, end=GivenUp.RETURNED)
        await _tell(work, parcel.delivery, Ending.UNCERTAIN, outcome.error)
    elif is_given_up:
        await work.outbox.give_up(parcel.id, now, error=outcome.error, end=GivenUp.DEAD)
        await _tell(work, parcel.delivery, Ending.FAILED, outcome.error)
    else:
        wait = max(_back_off(parcel.tries), parcel.delivery.rest)
        await work.outbox.retry(
            parcel.id, now + wait, error=outcome.error, counts=True, uncertain=True
        )


async def _tell(work: UnitOfWork, delivery: Delivery, ending: Ending, error: str) -> None:
    """A reply of staff: its ticket shows how the delivery ended; one that was erased shows none."""
    try:
        if isinstance(delivery, Relay):
            await record_delivery(work, message=delivery.message, outcome=ending, error=error)
        elif isinstance(delivery, (RelayEdit, RelayDelete)) and ending is Ending.FAILED:
            await record_lost_edit(work, message=delivery.message)
    except NotFound:
        return


def _back_off(tries: int) -> timedelta:
    """The wait before the next try, with up to a quarter of jitter."""
    wait = BACK_OFF[min(tries, len(BACK_OFF) - 1)]
    return wait * (1 + secrets.randbelow(251) / 1000)
