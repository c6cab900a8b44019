"""Whoever comes second is told who was first, when, and what can be done now."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.staff_desk.queries import the_ticket
from bot.domain.addresses import Actor, ActorKind, StaffId
from bot.domain.errors import NotFound, Refused
from bot.domain.events import Recorded
from bot.domain.tickets import events
from bot.domain.tickets.ticket import Ticket
from bot.wording import say
from bot.wording.times import moment

P = ParamSpec("P")
R = TypeVar("R")
UseCase = Callable[Concatenate[UnitOfWork, P], Awaitable[R]]
_CHANGES = (
    events.StaffReplied,
    *events.STATE_CHANGES,
)
_HANDED = (events.TicketClaimed, events.TicketAssigned)
_DEEDS = {"tickets.wrong_state": _CHANGES, "tickets.already_claimed": _HANDED}
"""Refusals that somebody's earlier deed explains."""


def telling_who(use_case: UseCase[P, R]) -> UseCase[P, R]:
    """A use case of one ticket, whose refusal says who left the ticket as it is now."""

    @wraps(use_case)
    async def told(work: UnitOfWork, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await use_case(work, *args, **kwargs)
        except Refused as refused:
            if refused.key not in _DEEDS or "by" in refused.params:
                raise
            ticket = await the_ticket(work, str(kwargs.get("ticket", "")))
            raise await _explained(work, ticket, refused) from refused

    return told


async def _explained(work: UnitOfWork, ticket: Ticket, refused: Refused) -> Refused:
    params = dict(refused.params)
    if params.get("state") == ticket.state or refused.key == "tickets.already_claimed":
        kinds = _DEEDS[refused.key]
        rows = await work.log.of(ticket.stream)
        deed = next((row for row in reversed(rows) if isinstance(row.event, kinds)), None)
        params |= await _first(work, deed) if deed is not None else {}
    if refused.key == "tickets.wrong_state":
        params["next"] = str(params["state"])
    return type(refused)(refused.key, field=refused.field, **params)


async def _first(work: UnitOfWork, deed: Recorded) -> dict[str, str]:
    at = moment(deed.at, work.rules.zone, work.rules.staff_language)
    return {"by": await _called(work, deed.actor), "at": at}


async def _called(work: UnitOfWork, actor: Actor) -> str:
    if actor.kind is not ActorKind.STAFF:
        return say(f"desk.who_{actor.kind}", work.rules.staff_language)
    try:
        return (await work.staff.get(StaffId(actor.id))).mention
    except NotFound:
        return "?"
