"""The rows held against the events: whose a ticket is, where a request stands, who may do what.

The seals say that nobody but the desk wrote a row; this says that it is the newest one, also where
a row and its seal were put back together. The events are under a key, each after the one before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.application.wire_names import EVENTS, name_of
from bot.domain.addresses import Actor
from bot.domain.clients.events import (
    AccountAttached,
    AccountCutLoose,
    PersonMerged,
    SubjectErased,
)
from bot.domain.events import Event
from bot.domain.requests.events import (
    ApprovalsLapsed,
    FreezeLifted,
    RequestApproved,
    RequestEvent,
    RequestFrozen,
    RequestReceived,
)
from bot.domain.requests.execution_events import RequestFulfilled
from bot.domain.requests.record import RequestRecord
from bot.domain.requests.request import public_number as request_number
from bot.domain.requests.states import Fulfilment
from bot.domain.staff import RoleChanged, StaffAdded, StaffRemoved
from bot.domain.store_keys import StateSealed
from bot.domain.tickets.events import TicketOpened
from bot.domain.tickets.ticket import public_number as ticket_number
from storage import statements
from storage.checks.every_row import GARBLED, every_row, is_garbled
from storage.codec import decode
from storage.guarding.guard import AlteredRow
from storage.keys import BrokenSeal, Keys
from storage.models.audit import EventRow
from storage.models.people import AccountRow, PersonRow, StaffRow
from storage.models.requests import RequestRow
from storage.models.tickets import TicketRow
from storage.types import Table
from storage.vault import Vault

KINDS = (
    AccountAttached,
    AccountCutLoose,
    PersonMerged,
    RoleChanged,
    StaffAdded,
    StaffRemoved,
    SubjectErased,
)
TICKETS = "ticket:"
SEALED = name_of(StateSealed)
BEGINNINGS = frozenset(map(name_of, (TicketOpened, RequestReceived)))
FACTS: TypeAdapter[RequestRecord] = TypeAdapter(RequestRecord)
TOLD = frozenset(
    name for name, kind in EVENTS.items() if issubclass(kind, (*KINDS, TicketOpened, RequestEvent))
)


@dataclass
class Decided:
    """What the events say of one request."""

    last: RequestEvent
    is_frozen: bool = False
    approvers: frozenset[str] = frozenset()
    """Whoever approved since approvals last lapsed; those who still count are among them."""

    def take(self, event: RequestEvent, by: str) -> None:
        self.last = event
        match event:
            case RequestFrozen() | FreezeLifted():
                self.is_frozen = isinstance(event, RequestFrozen)
            case RequestApproved():
                self.approvers |= {event.approver}
            case RequestFulfilled(how=Fulfilment.BY_HAND):
                self.approvers |= {Actor.parse(by).id}  # the yes and the deed are one
            case ApprovalsLapsed():
                self.approvers = frozenset()
            case _:
                pass

    def fits(self, row: Any) -> bool:  # noqa: ANN401  # a row
        """Whether the request stands so."""
        try:
            facts = FACTS.validate_json(row.facts)
        except (ValidationError, TypeError):
            return False
        return (
            (row.state, row.state_version) == (self.last.state, self.last.state_version)
            and facts.is_frozen == self.is_frozen
            and self.approvers >= {one.approver for one in facts.approvals}
        )


@dataclass
class Told:
    """What the events say, as far as they can still be read."""

    begun: dict[str, str | None] = field(default_factory=dict[str, str | None])
    """Streams of tickets and requests whose first event is there, whether it can be read or not;
    with whose key seals it."""
    erased: set[str] = field(default_factory=set[str])
    """Holders whose rows the desk itself took away."""
    unreadable: set[str] = field(default_factory=set[str])
    """Streams of which not every event can be read: somebody's key is destroyed."""
    tickets: dict[str, TicketOpened] = field(default_factory=dict[str, TicketOpened])
    requests: dict[str, Decided] = field(default_factory=dict[str, Decided])
    roles: dict[str, tuple[str, datetime | None]] = field(
        default_factory=dict[str, tuple[str, datetime | None]]
    )
    """With the moment from which on they decide; an empty role was taken off the list."""
    owners: dict[str, str | None] = field(default_factory=dict[str, str | None])
    merged: dict[str, str] = field(default_factory=dict[str, str])
    loosely_told: set[str] = field(default_factory=set[str])
    """Tickets of 0.1: it told of a request's ticket before it said of what kind that is."""

    def take(self, event: Event, by: str) -> None:
        """What it says stands until a later one says otherwise."""
        match event:
            case TicketOpened():
                self.tickets[event.ticket] = event
            case RequestEvent():
                self.requests.setdefault(event.request, Decided(event)).take(event, by)
            case StaffAdded() | RoleChanged():
                self.roles[event.staff] = (event.role, event.counts_from)
            case StaffRemoved():
                self.roles[event.staff] = ("", None)
            case AccountAttached() | AccountCutLoose():
                is_tied = isinstance(event, AccountAttached)
                self.owners[event.account] = event.person if is_tied else None
            case PersonMerged():
                self.merged[event.person] = event.into
            case SubjectErased():
                self.erased |= set(event.holders)
            case _:
                pass

    def may_own(self, account: str) -> set[str | None]:
        """Whose the account may be: after a merge of the one who is left, or nobody's again."""
        person = self.owners[account]
        found = {person}
        while person in self.merged:
            person = self.merged[person]
            found |= {person, None}
        return found - set(self.merged)


async def find_contradictions(session: AsyncSession, keys: Keys) -> list[AlteredRow]:
    """Rows that are not as the events say, of which no event says, or that are gone."""
    history = await _told(session, Vault(keys, session))
    accounts, staff = await _rows(session, AccountRow), await _rows(session, StaffRow)
    there = {row.id for row in (*accounts, *staff)}
    listed = {one for one, (role, _) in history.roles.items() if role}
    gone = [("staff", one) for one in listed - there]
    gone += [("account", one) for one in history.owners.keys() - there - history.erased]
    people = await _rows(session, PersonRow)
    others = [
        *(("staff", row) for row in staff if _has_other_role(history, row)),
        *(("account", row) for row in accounts if _is_others(history, row)),
        *(("person", row) for row in people if _is_unmerged(history, row)),
        *(("person", row) for row in people if row.name is not None and row.id in history.erased),
    ]
    return [
        *_tickets(history, await _rows(session, TicketRow)),
        *_requests(history, await _rows(session, RequestRow)),
        *(AlteredRow(table, row.id, "contradicts") for table, row in others),
        *(AlteredRow(table, one, "missing") for table, one in sorted(gone)),
    ]


def _has_other_role(history: Told, row: Any) -> bool:  # noqa: ANN401  # a row
    role, since = row.role if row.active else "", row.counts_from
    role_of_events = history.roles.get(row.id)
    if role_of_events is None:
        return False
    then, counts_from = role_of_events
    return then != role or (bool(role) and counts_from != since)


def _is_others(history: Told, row: Any) -> bool:  # noqa: ANN401  # likewise
    is_back = row.id in history.erased
    return is_back or (row.id in history.owners and row.person not in history.may_own(row.id))


def _is_unmerged(history: Told, row: Any) -> bool:  # noqa: ANN401  # likewise
    return history.merged.get(row.id, row.merged_into) != row.merged_into


def _tickets(history: Told, rows: list[Any]) -> list[AlteredRow]:
    """One is missing for a reason only where an event says that its holder was erased.

    That holds where nobody can read any more of what it was: a destroyed key excuses nothing.
    """
    by_id: Mapping[str, Any] = {row.id: row for row in rows}
    found = [
        AlteredRow("ticket", ticket_number(row.serial), "without_events")
        for row in rows
        if f"ticket:{row.id}" not in history.begun
    ]
    for stream, holder in history.begun.items():
        ticket = stream.removeprefix(TICKETS)
        is_gone = stream.startswith(TICKETS) and ticket not in by_id
        if is_gone and holder not in history.erased:
            found.append(AlteredRow("ticket", ticket, "missing"))
    for ticket, row in by_id.items():
        opened = history.tickets.get(ticket)
        if row.holder in history.erased:
            found.append(AlteredRow("ticket", ticket_number(row.serial), "contradicts"))
        elif opened is None:
            continue
        elif row.account != opened.account or not _is_of_kind(history, row, opened):
            found.append(AlteredRow("ticket", ticket_number(row.serial), "contradicts"))
    return found


def _requests(history: Told, rows: list[Any]) -> list[AlteredRow]:
    """One that is missing may have been forgotten when the law's time was over."""
    found: list[AlteredRow] = []
    for row in rows:
        decided, number = history.requests.get(row.id), request_number(row.serial)
        stream = f"request:{row.id}"
        if stream not in history.begun:
            found.append(AlteredRow("data_request", number, "without_events"))
        elif decided is not None and stream not in history.unreadable and not decided.fits(row):
            found.append(AlteredRow("data_request", number, "contradicts"))
    return found


def _is_of_kind(history: Told, row: Any, opened: TicketOpened) -> bool:  # noqa: ANN401  # likewise
    return opened.ticket in history.loosely_told or row.kind == opened.kind


async def _told(session: AsyncSession, vault: Vault) -> Told:
    history = Told()
    query = select(*statements.core(EventRow).c).order_by(EventRow.seq)
    async for row in every_row(session, query):
        if row is None:
            continue  # the chain tells of it
        if row.type in BEGINNINGS:
            history.begun[row.stream] = row.holder
        if row.type in TOLD:
            event = await _event(vault, row)
            if event is None:
                history.unreadable.add(row.stream)
            else:
                history.take(event, row.actor)
        if row.type == SEALED:
            history.loosely_told = set(history.tickets)
    return history


async def _event(vault: Vault, row: Any) -> Event | None:  # noqa: ANN401  # a row
    """None: its key is gone with its holder, or the chain says that it was changed."""
    try:
        await vault.load((row.holder,))
        text = vault.readable_event(row.holder, f"event:{row.stream}:{row.type}", row.payload)
        return decode(EVENTS[row.type], text) if text else None
    except (BrokenSeal, ValidationError):
        return None
    except GARBLED as error:
        if not is_garbled(error):
            raise
        return None


async def _rows(session: AsyncSession, table: type[Table]) -> list[Any]:
    """What can be read of it: what cannot was found by its seal."""
    found = statements.core(table)
    query = select(*found.c).order_by(*found.primary_key)
    return [row async for row in every_row(session, query) if row is not None]
