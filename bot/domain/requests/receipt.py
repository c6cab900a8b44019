"""Taking a request: its number, its clock, and how many must approve."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.addresses import AccountId, Actor, RequestId, TicketId
from bot.domain.legal_calendar.clock import LegalClock
from bot.domain.legal_calendar.clock_facts import ClockFacts
from bot.domain.requests import events
from bot.domain.requests.record import Subject
from bot.domain.requests.request import DataRequest
from bot.domain.requests.rules import DEFAULT_RULES, RequestRules
from bot.domain.requests.states import RequestType


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRequest:
    """What is asked, by whom, of whose data."""

    kind: RequestType
    subject: Subject
    account: AccountId | None
    created_by: Actor
    ticket: TicketId
    received_at: datetime


def receive(
    wish: NewRequest,
    *,
    id: RequestId,  # noqa: A002 - the aggregate's own field
    number: str,
    clock: LegalClock,
    rules: RequestRules = DEFAULT_RULES,
) -> DataRequest:
    """Take a request: its clock runs from now, whoever it turns out to be, however few we are."""
    due = clock.due(ClockFacts(received_at=wish.received_at))
    request = DataRequest(
        id=id,
        number=number,
        kind=wish.kind,
        ticket=wish.ticket,
        subject=wish.subject,
        account=wish.account,
        created_by=wish.created_by,
        regime=clock.regime.code,
        received_at=wish.received_at,
        since=wish.received_at,
        due_on=due.on,
        due_at=due.at,
        approvals_needed=rules.approvals_for(wish.kind),
    )
    request.record(_received(request))
    return request


def _received(request: DataRequest) -> events.RequestReceived:
    return events.RequestReceived(
        stream=request.stream,
        holder=request.subject.holder,
        request=request.id,
        state=request.state,
        state_version=0,
        number=request.number,
        type=request.kind,
        ticket=request.ticket,
        regime=request.regime,
        due_on=request.due_on,
        due_at=request.due_at,
    )
