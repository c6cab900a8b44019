"""Tickets and their response clocks in the database."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.application.ports.tickets import TicketFilter
from bot.domain.addresses import AccountId, HolderId, Language, StaffId, TicketId
from bot.domain.errors import NotFound, Stale
from bot.domain.events import Event
from bot.domain.tickets.states import Priority, TicketKind, TicketState
from bot.domain.tickets.ticket import Ticket, public_number
from storage import statements
from storage.checks import row_sets
from storage.guarding.guard import guard_of
from storage.models.tickets import TicketRow
from storage.repositories.counters import next_serial
from storage.types import Plain
from storage.vault import Vault

PLAIN = (
    "reopened_count",
    "snooze_until",
    "first_response_at",
    "resolved_at",
    "closed_at",
    "state_since",
    "last_client_at",
    "stars",
)
MOST_DIGITS = 15
"""What fits 64 bits."""


def serial_of(number: str) -> int:
    """The serial behind T-000123; also `t123`, `123`, `১২৩`. Raises NotFound for anything else."""
    digits = number.strip().upper().removeprefix("T").lstrip("-–— ")
    if not digits.isdecimal() or len(digits) > MOST_DIGITS:
        raise NotFound("tickets.no_such_number")
    return int(digits)


@dataclass
class Seen:
    """A ticket that was handed out, and as it stands in the database; None: not there yet."""

    ticket: Ticket
    stored: Ticket | None


class SqlTickets:
    """Tickets; every one that was handed out is kept in view, so that its changes are saved."""

    def __init__(self, session: AsyncSession, vault: Vault, *, locks: bool) -> None:
        self._session = session
        self._vault = vault
        self._locks = locks
        self._seen: dict[TicketId, Seen] = {}

    async def next_number(self) -> str:
        return public_number(await next_serial(self._session, "ticket"))

    async def add(self, ticket: Ticket) -> None:
        """Keep a new ticket; its row is written with the first flush, as it stands then."""
        await self._vault.refuse_fenced(ticket.account)
        self._seen[ticket.id] = Seen(ticket, None)

    async def get(self, ticket: TicketId) -> Ticket:
        """One that this transaction may change is read once: its changes are guarded anyway."""
        seen = self._seen.get(ticket)
        if seen is not None and (self._locks or seen.stored is None):
            return seen.ticket
        return await self._one(id=ticket)

    async def numbered(self, number: str) -> Ticket:
        await self.flush()
        return await self._one(serial=serial_of(number))

    async def find(self, which: TicketFilter, *, limit: int = 50, offset: int = 0) -> list[Ticket]:
        await self.flush()
        query = filtered(select(TicketRow), which).order_by(TicketRow.serial.desc())
        rows = await row_sets.checked(self._session, TicketRow, query.limit(limit).offset(offset))
        await self._vault.load(row.holder for row in rows)
        return [self._ticket(row) for row in rows]

    async def count(self, which: TicketFilter) -> int:
        await self.flush()
        query = filtered(select(func.count()).select_from(TicketRow), which)
        return await self._session.scalar(query) or 0

    async def opened_since(self, account: AccountId, since: datetime) -> int:
        return await self.count(TicketFilter(account=account, since=since))

    def take_events(self) -> list[Event]:
        """What happened to the tickets since this was last asked."""
        taken = [event for seen in self._seen.values() for event in seen.ticket.events]
        for seen in self._seen.values():
            seen.ticket.events.clear()
        return taken

    async def flush(self) -> None:
        """Write what was changed. Raises Stale when somebody else changed a ticket first."""
        for seen in self._seen.values():
            if seen.stored is None:
                await self._insert(seen.ticket)
            elif seen.ticket != seen.stored:
                await self._update(seen.ticket)
            else:
                continue
            seen.stored = replace(seen.ticket, events=[])

    async def _insert(self, ticket: Ticket) -> None:
        row = _origin(ticket) | await self._values(ticket)
        await statements.add(self._session, TicketRow, row)

    async def _update(self, ticket: Ticket) -> None:
        values = await self._values(ticket) | {"version": ticket.version + 1}
        changed = (
            statements.update(TicketRow)
            .where(TicketRow.id == ticket.id, TicketRow.version == ticket.version)
            .values(**values)
            .returning(TicketRow.version)
        )
        if await self._session.scalar(changed) is None:
            raise Stale("tickets.changed_meanwhile", number=ticket.number)
        guard_of(self._session).renew(TicketRow, _origin(ticket) | values)
        ticket.version += 1

    async def _one(self, **key: str | int) -> Ticket:
        look = statements.one_locked if self._locks else statements.one
        row = await look(self._session, TicketRow, **key)
        if row is None:
            raise NotFound("tickets.no_such_number")
        await self._vault.load((row.holder,))
        return self._ticket(row)

    async def _values(self, ticket: Ticket) -> dict[str, Any]:
        sealed = {
            field: await self._vault.seal(ticket.holder, f"ticket.{field}:{ticket.id}", text)
            for field, text in (("subject", ticket.subject), ("resolution", ticket.resolution))
        }
        return (
            {name: getattr(ticket, name) for name in PLAIN}
            | sealed
            | {
                "kind": ticket.kind,
                "category": ticket.category,
                "language": ticket.language,
                "priority": ticket.priority,
                "state": ticket.state,
                "assignee": ticket.assignee,
                "tags": "".join(f"\n{tag}" for tag in (*ticket.tags, "")),
                "parent": ticket.parent,
                "merged_into": ticket.merged_into,
                "topic": ticket.topic or None,
                "version": ticket.version,
            }
        )

    def _ticket(self, row: TicketRow) -> Ticket:
        seen = self._seen.get(TicketId(row.id))
        if seen is None:
            ticket = ticket_of(row, self._vault)
            seen = Seen(ticket, replace(ticket, events=[]))
            self._seen[ticket.id] = seen
        return seen.ticket


def _origin(ticket: Ticket) -> dict[str, Any]:
    """What of a ticket never changes."""
    return {
        "id": ticket.id,
        "serial": serial_of(ticket.number),
        "account": ticket.account,
        "holder": ticket.holder,
        "opened_at": ticket.opened_at,
    }


def ticket_of(row: TicketRow, vault: Vault) -> Ticket:
    """The ticket a row stands for; its holder's key is loaded already."""
    return Ticket(
        id=TicketId(row.id),
        number=public_number(row.serial),
        account=AccountId(row.account),
        holder=HolderId(row.holder),
        kind=TicketKind(row.kind),
        category=row.category,
        subject=vault.readable(row.holder, f"ticket.subject:{row.id}", row.subject),
        resolution=vault.readable(row.holder, f"ticket.resolution:{row.id}", row.resolution),
        language=Language(row.language),
        priority=Priority(row.priority),
        state=TicketState(row.state),
        assignee=None if row.assignee is None else StaffId(row.assignee),
        tags=tuple(row.tags.split("\n")[1:-1]),
        parent=None if row.parent is None else TicketId(row.parent),
        merged_into=None if row.merged_into is None else TicketId(row.merged_into),
        opened_at=row.opened_at,
        topic=row.topic or "",
        version=row.version,
        **{name: getattr(row, name) for name in PLAIN},
    )


EVER = datetime(1970, 1, 1, tzinfo=UTC)


def filtered(query: Select[Any], which: TicketFilter) -> Select[Any]:
    """The query, narrowed to the tickets that `which` is about."""
    conditions = (
        (which.states is not None, TicketRow.state.in_(which.states or ())),
        (which.kinds is not None, TicketRow.kind.in_(which.kinds or ())),
        (which.assignee is not None, TicketRow.assignee == which.assignee),
        (which.unassigned, TicketRow.assignee.is_(None)),
        (which.account is not None, TicketRow.account == which.account),
        (which.priorities is not None, TicketRow.priority.in_(which.priorities or ())),
        (bool(which.tag), TicketRow.tags.contains(f"\n{which.tag}\n", autoescape=True)),
        (which.since is not None, TicketRow.opened_at >= (which.since or EVER)),
        (which.until is not None, TicketRow.opened_at < (which.until or EVER)),
    )
    query = query.where(*(condition for applies, condition in conditions if applies))
    digits = which.number_part.strip().upper().removeprefix("T").lstrip("-0")
    if digits:
        query = query.where(cast(TicketRow.serial, Plain()).contains(digits, autoescape=True))
    return query
