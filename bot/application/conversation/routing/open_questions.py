"""What the client was asked to write and has not written yet: their next words are the answer.

The desk asks in words of its own ("Please write here what should be different"), staff by a reply.
Neither needs a row: the request's facts and the ticket's state say who asked, when, and whether a
word came since.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.application.conversation.routing.conversation_state import OpenQuestion, RequestTalk
from bot.application.ports.unit_of_work import UnitOfWork
from bot.application.request_talk import CATEGORY
from bot.domain.requests.request import DataRequest
from bot.domain.requests.states import HoldReason, RequestState, RequestType
from bot.domain.tickets.routes import RouteReason
from bot.domain.tickets.states import TicketState
from bot.domain.tickets.ticket import Ticket

STAYS_OPEN = timedelta(hours=72)
"""How long what is written next counts as the answer."""
CORRECTIONS = frozenset({RequestType.RECTIFICATION, RequestType.CONTACT_CHANGE})
"""Once proved, the client is asked what should be different."""


async def running_requests(work: UnitOfWork, live: Sequence[Ticket]) -> list[DataRequest]:
    """The requests that these tickets carry, as long as they run; nobody else is looked up."""
    carrying = {one.id for one in live if one.category == CATEGORY}
    if not carrying:
        return []
    mine = await work.requests.of_account(live[0].account)
    return [one for one in mine if one.is_live and one.ticket in carrying]


def talks_of(live: Sequence[Ticket], running: Sequence[DataRequest]) -> tuple[RequestTalk, ...]:
    numbers = {one.ticket: one.number for one in running}
    return tuple(RequestTalk(one, numbers[one.id]) for one in live if one.id in numbers)


def open_question(
    live: Sequence[Ticket], running: Sequence[DataRequest], now: datetime
) -> OpenQuestion | None:
    """The last one that was asked and not answered; None where the client spoke elsewhere since."""
    carried = {one.ticket: one for one in running}
    asked = [
        question
        for one in live
        if (question := _asked_in(one, carried.get(one.id))) is not None
        and now - question.asked_at <= STAYS_OPEN
    ]
    last = max(asked, key=lambda one: one.asked_at, default=None)
    if last is None:
        return None
    others = [one for one in live if one.id != last.ticket.id]
    is_last = all(_last_said(one) < last.asked_at for one in others)
    is_only = len([one for one in asked if one.reason is last.reason]) == 1
    return last if is_last and is_only else None


def _asked_in(ticket: Ticket, request: DataRequest | None) -> OpenQuestion | None:
    desk = None if request is None else _desk_asked(request)
    if desk is not None and (ticket.last_client_at is None or ticket.last_client_at < desk):
        return OpenQuestion(ticket, desk, RouteReason.DESK_ASKED)
    if ticket.state is TicketState.WAITING_CLIENT and ticket.state_since is not None:
        return OpenQuestion(ticket, ticket.state_since, RouteReason.STAFF_ASKED)
    return None


def _desk_asked(request: DataRequest) -> datetime | None:
    """When the desk last asked in words for something that only the client can write."""
    facts = request.facts
    asked = [facts.proved_at] if request.kind in CORRECTIONS else []
    if request.state is RequestState.ON_HOLD and facts.pauses:
        pause = facts.pauses[-1]
        is_open = pause.reason == HoldReason.CLARIFICATION and pause.until is None
        asked += [facts.held_since] if is_open else []
    if request.state is RequestState.APPEALED and facts.appeals:
        asked.append(facts.appeals[-1].at)
    return max((at for at in asked if at is not None), default=None)


def _last_said(ticket: Ticket) -> datetime:
    return max(ticket.opened_at, ticket.last_client_at or ticket.opened_at)
