"""In-memory doubles of tickets and of what was said in them."""

from dataclasses import replace
from datetime import datetime

from bot.application.ports.tickets import (
    TicketFilter,
)
from bot.domain.addresses import (
    AccountId,
    MessageId,
    TicketId,
)
from bot.domain.errors import NotFound, Stale
from bot.domain.events import Event
from bot.domain.tickets.message import Direction, Message
from bot.domain.tickets.ticket import Ticket, public_number
from tests.support.fakes.store import Store


def serial_of(ticket: Ticket) -> int:
    return int(ticket.number.removeprefix("T-"))


def is_numbered(ticket: Ticket, part: str) -> bool:
    digits = part.strip().upper().removeprefix("T").lstrip("-0")
    return digits in str(serial_of(ticket))


def fits(ticket: Ticket, which: TicketFilter) -> bool:
    return all(
        (
            which.states is None or ticket.state in which.states,
            which.kinds is None or ticket.kind in which.kinds,
            which.priorities is None or ticket.priority in which.priorities,
            which.assignee is None or ticket.assignee == which.assignee,
            not which.unassigned or ticket.assignee is None,
            which.account is None or ticket.account == which.account,
            which.since is None or ticket.opened_at >= which.since,
            which.until is None or ticket.opened_at < which.until,
            not which.number_part or is_numbered(ticket, which.number_part),
            not which.tag or which.tag in ticket.tags,
        )
    )


class FakeTickets:
    """Remembers what it handed out, so that `flush` saves what was changed."""

    def __init__(self, store: Store) -> None:
        self._store, self._rows, self._numbers = store, store.tickets, store.numbers
        self._handed_out: dict[TicketId, Ticket] = {}

    async def next_number(self) -> str:
        self._numbers[0] += 1
        return public_number(self._numbers[0])

    async def add(self, ticket: Ticket) -> None:
        self._store.refuse_fenced(ticket.account)
        self._handed_out[ticket.id] = ticket
        self._rows[ticket.id] = replace(ticket, events=[])

    async def get(self, ticket: TicketId) -> Ticket:
        if ticket not in self._rows:
            raise NotFound("tickets.no_such_number")
        return self._hand_out(self._rows[ticket])

    async def numbered(self, number: str) -> Ticket:
        digits = number.strip().upper().removeprefix("T").lstrip("-–— ")
        for row in self._rows.values():
            if digits.isdecimal() and serial_of(row) == int(digits):
                return self._hand_out(row)
        raise NotFound("tickets.no_such_number")

    async def find(self, which: TicketFilter, *, limit: int = 50, offset: int = 0) -> list[Ticket]:
        self.flush()
        found = [row for row in reversed(self._rows.values()) if fits(row, which)]
        return [self._hand_out(row) for row in found[offset : offset + limit]]

    async def count(self, which: TicketFilter) -> int:
        self.flush()
        return sum(fits(row, which) for row in self._rows.values())

    async def opened_since(self, account: AccountId, since: datetime) -> int:
        return await self.count(TicketFilter(account=account, since=since))

    def take_events(self) -> list[Event]:
        taken = [event for ticket in self._handed_out.values() for event in ticket.events]
        for ticket in self._handed_out.values():
            ticket.events.clear()
        self.flush()
        return taken

    def flush(self) -> None:
        """Save what was changed since it was handed out."""
        for ticket in self._handed_out.values():
            kept = self._rows.get(ticket.id)
            if kept is None or ticket == kept:
                continue  # erased meanwhile, or as it was
            if ticket.version != kept.version:
                raise Stale("tickets.changed_meanwhile", number=ticket.number)
            ticket.version += 1
            self._rows[ticket.id] = replace(ticket, events=[])

    def _hand_out(self, row: Ticket) -> Ticket:
        return self._handed_out.setdefault(row.id, replace(row, events=[]))


class FakeMessages:
    def __init__(self, store: Store) -> None:
        self._store, self._rows, self._links = store, store.messages, store.links

    async def get(self, message: MessageId) -> Message:
        if message not in self._rows:
            raise NotFound("tickets.no_such_message")
        return replace(self._rows[message])

    async def add(self, message: Message) -> None:
        self._store.refuse_fenced(message.account)
        self._rows[message.id] = replace(message)

    async def save(self, message: Message) -> None:
        if message.id not in self._rows:
            raise NotFound("tickets.no_such_message")
        self._rows[message.id] = replace(message)

    async def of(self, ticket: TicketId) -> list[Message]:
        return self._sorted([row for row in self._rows.values() if row.ticket == ticket])

    async def loose(self, account: AccountId) -> list[Message]:
        return self._sorted(
            [row for row in self._rows.values() if row.account == account and row.ticket is None]
        )

    async def said_since(self, account: AccountId, since: datetime) -> int:
        return sum(
            row.account == account and row.direction is Direction.IN and row.at >= since
            for row in self._rows.values()
        )

    async def link(
        self, message: MessageId, surface: str, place: str, remote: str, part: int = 0
    ) -> None:
        if message in self._rows:
            self._links.setdefault((surface, place, remote), (message, part))

    async def unlink(self, message: MessageId, surface: str) -> None:
        for key, (linked, _) in list(self._links.items()):
            if key[0] == surface and linked == message:
                del self._links[key]

    async def linked(self, surface: str, place: str, remote: str) -> MessageId | None:
        return self._links.get((surface, place, remote), (None, 0))[0]

    async def linked_since(self, surface: str, since: datetime) -> list[tuple[Message, str, str]]:
        return [
            (replace(self._rows[message]), place, remote)
            for (where, place, remote), (message, _) in self._links.items()
            if where == surface and message in self._rows and self._rows[message].at >= since
        ]

    async def link_ticket(self, ticket: TicketId, surface: str, place: str, remote: str) -> None:
        at = (f"{surface}/ticket", place, remote)
        self._links.setdefault(at, (MessageId(ticket), 0))

    async def linked_ticket(self, surface: str, place: str, remote: str) -> TicketId | None:
        found = await self.linked(f"{surface}/ticket", place, remote)
        return None if found is None else TicketId(found)

    async def links(self, message: MessageId, surface: str) -> list[tuple[str, str]]:
        rows = [
            (part, place, remote)
            for (where, place, remote), (linked, part) in self._links.items()
            if linked == message and where == surface
        ]
        return [(place, remote) for _, place, remote in sorted(rows, key=lambda row: row[0])]

    def _sorted(self, rows: list[Message]) -> list[Message]:
        """A word that arrived late stands where it was said."""
        return [replace(row) for row in sorted(rows, key=lambda row: row.at)]
