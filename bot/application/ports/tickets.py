"""Tickets, what was said in them, and their clocks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.addresses import AccountId, MessageId, StaffId, TicketId
from bot.domain.tickets.message import Message
from bot.domain.tickets.service_clock import ServiceClock
from bot.domain.tickets.states import Priority, TicketState
from bot.domain.tickets.ticket import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFilter:
    """Which tickets a list, a view or an export is about; None: any."""

    states: tuple[TicketState, ...] | None = None
    kinds: tuple[str, ...] | None = None
    assignee: StaffId | None = None
    unassigned: bool = False
    account: AccountId | None = None
    since: datetime | None = None
    until: datetime | None = None
    """Opened at or after `since`, and before `until`."""
    number_part: str = ""
    priorities: tuple[Priority, ...] | None = None
    tag: str = ""


class Tickets(Protocol):
    """Tickets; one that was changed is saved by the unit of work, guarded by its version."""

    async def next_number(self) -> str: ...
    async def add(self, ticket: Ticket) -> None: ...
    async def get(self, ticket: TicketId) -> Ticket:
        """Raises NotFound."""
        ...

    async def numbered(self, number: str) -> Ticket:
        """Raises NotFound."""
        ...

    async def find(self, which: TicketFilter, *, limit: int = 50, offset: int = 0) -> list[Ticket]:
        """Newest first."""
        ...

    async def count(self, which: TicketFilter) -> int: ...
    async def opened_since(self, account: AccountId, since: datetime) -> int: ...


class Messages(Protocol):
    """What was said."""

    async def get(self, message: MessageId) -> Message:
        """Raises NotFound."""
        ...

    async def add(self, message: Message) -> None: ...
    async def save(self, message: Message) -> None: ...
    async def of(self, ticket: TicketId) -> list[Message]:
        """Oldest first."""
        ...

    async def loose(self, account: AccountId) -> list[Message]:
        """What the account said that belongs to no ticket, oldest first."""
        ...

    async def said_since(self, account: AccountId, since: datetime) -> int: ...
    async def link(
        self, message: MessageId, surface: str, place: str, remote: str, part: int = 0
    ) -> None:
        """Remember under which id a platform knows a message; linking again changes nothing."""
        ...

    async def unlink(self, message: MessageId, surface: str) -> None:
        """What stood there is gone: forget all its parts on that platform."""
        ...

    async def linked(self, surface: str, place: str, remote: str) -> MessageId | None: ...
    async def linked_since(self, surface: str, since: datetime) -> list[tuple[Message, str, str]]:
        """(message, place, remote id) of what was said since then and has such a link."""
        ...

    async def link_ticket(self, ticket: TicketId, surface: str, place: str, remote: str) -> None:
        """Remember that a word of the desk was about a ticket: a reply to it joins that ticket."""
        ...

    async def linked_ticket(self, surface: str, place: str, remote: str) -> TicketId | None: ...
    async def links(self, message: MessageId, surface: str) -> list[tuple[str, str]]:
        """(place, remote id) of each part, in order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Where a client stands in a guided talk; kept in the database, so a restart loses nothing."""

    name: str
    step: str
    data: dict[str, str]
    expires_at: datetime


class Flows(Protocol):
    """One flow an account at most."""

    async def of(self, account: AccountId) -> Flow | None: ...
    async def put(self, account: AccountId, flow: Flow) -> None: ...
    async def clear(self, account: AccountId) -> None: ...


class ServiceClocks(Protocol):
    """The response clocks of tickets."""

    async def of(self, ticket: TicketId) -> list[ServiceClock]: ...
    async def save(self, clock: ServiceClock) -> None:
        """Keep a clock; a ticket has one of each metric at most."""
        ...

    async def due_before(
        self, at: datetime, *, limit: int = 50, offset: int = 0
    ) -> list[ServiceClock]:
        """Clocks that tick (not paused, not stopped) and end before `at`, soonest first."""
        ...

    async def count_due_before(self, at: datetime) -> int: ...
