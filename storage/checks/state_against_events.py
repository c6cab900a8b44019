"""The rows held against the events: whose a ticket is, where a request stands, who may do what.

The seals say that nobody but the desk wrote a row; this says that it is the newest one, also where
a row and its seal were put back together. The events are under a key, each after the one before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.application.wire_names import EVENTS, name_of
from bot.domain.clients.events import AccountAttached, AccountCutLoose, PersonMerged
from bot.domain.errors import Tampered
from bot.domain.events import Event
from bot.domain.requests.events import RequestEvent
from bot.domain.requests.request import public_number as request_number
from bot.domain.staff import RoleChanged, StaffAdded, StaffRemoved
from bot.domain.store_keys import StateSealed
from bot.domain.tickets.events import TicketOpened
from bot.domain.tickets.ticket import public_number as ticket_number
from storage import statements
from storage.codec import decode
from storage.guarding.guard import AlteredRow
from storage.keys import BrokenSeal, Keys
from storage.models.audit import EventRow
from storage.models.people import AccountRow, PersonRow, StaffRow
from storage.models.requests import RequestRow
from storage.models.tickets import TicketRow
from storage.types import Table
from storage.vault import Vault

PAGE = 500
KINDS = (AccountAttached, AccountCutLoose, PersonMerged, RoleChanged, StaffAdded, StaffRemoved)
SEALED = name_of(StateSealed)
TOLD = frozenset(
    name for name, kind in EVENTS.items() if issubclass(kind, (*KINDS, TicketOpened, RequestEvent))
)


@dataclass
class Told:
    """What the events say, as far as they can still be read."""

    events: int = 0
    tickets: dict[str, TicketOpened] = field(default_factory=dict[str, TicketOpened])
    requests: dict[str, RequestEvent] = field(default_factory=dict[str, RequestEvent])
    roles: dict[str, str] = field(default_factory=dict[str, str])
    """An empty one was taken off the list."""
    owners: dict[str, str | None] = field(default_factory=dict[str, str | None])
    merged: dict[str, str] = field(default_factory=dict[str, str])
    loosely_told: set[str] = field(default_factory=set[str])
    """Tickets of 0.1: it told of a request's ticket before it said of what kind that is."""

    def take(self, event: Event) -> None:
        """What it says stands until a later one says otherwise."""
        match event:
            case TicketOpened():
                self.tickets[event.ticket] = event
            case RequestEvent():
                self.requests[event.request] = event
            case StaffAdded() | RoleChanged():
                self.roles[event.staff] = event.role
            case StaffRemoved():
                self.roles[event.staff] = ""
            case AccountAttached():
                self.owners[event.account] = event.person
            case AccountCutLoose():
                self.owners[event.account] = None
            case PersonMerged():
                self.merged[event.person] = event.into
            case _:
                pass

    def owner(self, account: str) -> str | None:
        """Whose the account is now: of two records that became one, of the one that is left."""
        person = self.owners[account]
        while person in self.merged:
            person = self.merged[person]
        return person


async def find_contradictions(session: AsyncSession, keys: Keys) -> list[AlteredRow]:
    """Rows that are not as the events say."""
    history = await _told(session, Vault(keys, session))
    tickets = await _rows(session, TicketRow)
    if not history.events:
        return [
            AlteredRow("ticket", ticket_number(row.serial), "without_events") for row in tickets
        ][:1]
    found = [*_tickets(history, tickets), *_requests(history, await _rows(session, RequestRow))]
    others = (
        *(
            ("staff", row)
            for row in await _rows(session, StaffRow)
            if _has_other_role(history, row)
        ),
        *(("account", row) for row in await _rows(session, AccountRow) if _is_others(history, row)),
        *(("person", row) for row in await _rows(session, PersonRow) if _is_unmerged(history, row)),
    )
    return found + [AlteredRow(table, row.id, "contradicts") for table, row in others]


def _has_other_role(history: Told, row: Any) -> bool:  # noqa: ANN401  # a row
    role = row.role if row.active else ""
    return history.roles.get(row.id, role) != role


def _is_others(history: Told, row: Any) -> bool:  # noqa: ANN401  # likewise
    return row.id in history.owners and history.owner(row.id) != row.person


def _is_unmerged(history: Told, row: Any) -> bool:  # noqa: ANN401  # likewise
    return history.merged.get(row.id, row.merged_into) != row.merged_into


def _tickets(history: Told, rows: list[Any]) -> list[AlteredRow]:
    by_id: Mapping[str, Any] = {row.id: row for row in rows}
    found: list[AlteredRow] = []
    for ticket, opened in history.tickets.items():
        row = by_id.get(ticket)
        if row is None:
            found.append(AlteredRow("ticket", ticket, "missing"))
        elif row.account != opened.account or not _is_of_kind(history, row, opened):
            found.append(AlteredRow("ticket", ticket_number(row.serial), "contradicts"))
    return found


def _is_of_kind(history: Told, row: Any, opened: TicketOpened) -> bool:  # noqa: ANN401  # likewise
    return opened.ticket in history.loosely_told or row.kind == opened.kind


def _requests(history: Told, rows: list[Any]) -> list[AlteredRow]:
    """One that is missing may have been forgotten when the law's time was over."""
    return [
        AlteredRow("data_request", request_number(row.serial), "contradicts")
        for row in rows
        if (event := history.requests.get(row.id)) is not None
        and (row.state, row.state_version) != (event.state, event.state_version)
    ]


async def _told(session: AsyncSession, vault: Vault) -> Told:
    history, last = Told(), 0
    query = select(EventRow).order_by(EventRow.seq).limit(PAGE)
    while rows := list(await session.scalars(query.where(EventRow.seq > last))):
        last = rows[-1].seq
        history.events += len(rows)
        for row in rows:
            if row.type in TOLD and (event := await _event(vault, row)) is not None:
                history.take(event)
            if row.type == SEALED:
                history.loosely_told = set(history.tickets)
        session.expunge_all()
    return history


async def _event(vault: Vault, row: EventRow) -> Event | None:
    """None: its key is gone with its holder, or the chain says that it was changed."""
    try:
        await vault.load((row.holder,))
        text = vault.readable(row.holder, f"event:{row.stream}:{row.type}", row.payload)
        return decode(EVENTS[row.type], text) if text else None
    except (BrokenSeal, Tampered, ValidationError):
        return None


async def _rows(session: AsyncSession, table: type[Table]) -> list[Any]:
    """What can be read of it: what cannot was found by its seal."""
    try:
        return list((await session.execute(select(*statements.core(table).c))).all())
    except (TypeError, ValueError, Tampered):
        return []
