"""What happens to a ticket when nobody does anything: it wakes, it closes, stars are asked for.

Each of these re-reads the ticket: moved on or done meanwhile, nothing happens.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.application.outbound.to_client import Say
from bot.application.ports.desk import Timer
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.tickets.client_notices import ask_for_stars
from bot.domain.addresses import TicketId
from bot.domain.clients.people import AccountStatus
from bot.domain.errors import NotFound
from bot.domain.tickets.states import TicketState
from bot.domain.tickets.ticket import QUIET_BEFORE_CLOSING, Ticket

SNOOZE, QUIET, STARS = "snooze", "quiet", "stars"
STARS_REMINDER = timedelta(hours=24)
"""One reminder, well before the quiet closes the ticket."""


async def set_alarm(work: UnitOfWork, ticket: Ticket) -> None:
    """Wake the ticket when its sleep is over."""
    if ticket.snooze_until is not None:
        await _put(work, ticket, SNOOZE, in_=ticket.snooze_until - work.clock.now())


async def watch_the_quiet(work: UnitOfWork, ticket: Ticket) -> None:
    """After it was resolved: remind of the stars once, and close when nobody says a word."""
    await _put(work, ticket, QUIET, in_=QUIET_BEFORE_CLOSING)
    await _put(work, ticket, STARS, in_=STARS_REMINDER)


async def wake_when_due(work: UnitOfWork, ref: str) -> None:
    """The sleep is over, unless the ticket was woken or sent to sleep again."""
    ticket = await _still_there(work, ref)
    if ticket is None or ticket.state is not TicketState.SNOOZED or ticket.snooze_until is None:
        return
    if ticket.snooze_until > work.clock.now():
        await set_alarm(work, ticket)
        return
    ticket.wake(work.clock.now())


async def close_when_quiet(work: UnitOfWork, ref: str) -> None:
    """72 hours without a word after it was resolved; a late thank-you starts them anew."""
    ticket = await _still_there(work, ref)
    if ticket is None or ticket.state is not TicketState.RESOLVED or ticket.resolved_at is None:
        return
    if not _is_quiet(ticket, work.clock.now()):
        last = max(ticket.resolved_at, ticket.last_client_at or ticket.resolved_at)
        await _put(work, ticket, QUIET, in_=last + QUIET_BEFORE_CLOSING - work.clock.now())
        return
    ticket.close("quiet", work.clock.now())


async def remind_of_stars(work: UnitOfWork, ref: str) -> None:
    """Ask once more how it went, if nobody said and the client can be reached."""
    ticket = await _still_there(work, ref)
    if (
        ticket is None
        or ticket.state is not TicketState.RESOLVED
        or ticket.stars is not None
        or not ticket.resolved_at
        or _is_quiet(ticket, work.clock.now())
    ):
        return
    account = await work.accounts.get(ticket.account)
    if account.status is AccountStatus.ACTIVE:
        key = f"stars:{ticket.id}:{ticket.resolved_at:%Y%m%d%H%M%S}"
        asked = ask_for_stars(ticket, account.language, again=True)
        say = Say(ticket.account, replace(asked, topic=ticket.topic))
        await work.outbox.put(say, holder=ticket.holder, key=key)


async def _still_there(work: UnitOfWork, ref: str) -> Ticket | None:
    """None: it was erased; its timer does nothing then."""
    try:
        return await work.tickets.get(TicketId(ref))
    except NotFound:
        return None


def _is_quiet(ticket: Ticket, now: datetime) -> bool:
    """It is about to be closed; after an outage nobody is asked for stars just before."""
    heard = [at for at in (ticket.resolved_at, ticket.last_client_at) if at is not None]
    return bool(heard) and max(heard) + QUIET_BEFORE_CLOSING <= now


async def _put(work: UnitOfWork, ticket: Ticket, kind: str, *, in_: timedelta) -> None:
    due = work.clock.now() + in_
    await work.timers.put(Timer(key=f"{kind}:{ticket.id}", kind=kind, ref=ticket.id, due_at=due))
