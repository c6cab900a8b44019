"""The outbox: hand out what is to be carried, record how it ended, and say so where it matters."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.application.outbound.after_erasure import LastMail, LastWord
from bot.application.outbound.delivery import Delivery, DeliveryUncertainty
from bot.application.outbound.to_client import DeleteReply, EditReply, Say, SendReply, ToClient
from bot.application.outbound.to_staff import PostMessage
from bot.application.ports.queues import (
    Arrived,
    Blocked,
    ClaimedDelivery,
    GivenUp,
    Lane,
    LaneTrouble,
    NotSent,
    Outcome,
    Unknown,
)
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.queues.inbox import LEASE, Claimed, time_until
from bot.application.queues.last_word_outcomes import settle_last_word
from bot.application.refused_deliveries import show_refusal
from bot.application.requests.mail import void_code
from bot.application.staff_desk.delivery_outcomes import (
    note_blocked,
    record_delivery,
    record_lost_edit,
)
from bot.application.staff_desk.signatures import heading
from bot.domain.addresses import AccountId, MessageId
from bot.domain.clients.people import Account, AccountStatus
from bot.domain.errors import NotFound
from bot.domain.tickets.message import DeliveryStatus as Ending, Message

BACK_OFF = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 120, 300, 900, 1800, 3600))
"""Waits between tries; the eighth failure is the last (docs/design/engine.md, "Back-off")."""
TRIES_IN_TROUBLE = 60
"""Tries of what fails while others of its kind get through: ten minutes of them."""
NEVER_BLINDLY = (DeliveryUncertainty.ASK, DeliveryUncertainty.VOID)
"""Rules by which what may have arrived is not sent again by itself."""
CARRIER_DIED = LaneTrouble(error="carrier_died", may_have_arrived=True)
"""That the desk died is no fault of what it had in hand: it uses up no try and no time."""
NO_LONGER_THERE = frozenset({"tickets.no_such_number", "tickets.no_such_message"})
"""Why nothing is carried of what was erased: nobody can do anything about it, or needs to hear."""
LONGEST_REST = timedelta(days=365)
"""How long words of the desk wait for a client who blocked it."""


async def take_over(work: UnitOfWork) -> int:
    """At the start of the only process: what a dead one had in hand. How many are in doubt."""
    now = work.clock.now()
    await work.inbox.release_all(now)
    expired_leases = await work.outbox.expired_leases(now + LONGEST_REST)
    await _settle_all(work, [(claimed, CARRIER_DIED) for claimed in expired_leases])
    return len(expired_leases)


@dataclass(frozen=True, slots=True)
class LaneCapacity:
    """How many more deliveries a lane can take now."""

    lane: Lane
    limit: int
    without: Collection[str] = ()
    """Conversations that wait for a channel in trouble."""


async def settle_and_hand_out(
    work: UnitOfWork,
    endings: Sequence[tuple[ClaimedDelivery, Outcome]],
    capacities: Sequence[LaneCapacity],
) -> Claimed[list[ClaimedDelivery]]:
    """Record how deliveries ended, and hand out the next ones, a list a lane, in one commit."""
    await _settle_all(work, endings)
    now = work.clock.now()
    taken = [await _claim(work, capacity, now) for capacity in capacities]
    return Claimed(taken, time_until(await work.outbox.next_due(), now))


async def _claim(work: UnitOfWork, capacity: LaneCapacity, now: datetime) -> list[ClaimedDelivery]:
    if capacity.limit <= 0:
        return []
    until = now + LEASE
    return await work.outbox.claim(
        now,
        limit=capacity.limit,
        lease_until=until,
        lane=capacity.lane,
        without=capacity.without,
    )


async def settle_expired_leases(work: UnitOfWork) -> None:
    """What another process had in hand when it died, once its lease is over."""
    expired_leases = await work.outbox.expired_leases(work.clock.now())
    await _settle_all(work, [(claimed, CARRIER_DIED) for claimed in expired_leases])


async def _settle_all(work: UnitOfWork, endings: Sequence[tuple[ClaimedDelivery, Outcome]]) -> None:
    for claimed, outcome in endings:
        await _settle(work, claimed, outcome)


async def _settle(work: UnitOfWork, claimed: ClaimedDelivery, outcome: Outcome) -> None:
    if isinstance(claimed.delivery, (LastWord, LastMail)):
        await settle_last_word(work, claimed, claimed.delivery, outcome)
        return
    match outcome:
        case Arrived():
            await _arrived(work, claimed, outcome)
        case NotSent():
            await _not_sent(work, claimed, outcome)
        case Blocked():
            await _blocked(work, claimed)
        case Unknown():
            await _in_doubt(work, claimed, outcome)
        case LaneTrouble():
            await _barred(work, claimed, outcome)


async def _arrived(work: UnitOfWork, claimed: ClaimedDelivery, outcome: Arrived) -> None:
    delivery = claimed.delivery
    await work.outbox.finish(claimed.id, work.clock.now(), rest=delivery.rest)
    match delivery:
        case SendReply() | PostMessage() | EditReply():
            for part, (place, remote) in enumerate(outcome.links, outcome.first_part):
                await work.messages.link(delivery.message, outcome.surface, place, remote, part)
        case Say():
            await _note_told(work, delivery, outcome)
        case _:
            pass
    await _tell(work, delivery, Ending.SENT, "")


async def _note_told(work: UnitOfWork, delivery: Say, outcome: Arrived) -> None:
    """A reply to it joins its ticket; and while the platform allows it, it can be taken back.

    Also what was on its way when its client was fenced, until all of theirs is erased.
    """
    status = await _status_of(work, delivery.account)
    if status is None:
        return
    if (ticket := delivery.reply.about) is not None and status is not AccountStatus.ERASED:
        for place, remote in outcome.links:
            await work.messages.link_ticket(ticket, outcome.surface, place, remote)
    remotes = [remote for _, remote in outcome.links]
    await work.chat_traces.note_told(delivery.account, remotes, work.clock.now())


async def _status_of(work: UnitOfWork, account: AccountId) -> AccountStatus | None:
    """None: the client's data went while this was on its way: nothing points to it any more."""
    try:
        return (await work.accounts.get(account)).status
    except NotFound:
        return None


async def _blocked(work: UnitOfWork, claimed: ClaimedDelivery) -> None:
    """A reply of staff is theirs to send again; what the desk itself says rests with the client."""
    now, delivery = work.clock.now(), claimed.delivery
    if not isinstance(delivery, ToClient):
        await work.outbox.give_up(claimed.id, now, error="blocked", end=GivenUp.DEAD)
        return
    if isinstance(delivery, SendReply):
        await work.outbox.give_up(claimed.id, now, error="blocked", end=GivenUp.RETURNED)
        await _tell(work, delivery, Ending.BLOCKED, "blocked")
        return
    await work.outbox.retry(claimed.id, now, error="blocked", counts=False, uncertain=False)
    await work.outbox.pause(delivery.conversation, now + LONGEST_REST)
    await note_blocked(work, account=delivery.account)


async def _not_sent(work: UnitOfWork, claimed: ClaimedDelivery, outcome: NotSent) -> None:
    now = work.clock.now()
    if outcome.error in NO_LONGER_THERE:
        end = GivenUp.RETURNED
        await work.outbox.give_up(claimed.id, now, error=outcome.error, end=end)
        return
    if outcome.is_final or claimed.tries + 1 >= len(BACK_OFF):
        is_reply = isinstance(claimed.delivery, SendReply)
        end = GivenUp.RETURNED if is_reply else GivenUp.DEAD
        await work.outbox.give_up(claimed.id, now, error=outcome.error, end=end)
        await _tell(work, claimed.delivery, Ending.FAILED, outcome.error)
        await show_refusal(work, claimed.delivery)
        return
    wait = outcome.retry_after if outcome.retry_after is not None else _back_off(claimed.tries)
    counts = outcome.retry_after is None
    await work.outbox.retry(
        claimed.id, now + wait, error=outcome.error, counts=counts, uncertain=False
    )


async def _barred(work: UnitOfWork, claimed: ClaimedDelivery, outcome: LaneTrouble) -> None:
    """It waits with its lane. One that may have arrived ends by its kind's own honest rule."""
    now, rule = work.clock.now(), claimed.delivery.in_doubt
    is_worn_out = outcome.counts and claimed.tries + 1 >= TRIES_IN_TROUBLE
    if outcome.may_have_arrived and (
        is_worn_out or rule in NEVER_BLINDLY or _was_repeated(claimed)
    ):
        await _in_doubt(work, claimed, Unknown(outcome.error), is_last=is_worn_out)
        return
    if is_worn_out:
        await _not_sent(work, claimed, NotSent(outcome.error, is_final=True))
        return
    await work.outbox.retry(
        claimed.id,
        now + outcome.rest,
        error=outcome.error,
        counts=outcome.counts,
        uncertain=outcome.may_have_arrived,
    )


def _was_repeated(claimed: ClaimedDelivery) -> bool:
    """A notice goes out twice at most."""
    return claimed.delivery.in_doubt is DeliveryUncertainty.REPEAT_MARKED and claimed.is_repeat


async def _in_doubt(
    work: UnitOfWork, claimed: ClaimedDelivery, outcome: Unknown, *, is_last: bool = False
) -> None:
    now, rule = work.clock.now(), claimed.delivery.in_doubt
    is_given_up = is_last or claimed.tries + 1 >= len(BACK_OFF) or _was_repeated(claimed)
    if rule is DeliveryUncertainty.VOID:
        await work.outbox.give_up(claimed.id, now, error=outcome.error, end=GivenUp.VOID)
        await void_code(work, claimed.delivery)
    elif rule is DeliveryUncertainty.ASK:
        await work.outbox.give_up(claimed.id, now, error=outcome.error, end=GivenUp.RETURNED)
        await _tell(work, claimed.delivery, Ending.UNCERTAIN, outcome.error)
    elif is_given_up:
        await work.outbox.give_up(claimed.id, now, error=outcome.error, end=GivenUp.DEAD)
        await _tell(work, claimed.delivery, Ending.FAILED, outcome.error)
        await show_refusal(work, claimed.delivery)
    else:
        wait = max(_back_off(claimed.tries), claimed.delivery.rest)
        await work.outbox.retry(
            claimed.id, now + wait, error=outcome.error, counts=True, uncertain=True
        )


async def _tell(work: UnitOfWork, delivery: Delivery, ending: Ending, error: str) -> None:
    """A reply of staff: its ticket shows how the delivery ended; one that was erased shows none."""
    try:
        if isinstance(delivery, SendReply):
            await record_delivery(work, message=delivery.message, outcome=ending, error=error)
        elif isinstance(delivery, (EditReply, DeleteReply)) and ending is Ending.FAILED:
            await record_lost_edit(work, message=delivery.message)
    except NotFound:
        return


def _back_off(tries: int) -> timedelta:
    """The wait before the next try, with up to a quarter of jitter."""
    wait = BACK_OFF[min(tries, len(BACK_OFF) - 1)]
    return wait * (1 + secrets.randbelow(251) / 1000)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message, the account it is for or from, and where its parts stand on that platform."""

    message: Message
    account: Account
    links: tuple[str, ...]
    replied_to: str
    """The platform's id of the message it answers; empty: none."""
    heading: str
    """Who says it and for which ticket, in the client's language; empty: nobody is named."""


async def account_of(work: UnitOfWork, *, account: AccountId) -> Account:
    """Raises NotFound."""
    return await work.accounts.get(account)


async def spoken(work: UnitOfWork, *, message: MessageId) -> Spoken:
    """Raises NotFound."""
    said = await work.messages.get(message)
    account = await work.accounts.get(said.account)
    surface = account.address.surface
    links = await work.messages.links(message, surface)
    answered = await work.messages.links(said.reply_to, surface) if said.reply_to else []
    return Spoken(
        message=said,
        account=account,
        links=tuple(remote for _, remote in links),
        replied_to=answered[0][1] if answered else "",
        heading=heading(said.signature, account.language),
    )
